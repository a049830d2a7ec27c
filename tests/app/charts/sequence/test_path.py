"""Paths are the states seen along the axes, and the figure says what these do not show."""

import numpy as np

from app.charts.kit.style import LOOKS
from app.charts.sequence.path import places, state_paths
from model.hidden_basis import fit_basis
from model.recurrent import Network, make_task, trace_example
from model.traces import HiddenBasis


def test_points_are_the_projected_states(each_cell):
    trace, basis = each_cell
    (line, *_legend) = state_paths([trace], basis).figure.data
    states = np.concatenate([trace.initial_hidden[None], trace.hidden])
    np.testing.assert_allclose(np.column_stack([line.x, line.y]), basis.project(states), rtol=1e-3, atol=1e-6)
    assert line.marker.symbol[0] == "star"


def test_two_units_are_the_axes_themselves(two_units):
    trace, basis = two_units
    figure = state_paths([trace], basis).figure
    np.testing.assert_allclose(figure.data[0].x[1:], trace.hidden[:, 0], rtol=1e-3)
    np.testing.assert_allclose(figure.data[0].y[1:], trace.hidden[:, 1], rtol=1e-3)
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("unit 0", "unit 1")
    assert "nothing is hidden" in state_paths([trace], basis).words


def test_one_unit_is_drawn_against_time(tiny):
    trace, basis = tiny
    np.testing.assert_array_equal(places(trace, basis), [[0, 0], [1, trace.hidden[0, 0]]])
    assert state_paths([trace], basis).figure.layout.xaxis.title.text == "step"


def test_the_variance_that_is_shown_is_told(each_cell):
    trace = each_cell.trace
    basis = HiddenBasis(np.zeros(6), np.eye(6)[:2], np.array([0.5, 0.25]))
    states = np.concatenate([trace.initial_hidden[None], trace.hidden])
    share = states[:, :2].var(axis=0).sum() / states.var(axis=0).sum()
    assert f"{share:.0%} of the variance of 6 units" in state_paths([trace], basis).words
    assert state_paths([trace], basis).figure.layout.xaxis.title.text == "axis 1 (50%)"


def test_points_are_coloured_by_their_right_answers():
    task = make_task("parity")
    network = Network("gru", 2, 5, 2)
    traces = [trace_example(network, task, task.read(bits)) for bits in ("0110", "1011")]
    figure = state_paths(traces, fit_basis([trace.hidden for trace in traces])).figure
    looks = {"0": LOOKS[0], "1": LOOKS[1]}
    for line, trace in zip(figure.data, traces, strict=False):
        assert list(line.marker.color[1:]) == [looks[answer][0] for answer in trace.answers]
        assert list(line.marker.symbol[1:]) == [looks[answer][2] for answer in trace.answers]
    assert [one.name for one in figure.data[2:]] == ["right answer: 0", "right answer: 1"]


def test_states_beyond_all_bounds_leave_the_path(exploded):
    assert state_paths([exploded.trace], exploded.basis).figure.data[0].x[-1] is None
    assert "beyond all bounds" in state_paths([exploded.trace], exploded.basis).words


def test_the_longest_step_is_told(each_cell):
    trace, basis = each_cell
    steps = np.linalg.norm(np.diff(np.concatenate([trace.initial_hidden[None], trace.hidden]), axis=0), axis=1)
    assert f"moved most at step {int(steps.argmax()) + 1}, " in state_paths([trace], basis).words
