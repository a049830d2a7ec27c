"""Gradients are drawn where autograd put them, zeros included, and the factor of a step back is fitted to them."""

from dataclasses import replace

import numpy as np
import pytest

from app.charts.kit.numbers import size
from app.charts.sequence.earlier_symbols import earlier_symbols, reach, share
from app.charts.sequence.gradients import factor, gradient_norms
from model.traces import GradientTrace


def last(gradients):
    return {name: traces[-1] for name, traces in gradients.items()}


def made(states, inputs=None, **more) -> GradientTrace:
    """A trace whose norms are these."""
    states = np.asarray(states, float)[:, None]
    return GradientTrace(states if inputs is None else np.asarray(inputs, float)[:, None], states, 1.0, 1.0, **more)


def test_lines_are_the_norms_up_to_the_step_asked_for(gradients):
    for place in (1, 2):
        named = {name: traces[place] for name, traces in gradients.items()}
        figure = gradient_norms(named).figure
        step = named["RNN"].step
        for k, (name, gradient) in enumerate(named.items()):
            states, inputs = figure.data[k], figure.data[k + 3]
            assert states.meta == inputs.meta == name
            assert list(states.x) == list(range(1, step + 2))
            np.testing.assert_allclose(states.y, gradient.states[: step + 1], rtol=1e-3)
            np.testing.assert_allclose(inputs.y, gradient.inputs[: step + 1], rtol=1e-3)
        assert figure.layout.yaxis.type == figure.layout.yaxis2.type == "log"


def test_the_factor_of_a_step_back():
    assert factor(made(3 * 0.8 ** np.arange(19, -1, -1))) == pytest.approx(0.8)
    assert factor(made(1.25 ** np.arange(19, -1, -1))) == pytest.approx(1.25)
    # What came after the step asked for has no gradient and does not count.
    assert factor(made([*0.5 ** np.arange(9, -1, -1), 0, 0, 0], step=9)) == pytest.approx(0.5)
    assert factor(made([0, 0, 0, 1])) is None and factor(made([1])) is None
    assert "a step back is ×0.8" in gradient_norms({"GRU": made(0.8 ** np.arange(9, -1, -1))}).figure.data[0].name


def test_zeros_and_infinities_stand_at_the_edges_with_their_true_values():
    figure = gradient_norms({"x": made([np.inf, 0, 1e-3, 1e-2, 1.0])}).figure
    line, edges = figure.data[0], figure.data[2]
    low, high = figure.layout.yaxis.range
    assert list(edges.x) == [1, 2] and list(edges.marker.symbol) == ["triangle-up", "triangle-down"]
    assert low < np.log10(edges.y[1]) < -3 and 0 < np.log10(edges.y[0]) < high
    assert line.y == (None, None, 0.001, 0.01, 1.0) and edges.customdata == ("∞", "0")


def test_all_zero_gradients_are_drawn_and_described():
    figure = gradient_norms({"x": made(np.zeros(4))}).figure
    assert list(figure.data[2].marker.symbol) == ["triangle-down"] * 4 and all(y > 0 for y in figure.data[2].y)
    assert gradient_norms({"x": made(np.zeros(4))}).words == "x: the gradient is 0 at its last step."


def test_what_is_far_too_small_does_not_stretch_the_axis():
    low, high = gradient_norms({"x": made([1e-300, 1e-5, 1.0])}).figure.layout.yaxis.range
    assert high - low < 30


def test_symbols_and_names_are_shown_as_they_are(gradients):
    figure = gradient_norms({"<i>": gradients["RNN"][-1]}).figure
    assert list(figure.layout.xaxis2.ticktext)[1] == "&lt;" and "↵" in figure.layout.xaxis2.ticktext
    assert figure.data[0].meta == "&lt;i&gt;"
    assert [shape.x0 for shape in figure.layout.shapes] == [11, 11]


def test_the_description_says_what_arrives(gradients):
    gradient = gradients["LSTM"][-1]
    text = gradient_norms({"LSTM": gradient}).words
    ratio = gradient.states[0] / gradient.states[-1]
    assert f"LSTM: a typical step back multiplies it by {factor(gradient):.2g}." in text
    assert f"from step 11 back to step 1 the gradient is multiplied by {size(ratio)}." in text


def test_shares_are_of_the_symbol_that_counts_most(gradients):
    for traces in gradients.values():
        for gradient in traces:
            shares = share(gradient)
            seen = shares[: gradient.step + 1]
            np.testing.assert_allclose(seen, gradient.inputs[: gradient.step + 1] / gradient.inputs.max())
            assert np.isnan(shares[gradient.step + 1 :]).all()
    assert share(made([0, 0])).tolist() == [0, 0]
    assert share(made([1, np.inf])).tolist() == [0, 1]


def test_reach():
    assert reach(made([0, 0.05, 0.1, 1, 0.5])) == 2
    assert reach(made([1, 0, 0, 0, 0])) == 4
    assert reach(made([0, 0, 1, 0, 0], step=2)) == 0


def cells(heat, steps: int, columns: int, networks: int) -> np.ndarray:
    """The heat map's values as (networks, steps)."""
    z = [[np.nan if x is None else x for x in row] for row in heat]
    lines = -(-steps // columns)
    rows = [np.concatenate(z[k * (lines + 1) + 1 : (k + 1) * (lines + 1)])[:steps] for k in range(networks)]
    return np.array(rows, float)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_text_is_coloured_by_its_own_network_at_each_step(gradients, place):
    figure = earlier_symbols(gradients).figure
    frame = figure.frames[place]
    columns = len(figure.data[0].z[0])
    drawn = cells(frame.data[0].z, 11, columns, 3)
    expected = [share(traces[place]) for traces in gradients.values()]
    np.testing.assert_allclose(drawn, expected, atol=0.00051)
    # The framed symbol is the one whose output it is, in all three.
    symbols = dict(zip(zip(figure.data[1].x, figure.data[1].y, strict=True), figure.data[1].customdata, strict=True))
    corners = np.array([frame.data[1].x, frame.data[1].y], float).reshape(2, 3, 6)[:, :, :4]
    assert [symbols[spot] for spot in zip(*corners.mean(axis=2), strict=True)] == [gradients["RNN"][place].step + 1] * 3


def test_one_output_needs_no_slider_and_the_last_is_shown_first(gradients):
    one = earlier_symbols({name: traces[:1] for name, traces in gradients.items()}).figure
    assert not one.frames and not one.layout.sliders
    film = earlier_symbols(gradients).figure
    assert film.layout.sliders[0].active == 2
    np.testing.assert_array_equal(
        cells(film.data[0].z, 11, len(film.data[0].z[0]), 3),
        cells(film.frames[2].data[0].z, 11, len(film.data[0].z[0]), 3),
    )


def test_long_texts_are_broken_into_lines(gradients):
    gradient = gradients["GRU"][-1]
    long = replace(
        gradient, input_gradients=np.resize(gradient.input_gradients, (200, 4)), step=199, symbols=tuple("ab" * 100)
    )
    figure = earlier_symbols({"GRU": [long]}).figure
    assert len(figure.data[1].text) == 200 and len(figure.data[0].z) == 1 + 200 // 40
    np.testing.assert_allclose(cells(figure.data[0].z, 200, 40, 1)[0], share(long), atol=0.00051)


def test_symbols_are_escaped_and_all_there(gradients):
    texts = earlier_symbols(gradients).figure.data[1].text
    assert list(texts[:4]) == ["a", "&lt;", "b", "&gt;"] and "↵" in texts and "\u2068ש\u2069" in texts


def test_what_counts_is_described(gradients):
    text = earlier_symbols({name: traces[:2] for name, traces in gradients.items()}).words
    for name, traces in gradients.items():
        most = int(np.nan_to_num(share(traces[1])).argmax()) + 1
        assert f"{name}: for the output at step 6," in text and f"at step {most} counts most" in text
        back = reach(traces[1])
        assert f"up to {back} step{'' if back == 1 else 's'} back" in text
