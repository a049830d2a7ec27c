import torch

from model.captioner.config import CaptionerConfig
from model.captioner.decoder import Decoder, GRUCell


def test_the_cell_is_torchs_gru_cell():
    torch.manual_seed(0)
    theirs = torch.nn.GRUCell(7, 11).double()
    ours = GRUCell(7, 11).double()
    ours.load_state_dict(theirs.state_dict())
    inputs, hidden = torch.randn(5, 7).double(), torch.randn(5, 11).double()
    step = ours(inputs, hidden)
    assert torch.allclose(step.hidden, theirs(inputs, hidden), atol=1e-12)
    assert torch.allclose(step.hidden, (1 - step.update_gate) * step.candidate + step.update_gate * hidden)


def test_the_cells_gradients_are_torchs():
    torch.manual_seed(1)
    theirs = torch.nn.GRUCell(3, 4).double()
    ours = GRUCell(3, 4).double()
    ours.load_state_dict(theirs.state_dict())
    inputs, hidden = torch.randn(2, 3).double(), torch.randn(2, 4).double()
    theirs(inputs, hidden).square().sum().backward()
    ours(inputs, hidden).hidden.square().sum().backward()
    for name, parameter in ours.named_parameters():
        assert torch.allclose(parameter.grad, getattr(theirs, name).grad, atol=1e-12), name


def small_decoder() -> tuple[Decoder, CaptionerConfig]:
    torch.manual_seed(2)
    config = CaptionerConfig(region_channels=6, context_size=8, attention_size=5, embedding_size=7, hidden_size=9)
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
    assert torch.allclose(step.attention[0, 0], alpha, atol=1e-6)
    assert torch.allclose(step.context_gate[0, 0], g, atol=1e-6)
    assert torch.allclose(step.memory.hidden[0, 0], h, atol=1e-5)
    assert torch.allclose(decoder.predict(embedded, step.memory.hidden, step.context)[0, 0], scores, atol=1e-4)


def test_teacher_forcing_is_the_same_as_stepping():
    decoder, _ = small_decoder()
    regions, words = torch.randn(2, 4, 6), torch.randint(4, 12, (2, 3, 5))
    together = decoder(regions, words)
    seen = decoder.look(regions)
    hidden = decoder.initial_hidden(seen).expand(-1, 3, -1)
    for t in range(5):
        embedded = decoder.embed(words[:, :, t])
        step = decoder.step(embedded, hidden, seen)
        hidden = step.memory.hidden
        assert torch.allclose(decoder.predict(embedded, hidden, step.context), together[:, :, t], atol=1e-5)
