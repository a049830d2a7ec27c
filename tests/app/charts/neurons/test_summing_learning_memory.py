"""The charts of summing, learning and memory: they draw the traces' own numbers, and hold the laws of all figures."""

import re
from dataclasses import replace

import numpy as np
import pytest

from app import i18n
from app.charts.kit.chart import Chart
from app.charts.neurons import learning, memory, summing
from model.neurons.artificial import respond
from model.neurons.bistable import fixed_points
from model.neurons.circuit import Flash, Parameters
from model.neurons.circuit import simulate as run_circuit
from model.neurons.plasticity import descend, pair, window
from model.neurons.synapse import Synapse, as_unit, simulate
from tests.app.charts.laws import LATIN, Shouting, check, texts

#: What is no text but mathematics, or a group's name.
FORMULAS = {*"AByhwxEdt", "mV", "tanh"}


def pattern(name: str, gap: float, strength: float = 5.0) -> summing.Pattern:
    synapses = [Synapse((20.0 + gap * k,), strength) for k in range(3)] + [Synapse((60.0,), 2.0, 10.0, -80.0)]
    return summing.Pattern(name, simulate(synapses), as_unit(synapses), as_unit(synapses, bin=5.0))


@pytest.fixture(scope="module")
def patterns() -> tuple[summing.Pattern, summing.Pattern]:
    return pattern("<b>x</b> $x$", 0.0), pattern("<b>x</b> $y$", 15.0)


@pytest.fixture(scope="module")
def circuits() -> dict[str, tuple]:
    """The circuit and the unit, holding A, B, or nothing."""
    made = {}
    for name, flashes, w_plus, own in (
        ("a", [Flash("a", 100.0, 400.0)], 2.3, 1.5),
        ("b", [Flash("b", 100.0, 400.0)], 2.3, 1.5),
        ("nothing", [], 1.5, 0.5),
    ):
        circuit = run_circuit(flashes, Parameters(w_plus=w_plus, excitatory=800, inhibitory=200), 1200.0)
        x = np.zeros(24)
        x[2:10] = {"a": 1.0, "b": -1.0, "nothing": 0.0}[name]
        points = [(point.value, point.stable) for point in fixed_points(own)]
        made[name] = circuit, respond(x, 1.0, 0.0, "tanh", own), points, own
    return made


def drawn(made: tuple) -> Chart:
    circuit, unit, points, own = made
    before = np.linspace(-1, 1, 21)
    response = (before, np.tanh(own * before))
    return memory.circuit_and_unit(circuit, unit, step=50.0, points=points, response=response)


def rules(target: float = 0.0, post: float = 10.0):
    delays = np.linspace(-100, 100, 42)
    synapse, unit = pair([0.0], [post]), descend([1.0, 0.5], [0.5, -0.5], 0.0, target, 2.0, 60)
    return synapse, unit, (delays, window(delays)), (np.linspace(-3, 3, 21), np.linspace(0, 0.5, 21))


def drawn_rules(*arguments) -> Chart:
    synapse, unit, curve, valley = rules(*arguments)
    return learning.two_rules(synapse, curve, unit, valley)


def plots(figure, place: int) -> list:
    """The traces of the panel with this number."""
    axis = "x" if place == 1 else f"x{place}"
    return [trace for trace in figure.data if (trace.xaxis or "x") == axis]


def test_two_patterns_show_voltage_threshold_and_spike(patterns):
    figure = summing.two_patterns(*patterns, bin=5.0).figure
    one, other = (plots(figure, place) for place in (2, 5))
    for traces, each in zip((one, other), patterns, strict=True):
        assert traces[0].y == (each.neuron.threshold,) * 2
        assert np.allclose(traces[2].y, each.neuron.voltage, atol=1e-3)
        assert list(traces[3].x) == pytest.approx(each.neuron.spikes.tolist())
    assert figure.layout.yaxis2.range == figure.layout.yaxis5.range
    recurrent = plots(figure, 6)[1]
    assert list(recurrent.y[:-1]) == pytest.approx(patterns[1].recurrent.output.tolist(), abs=1e-4)


def test_two_patterns_say_who_tells_them_apart(patterns):
    said = summing.two_patterns(*patterns, bin=5.0).words
    assert patterns[0].answers == (True, True, True) and patterns[1].answers == (True, False, False)
    assert "The weighted sum answers both in the same way." in said
    assert "The spiking neuron tells the two patterns apart." in said
    assert "The recurrent unit tells the two patterns apart." in said


def test_a_pairs_place_on_the_window_is_its_change():
    figure = drawn_rules(0.0, -20.0).figure
    (dot,) = [trace for trace in plots(figure, 2) if trace.mode == "markers"]
    assert dot.x == (-20.0,) and dot.y == pytest.approx([-0.00525 * np.exp(-1)])
    weights = plots(figure, 3)[1]
    assert len(weights.y) == 61 and weights.y[-1] < weights.y[0]


def test_the_slope_touches_the_error_at_the_weight():
    _synapse, unit, *_curves = rules()
    figure, said, _wide = drawn_rules()
    slope = next(trace for trace in plots(figure, 5) if trace.line.dash == "dash")
    assert np.diff(slope.y)[0] / np.diff(slope.x)[0] == pytest.approx(unit.gradient[0, 0])
    assert np.interp(0.5, slope.x, slope.y) == pytest.approx(unit.error[0])
    assert "Weight w₁ changed its sign" in said and "+10 ms" in said


@pytest.mark.parametrize("name", ["a", "b", "nothing"])
def test_memory_says_what_is_held(circuits, name):
    said = drawn(circuits[name]).words
    assert memory.held_by_circuit(circuits[name][0]) == (name == "a", name == "b")
    expected = {"a": "it remembers A", "b": "it remembers B", "nothing": "nothing remains"}[name]
    assert said.count(expected) == 2


def test_what_nobody_showed_is_no_memory(circuits):
    """A unit drawn to one side by its bias, a group that came on by itself."""
    circuit, _unit, *_rest = circuits["a"]
    unasked = replace(circuit, stimulus=np.zeros_like(circuit.stimulus))
    for own, bias, words in ((0.5, 0.3, "whatever came"), (1.5, 0.1, "by its bias alone")):
        unit = respond(np.zeros(24), 1.0, bias, "tanh", own)
        points = [(point.value, point.stable) for point in fixed_points(own, bias)]
        said = drawn((unasked, unit, points, own)).words
        assert "a group is active that nothing showed" in said and words in said


def test_memory_draws_spikes_of_the_right_groups_and_the_fixed_points(circuits):
    figure = drawn(circuits["a"]).figure
    circuit, unit, points, _own = circuits["a"]
    raster = [trace for trace in plots(figure, 2) if trace.mode == "markers"]
    assert len(raster) == 4
    a = circuit.spike_times[circuit.spike_neurons < memory.DRAWN[0]]
    assert np.allclose(raster[0].x, a)
    dots = [trace.x[0] for trace in plots(figure, 6) if trace.mode == "markers"]
    assert dots == pytest.approx([value for value, _stable in points])
    looks = {(trace.line.color, trace.line.dash) for trace in plots(figure, 3) if trace.mode == "lines"}
    assert {(memory.BLUE, "solid"), (memory.ORANGE, "dash")} <= looks  # A and B, not by colour alone
    state = next(trace for trace in plots(figure, 5) if trace.line.shape == "hv")
    assert state.y[-1] == pytest.approx(unit.output[-1], abs=1e-5)


def test_the_grey_band_is_where_the_stimulus_is(circuits):
    band = plots(drawn(circuits["a"]).figure, 3)[0]
    assert band.fill == "toself" and band.x[0] == 100.0 and band.x[1] == 500.0
    assert not plots(drawn(circuits["nothing"]).figure, 3)[0].x


def every_figure(patterns, circuits) -> list:
    figures = [summing.two_patterns(*patterns, bin=5.0).figure]
    figures += [drawn_rules(target, post).figure for target in (0.0, 0.62, 1.0) for post in (10.0, 0.0)]
    return figures + [drawn(made).figure for made in circuits.values()]


def test_every_figure_is_for_any_page(patterns, circuits):
    for figure in every_figure(patterns, circuits):
        check(figure)
        for text in texts(figure.to_plotly_json()):
            assert "<b>x" not in text and "$x$" not in text, text


def test_every_text_is_translated(patterns, circuits, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    for figure in every_figure((pattern("", 0.0), pattern("", 15.0)), circuits):
        content = figure.to_plotly_json()
        content["layout"].pop("template")
        for text in texts(content):
            if "TRANSLATED" not in text:
                plain = re.sub(r"<[^>]*>|%\{[^}]*\}|&[#\w]+;|w[₁₂]", " ", text)
                assert all(word in FORMULAS for word in LATIN.findall(plain)), text


def test_every_description_is_in_the_users_language(patterns, circuits, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    said = {summing.two_patterns(*patterns, bin=5.0).words: 8, drawn_rules().words: 3}
    said |= {drawn(made).words: 2 for made in circuits.values()}
    for text, templates in said.items():
        assert text.startswith("TRANSLATED") and text.count("TRANSLATED") == templates
