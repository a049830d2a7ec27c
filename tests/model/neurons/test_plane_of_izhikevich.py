"""Izhikevich's plane: its fixed points and their kinds, against the equations and against what the neuron does."""

import numpy as np
import pytest

from model.errors import SettingError
from model.neurons import izhikevich
from model.neurons.landscape import landscape


def flow(v, u, current, p=izhikevich.TEXTBOOK):
    return np.array([0.04 * v**2 + 5 * v + 140 - u + current, p.a * (p.b * v - u)])


def test_the_arrows_are_the_two_equations():
    trace = landscape(3.0)
    for row, column in ((0, 0), (20, 45), (60, 60)):
        np.testing.assert_allclose(trace.change[row, column], flow(trace.x[column], trace.y[row], 3.0))


def test_at_rest_there_is_a_stable_point_and_a_saddle_as_closed_forms_say():
    """0.04 v² + 4.8 v + 140 = 0 at -70 and -50 mV."""
    points = sorted(landscape(0.0).points, key=lambda point: point.state[0])
    np.testing.assert_allclose([point.state for point in points], [[-70, -14], [-50, -10]])
    assert [point.kind for point in points] == ["stable", "saddle"]
    for point in points:
        v, u = point.state
        e = 1e-6
        j = np.stack(
            [(flow(v + e, u, 0) - flow(v - e, u, 0)) / 2 / e, (flow(v, u + e, 0) - flow(v, u - e, 0)) / 2 / e], axis=1
        )
        np.testing.assert_allclose(point.eigenvalues.sum().real, np.trace(j), rtol=1e-6)
        np.testing.assert_allclose(point.eigenvalues.prod().real, np.linalg.det(j), rtol=1e-6)


@pytest.mark.parametrize(("current", "rests"), [(0.0, True), (3.0, True), (6.0, False), (10.0, False)])
def test_it_rests_where_a_stable_point_is_and_fires_where_there_is_none(current, rests):
    trace = landscape(current)
    assert (trace.falls_to is not None) == rests
    assert any(point.kind == "stable" for point in trace.points) == rests
    assert np.isnan(trace.fall).any() != rests  # a reset breaks the line


def test_a_spike_is_drawn_up_to_its_peak():
    assert np.nanmax(landscape(10.0).fall[:, 0]) == pytest.approx(izhikevich.PEAK)


@pytest.mark.parametrize("current", [float("nan"), 1e9, "10"])
def test_a_current_that_is_none_is_said_in_a_sentence(current):
    with pytest.raises(SettingError):
        landscape(current)
