"""The chart of a loss on own examples beside the loss on new ones."""

import numpy as np
import pytest

from app.charts.lessons.by_heart import CEILING, by_heart, what_was_learned

OWN, NEW = np.array([0.4, 0.12, 0.09, 0.07]), np.array([0.41, 0.13, 0.1, 0.09])


def test_it_draws_both_from_before_training_on_and_the_reference():
    figure = by_heart(OWN, NEW, 0.08).figure
    new, own, nothing = figure.data
    np.testing.assert_allclose(own.y, OWN)
    np.testing.assert_allclose(new.y, NEW)
    assert list(own.x) == [0, 1, 2, 3] and own.line.dash != new.line.dash
    assert set(nothing.y) == {0.08} and "0.0800" in nothing.name


def test_the_axis_shows_what_is_around_the_reference_and_all_below():
    low, high = by_heart(OWN, NEW, 0.08).figure.layout.yaxis.range
    assert 0 < low < 0.07 and high == CEILING * 0.08
    assert by_heart(OWN * 0.1, NEW, 0.08).figure.layout.yaxis.range[0] == 0


def test_the_words_tell_both():
    words = by_heart(OWN, NEW, 0.08).words
    assert all(f"{number:.4f}" in words for number in (0.4, 0.07, 0.41, 0.09, 0.08)) and "3 epochs" in words


@pytest.mark.parametrize(
    ("own", "new", "says"),
    [
        ((0.36, 0.078), (0.36, 0.086), "**Nothing but the mean"),
        ((0.36, 0.30), (0.36, 0.31), "**Nothing but the mean"),
        ((0.36, 0.06), (0.36, 0.09), "**Overfitting.** On its own pairs the loss ends 25% below"),
        ((0.36, 0.02), (0.36, 0.02), "**Learned.** On new pairs the loss ends 75% below"),
    ],
)
def test_the_verdict_holds_both_losses_beside_knowing_nothing(own, new, says):
    assert what_was_learned(np.array(own), np.array(new), 0.08, 0.08).startswith(says)
