"""The chart and the lines of two steps by hand."""

import math
import re

import pytest

from app.charts.lessons.by_hand import lines_of, two_steps_picture
from model.recurrent.by_hand import two_steps

TRACES = [two_steps(0.8, 0.5, 1.2), two_steps(-1.5, 2.0, -0.3)]


@pytest.mark.parametrize("trace", TRACES)
def test_every_line_comes_to_what_stands_behind_it(trace):
    for row in lines_of(trace):
        *sums, result = list(row.values())[2].replace("−", "-").split(" ≈ ")
        expected = float(result.strip("*"))
        for one in sums:
            code = one.replace("·", "*").replace("²", "**2").replace("tanh", "math.tanh")
            assert re.fullmatch(r"[0-9.+*()/ a-z-]+", code)
            assert eval(code, {"math": math}) == pytest.approx(expected, abs=4e-3)


@pytest.mark.parametrize("trace", TRACES)
def test_the_picture_has_the_traces_numbers(trace):
    figure = two_steps_picture(trace).figure
    boxes = " ".join(figure.data[0].text).replace("−", "-")
    notes = " ".join(one.text for one in figure.layout.annotations if one.text).replace("−", "-")
    for value in (*trace.states, trace.output, trace.loss):
        assert f"{value:.3f}" in boxes
    for value in (*trace.by_states, trace.by_output):
        assert f"{value:.3f}" in notes
    assert f"{trace.by_w_h:.3f}" in two_steps_picture(trace).words.replace("−", "-")
