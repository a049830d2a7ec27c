"""The paths are the trace's states seen along the basis, and the figure says what it does not show."""

import dataclasses

import numpy as np
import pytest

from app.charts.caption.hidden import heat_map, path_2d, path_3d
from model.traces import HiddenBasis
from tests.traces_made import make_basis, make_trace

BASIS = make_basis(0, 32, axes=4)


def path_of(trace):
    return BASIS.project(np.concatenate([trace.initial_hidden[None], trace.hidden]))


@pytest.mark.parametrize("length", [0, 1, 20])
def test_points_are_the_projected_states_from_the_start_on(length):
    trace = make_trace(1, length)
    flat, deep = path_2d({"one": trace}, BASIS).figure.data[0], path_3d({"one": trace}, BASIS).figure.data[0]
    np.testing.assert_allclose(np.stack([flat.x, flat.y], 1), path_of(trace)[:, :2], rtol=1e-6)
    np.testing.assert_allclose(np.stack([deep.x, deep.y, deep.z], 1), path_of(trace)[:, :3], rtol=1e-6)
    for drawn in (flat, deep):
        written = list(zip(drawn.text, ["(start)", *trace.words], strict=True))
        assert all(text in ("", word) for text, word in written)
        assert drawn.text[-1] and sum(bool(text) for text, _word in written) > 0.8 * len(written)
        assert drawn.marker.size[0] > max(drawn.marker.size[1:], default=0)
    assert flat.marker.symbol[0] == "star"


def test_arrows_point_along_each_step():
    trace = make_trace(2, 5)
    path, arrows = path_of(trace)[:, :2], path_2d({"one": trace}, BASIS).figure.data[1]
    np.testing.assert_allclose(np.stack([arrows.x, arrows.y], 1), (path[:-1] + path[1:]) / 2, rtol=1e-5)
    turn = np.radians(arrows.marker.angle)  # clockwise from up
    step = np.diff(path, axis=0)
    along = step[:, 0] * np.sin(turn) + step[:, 1] * np.cos(turn)
    np.testing.assert_allclose(along, np.linalg.norm(step, axis=1), rtol=1e-5)


def test_both_axes_have_one_scale():
    assert path_2d({"one": make_trace(3)}, BASIS).figure.layout.yaxis.scaleanchor == "x"
    assert path_3d({"one": make_trace(3)}, BASIS).figure.layout.scene.aspectmode == "data"


def test_axes_and_line_say_how_much_variance_they_hold():
    basis = HiddenBasis(np.zeros(2, np.float32), np.eye(2, dtype=np.float32), np.array([0.23, 0.1], np.float32))
    trace = make_trace(4, 2, units=2)
    first = np.array([0, 0], np.float32)
    states = np.array([[0.6, 0], [0.3, 0.3]], np.float32)
    trace = dataclasses.replace(trace, initial_hidden=first, hidden=states)
    figure = path_2d({"one": trace}, basis).figure
    assert figure.layout.xaxis.title.text == "axis 1 (23% of what many captions vary)"
    assert figure.layout.yaxis.title.text == "axis 2 (10% of what many captions vary)"
    assert "100%" in figure.layout.annotations[0].text
    assert "100%" in path_2d({"one": trace}, basis).words
    # x goes 0, 0.6, 0.3 (sum of squares 0.18), z goes 0, 0, 0.3 (0.06): the first two axes hold three quarters.
    basis = HiddenBasis(np.zeros(3, np.float32), np.eye(3, dtype=np.float32), np.array([0.23, 0.1, 0.1], np.float32))
    states = np.array([[0.6, 0, 0], [0.3, 0, 0.3]], np.float32)
    trace = dataclasses.replace(make_trace(4, 2, units=3), initial_hidden=np.zeros(3, np.float32), hidden=states)
    assert "75%" in path_2d({"one": trace}, basis).words


def test_captions_laid_over_each_other_differ_in_colour_dash_and_marker():
    traces = {f"caption {k}": make_trace(k, 3 + k) for k in range(5)}
    drawn = [one for one in path_2d(traces, BASIS).figure.data if one.name]
    assert [one.name for one in drawn] == list(traces)
    for look in (lambda o: o.line.color, lambda o: o.line.dash, lambda o: o.marker.symbol[1]):
        assert len({look(one) for one in drawn}) == 5
    assert (
        path_2d(traces, BASIS).figure.layout.showlegend
        and not path_2d({"x": make_trace(0)}, BASIS).figure.layout.showlegend
    )


def test_many_captions_are_still_drawn():
    traces = {f"caption {k}": make_trace(k, 20) for k in range(9)}
    assert len([one for one in path_2d(traces, BASIS).figure.data if one.name]) == 9
    assert len(path_3d(traces, BASIS).figure.data) == 9


def test_an_empty_caption_has_no_path():
    assert "empty" in path_2d({"": make_trace(5, 0)}, BASIS).words


def test_hostile_words_and_names_are_shown_as_they_are():
    trace = make_trace(6, ["<b>x</b>"])
    drawn = path_2d({"<i>name</i>": trace, "other": make_trace(7)}, BASIS).figure.data[0]
    assert drawn.text[1] == "&lt;b&gt;x&lt;/b&gt;" and drawn.name == "&lt;i&gt;name&lt;/i&gt;"
    assert "<b>&lt;b&gt;x" in drawn.hovertext[1]


def test_the_description_names_the_largest_step():
    trace = make_trace(8, ["a", "dog"], units=32)
    still = np.zeros(32, np.float32)
    moved = dataclasses.replace(trace, initial_hidden=still, hidden=np.stack([still, still + 0.5]))
    said = path_2d({"x": moved}, BASIS).words
    assert "In “x” the memory moved most at “dog”, in all 32 units as in this picture." in said


def test_it_says_when_the_picture_does_not_show_the_largest_step():
    """A step along the first axis is seen; a longer one across all axes of the picture is not."""
    trace = make_trace(8, ["a", "dog"], units=32)
    still = np.zeros(32, np.float32)
    seen = 0.3 * BASIS.components[0]
    hidden_step = np.linalg.svd(BASIS.components)[2][-1].astype(np.float32)  # at right angles to every axis
    moved = dataclasses.replace(trace, initial_hidden=still, hidden=np.stack([seen, seen + hidden_step]))
    said = path_2d({"x": moved}, BASIS).words
    assert "moved most at “dog”, over all 32 units; in this picture, at “a”." in said


@pytest.mark.parametrize("length", [0, 1, 20])
def test_the_heat_map_shows_all_units_from_the_start_on(length):
    trace = make_trace(9, length)
    drawn = heat_map(trace).figure.data[0]
    np.testing.assert_array_equal(drawn.z, np.concatenate([trace.initial_hidden[None], trace.hidden]).T)
    assert (drawn.zmin, drawn.zmax) == (-1, 1)
    assert "32 units" in heat_map(trace).words
