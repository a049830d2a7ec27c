"""Fixed points: against systems whose fixed points are known in closed form, and against what the networks do."""

import numpy as np
import pytest
import torch
from scipy.optimize import brentq
from torch import nn

from model.cells.layers import Recurrent, layer
from model.errors import SettingError
from model.recurrent import fixed_points, load_preset, trace_example, trace_sequence


def rnn(w_hh, b=None, w_ih=None, nonlinearity="tanh") -> nn.RNN:
    """A plain RNN with these weights; it reads one number for each unit."""
    w_hh = torch.tensor(w_hh, dtype=torch.float64)
    size = len(w_hh)
    module = nn.RNN(size, size, nonlinearity=nonlinearity, dtype=torch.float64)
    with torch.no_grad():
        module.get_parameter("weight_hh_l0").copy_(w_hh)
        module.get_parameter("weight_ih_l0").copy_(torch.eye(size) if w_ih is None else torch.tensor(w_ih))
        module.get_parameter("bias_ih_l0").copy_(torch.zeros(size) if b is None else torch.tensor(b))
        module.get_parameter("bias_hh_l0").zero_()
    return module


def zeroed(kind: str, units: int = 3) -> Recurrent:
    """A layer whose weights are all 0."""
    module = layer(kind, 2, units, dtype=torch.float64)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
    return module


def test_one_unit_that_forgets_has_one_fixed_point_whose_eigenvalue_is_its_weight():
    (point,) = fixed_points(rnn([[0.5]]), [0.0])
    assert point.kind == "stable" and point.speed < 1e-12
    np.testing.assert_allclose(point.state, 0, atol=1e-9)
    np.testing.assert_allclose(point.eigenvalues, [0.5], atol=1e-9)
    np.testing.assert_allclose(point.time_constants, [1 / np.log(2)])
    np.testing.assert_array_equal(point.frequencies, [0])


def test_one_unit_that_holds_a_bit_has_two_stable_points_and_one_between_them():
    h = brentq(lambda h: np.tanh(2 * h) - h, 0.5, 1)
    points = {round(float(point.state[0]), 9) + 0.0: point for point in fixed_points(rnn([[2.0]]), [0.0])}
    assert sorted(points) == [round(-h, 9), 0, round(h, 9)]
    assert points[0].kind == "unstable" and points[0].eigenvalues == pytest.approx([2])
    for side in (round(-h, 9), round(h, 9)):
        assert points[side].kind == "stable"
        assert points[side].eigenvalues == pytest.approx([2 * (1 - h**2)])


def test_two_units_apart_have_the_nine_combinations_of_their_own_points():
    h = brentq(lambda h: np.tanh(2 * h) - h, 0.5, 1)
    points = fixed_points(rnn([[2.0, 0.0], [0.0, 2.0]]), [0.0, 0.0])
    expected = sorted((x, y) for x in (-h, 0, h) for y in (-h, 0, h))
    found = sorted(tuple((point.state.round(9) + 0.0).tolist()) for point in points)
    np.testing.assert_allclose(found, expected, atol=1e-8)
    kinds = {"stable": 4, "saddle": 4, "unstable": 1}
    assert {kind: sum(point.kind == kind for point in points) for kind in kinds} == kinds


def test_an_input_moves_the_point_to_where_the_equation_says():
    h = brentq(lambda h: np.tanh(0.5 * h + 0.3 * 2 + 0.1) - h, -1, 1)
    (point,) = fixed_points(rnn([[0.5]], b=[0.1], w_ih=[[0.3]]), [2.0])
    np.testing.assert_allclose(point.state, [h], atol=1e-10)


def test_a_turning_linear_part_has_the_eigenvalues_of_its_rotation():
    size, angle = 0.9, 2 * np.pi / 12
    turn = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    (point,) = fixed_points(rnn(turn.tolist()), [0.0, 0.0])
    np.testing.assert_allclose(point.eigenvalues, size * np.exp([1j * angle, -1j * angle]), atol=1e-9)
    np.testing.assert_allclose(point.frequencies, [1 / 12, 1 / 12])
    np.testing.assert_allclose(point.time_constants, -1 / np.log([size, size]))


def test_a_relu_network_that_is_linear_where_it_is_has_the_solution_of_the_linear_equations():
    w, b = np.array([[0.5, 0.2], [0.1, 0.3]]), np.array([1.0, 2.0])
    (point,) = fixed_points(rnn(w.tolist(), b=b.tolist(), nonlinearity="relu"), [0.0, 0.0])
    np.testing.assert_allclose(point.state, np.linalg.solve(np.eye(2) - w, b), atol=1e-9)
    np.testing.assert_allclose(sorted(point.eigenvalues.real), sorted(np.linalg.eigvals(w).real), atol=1e-9)


def test_where_it_only_just_forgets_the_linear_part_does_not_decide():
    (point,) = fixed_points(rnn([[1.0]]), [0.0])
    assert point.kind == "marginal"
    assert abs(point.state[0]) < 1e-2


def test_a_gru_without_weights_halves_its_state():
    """z = 1/2 and ñ = 0, so F(h) = h / 2."""
    (point,) = fixed_points(zeroed("gru"), [0.0, 0.0])
    np.testing.assert_allclose(point.state, 0, atol=1e-9)
    np.testing.assert_allclose(point.eigenvalues, [0.5, 0.5, 0.5], atol=1e-9)


def test_an_lstm_without_weights_halves_its_memory():
    """c' = c / 2 and h' = tanh(c') / 2: at 0, dc'/dc = 1/2, dh'/dc = 1/4, and h itself is forgotten."""
    (point,) = fixed_points(zeroed("lstm"), [0.0, 0.0])
    assert point.state.shape == (6,)
    np.testing.assert_allclose(point.state, 0, atol=1e-9)
    np.testing.assert_allclose(point.eigenvalues, [0.5] * 3 + [0] * 3, atol=1e-9)


def test_an_lstm_with_biases_rests_where_its_equations_say():
    """c = f c + i c̃, so c = i c̃ / (1 - f), and h = o tanh(c)."""
    module = zeroed("lstm", 1)
    i, f, candidate, o = 0.3, 0.8, 0.6, 0.7
    with torch.no_grad():
        logits = [np.log(gate / (1 - gate)) for gate in (i, f, o)]
        module.get_parameter("bias_ih_l0").copy_(torch.tensor([logits[0], logits[1], np.arctanh(candidate), logits[2]]))
    (point,) = fixed_points(module, [0.0, 0.0])
    c = i * candidate / (1 - f)
    np.testing.assert_allclose(point.state, [o * np.tanh(c), c], atol=1e-9)
    np.testing.assert_allclose(point.eigenvalues, [f, 0], atol=1e-9)


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru", "mgu", "peephole"])
def test_whatever_the_cell_the_layer_itself_stays_at_each_point(cell):
    torch.manual_seed(3)
    module = layer(cell, 2, 4, dtype=torch.float64)
    x = [0.4, -0.7]
    points = fixed_points(module, x, seed=1)
    assert points
    for point in points:
        vectors = np.split(point.state, len(point.state) // 4)
        start = tuple(vectors) if len(vectors) > 1 else vectors[0]
        again = trace_sequence(module, [x] * 3, initial=start).full_states
        np.testing.assert_allclose(again, np.tile(point.state, (4, 1)), atol=1e-6)


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru"])
def test_near_a_point_a_step_does_what_its_eigenvalues_say(cell):
    """J from the layer itself by finite differences has the point's eigenvalues."""
    torch.manual_seed(5)
    module = layer(cell, 1, 3, dtype=torch.float64)
    point = fixed_points(module, [0.5])[0]

    def after(state):
        vectors = np.split(state, len(state) // 3)
        start = tuple(vectors) if len(vectors) > 1 else vectors[0]
        return trace_sequence(module, [[0.5]], initial=start).full_states[1]

    e = 1e-5 * np.eye(len(point.state))
    slopes = np.array([(after(point.state + d) - after(point.state - d)) / 2e-5 for d in e]).T
    found = np.linalg.eigvals(slopes)
    assert np.abs(found).max() == pytest.approx(np.abs(point.eigenvalues).max(), abs=1e-6)
    np.testing.assert_allclose(np.prod(point.eigenvalues).real, np.linalg.det(slopes), atol=1e-6)


def test_the_same_seed_gives_the_same_points():
    torch.manual_seed(1)
    module = nn.GRU(2, 5)
    first, again = (fixed_points(module, [1.0, 0.0], seed=4, slowest=0.5) for _ in range(2))
    assert len(first) == len(again)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.state, other.state)


def test_a_network_that_only_just_has_no_fixed_point_has_a_slow_one():
    """tanh(2 h + b) - h has two of its three roots meet at h² = 1/2; a little beyond, they are gone, and the speed
    there is how far beyond."""
    h = -np.sqrt(0.5)
    edge = np.arctanh(h) - 2 * h
    module = rnn([[2.0]], b=[edge + 0.02])
    fixed = fixed_points(module, [0.0])
    every = fixed_points(module, [0.0], slowest=0.1)
    assert len(fixed) == 1 and len(every) == 2
    (slow,) = [point for point in every if point.speed > 1e-6]
    assert slow.state[0] == pytest.approx(h, abs=0.02)
    assert slow.speed == pytest.approx(0.02 * (1 - h**2), rel=0.05)


def test_parity_is_kept_by_a_stable_point_and_by_a_slow_one_that_it_leaves_in_the_end():
    """What the trained network's points say of zeros is what it does with zeros: after an even number of ones it rests
    for ever, after an odd number it lingers for longer than the sequences it has learned from, and then falls."""
    saved = load_preset("parity-gru")
    trace = trace_example(saved.network, saved.task, saved.task.read("0" * 10 + "1" + "0" * 30))
    points = fixed_points(saved.network.recurrent, [1.0, 0.0], starts=trace.full_states, slowest=0.1)
    rest, slow = points
    assert rest.kind == "stable" and rest.speed < 1e-9
    assert slow.kind == "saddle" and 0.01 < slow.speed < 0.1
    distances = np.linalg.norm(trace.hidden[:, None] - [rest.state, slow.state], axis=2)  # (T, 2)
    assert distances[9].argmin() == 0 and distances[40].argmin() == 0
    assert all(distances[t].argmin() == 1 for t in range(11, 18))


@pytest.mark.parametrize(
    ("module", "input", "more"),
    [
        (nn.Linear(2, 2), [0.0, 0.0], {}),
        (nn.GRU(2, 3, num_layers=2), [0.0, 0.0], {}),
        (nn.GRU(2, 3), [0.0], {}),
        (nn.GRU(2, 3), [0.0, float("nan")], {}),
        (nn.GRU(2, 3), "01", {}),
        (nn.GRU(2, 3), [0.0, 0.0], {"seed": -1}),
        (nn.GRU(2, 3), [0.0, 0.0], {"count": 0}),
        (nn.GRU(2, 3), [0.0, 0.0], {"slowest": -1}),
        (nn.GRU(2, 3), [0.0, 0.0], {"starts": np.zeros((4, 2))}),
        (nn.GRU(2, 3), [0.0, 0.0], {"starts": np.full((4, 3), np.inf)}),
        (nn.LSTM(2, 600), [0.0, 0.0], {}),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(module, input, more):
    with pytest.raises(SettingError) as error:
        fixed_points(module, input, **more)
    assert str(error.value).endswith(".")
