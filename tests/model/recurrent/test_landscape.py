"""The plane of two units: what its arrows, its nullclines and its fall say, against the equation and torch's layer."""

import numpy as np
import pytest
import torch
from torch import nn

from model.errors import SettingError
from model.recurrent import trace_sequence
from model.recurrent.landscape import PULSE, WEIGHTS, landscape, read_pulses, two_units


def test_the_arrows_are_the_equation():
    w, x = np.reshape(WEIGHTS["ring"], (2, 2)), np.array([0.3, -0.2])
    trace = landscape(two_units(WEIGHTS["ring"]), x)
    for row, column in ((0, 0), (7, 50), (60, 31)):
        h = np.array([trace.x[column], trace.y[row]])
        np.testing.assert_allclose(trace.change[row, column], np.tanh(w @ h + x) - h, atol=1e-12)


def test_the_fall_is_what_the_layer_does():
    module = two_units(WEIGHTS["one"])
    trace = landscape(module, [0.1, 0.0], start=(0.9, -0.4))
    steps = len(trace.fall) - 1
    states = trace_sequence(module, [[0.1, 0.0]] * steps, initial=[0.9, -0.4]).states
    np.testing.assert_allclose(trace.fall, states, atol=1e-12)
    assert trace.falls_to == 0


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("one", ["stable"]), ("bit", ["saddle", "stable", "stable"]), ("ring", ["unstable"])],
)
def test_each_choice_of_w_does_what_it_is_called(name, kinds):
    trace = landscape(two_units(WEIGHTS[name]), [0.0, 0.0], start=(0.9, -0.4))
    assert sorted(point.kind for point in trace.points) == kinds
    w = np.reshape(WEIGHTS[name], (2, 2))
    at_zero = min(trace.points, key=lambda point: np.abs(point.state).max())
    np.testing.assert_allclose(np.sort_complex(at_zero.eigenvalues), np.sort_complex(np.linalg.eigvals(w)), atol=1e-9)
    assert (trace.falls_to is None) == (name == "ring")


def test_the_ring_goes_round():
    """It neither rests nor leaves: its angle goes on and on, at about the same distance from the middle."""
    fall = landscape(two_units(WEIGHTS["ring"]), [0.0, 0.0], start=(0.9, -0.4)).fall[20:]
    angles = np.unwrap(np.arctan2(fall[:, 1], fall[:, 0]))
    assert (np.diff(angles) > 0).all() and angles[-1] - angles[0] > 4 * np.pi
    assert np.linalg.norm(fall, axis=1).min() > 0.5


def test_pulses_set_and_clear_one_bit():
    module = two_units(WEIGHTS["bit"])
    pushes = read_pulses("... + .... - .... + ....")
    assert PULSE == pushes[3] == -pushes[8]
    states = trace_sequence(module, np.repeat(pushes[:, None], 2, axis=1)).states
    for after, sign in ((8, 1), (13, -1), (18, 1)):
        assert np.sign(states[after]).tolist() == [sign, sign]
        assert (np.abs(states[after]) > 0.9).all()


def test_a_state_of_two_numbers_may_be_one_unit_of_an_lstm():
    torch.manual_seed(0)
    trace = landscape(nn.LSTM(1, 1), [0.5], start=(0.0, 3.0))
    assert np.abs(trace.x).max() < 2 < np.abs(trace.y).max()  # c is not bounded, h is
    assert trace.falls_to is not None


@pytest.mark.parametrize(
    "call",
    [
        lambda: two_units([1, 2, 3]),
        lambda: two_units([1, 2, 3, float("nan")]),
        lambda: two_units("abcd"),  # type: ignore[arg-type]  # wrong on purpose
        lambda: read_pulses("+x"),
        lambda: read_pulses("+" * 61),
        lambda: landscape(nn.GRU(2, 3), [0.0, 0.0]),
        lambda: landscape(two_units(WEIGHTS["bit"]), [0.0, 0.0], start=(1.0,)),
        lambda: landscape(two_units(WEIGHTS["bit"]), [0.0, 0.0], start=(1.0, float("inf"))),
        lambda: landscape(two_units(WEIGHTS["bit"]), [0.0]),
        lambda: landscape(two_units(WEIGHTS["bit"]), [0.0, 0.0], seen=trace_sequence(nn.GRU(1, 3), [[0.0]])),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(call):
    with pytest.raises(SettingError) as error:
        call()
    assert str(error.value).endswith(".") or "such as" in str(error.value)
