"""The gates' heat maps hold the trace's gates, in the order they say."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from app.charts.caption.gates import gate_heat_map, unit_course, unit_order
from tests.traces_made import make_trace

SORTS = ("index", "mean", "change", "similarity")


@pytest.mark.parametrize("gate", ["update_gate", "reset_gate"])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("length", [1, 2, 20])
def test_each_row_is_the_unit_that_it_says(gate, sort, length):
    trace = make_trace(1, length)
    drawn = gate_heat_map(trace, gate, sort=sort).figure.data[0]
    units = np.asarray(drawn.customdata)[:, 0]
    assert sorted(units) == list(range(32))
    np.testing.assert_array_equal(drawn.z, getattr(trace, gate).T[units])
    assert (drawn.zmin, drawn.zmax) == (0, 1)


def test_a_brush_over_rows_catches_the_units_that_are_drawn_there():
    figure = gate_heat_map(make_trace(1, 5), "update_gate", sort="mean", brush=True).figure
    heat, targets = figure.data
    np.testing.assert_array_equal(np.asarray(targets.customdata)[targets.y], np.asarray(heat.customdata)[:, 0])
    assert (figure.layout.dragmode, figure.layout.selectdirection) == ("select", "v")
    assert gate_heat_map(make_trace(1, 5), "update_gate").figure.layout.dragmode is False


def test_orders():
    values = make_trace(2, 6).update_gate.T
    assert np.all(np.diff(values[unit_order(values, "mean")].mean(axis=1)) <= 0)
    changes = np.abs(np.diff(values[unit_order(values, "change")], axis=1)).sum(axis=1)
    assert np.all(np.diff(changes) <= 1e-6)
    assert list(unit_order(values, "index")) == list(range(32))


def test_alike_units_become_neighbours():
    kinds = np.array([[0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1]], float)
    shuffled = kinds[[0, 1, 2, 1, 0, 2, 2, 1, 0]] + np.random.default_rng(0).normal(0, 0.01, (9, 4))
    nearest = [int(np.abs(kinds - shuffled[unit]).sum(axis=1).argmin()) for unit in unit_order(shuffled, "similarity")]
    assert sum(a != b for a, b in pairwise(nearest)) == 2


@pytest.mark.parametrize("length", [1, 20])
def test_a_units_course_is_the_traces(length):
    trace = make_trace(3, length)
    state, proposed, update, reset = unit_course(trace, 5).figure.data
    np.testing.assert_array_equal(state.y, [trace.initial_hidden[5], *trace.hidden[:, 5]])
    np.testing.assert_array_equal(proposed.y, trace.candidate[:, 5])
    np.testing.assert_array_equal(update.y, trace.update_gate[:, 5])
    np.testing.assert_array_equal(reset.y, trace.reset_gate[:, 5])
    # The state has one point more, before the first word; the others start at it.
    assert state.x[0] == 0 and proposed.x[0] == update.x[0] == reset.x[0] == 1
    assert list(state.text[1:]) == list(proposed.text) == list(trace.words)
    lines = (state, proposed, update, reset)
    assert len({line.line.dash for line in lines}) == len({line.marker.symbol for line in lines}) == 4


def test_words_stand_under_their_columns_escaped():
    figure = gate_heat_map(make_trace(4, ["<b>", "&", "a"]), "reset_gate").figure
    assert list(figure.layout.xaxis.ticktext) == ["&lt;b&gt;", "&amp;", "a"]
    assert list(np.asarray(figure.data[0].text)[0]) == ["&lt;b&gt;", "&amp;", "a"]


def test_an_empty_caption_says_so():
    trace = make_trace(5, 0)
    for said in (
        gate_heat_map(trace, "update_gate", sort="similarity").figure.layout.annotations[0].text,
        unit_course(trace, 0).figure.layout.annotations[0].text,
        gate_heat_map(trace, "reset_gate").words,
        unit_course(trace, 0).words,
    ):
        assert "empty" in said


def test_descriptions_hold_the_numbers():
    trace = make_trace(6, ["a", "dog"], units=2)
    trace = dataclasses.replace(
        trace,
        gates=trace.gates | {"update_gate": np.array([[0.2, 0.4], [0.6, 0.8]], np.float32)},
        initial_hidden=np.array([0.1, 0.0], np.float32),
        hidden=np.array([[0.2, 0], [-0.5, 0]], np.float32),
    )
    text = gate_heat_map(trace, "update_gate").words
    assert "update gate was 0.50 on average: highest at “dog” (0.70), lowest at “a” (0.30)" in text
    assert unit_course(trace, 0).words == "Unit 0 went from 0.10 to −0.50; it moved most at “dog”."
