"""The minimal gated unit against its equations, written out here once more, unit by unit."""

import numpy as np
import torch

from model.recurrent import Network, trace_sequence


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def by_hand(module, x, h):
    """f, what is proposed, and h of each step, by the paper's equations with [h, x] side by side.

    f_t = σ(W_f [h_{t-1}, x_t] + b_f); h̃_t = tanh(W_h [f_t ⊙ h_{t-1}, x_t] + b_h);
    h_t = (1 - f_t) ⊙ h_{t-1} + f_t ⊙ h̃_t
    """
    size = module.hidden_size
    both = np.concatenate([module.weight_hh_l0.detach(), module.weight_ih_l0.detach()], axis=1)
    bias = (module.bias_ih_l0 + module.bias_hh_l0).detach().numpy()
    steps = []
    for x_t in x.numpy():
        f = sigmoid(both[:size] @ np.concatenate([h, x_t]) + bias[:size])
        proposed = np.tanh(both[size:] @ np.concatenate([f * h, x_t]) + bias[size:])
        h = (1 - f) * h + f * proposed
        steps.append((f, proposed, h))
    return (np.array(part) for part in zip(*steps, strict=True))


def test_trace_and_layer_are_the_papers_equations(drawn):
    module, x = drawn("mgu")
    start = np.linspace(-0.9, 0.9, 5)
    f, proposed, hidden = by_hand(module, x, start)
    trace = trace_sequence(module, x, start)
    np.testing.assert_allclose(trace.gates["forget_gate"], f, atol=1e-12)
    np.testing.assert_allclose(trace.gates["candidate"], proposed, atol=1e-12)
    np.testing.assert_allclose(trace.hidden, hidden, atol=1e-12)
    with torch.no_grad():
        states, last = module(x, torch.tensor(start)[None])
    np.testing.assert_allclose(states, hidden, atol=1e-12)
    np.testing.assert_allclose(last[0], hidden[-1], atol=1e-12)


def test_the_proposals_recurrent_term_is_that_of_the_gated_state(drawn):
    module, x = drawn("mgu")
    trace = trace_sequence(module, x, np.linspace(-0.9, 0.9, 5))
    terms, w_hh = trace.terms["candidate"], module.weight_hh_l0.detach().numpy()[5:]
    np.testing.assert_allclose(terms.recurrent, (trace.gates["forget_gate"] * trace.before) @ w_hh.T, atol=1e-12)
    np.testing.assert_allclose(terms.input, x.numpy() @ module.weight_ih_l0.detach().numpy()[5:].T, atol=1e-12)
    np.testing.assert_allclose(np.tanh(terms.input + terms.recurrent + terms.bias), trace.gates["candidate"])


def test_gradients_equal_finite_differences(drawn):
    module, x = drawn("mgu", units=3, steps=4)
    weights = [weight.requires_grad_() for weight in module.parameters()]
    start = torch.linspace(-0.9, 0.9, 3, dtype=torch.float64)[None].requires_grad_()
    assert torch.autograd.gradcheck(lambda *_: module(x, start)[0], (x.requires_grad_(), start, *weights))


def test_a_shut_gate_keeps_the_state_for_ever():
    """The keeping bias goes the other way round: the gate that replaces starts shut."""
    network = Network("mgu", 2, 4, 2, keep_bias=50.0)
    start = np.array([0.9, -0.9, 0.5, 0.1])
    trace = trace_sequence(network.recurrent, np.random.default_rng(0).normal(size=(100, 2)), start)
    np.testing.assert_allclose(trace.hidden[-1], start, atol=1e-12)
