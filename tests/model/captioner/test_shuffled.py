"""The control of saliency: a shuffled copy has the same numbers in other places, and the captioner stays as it was."""

import numpy as np
import pytest
import torch

from model.captioner.image import to_pixels
from model.captioner.saliency import agreement, explain
from model.captioner.shuffled import PARTS, control, shuffled
from tests.photos import scene


@pytest.fixture(scope="module")
def pixels() -> torch.Tensor:
    return to_pixels(scene(96, 80), 64)


@pytest.mark.parametrize("part", PARTS)
def test_each_tensor_is_shuffled_within_itself_in_a_copy(tiny_captioner, part):
    before = {name: value.clone() for name, value in tiny_captioner.network.named_parameters()}
    copy = shuffled(tiny_captioner, part, seed=1)
    for name, value in copy.network.named_parameters():
        assert torch.equal(value.flatten().sort().values, before[name].flatten().sort().values)
        constant = value.numel() == 1 or bool((value == value.flatten()[0]).all())
        moved = part == "all" or name.startswith("decoders")
        assert torch.equal(value, before[name]) == (constant or not moved), name
    assert all(torch.equal(value, before[name]) for name, value in tiny_captioner.network.named_parameters())
    again = shuffled(tiny_captioner, part, seed=1).network.state_dict()
    assert all(torch.equal(value, again[name]) for name, value in copy.network.state_dict().items())


def test_the_maps_are_those_of_the_shuffled_networks(tiny_captioner, pixels):
    caption = tiny_captioner.caption(scene(96, 80), max_words=6)
    found = explain(tiny_captioner, pixels, caption, 1, "regions")
    control_ = control(tiny_captioner, pixels, caption, found, seeds=(0, 5))
    assert control_.regions.shape == (2, 2, 2, 2) and control_.agreement.shape == (2, 2)
    for place, part in enumerate(PARTS):
        other = explain(shuffled(tiny_captioner, part, 5), pixels, caption, 1, "regions")
        np.testing.assert_allclose(control_.regions[place, 1], other.regions, rtol=1e-4, atol=1e-7)
        assert control_.agreement[place, 1] == pytest.approx(agreement(np.abs(found.regions), other.regions), abs=1e-6)
        assert not np.allclose(other.regions, found.regions)


def test_there_is_no_other_part(tiny_captioner):
    with pytest.raises(ValueError, match="decoder, all"):
        shuffled(tiny_captioner, "half", 0)
