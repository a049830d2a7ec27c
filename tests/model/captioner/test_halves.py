"""Matrices packed in half precision: the same numbers but for the order of sums, and never old ones."""

import copy
from typing import Any

import pytest
import torch

from model.captioner import Captioner, SearchSettings
from model.captioner.halves import HalfWeight, halved
from model.captioner.search import search
from model.cells import CELLS
from model.cells.layers import OneStep


@pytest.fixture(scope="module")
def captioner(root) -> Captioner:
    return Captioner.from_pretrained(root / "assets" / "captioner")


@pytest.fixture(scope="module")
def regions(captioner) -> torch.Tensor:
    config = captioner.network.config
    return torch.rand(81, config.region_channels, generator=torch.Generator().manual_seed(0))


def packed_in(module: torch.nn.Module) -> list[str]:
    return [name for part in module.modules() for name, one in vars(part).items() if isinstance(one, HalfWeight)]


def needs_fbgemm():
    if "fbgemm" not in torch.backends.quantized.supported_engines:
        pytest.skip("this torch has no FBGEMM")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_search_finds_the_same(captioner, regions, lang):
    decoder, config = captioner.network.decoders[lang], captioner.network.config
    with torch.inference_mode():
        plain, quick = (search(one, regions, config, SearchSettings(beam=5)) for one in (decoder, halved(decoder)))
    assert plain.tokens == quick.tokens
    assert plain.log_probs == pytest.approx(quick.log_probs, abs=1e-4)
    attention = [torch.stack([step.attention[0, row] for step, row in one.steps]) for one in (plain, quick)]
    torch.testing.assert_close(*attention, atol=1e-4, rtol=0)


def test_large_matrices_are_packed_and_the_rest_is_shared(captioner):
    needs_fbgemm()
    decoder = captioner.network.decoders["en"]
    quick = halved(decoder)
    assert len(packed_in(quick)) == 9 and not packed_in(decoder)
    assert quick.word_bias is decoder.word_bias


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_steps_with_packed_matrices(cell):
    torch.manual_seed(0)
    step = OneStep(CELLS[cell], 300, 300)
    step.initialise()
    with torch.no_grad():
        for weight in step.parameters():
            weight.copy_(weight.half().float())
        inputs, state = torch.randn(3, 300), torch.randn(3, 300 * len(CELLS[cell].state))
        torch.testing.assert_close(halved(step)(inputs, state), step(inputs, state), atol=1e-4, rtol=1e-4)


def test_what_half_precision_cannot_hold_stays(captioner):
    decoder = copy.deepcopy(captioner.network.decoders["en"])
    with torch.no_grad():
        decoder.output.weight[0, 0] = 1 / 3
    assert not isinstance(halved(decoder).output.weight, HalfWeight)


def test_changed_weights_count_at_once(root, regions):
    own = Captioner.from_pretrained(root / "assets" / "captioner")
    before = own.describe(regions, SearchSettings(beam=1))
    with torch.no_grad():
        own.network.decoders["en"].word_bias[own.speakers["en"].tokenizer.convert_tokens_to_ids("dog")] += 100
    assert (
        own.describe(regions, SearchSettings(beam=1, max_words=3, repeat=True)).words
        == ("dog",) * 3
        != before.words[:3]
    )


def test_other_functions_see_the_tensor_itself(captioner):
    needs_fbgemm()
    weight = captioner.network.decoders["en"].embedding.weight
    rows = torch.tensor([7, 8])
    half: Any = HalfWeight(weight)
    assert torch.equal(torch.nn.functional.embedding(rows, half), weight[rows])
