"""Saliency explains the captioner's own number, shares out what it must, and leaves the captioner as it was."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

from model.captioner import saliency
from model.captioner.image import to_pixels
from model.captioner.saliency import BASELINES, METHODS, WordScore, agreement, baseline_of, explain, over_regions
from tests.photos import scene


@pytest.fixture(scope="module")
def photo():
    return scene(96, 80)


@pytest.fixture(scope="module")
def pixels(photo) -> torch.Tensor:
    return to_pixels(photo, 64)


@pytest.fixture(scope="module", params=["en", "zh"])
def trace(tiny_captioner, photo, request):
    return tiny_captioner.caption(photo, lang=request.param, max_words=6)


@pytest.fixture(scope="module")
def english(tiny_captioner, photo):
    return tiny_captioner.caption(photo, max_words=6)


def difference(found) -> float:
    return found.log_prob - found.baseline_log_prob


def test_what_is_explained_is_the_captions_own_log_probability(tiny_captioner, pixels, trace):
    with torch.no_grad():
        for place in range(len(trace.words)):
            scores = WordScore(tiny_captioner, trace, place)(torch.stack([pixels, torch.zeros_like(pixels)]))
            assert scores.shape == (2,)
            assert float(scores[0]) == pytest.approx(float(trace.log_probs[place]), abs=1e-4)


@pytest.mark.parametrize("baseline", BASELINES)
def test_integrated_gradients_share_out_what_the_photo_changed(tiny_captioner, pixels, trace, baseline, monkeypatch):
    monkeypatch.setattr(saliency, "STEPS", 100)
    found = explain(tiny_captioner, pixels, trace, 1, "integrated_gradients", baseline)
    assert found.pixels.shape == (64, 64) and found.regions.shape == found.attention.shape
    assert abs(difference(found)) > 1e-4
    assert found.pixels.sum(dtype=float) == pytest.approx(difference(found), rel=0.15)


def test_integrated_gradients_are_the_difference_times_the_mean_gradient(tiny_captioner, pixels, english):
    """Against an integral of our own, by the midpoint rule."""
    found = explain(tiny_captioner, pixels, english, 0, "integrated_gradients", "grey")
    score = WordScore(tiny_captioner, english, 0)
    total = torch.zeros_like(pixels)
    for number in range(100):
        at = (pixels * (number + 0.5) / 100)[None].requires_grad_()
        total += torch.autograd.grad(score(at).sum(), at)[0][0] / 100
    expected = (pixels * total).sum(dim=0).numpy()
    assert np.corrcoef(found.pixels.ravel(), expected.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("baseline", BASELINES)
def test_by_region_the_vectors_share_out_what_the_photo_changed(tiny_captioner, pixels, trace, baseline):
    found = explain(tiny_captioner, pixels, trace, 1, "regions", baseline)
    assert found.regions.shape == found.attention.shape and found.pixels.shape == (64, 64)
    assert found.regions.sum(dtype=float) == pytest.approx(difference(found), rel=0.02, abs=1e-5)
    assert (found.pixels[:32, 32:] == found.regions[0, 1]).all()


def test_by_region_it_is_the_vectors_difference_times_the_mean_gradient(tiny_captioner, pixels, english):
    found = explain(tiny_captioner, pixels, english, 1, "regions", "grey")
    score = WordScore(tiny_captioner, english, 1)
    with torch.no_grad():
        seen, unseen = score.look(pixels[None]), score.look(torch.zeros_like(pixels)[None])
    total = torch.zeros_like(seen)
    for number in range(200):
        at = (unseen + (number + 0.5) / 200 * (seen - unseen)).requires_grad_()
        total += torch.autograd.grad(score.of_regions(at).sum(), at)[0] / 200
    expected = ((seen - unseen) * total).sum(dim=-1).reshape(found.regions.shape).numpy()
    np.testing.assert_allclose(found.regions, expected, rtol=0.02, atol=1e-6)


def test_a_pixel_that_is_as_in_the_baseline_gets_nothing(tiny_captioner, pixels, english):
    half_grey = pixels.clone()
    half_grey[:, :, 32:] = 0
    found = explain(tiny_captioner, half_grey, english, 1, "integrated_gradients", "grey")
    assert not found.pixels[:, 32:].any() and found.pixels[:, :32].any()


@pytest.mark.parametrize("baseline", BASELINES)
def test_occlusion_is_what_hiding_each_patch_costs(tiny_captioner, pixels, trace, baseline):
    found = explain(tiny_captioner, pixels, trace, 1, "occlusion", baseline)
    score, nothing = WordScore(tiny_captioner, trace, 1), baseline_of(pixels[None], baseline)[0]
    for row in range(2):
        for column in range(2):
            patch = (slice(None), slice(32 * row, 32 * row + 32), slice(32 * column, 32 * column + 32))
            hidden = pixels.clone()
            hidden[patch] = nothing[patch]
            with torch.no_grad():
                cost = float(score(pixels[None]) - score(hidden[None]))
            assert found.regions[row, column] == pytest.approx(cost, abs=1e-5)
            np.testing.assert_allclose(found.pixels[patch[1:]], found.regions[row, column], atol=1e-7)
    assert found.regions.any()


def test_patches_follow_attentions_grid_where_it_does_not_divide_the_photo():
    """Nine patches of 29 pixels on 260, the last ones cut, each hidden once."""

    def summed(photos: torch.Tensor) -> torch.Tensor:
        return photos.sum(dim=(1, 2, 3))

    score: Any = summed
    photo = torch.ones(1, 3, 260, 260)
    pixels, regions = saliency._occlusion(score, photo, torch.zeros_like(photo), (9, 9))
    assert pixels.shape == (260, 260) and regions.shape == (9, 9)
    sides = np.array([29] * 8 + [28])
    np.testing.assert_allclose(regions, 3 * sides[:, None] * sides, rtol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_the_trace_tells_which_word_and_how_likely(tiny_captioner, pixels, english, method):
    found = explain(tiny_captioner, pixels, english, 2, method, "blurred")
    assert (found.word, found.place, found.method, found.baseline) == (english.words[2], 2, method, "blurred")
    assert found.log_prob == pytest.approx(float(english.log_probs[2]), abs=1e-4)
    with torch.no_grad():
        blurred = baseline_of(pixels[None], "blurred")
        assert found.baseline_log_prob == pytest.approx(float(WordScore(tiny_captioner, english, 2)(blurred)), abs=1e-5)
    np.testing.assert_array_equal(found.attention, english.attention[2])
    assert found.agreement == pytest.approx(agreement(found.attention, found.regions), nan_ok=True)


def test_a_grey_baseline_is_the_middle_and_a_blurred_one_keeps_only_the_rough(pixels):
    assert not baseline_of(pixels[None], "grey").any()
    stripes = pixels * 0 + (torch.arange(64) % 8 < 4).float()
    blurred = baseline_of(stripes[None], "blurred")
    assert blurred.shape == (1, 3, 64, 64)
    assert float(blurred.std()) < 0.1 * float(stripes.std())
    assert float(blurred.mean()) == pytest.approx(0.5, abs=0.02)


def test_regions_share_out_all_pixels():
    pixels = np.random.default_rng(0).normal(size=(10, 10))
    regions = over_regions(pixels, (3, 3))
    assert regions.sum() == pytest.approx(pixels.sum())
    assert regions[0, 0] == pytest.approx(pixels[:4, :4].sum()) and regions[2, 1] == pytest.approx(
        pixels[7:, 4:7].sum()
    )


def test_agreement_compares_ranks_and_drops_the_sign():
    attention = np.array([[0.1, 0.2], [0.3, 0.4]])
    assert agreement(attention, np.array([[1, -20], [300, -4000]])) == pytest.approx(1)
    assert agreement(attention, np.array([[4, 3], [2, -1]])) == pytest.approx(-1)
    # One pair of neighbours in rank swapped among four: 1 - 6 * 2 / (4 * 15).
    assert agreement(attention, np.array([[2, 1], [3, 4]])) == pytest.approx(0.8)
    assert np.isnan(agreement(attention, np.zeros((2, 2)))) and np.isnan(agreement(np.full((2, 2), 0.25), attention))


def test_the_captioner_stays_as_it_was_and_threads_may_share_it(tiny_captioner, pixels, english, monkeypatch):
    monkeypatch.setattr(saliency, "STEPS", 8)
    network = tiny_captioner.network
    before = {name: value.clone() for name, value in network.state_dict().items()}

    def both(photo: torch.Tensor) -> list[np.ndarray]:
        return [explain(tiny_captioner, photo, english, 1, method).pixels for method in METHODS]

    alone = both(pixels), both(-pixels)
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(both, [pixels, -pixels] * 2))
    for place, found in enumerate(together):
        for one, expected in zip(found, alone[place % 2], strict=True):
            np.testing.assert_allclose(one, expected, rtol=1e-3, atol=1e-6)
    assert all(parameter.grad is None and parameter.requires_grad for parameter in network.parameters())
    assert not any(module._forward_hooks or module._backward_hooks for module in network.modules())
    assert not pixels.requires_grad
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())


@pytest.mark.parametrize("wrong", [{"place": 99}, {"place": -1}, {"method": "guess"}, {"baseline": "pink"}], ids=str)
def test_what_there_is_not_is_refused(tiny_captioner, pixels, english, wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        explain(tiny_captioner, pixels, english, **({"place": 0} | wrong))


@pytest.mark.parametrize("method", METHODS)
def test_whoever_no_longer_wants_it_ends_it_before_the_next_batch(tiny_captioner, pixels, english, method):
    calls = []

    def pulse() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        explain(tiny_captioner, pixels, english, 0, method, pulse=pulse)
    assert len(calls) == 3
