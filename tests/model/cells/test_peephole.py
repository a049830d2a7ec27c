"""The LSTM with peepholes against its equations, written out here once more, and against torch's LSTM."""

import numpy as np
import torch
from torch import nn

from model.recurrent import trace_sequence


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def by_hand(module, x, h, c):
    """i, f, o, c and h of each step; Graves 2013, equations 7 to 11, with full matrices for the diagonal ones."""
    size = module.hidden_size
    w_x, w_h = (np.split(w.detach().numpy(), 4) for w in (module.weight_ih_l0, module.weight_hh_l0))
    b = np.split((module.bias_ih_l0 + module.bias_hh_l0).detach().numpy(), 4)
    sees = {gate: np.diag(getattr(module, f"weight_c{gate}_l0").detach().numpy()) for gate in "ifo"}
    assert sees["i"].shape == (size, size)
    steps = []
    for x_t in x.numpy():
        i, f, proposed, o = (w_x[k] @ x_t + w_h[k] @ h + b[k] for k in range(4))
        i, f = sigmoid(i + sees["i"] @ c), sigmoid(f + sees["f"] @ c)
        c = f * c + i * np.tanh(proposed)
        o = sigmoid(o + sees["o"] @ c)  # it sees the new c
        h = o * np.tanh(c)
        steps.append((i, f, o, c, h))
    return [np.array(part) for part in zip(*steps, strict=True)]


def test_trace_and_layer_are_the_equations(drawn):
    module, x = drawn("peephole")
    h, c = np.linspace(-0.9, 0.9, 5), np.linspace(2, -2, 5)
    i, f, o, cells, hidden = by_hand(module, x, h, c)
    trace = trace_sequence(module, x, (h, c))
    gates = {"input_gate": i, "forget_gate": f, "output_gate": o, "cell": cells}
    for name, values in gates.items():
        np.testing.assert_allclose(trace.gates[name], values, atol=1e-12)
    np.testing.assert_allclose(trace.hidden, hidden, atol=1e-12)
    np.testing.assert_allclose(trace.cell_before[0], c)
    with torch.no_grad():
        states, last = module(x, (torch.tensor(h)[None], torch.tensor(c)[None]))
    np.testing.assert_allclose(states, hidden, atol=1e-12)
    np.testing.assert_allclose(last[1][0], cells[-1], atol=1e-12)


def test_the_peepholes_are_terms_by_name(drawn):
    module, x = drawn("peephole")
    trace = trace_sequence(module, x, (np.zeros(5), np.linspace(2, -2, 5)))
    seen = {"input_gate": ("ci", trace.cell_before), "forget_gate": ("cf", trace.cell_before)}
    seen |= {"output_gate": ("co", trace.gates["cell"])}
    for row, (name, c) in seen.items():
        terms = trace.terms[row]
        assert list(terms) == ["input", "recurrent", "peephole", "bias"]
        np.testing.assert_allclose(terms["peephole"], getattr(module, f"weight_{name}_l0").detach().numpy() * c)
        np.testing.assert_allclose(sigmoid(sum(terms.values())), trace.gates[row], atol=1e-12)
    assert list(trace.terms["candidate"]) == ["input", "recurrent", "bias"]


def test_with_blind_peepholes_it_is_torchs_lstm(drawn):
    module, x = drawn("peephole")
    lstm = nn.LSTM(3, 5, dtype=torch.float64)
    weights = module.state_dict()
    for name in ("weight_ci_l0", "weight_cf_l0", "weight_co_l0"):
        weights.pop(name).zero_()
    lstm.load_state_dict(weights)
    (ours, (h, c)), (theirs, (their_h, their_c)) = module(x), lstm(x)
    for one, other in ((ours, theirs), (h, their_h), (c, their_c)):
        torch.testing.assert_close(one, other, atol=1e-12, rtol=0)


def test_gradients_equal_finite_differences(drawn):
    module, x = drawn("peephole", units=3, steps=4)
    weights = [weight.requires_grad_() for weight in module.parameters()]
    assert len(weights) == 7
    assert torch.autograd.gradcheck(lambda *_: module(x)[0], (x.requires_grad_(), *weights))
