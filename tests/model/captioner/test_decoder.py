from typing import Any

import pytest
import torch

from model.captioner.config import CaptionerConfig
from model.captioner.decoder import Decoder
from model.cells import CELLS


def small_decoder(**kind: Any) -> tuple[Decoder, CaptionerConfig]:
    torch.manual_seed(2)
    config = CaptionerConfig(
        region_channels=6, context_size=8, attention_size=5, embedding_size=7, hidden_size=9, **kind
    )
    decoder = Decoder(config, 12).eval()
    for parameter in decoder.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return decoder, config


def test_one_step_is_the_formulas_of_the_module():
    decoder, _ = small_decoder()
    regions = torch.randn(4, 6)
    hidden, word = torch.randn(9), torch.tensor(5)
    E = decoder.embedding.weight
    v = torch.relu(regions @ decoder.region_value.weight.T + decoder.region_value.bias)
    state = torch.cat([hidden, E[word]])
    q = decoder.query.weight @ state
    e = torch.stack([decoder.energy.weight[0] @ torch.tanh(decoder.region_key(v_i) + q) for v_i in v])
    alpha = torch.exp(e) / torch.exp(e).sum()
    g = torch.sigmoid(decoder.context_gate.weight @ state + decoder.context_gate.bias)
    c = g * sum(a * v_i for a, v_i in zip(alpha, v, strict=True))
    h = decoder.cell(torch.cat([E[word], c]), hidden).hidden
    scores = E @ (decoder.output(torch.cat([h, c])) + E[word]) + decoder.word_bias

    seen = decoder.look(regions[None])
    embedded = decoder.embed(word[None, None])
    step = decoder.step(embedded, hidden[None, None], seen)
    assert torch.allclose(step.energy[0, 0], e, atol=1e-6)
    assert torch.allclose(step.attention[0, 0], alpha, atol=1e-6)
    assert torch.allclose(step.context_gate[0, 0], g, atol=1e-6)
    assert torch.allclose(step.memory.hidden[0, 0], h, atol=1e-5)
    assert torch.allclose(decoder.predict(embedded, step.memory.hidden, step.context)[0, 0], scores, atol=1e-4)


@pytest.mark.parametrize("attention", ["additive", "mean"])
@pytest.mark.parametrize("cell", CELLS)
def test_teacher_forcing_is_the_same_as_stepping(cell, attention):
    decoder, _ = small_decoder(cell=cell, attention=attention)
    regions, words = torch.randn(2, 4, 6), torch.randint(4, 12, (2, 3, 5))
    together = decoder(regions, words)
    seen = decoder.look(regions)
    state = decoder.first_state(seen).expand(-1, 3, -1)
    for t in range(5):
        embedded = decoder.embed(words[:, :, t])
        step = decoder.step(embedded, state, seen)
        state = step.memory.state
        assert torch.allclose(decoder.predict(embedded, step.memory.hidden, step.context), together[:, :, t], atol=1e-5)


def test_without_attention_only_the_mean_region_counts():
    decoder, _ = small_decoder(attention="mean")
    regions, words = torch.randn(1, 4, 6), torch.randint(4, 12, (1, 1, 5))
    values = torch.relu(decoder.region_value(regions))
    seen = decoder.look(regions)
    step = decoder.step(decoder.embed(words[:, :, 0]), decoder.first_state(seen), seen)
    assert step.energy is None and torch.allclose(step.attention, torch.full((1, 1, 4), 0.25))
    assert torch.allclose(step.context, step.context_gate * values.mean(dim=1, keepdim=True), atol=1e-6)
    shuffled = regions[:, [2, 0, 3, 1]]
    assert torch.allclose(decoder(shuffled, words), decoder(regions, words), atol=1e-5)
    assert not {"query.weight", "energy.weight", "region_key.weight"} & set(decoder.state_dict())
