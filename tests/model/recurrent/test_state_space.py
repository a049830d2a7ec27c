"""A linear state-space recurrence: two ways, one result; and what layers cost."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from model.recurrent import costs
from model.recurrent.state_space import StateSpace, as_convolution, kernel, step_by_step


def layer_of(states: int, seed: int = 0) -> StateSpace:
    random = np.random.default_rng(seed)
    a = random.uniform(0.5, 1, states) * np.exp(2j * np.pi * random.random(states))
    b, c = random.normal(size=(2, states, 2)).view(complex)[..., 0]
    return StateSpace(a, b, c)


@pytest.mark.parametrize("states", [1, 2, 16])
@pytest.mark.parametrize("steps", [1, 2, 7, 500])
def test_step_by_step_and_as_a_convolution_give_the_same(states, steps):
    layer = layer_of(states)
    x = np.random.default_rng(steps).normal(size=steps)
    y = step_by_step(layer, x)
    np.testing.assert_allclose(as_convolution(layer, x), y, atol=1e-9)
    np.testing.assert_allclose(np.convolve(x, kernel(layer, steps))[:steps], y, atol=1e-9)


def test_the_kernel_is_the_gradient():
    layer = layer_of(3)
    x = torch.randn(20, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
    a, b, c = (torch.from_numpy(part) for part in layer)
    h = torch.zeros(3, dtype=torch.complex128)
    for x_t in x:
        h = a * h + b * x_t
    (gradient,) = torch.autograd.grad((c @ h).real, x)
    np.testing.assert_allclose(gradient.numpy()[::-1], kernel(layer, 20), atol=1e-12)


def test_a_turning_state_fades_by_its_size_and_comes_around():
    k = kernel(StateSpace.turning(0.9, 10), 21)
    np.testing.assert_allclose(k[[0, 10, 20]], [1, 0.9**10, 0.9**20])
    assert k[5] == pytest.approx(-(0.9**5))
    np.testing.assert_allclose(kernel(StateSpace.turning(1, 1), 50), 1)


def test_attention_costs_what_its_products_do():
    """Counted by torch while it computes them."""
    steps, width = 12, 8
    x, *matrices = torch.randn(5, steps, width)
    matrices = [matrix[:width] for matrix in matrices]
    with FlopCounterMode(display=False) as counter:
        q, k, v = (x @ matrix for matrix in matrices[:3])
        seen = [(q[t : t + 1] @ k[: t + 1].T).softmax(1) @ v[: t + 1] for t in range(steps)]
        torch.cat(seen) @ matrices[3]
    multiplications = counter.get_total_flops() // 2  # it counts the additions as well
    assert costs.attention(steps, width) == (multiplications, 1, k.numel() + v.numel())


def test_a_recurrent_layer_costs_what_its_weights_do():
    rnn = torch.nn.RNN(8, 8)
    weights = rnn.get_parameter("weight_ih_l0").numel() + rnn.get_parameter("weight_hh_l0").numel()
    assert costs.recurrent(12, 8) == (12 * weights, 12, 8)


@pytest.mark.parametrize(("steps", "rounds"), [(1, 0), (2, 1), (16, 4), (17, 5), (1024, 10)])
def test_a_scan_needs_the_logarithm_of_its_length_in_rounds(steps, rounds):
    cost = costs.state_space(steps, 8, 4)
    assert cost == (steps * (3 * 4 * 8 + 8 * 8), rounds, 4 * 8)
