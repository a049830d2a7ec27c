"""The charts of one neuron draw the traces' own numbers, move through both at once, and say what they show."""

from functools import partial

import numpy as np
import plotly.graph_objects as go
import pytest

from app import i18n
from app.charts.neurons.course import around, at, thinned
from app.charts.neurons.phase import TRAIL, phase_plane, phase_plane_in_words
from app.charts.neurons.rates import mean_rate, onset_in_words, rates_and_activation
from app.charts.neurons.side_by_side import Planes, side_by_side
from app.charts.neurons.unit import formula, unit_courses, unit_in_words
from app.charts.neurons.voltage import neuron_courses, voltage_in_words
from model.neurons import Stimulus, adex, excitability, hodgkin_huxley, izhikevich, lif, rate_curve, respond
from model.neurons.artificial import ACTIVATIONS
from model.traces import Excitability

AMPLITUDES = {lif: 2.0, izhikevich: 10.0, adex: 1000.0, hodgkin_huxley: 10.0}
NULLCLINES = partial(izhikevich.nullclines, parameters=izhikevich.TEXTBOOK)


def run(model, amplitude: float | None = None, kind: str = "step", duration: float = 60.0):
    """A neuron and a unit under one stimulus; a step of the unit is 1 ms."""
    amplitude = AMPLITUDES[model] if amplitude is None else amplitude
    stimulus = Stimulus(kind, amplitude, start=10.0, stop=duration - 10.0, duration=duration)
    neuron = model.simulate(stimulus.current(model.DT))
    x = neuron.current.reshape(round(duration), -1).mean(axis=1)
    return neuron, respond(x, 0.5, -1.0, "sigmoid", 0.25)


def drawn(neuron, unit, **more) -> go.Figure:
    return side_by_side(neuron, unit, step=1.0, name="<b>x</b>", unit_current="1 nA", **more).figure


def texts(figure) -> str:
    return " ".join(note.text for note in figure.layout.annotations)


@pytest.fixture(scope="module", params=AMPLITUDES, ids=lambda model: model.__name__.split(".")[-1])
def pair(request):
    return run(request.param)


def test_the_lines_are_the_traces(pair):
    neuron, unit = pair
    figure = drawn(neuron, unit)
    shown = [(np.asarray(trace.x), np.asarray(trace.y)) for trace in figure.data if trace.mode == "lines"]

    def is_shown(times, values) -> bool:
        x, y = (each.astype(np.float32) for each in (times, values))
        return any(np.isin(a, x).all() and b.min() == y.min() and b.max() == y.max() for a, b in shown if len(a) > 2)

    steps = np.arange(len(unit.output)) * 1.0
    inner = [name for name in neuron.state if not name.startswith("i_")]
    assert all(is_shown(neuron.time, each) for each in (neuron.voltage, neuron.current, *map(neuron.state.get, inner)))
    assert all(is_shown(steps, each) for each in (unit.output, unit.pre_activation, unit.inputs[:, 0]))
    [spikes] = [trace for trace in figure.data if trace.mode == "markers"]
    np.testing.assert_array_equal(spikes.x, neuron.spikes.astype(np.float32))


def test_thinning_keeps_the_first_the_last_and_every_spike():
    neuron, _unit = run(hodgkin_huxley, duration=100.0)
    times, values = thinned(neuron.time, neuron.voltage, 400)
    assert len(values) <= 402 and (np.diff(times) > 0).all()
    assert (times[0], times[-1]) == (np.float32(neuron.time[0]), np.float32(neuron.time[-1]))
    peaks = [values[(times > spike) & (times < spike + 3)].max() for spike in neuron.spikes]
    true = [neuron.voltage[(neuron.time > spike) & (neuron.time < spike + 3)].max() for spike in neuron.spikes]
    np.testing.assert_allclose(peaks, true, rtol=1e-6)
    np.testing.assert_array_equal(thinned(neuron.time[:50], neuron.voltage[:50])[1], neuron.voltage[:50].astype("f4"))


def test_each_picture_shows_both_at_the_same_moment(pair):
    neuron, unit = pair
    figure = drawn(neuron, unit)
    assert len(figure.frames) == 60
    for k in (0, 13, 59):
        *cursors, words = figure.frames[k].data
        assert len(cursors) == 6 and all(set(cursor.x) == {float(k)} for cursor in cursors)
        said = " ".join(words.text)
        voltage = f"{at(neuron.time, neuron.voltage, k):.1f}".replace("-", "−")
        assert f"{k} ms: V = {voltage} mV" in said
        assert f"<b>{(neuron.spikes <= k).sum()}</b>" in said
        assert f"<b>{unit.output[k]:.2f}</b>".replace("-", "−") in said


def test_the_film_starts_at_the_wanted_moment(pair):
    figure = drawn(*pair, moment=25.2)
    assert figure.layout.sliders[0].active == 25
    first, wanted = (figure.data[place] for place in figure.frames[25].traces[:1]), figure.frames[25].data[:1]
    assert [one.x for one in first] == [one.x for one in wanted]


def test_the_dots_lie_on_their_lines(pair):
    neuron, unit = pair
    figure = drawn(neuron, unit)
    courses = [*neuron_courses(neuron), *unit_courses(unit, step=1.0, of="1")]
    for course, cursor in zip(courses, figure.frames[25].data, strict=False):
        floor, *dots, ceiling = cursor.y
        assert (floor, ceiling) == course.between
        true = sorted(at(times, values, 25.0) for times, values in course.marked)
        assert dots == pytest.approx(true, abs=1e-4)
        assert all(floor <= dot <= ceiling for dot in dots)


def test_something_moves_in_every_panel_that_has_a_line(pair):
    """Plotly drops the lines of a panel in which nothing moves, once the film plays."""
    for figure in (drawn(*pair), drawn(*run(izhikevich), planes=Planes(NULLCLINES, ACTIVATIONS["sigmoid"], 10.0))):
        moving = {figure.data[place].xaxis for place in figure.frames[0].traces}
        assert moving == {trace.xaxis for trace in figure.data}


def test_a_long_run_has_a_hundred_pictures_at_most():
    neuron, unit = run(lif, duration=1000.0)
    figure = drawn(neuron, unit)
    assert len(figure.frames) == 100 and figure.frames[99].data[0].x[0] == pytest.approx(990.0)
    assert len(figure.to_json()) < 400_000


def test_names_are_shown_as_they_are(pair):
    assert "&lt;b&gt;x&lt;/b&gt;" in texts(drawn(*pair))


def test_a_threshold_is_drawn_where_there_is_one():
    neuron, unit = run(lif)
    figure = drawn(neuron, unit)
    levels = [trace for trace in figure.data if np.array_equal(np.asarray(trace.y), [-50.0, -50.0])]
    assert len(levels) == 1


def test_the_gates_are_told_apart_without_colour():
    neuron, _unit = run(hodgkin_huxley)
    gates = neuron_courses(neuron)[1]
    assert len({part["line"]["dash"] for part in gates.parts}) == 3
    assert all(f"<b>{gate}</b>" in gates.title for gate in "mhn")


def test_the_formula_adds_up():
    _neuron, unit = run(lif)
    for t in (0, 20, 59):
        first, second = formula(unit, t)
        left, right = first.replace("−", "-").removeprefix("a = ").split(" ≈ ")
        terms = left.replace(" - ", " + -").split(" + ")
        total = sum(np.prod([float(factor) for factor in term.split("·")]) for term in terms)
        assert total == pytest.approx(float(right), abs=0.02)
        assert f"{unit.output[t]:.2f}" in second.replace("−", "-")


# The phase plane


def test_the_plane_has_the_path_and_both_nullclines():
    neuron, _unit = run(izhikevich)
    moments = np.array([0.0, 15.0, 30.0])
    path, still, moving, trail = phase_plane(neuron, NULLCLINES, moments).parts
    x, y = np.asarray(path.still["x"]), np.asarray(path.still["y"])
    assert np.nanmax(x) == np.float32(neuron.voltage.max()) and np.isnan(x).sum() == len(neuron.spikes)
    assert not (np.diff(x) < -20).any() and np.nanmax(y) == np.float32(neuron.state["u"].max())
    v = np.asarray(still.still["x"], float)
    np.testing.assert_allclose(still.still["y"], 0.2 * v, rtol=1e-5)
    for k, current in enumerate((0.0, 10.0, 10.0)):
        np.testing.assert_allclose(moving.at(k)["y"], 0.04 * v**2 + 5 * v + 140 + current, rtol=1e-3, atol=1e-3)
    end = trail.at(2)
    assert end["x"][-1] == pytest.approx(at(neuron.time, neuron.voltage, 30.0), abs=0.01)
    assert len(end["x"]) <= TRAIL / izhikevich.DT / 8 + len(neuron.spikes) + 2


def test_the_plane_is_part_of_the_same_film():
    neuron, unit = run(izhikevich)
    figure = drawn(neuron, unit, planes=Planes(NULLCLINES, ACTIVATIONS["sigmoid"], 10.0))
    assert "phase plane" in texts(figure)
    dot = figure.frames[30].data[-1]
    assert (dot.x[0], dot.y[0]) == pytest.approx((unit.pre_activation[30], unit.output[30]), abs=1e-3)
    curve = figure.data[-2]
    np.testing.assert_allclose(curve.y, 1 / (1 + np.exp(-np.asarray(curve.x, float))), atol=1e-5)


def test_whether_the_nullclines_cross_is_said():
    neuron, _unit = run(izhikevich)
    assert "cross: there it may rest" in phase_plane_in_words(neuron, NULLCLINES, 3.9)
    assert "do not cross" in phase_plane_in_words(neuron, NULLCLINES, 4.1)


def test_the_plane_of_another_model_has_its_own_names_and_numbers():
    neuron, _unit = run(adex)
    nullclines = partial(adex.nullclines, parameters=adex.TEXTBOOK)
    panel = phase_plane(neuron, nullclines, np.array([0.0, 30.0]))
    path, still, moving, trail = panel.parts
    assert panel.y["title"]["text"] == "w (pA)" and "where w does" in panel.title
    assert "w = %{y:.1f} pA" in trail.still["hovertemplate"]
    assert np.nanmax(path.still["x"]) == adex.PEAK and np.isnan(path.still["x"]).sum() == len(neuron.spikes)
    v = np.asarray(still.still["x"], float)
    np.testing.assert_allclose(still.still["y"], 4.0 * (v + 70.6), atol=1e-3)
    y = np.asarray(moving.at(1)["y"], float)
    assert np.isfinite(y).all()
    near = v < -40
    np.testing.assert_allclose(y[near], nullclines(v[near], 1000.0)[0], rtol=1e-4, atol=0.1)
    assert panel.y["range"][0] < nullclines(v, 0.0)[0].min()  # the valley is seen before the current lifts it
    assert "At I = 1000 pA the two curves of the phase plane do not cross" in phase_plane_in_words(
        neuron, nullclines, 1000.0
    )
    assert "cross: there it may rest" in phase_plane_in_words(neuron, nullclines, 500.0)


# The f-I curve


@pytest.fixture(scope="module")
def curve():
    return rate_curve(lif, np.linspace(0.0, 6.0, 13), duration=200.0)


X = np.linspace(0.0, 6.0, 61)


def beside(curve, neuron, unit, **more) -> go.Figure:
    response = (X, respond(X, 0.5, -1.0, "sigmoid").output)
    return rates_and_activation(curve, neuron, unit, response, during=(10.0, 50.0), unit_current=1.0, **more).figure


def test_both_curves_and_the_present_point(curve):
    neuron, unit = run(lif)
    figure = beside(curve, neuron, unit)
    onset, steady, response, here, there = figure.data
    np.testing.assert_array_equal(onset.y, curve.onset)
    np.testing.assert_array_equal(steady.y, curve.steady)
    np.testing.assert_allclose(response.y, 1 / (1 + np.exp(-(0.5 * X - 1))))
    assert here.x[0] == pytest.approx(2.0)
    # Counted as the curve counts, so the dot lies on it.
    assert here.y[0] == mean_rate(neuron, (10.0, 50.0)) == pytest.approx(curve.steady[4], rel=0.02)
    assert there.x[0] == pytest.approx(2.0) and there.y[0] == pytest.approx(unit.output[10:50].mean())


def test_under_a_changing_current_the_rate_is_the_count_by_the_time():
    neuron, _unit = run(lif, kind="ramp")
    inside = ((neuron.spikes >= 10) & (neuron.spikes < 50)).sum()
    assert mean_rate(neuron, (10.0, 50.0)) == pytest.approx(inside * 1000 / 40)


def test_a_changing_current_is_a_band():
    neuron, unit = run(lif, kind="ramp")
    bands = [shape for shape in beside(None, neuron, unit).layout.shapes if shape.type == "rect"]
    assert len(bands) == 2
    assert (bands[0].x0, bands[0].x1) == pytest.approx((0.0, 2.0), abs=0.01)
    assert not [shape for shape in beside(None, *run(lif)).layout.shapes if shape.type == "rect"]


def test_a_stale_curve_is_grey_and_says_so(curve):
    fresh, stale, none = (
        beside(curve, *run(lif)),
        beside(curve, *run(lif), stale=True),
        beside(None, *run(lif), stale=True),
    )
    assert "computed" not in texts(fresh) and "grey" in texts(stale) and "being computed …" in texts(none)
    assert len({trace.line.color for trace in stale.data[:2]}) == 1
    assert stale.data[0].line.color not in {trace.line.color for trace in fresh.data[:2]}
    assert len(none.data) == 3


def test_short_first_gaps_do_not_press_the_steady_rates_flat():
    chattering = izhikevich.PRESETS["chattering"]
    curve = rate_curve(izhikevich, np.linspace(0.0, 20.0, 21), chattering, duration=300.0)
    neuron, unit = run(izhikevich)
    top = beside(curve, neuron, unit).layout.yaxis.range[1]
    seen = curve.currents <= X[-1]
    assert curve.steady[seen].max() < top <= 4.4 * max(curve.steady[seen].max(), mean_rate(neuron, (10.0, 50.0)))


# In words


THIS_RUN = "The dot is this run: the stimulus's mean current, and what came of it on average."


def told(curve, model=lif, **more) -> str:
    response = (X, respond(X, 1.0).output)
    neuron, unit = run(model)
    return rates_and_activation(curve, neuron, unit, response, during=(10.0, 50.0), unit_current=1.0, **more).words


def test_what_the_neuron_did_is_said():
    neuron, _unit = run(lif)
    text = voltage_in_words(neuron)
    assert f"{len(neuron.spikes)} spikes, the first at {neuron.spikes[0]:.1f} ms" in text
    assert "between -65.0 and -55" in voltage_in_words(run(lif, 1.0)[0])
    assert "One spike" in voltage_in_words(run(hodgkin_huxley, 100.0)[0])


def test_whether_the_unit_remembers_is_said():
    assert "so it has a memory" in unit_in_words(run(lif)[1])
    assert "no memory" in unit_in_words(respond(np.ones(3), 1.0))


def test_the_steady_rate_rises_where_firing_sets_in():
    curve = rate_curve(lif, np.array([1.0, 1.4, 1.6, 2.0]), duration=400.0)
    onset = excitability(lif, curve, duration=400.0)
    line = beside(curve, *run(lif), onset=onset).data[1]
    place = list(line.x).index(onset.rheobase)
    assert 1.4 < onset.rheobase < 1.6 and list(line.x[place : place + 2]) == [onset.rheobase] * 2
    assert list(line.y[place : place + 2]) == [0.0, onset.lowest_rate] and list(line.x) == sorted(line.x)


def test_types_are_said_with_their_figures():
    first = onset_in_words(Excitability(1.501, 11.2, "I"), unit="nA")
    second = onset_in_words(Excitability(6.27, 49.1, "II"), unit="µA/cm²")
    assert "Type I:" in first and "1.5 nA" in first and "11 Hz" in first
    assert "Type II:" in second and "6.27 µA/cm²" in second and "49 Hz at once" in second
    assert onset_in_words(None, unit="") == ""


def test_blocks_bursts_and_silence_are_said(curve):
    assert told(curve) == THIS_RUN
    blocked = rate_curve(hodgkin_huxley, np.array([0.0, 10.0, 160.0]), dt=0.05, duration=150.0)
    assert "depolarisation block" not in told(blocked, hodgkin_huxley)
    said = told(blocked, hodgkin_huxley, block=154.5)
    assert "Above about I = 10 µA/cm² (off this axis) its peaks stay below 0 mV" in said
    assert "above about 154 µA/cm² (off this axis) the voltage" in said
    bursting = rate_curve(izhikevich, np.array([0.0, 4.0, 10.0]), izhikevich.PRESETS["chattering"], duration=500.0)
    assert "bursts" in told(bursting, izhikevich)
    silent = rate_curve(lif, np.array([0.0, 1.0]), duration=50.0)
    assert "At no current" in told(silent)


# For any page


def test_no_gap_and_no_infinity_where_numbers_belong(pair):
    neuron, unit = pair
    for figure in (drawn(neuron, unit), beside(None, neuron, unit)):
        for trace in figure.data:
            for values in (trace.x, trace.y):
                assert np.isfinite(np.asarray(values, float)).all()


def test_small_type_is_not_too_small_and_paper_is_clear(pair):
    for figure in (drawn(*pair), beside(None, *pair)):
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0, 0, 0, 0)"
        axes = [figure.layout[name] for name in figure.layout if name.startswith(("xaxis", "yaxis"))]
        assert all(axis.tickfont.size >= 14 for axis in axes if axis.visible is not False)


def test_charts_speak_chinese(pair):
    with i18n.speaking("zh"):
        figure = drawn(*pair)
    assert "输出" in texts(figure) and "output" not in texts(figure)


def test_axes_have_room_for_a_line_that_does_not_move():
    low, high = around(np.zeros(5))
    assert low < 0 < high
