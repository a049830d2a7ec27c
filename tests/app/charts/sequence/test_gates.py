"""Heat maps and courses hold the trace's own gates, on scales that do not move."""

import numpy as np

from app.charts.sequence.gates import gate_heat_maps, unit_course


def test_each_map_is_a_gate(each_cell):
    trace = each_cell.trace
    maps = gate_heat_maps(trace).figure.data
    values = {"hidden": trace.hidden} | trace.gates
    assert len(maps) == len(values)
    for drawn, (name, gate) in zip(maps, values.items(), strict=True):
        np.testing.assert_allclose(drawn.z, gate.T, rtol=1e-6)
        assert (drawn.zmin, drawn.zmax) == ((0, 1) if name.endswith("_gate") else (-drawn.zmax, drawn.zmax))
        assert drawn.zmax >= 1


def test_what_has_no_bounds_has_an_even_scale(each_cell):
    trace = each_cell.trace
    for drawn, values in zip(gate_heat_maps(trace).figure.data, [trace.hidden, *trace.gates.values()], strict=True):
        assert drawn.zmax >= np.abs(values).max() - 1e-9


def test_a_units_course_is_the_traces(each_cell):
    trace = each_cell.trace
    figure = unit_course(trace, 4).figure
    state, *gates = figure.data
    np.testing.assert_allclose(state.y, [trace.initial_hidden[4], *trace.hidden[:, 4]], rtol=1e-3)
    assert list(state.x) == list(range(11))
    for line, values in zip(gates, trace.gates.values(), strict=True):
        np.testing.assert_allclose(line.y, values[:, 4], rtol=1e-3)
        assert list(line.x) == list(range(1, 11)) and len(line.text) == 10
    assert (
        len({line.line.dash for line in figure.data})
        == len({line.marker.symbol for line in figure.data})
        == len(figure.data)
    )


def test_long_and_hostile_sequences(hostile):
    figure = gate_heat_maps(hostile.trace).figure
    assert len(figure.data) == 6 and np.asarray(figure.data[0].z).shape == (128, 200)
    text = unit_course(hostile.trace, 127).figure.data[0].text
    assert text[2] == "&lt;" and all("<b>" not in one for one in text)


def test_infinite_states_are_gaps(exploded):
    assert np.isnan(np.asarray(gate_heat_maps(exploded.trace).figure.data[0].z)[:, -1]).all()
    assert unit_course(exploded.trace, 0).figure.data[0].y[-1] is None
    assert "beyond all bounds" in unit_course(exploded.trace, 0).words


def test_descriptions_hold_the_numbers(each_cell):
    trace = each_cell.trace
    text = gate_heat_maps(trace).words
    for values in trace.gates.values():
        means = values.mean(axis=1)
        assert f"{means.mean():.2f}".replace("-", "−") in text and f"highest at step {int(means.argmax()) + 1}" in text
    course = [trace.initial_hidden[1], *trace.hidden[:, 1]]
    assert f"moves most at step {int(np.abs(np.diff(course)).argmax()) + 1}," in unit_course(trace, 1).words
