"""The plain RNN's Jacobians against finite differences; eigenvalues, scaling, and the views onto the state."""

import numpy as np
import pytest
import torch

from model.errors import UserError
from model.recurrent import Network, jacobian_trace, scale_recurrence, trace_sequence
from model.traces import SequenceTrace


def traced(cell: str, units: int = 5, length: int = 7, scale: float = 2.0) -> tuple[Network, SequenceTrace]:
    network = scale_recurrence(Network(cell, 3, units, 2), scale)
    inputs = torch.randn(length, 3, generator=torch.Generator().manual_seed(0))
    return network, trace_sequence(network.recurrent, inputs)


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu"])
def test_the_singular_values_are_those_of_the_steps_jacobian_by_finite_differences(cell):
    network, trace = traced(cell)
    jacobians = []
    for x, h in zip(trace.inputs, trace.before, strict=True):
        columns = []
        for change in 1e-6 * np.eye(5):
            after = [trace_sequence(network.recurrent, x[None], h + sign * change).hidden[0] for sign in (1, -1)]
            columns.append((after[0] - after[1]) / 2e-6)
        jacobians.append(np.stack(columns, axis=1))
    found = jacobian_trace(network.recurrent, trace)
    np.testing.assert_allclose(found.singular_values, np.linalg.svd(jacobians, compute_uv=False), atol=1e-7)
    product, reach = np.eye(5), [1.0]
    for jacobian in jacobians[:0:-1]:
        product = product @ jacobian
        reach.insert(0, np.linalg.svd(product, compute_uv=False)[0])
    np.testing.assert_allclose(found.reach, reach, atol=1e-7)


def test_eigenvalues_come_largest_first_and_scale_with_w_hh():
    network, trace = traced("rnn_tanh", scale=1.0)
    found = jacobian_trace(network.recurrent, trace)
    w_hh = network.recurrent.get_parameter("weight_hh_l0").detach().numpy()
    for eigenvalue in found.eigenvalues:
        assert abs(np.linalg.det(w_hh - eigenvalue * np.eye(5))) < 1e-5
    assert (np.diff(np.abs(found.eigenvalues)) <= 1e-9).all()
    assert found.spectral_radius == np.abs(found.eigenvalues).max()
    tripled = scale_recurrence(network, 3.0)
    again = jacobian_trace(tripled.recurrent, trace_sequence(tripled.recurrent, trace.inputs))
    np.testing.assert_allclose(again.eigenvalues, 3 * found.eigenvalues, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(network.recurrent.get_parameter("weight_hh_l0").detach().numpy(), w_hh)


def diagonal(cell: str, weight: float, steps: int, x: float = 1.0):
    """What ``jacobian_trace`` finds for W_hh = weight times the unit matrix, where every input is ``x``."""
    network = Network(cell, 1, 2, 1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.recurrent.get_parameter("weight_hh_l0").copy_(weight * torch.eye(2))
        network.recurrent.get_parameter("weight_ih_l0").fill_(1)
    return jacobian_trace(network.recurrent, trace_sequence(network.recurrent, np.full((steps, 1), x)))


def test_a_spectral_radius_above_1_is_not_enough_to_explode():
    """Pascanu et al. 2013: tanh saturates, and the gradient vanishes all the same."""
    found = diagonal("rnn_tanh", 2.0, steps=30)
    assert found.spectral_radius == 2
    assert found.reach[0] < 1e-6


def test_nor_is_it_necessary_one_saturated_unit_explodes_at_radius_0():
    network = Network("rnn_tanh", 1, 2, 1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.recurrent.get_parameter("weight_hh_l0").copy_(torch.tensor([[3.0, -3.0], [3.0, -3.0]]))
        network.recurrent.get_parameter("bias_ih_l0").copy_(
            torch.tensor([3.0, 30.0])
        )  # keep the first unit at 0, the second at 1
    trace = trace_sequence(network.recurrent, np.zeros((31, 1)), initial=np.array([0.0, 1.0]))
    np.testing.assert_allclose(trace.hidden[-1], [0, 1], atol=1e-12)
    found = jacobian_trace(network.recurrent, trace)
    assert found.spectral_radius < 1e-6
    assert found.reach[0] == pytest.approx(2**0.5 * 3**30, rel=1e-6) == pytest.approx(3e14, rel=0.05)
    assert np.linalg.norm([[3, -3], [3, -3]], 2) == pytest.approx(6)


@pytest.mark.parametrize("radius", [0.75, 1.0, 1.25])
def test_without_saturation_the_radius_decides(radius):
    found = diagonal("rnn_relu", radius, steps=30)
    np.testing.assert_allclose(found.reach, radius ** np.arange(29.0, -1, -1))


def test_an_explosion_is_infinite_not_an_error():
    found = diagonal("rnn_relu", 1e6, steps=80, x=1e-200)
    assert np.isinf(found.reach[0])
    assert found.reach[-1] == 1
    with pytest.raises(UserError, match="beyond all bounds"):
        diagonal("rnn_relu", 1e6, steps=80)


def test_other_cells_and_too_large_ones_get_a_sentence():
    network = Network("gru", 3, 4, 2)
    with pytest.raises(UserError, match="Please choose an RNN"):
        jacobian_trace(network.recurrent, trace_sequence(network.recurrent, np.ones((3, 3))))
    network = Network("rnn_tanh", 1, 512, 1)
    with pytest.raises(UserError, match="Please choose a shorter sequence"):
        jacobian_trace(network.recurrent, trace_sequence(network.recurrent, np.ones((100, 1))))


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_scaling_touches_w_hh_alone(cell):
    network = Network(cell, 2, 3, 2)
    scaled = scale_recurrence(network, 0.5)
    for name, parameter in network.named_parameters():
        factor = 0.5 if name == "recurrent.weight_hh_l0" else 1
        torch.testing.assert_close(scaled.state_dict()[name], factor * parameter.detach())
