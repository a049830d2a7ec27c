"""The chart of a state-space recurrence computed in two ways."""

import numpy as np

from app.charts.lessons.echoes import two_ways
from model.recurrent.state_space import StateSpace, as_convolution, kernel, step_by_step


def results(size: float):
    x = np.zeros(30)
    x[4] = 1
    layer = StateSpace.turning(size, 8)
    return x, step_by_step(layer, x), as_convolution(layer, x), kernel(layer, 30)


def test_it_draws_both_ways_over_each_other_and_the_kernel_below():
    taps, stepped, convolved, below = two_ways(*results(0.9)).figure.data
    assert stepped.mode == "lines" and convolved.mode == "markers"
    np.testing.assert_allclose(stepped.y, convolved.y, atol=1e-9)
    assert sum(taps.y) == 1 and taps.x[np.argmax(taps.y)] == 5
    np.testing.assert_allclose(below.y, results(0.9)[3], rtol=1e-3)
    assert below.yaxis == "y2" and below.x[0] == 0


def test_the_words_tell_what_is_drawn():
    x, stepped, convolved, k = results(0.9)
    words = two_ways(x, stepped, convolved, k).words
    assert "30 steps" in words and "0.12 times" in words  # 0.9 to the power 20, after two turns and a half
    assert "differ by 0.5 at most" in two_ways(x, stepped, convolved + 0.5, k).words
