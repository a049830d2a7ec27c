"""What the CNN sees: its stages are the encoder, fields are those that pixels obey, and the encoder stays as it was."""

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from timm.layers import Conv2dSame
from torch import nn

from model.captioner.config import CaptionerConfig
from model.captioner.encoder import Encoder
from model.captioner.image import to_pixels
from model.captioner.seeing import feature_maps, parts, receptive_fields, stages, steps, theoretical_field
from model.traces import Box, FeatureMapsTrace, ReceptiveFieldTrace
from tests.photos import scene


@pytest.fixture(scope="module")
def encoder(tiny_captioner) -> Encoder:
    return tiny_captioner.network.encoder


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    noise = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))
    return to_pixels(scene(), 64) + 0.2 * noise


def made_field(gradient: np.ndarray, theoretical: Box, grid: tuple[int, int] = (1, 1), row=0, column=0):
    return ReceptiveFieldTrace("stem", 1, grid, row, column, theoretical, gradient)


# The stages


@torch.inference_mode()
def test_the_stages_one_after_the_other_are_the_encoder(encoder, pixels):
    found, shapes = pixels[None], []
    for part in parts(encoder).values():
        found = part(found)
        shapes.append(tuple(found.shape[1:]))
    torch.testing.assert_close(found.flatten(2).transpose(1, 2), encoder(pixels[None]), rtol=0, atol=0)
    assert shapes == [stage[1:] for stage in stages(encoder, 64)]


def test_the_stages_have_the_readers_names(encoder):
    assert [stage.code for stage in stages(encoder, 64)] == ["stem", *(f"block{n}" for n in range(1, 8)), "last"]


# Feature maps


def test_maps_are_the_encoders_and_the_most_varied_come_first(encoder, pixels):
    with torch.inference_mode():
        regions = encoder(pixels[None])[0].numpy().astype(float)  # (R, C)
    trace = feature_maps(encoder, pixels, "last", most=5)
    spread = regions.std(axis=0)
    np.testing.assert_allclose(trace.strengths, spread, rtol=1e-4, atol=1e-6)
    assert sorted(trace.strengths[trace.channels], reverse=True) == list(trace.strengths[trace.channels])
    assert trace.strengths[trace.channels].min() >= np.delete(trace.strengths, trace.channels).max()
    expected = regions.T.reshape(-1, 2, 2)[trace.channels]
    np.testing.assert_allclose(trace.maps, expected, rtol=1e-4, atol=1e-6)
    assert trace.share == pytest.approx((spread[trace.channels] ** 2).sum() / (spread**2).sum(), rel=1e-4)


def test_another_stage_is_refused(encoder, pixels):
    with pytest.raises(ValueError, match="block8"):
        feature_maps(encoder, pixels, "block8")


def test_a_channel_that_is_the_same_everywhere_comes_last_however_large_it_is(encoder, pixels):
    changed = copy.deepcopy(encoder)
    with torch.no_grad():  # a linear stage: its last normalisation decides
        changed.cnn.blocks[2][-1].bn3.weight[7] = 0
        changed.cnn.blocks[2][0].bn3.weight[7] = 0
        changed.cnn.blocks[2][-1].bn3.bias[7] = 1000
    every = len(feature_maps(changed, pixels, "block3", most=10_000).channels)
    assert feature_maps(changed, pixels, "block3", most=every).channels[-1] == 7


def test_all_channels_hold_all_that_tells_places_apart(encoder, pixels):
    assert feature_maps(encoder, pixels, "block1", most=10_000).share == pytest.approx(1)
    silent = FeatureMapsTrace("stem", np.arange(2), np.zeros((2, 3, 3)), np.zeros(4))
    assert silent.share == 0


# The theoretical field


CHAINS = {
    "one": [nn.Conv2d(1, 1, 3, padding=1)],
    "strides": [nn.Conv2d(1, 1, 3, 2, padding=1), nn.Conv2d(1, 1, 5, 2, padding=2), nn.Conv2d(1, 1, 1)],
    "same": [Conv2dSame(1, 1, 3, 2), nn.Conv2d(1, 1, 3, padding=1), Conv2dSame(1, 1, 5, 2), Conv2dSame(1, 1, 3, 2)],
    "dilated": [nn.Conv2d(1, 1, 3, dilation=2), Conv2dSame(1, 1, 3, 2), nn.Conv2d(1, 1, 2, 2)],
}


@pytest.mark.parametrize("size", [32, 33, 37])
@pytest.mark.parametrize("name", list(CHAINS))
def test_the_theoretical_field_is_where_a_chain_of_ones_passes_something_on(name, size):
    chain: Any = nn.Sequential(*copy.deepcopy(CHAINS[name]))
    for convolution in chain:
        nn.init.ones_(convolution.weight)
    photo = torch.zeros(1, 1, size, size, requires_grad=True)
    found = chain(photo)
    assert found.shape[-1] == steps(chain, size)[-1].size
    for row in range(found.shape[2]):
        column = found.shape[3] - 1 - row
        [gradient] = torch.autograd.grad(found[0, 0, row, column], photo, retain_graph=True)
        down, across = np.nonzero(gradient[0, 0].numpy())
        box = theoretical_field(chain, size, row, column).clipped(size)
        assert box == (down.min(), across.min(), down.max(), across.max())


def test_at_the_last_stages_the_theoretical_field_is_far_larger_than_the_photo():
    encoder = Encoder(CaptionerConfig())  # the shipped captioner's architecture
    chain = [module for part in parts(encoder).values() for module in part.modules() if isinstance(module, nn.Conv2d)]
    assert stages(encoder, 260)[-1] == ("last", 1280, 9, 9)
    box = theoretical_field(chain, 260, 4, 4)
    # The textbook's sum: 1 + sum of (kernel - 1) times all strides before.
    side, jump = 1, 1
    for convolution in chain:
        side += (convolution.kernel_size[0] - 1) * jump
        jump *= convolution.stride[0]
    assert box.bottom - box.top + 1 == box.right - box.left + 1 == side == 1115
    assert box.clipped(260) == (0, 0, 259, 259)
    # What the page says of the regions' true places.
    rows = [theoretical_field(chain, 260, row, 0) for row in range(9)]
    assert [(field.top + field.bottom) / 2 for field in rows] == list(range(3, 260, 32))


# The effective field


def test_the_gradient_agrees_with_finite_differences(encoder, pixels):
    exact = copy.deepcopy(encoder).double()
    photo = pixels.double()
    [field] = receptive_fields(exact, photo, {"block4": (1, 2)})

    @torch.inference_mode()
    def answer(changed: torch.Tensor) -> float:
        for code, part in parts(exact).items():
            changed = part(changed)
            if code == "block4":
                break
        return float(changed[0, :, 1, 2].sum())

    strongest = np.argsort(field.gradient, axis=None)[::-1][[0, 1, 2, 100, 500]]
    for row, column in zip(*np.unravel_index(strongest, field.gradient.shape), strict=True):
        slopes = []
        for colour in range(3):
            step = torch.zeros_like(photo)
            step[colour, row, column] = 1e-6
            slopes.append((answer((photo + step)[None]) - answer((photo - step)[None])) / 2e-6)
        assert field.gradient[row, column] == pytest.approx(np.abs(slopes).sum(), rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("place", [(0, 0), (1, 3), (3, 3)], ids=str)
@pytest.mark.parametrize("stage", ["stem", "block1", "block2"])
def test_pixels_outside_the_theoretical_field_do_not_matter_at_all(encoder, pixels, stage, place):
    [field] = receptive_fields(encoder, pixels, {stage: place})
    inside = np.zeros_like(field.gradient, bool)
    top, left, bottom, right = field.theoretical.clipped(64)
    inside[top : bottom + 1, left : right + 1] = True
    assert not inside.all()
    assert not field.gradient[~inside].any()
    assert field.gradient[inside].any()
    torn = torch.where(torch.from_numpy(inside), pixels, -pixels)
    [again] = receptive_fields(encoder, torn, {stage: place})
    np.testing.assert_array_equal(field.gradient, again.gradient)


def test_many_stages_at_once_are_as_each_alone(encoder, pixels):
    regions = {"last": (1, 0), "stem": (20, 3), "block4": (2, 2)}
    together = receptive_fields(encoder, pixels, regions)
    assert [field.stage for field in together] == ["stem", "block4", "last"]
    for field in together:
        [alone] = receptive_fields(encoder, pixels, {field.stage: regions[field.stage]})
        np.testing.assert_array_equal(field.gradient, alone.gradient)
        shape = next(stage for stage in stages(encoder, 64) if stage.code == field.stage)
        assert (field.stage, field.channels, *field.grid) == shape


def test_the_region_has_its_even_share_of_the_photo():
    field = made_field(np.ones((10, 10)), Box(0, 0, 9, 9), grid=(3, 3), row=1, column=2)
    assert field.cell == (3, 6, 5, 9)


def test_area_and_square_hold_the_share_asked_for():
    gradient = np.zeros((9, 9))
    gradient[4, 4], gradient[4, 5], gradient[0, 0] = 0.6, 0.3, 0.1
    field = made_field(gradient, Box(2, 2, 6, 6))
    assert [field.area(share) * 81 for share in (0.5, 0.8, 0.95)] == pytest.approx([1, 2, 3])
    assert field.effective(0.5) == (4, 4, 4, 4) and field.width(0.5) == pytest.approx(1 / 9)
    assert field.effective(0.8) == (3, 3, 5, 5)
    assert field.effective(0.95) == (0, 0, 8, 8) and field.width(0.95) == 1


def test_a_centre_between_two_pixels_and_one_beyond_the_edge_are_taken_as_they_are():
    even = made_field(np.eye(4), Box(1, 1, 2, 2))
    assert even.effective(0.5) == (1, 1, 2, 2)
    beyond = made_field(np.ones((4, 4)), Box(-5, -5, 2, 2))
    assert beyond.theoretical_side == 8
    assert beyond.effective(0.5) == (0, 0, 2, 2) and beyond.effective(0.1) == (0, 0, 1, 1)


def test_where_nothing_matters_there_is_no_field():
    field = made_field(np.zeros((5, 5)), Box(0, 0, 4, 4))
    assert field.effective() is None and field.area() == 0 and field.width() == 0


# The encoder belongs to all


def test_nothing_is_left_in_the_encoder_and_threads_may_share_it(encoder, pixels):
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    regions = {"block3": (2, 1), "last": (0, 1)}
    alone = receptive_fields(encoder, pixels, regions), receptive_fields(encoder, -pixels, regions)
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda photo: receptive_fields(encoder, photo, regions), [pixels, -pixels] * 3))
    for place, fields in enumerate(together):
        for field, expected in zip(fields, alone[place % 2], strict=True):
            np.testing.assert_allclose(field.gradient, expected.gradient, rtol=1e-5, atol=1e-9)
    feature_maps(encoder, pixels, "block2")
    assert all(parameter.grad is None and parameter.requires_grad for parameter in encoder.parameters())
    assert not any(module._forward_hooks or module._backward_hooks for module in encoder.modules())
    assert not pixels.requires_grad and pixels.grad is None
    after = encoder.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
