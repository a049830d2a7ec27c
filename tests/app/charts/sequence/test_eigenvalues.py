"""Eigenvalues, singular values and reach are the trace's, at each position of the slider."""

import numpy as np

from app.charts.sequence.eigenvalues import RIM, eigenvalues_and_reach
from model.recurrent import jacobian_trace, make_task, trace_example
from model.recurrent.network import Network
from model.traces import JacobianTrace


def drawn(part) -> np.ndarray:
    return np.array([np.nan if y is None else y for y in part], float)


def test_each_scale_is_a_frame_in_order(spectra):
    figure = eigenvalues_and_reach(spectra).figure
    assert len(figure.frames) == 3 and figure.layout.sliders[0].active == 1
    for frame, scale in zip(figure.frames, (0.5, 1.0, 2.0), strict=True):
        trace = spectra[scale]
        inside, outside, largest, median, smallest, reach, words = frame.data
        for part, chosen in ((inside, np.abs(trace.eigenvalues) <= 1), (outside, np.abs(trace.eigenvalues) > 1)):
            np.testing.assert_allclose(drawn(part.x) + 1j * drawn(part.y), trace.eigenvalues[chosen], atol=1e-3)
        np.testing.assert_allclose(drawn(largest.y), trace.singular_values[:, 0], rtol=1e-3)
        np.testing.assert_allclose(drawn(median.y), np.median(trace.singular_values, axis=1), rtol=1e-3)
        np.testing.assert_allclose(drawn(smallest.y), trace.singular_values[:, -1], rtol=1e-3)
        np.testing.assert_allclose(drawn(reach.y), trace.reach, rtol=1e-3)
        assert f"times {scale:.2f}" in words.text[0] and f"{trace.spectral_radius:.2f}" in words.text[1]


def test_both_axes_have_one_scale_and_hold_all_eigenvalues_and_the_circle(spectra):
    figure = eigenvalues_and_reach(spectra).figure
    assert figure.layout.yaxis.scaleanchor == "x"
    largest = max(trace.spectral_radius for trace in spectra.values())
    assert figure.layout.xaxis.range[1] == figure.layout.yaxis.range[1] > max(largest, 1)
    assert largest < RIM
    circle = figure.data[0]
    np.testing.assert_allclose(np.hypot(circle.x, circle.y), 1, atol=1e-3)


def test_what_is_far_outside_is_drawn_on_the_rim_and_tells_its_true_value():
    far = JacobianTrace(np.array([30 - 40j, -2, 0.5]), np.ones((2, 3)), np.ones(2))
    _circle, inside, outside, *_rest = eigenvalues_and_reach({1.0: far, 2.0: far}).figure.data
    np.testing.assert_allclose([outside.x[0], outside.y[0]], [0.6 * RIM, -0.8 * RIM], rtol=1e-3)
    assert list(outside.marker.symbol) == ["diamond-open", "diamond"] and inside.x == (0.5,)
    assert outside.text[0] == "eigenvalue 30.000 − 40.000 i, absolute value 50.000"


def test_one_step_of_one_unit():
    network = Network("rnn_relu", 2, 1, 2)
    task = make_task("parity")
    trace = jacobian_trace(network.recurrent, trace_example(network, task, task.read("1")))
    scales = {1.0: trace, 2.0: trace}
    assert eigenvalues_and_reach(scales).figure.data[-2].y == (1.0,)
    assert "state at step 1 is at most 1 times as large at step 1." in eigenvalues_and_reach(scales).words


def test_what_vanished_or_exploded_leaves_the_axes_but_is_told():
    made = JacobianTrace(
        eigenvalues=np.array([0.5 + 0j]),
        singular_values=np.array([[0.0], [1e-200], [0.5]]),
        reach=np.array([0.0, 1e-200, 1.0]),
    )
    figure = eigenvalues_and_reach(
        {1.0: made, 2.0: JacobianTrace(made.eigenvalues, made.singular_values, np.array([np.inf, 1e200, 1.0]))}
    ).figure
    assert figure.data[-2].y[0] is None
    low, high = figure.layout.yaxis3.range
    assert -20 < low < 0 < high < 20
    assert "step 1 is at most 0 times" in figure.frames[0].data[-1].text[2] and "∞" in figure.frames[1].data[-1].text[2]


def test_the_radius_is_put_in_words(spectra):
    low, high = (eigenvalues_and_reach({scale: spectra[scale], 9.0: spectra[2.0]}).words for scale in (0.5, 2.0))
    assert ", below 1" in low and f"{spectra[0.5].spectral_radius:.2f}" in low
    assert "not below 1: gradients may explode, but need not" in high
    assert "from 0.5 to 9 times" in low
