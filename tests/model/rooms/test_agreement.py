"""The numbers of agreement, by closed forms, by scipy, and by cases whose answer is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from model.rooms.agreement import agreement_by_chance, halves, rank_correlation, surprise

#: The same examples on every machine, however slow.
same = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def test_surprise_of_half_a_class_is_one_bit():
    assert surprise({"dog": 15, "cat": 15}, "dog") == pytest.approx(1.0)
    assert surprise({"dog": 30}, "dog") == pytest.approx(-math.log2(30.5 / 31))
    assert surprise({"dog": 30}, "cat") == pytest.approx(math.log2(62))
    assert surprise({}, "dog") is None


@same
@given(st.lists(st.integers(0, 5), min_size=81, max_size=81), st.integers(0, 2**32 - 1))
def test_rank_correlation_is_scipys(counts, seed):
    one, other = np.array(counts).reshape(9, 9), np.random.default_rng(seed).random((9, 9))
    found = rank_correlation(one, other)
    if len(set(counts)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(spearmanr(one.ravel(), other.ravel()).statistic)


def spot(row: int, column: int, width: float = 1.0) -> np.ndarray:
    rows, columns = np.mgrid[:9, :9]
    return np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * width**2))


def pointing_at(row: int, column: int, people: int = 30) -> np.ndarray:
    """The counts of a class that points at one region."""
    counts = np.zeros((9, 9), int)
    counts[row, column] = people
    return counts


def test_who_looks_at_the_same_place_agrees_better_than_anywhere_else():
    people = np.round(spot(4, 4) * 10).astype(int)
    assert rank_correlation(people, spot(4, 4)) > 0.5
    assert agreement_by_chance(people, spot(4, 4)) == 1 / 81
    assert agreement_by_chance(np.zeros((9, 9), int), spot(4, 4)) is None
    assert agreement_by_chance(people, np.ones((9, 9))) is None


@same
@given(
    st.lists(st.integers(0, 20), min_size=81, max_size=81).filter(lambda values: len(set(values)) > 1),
    st.integers(0, 8),
    st.integers(0, 8),
)
def test_of_a_class_that_points_at_one_region_chance_is_the_share_with_as_much_attention(values, row, column):
    """All others' ranks are equal, so that a shift fits as well as the true place just where it brings as much
    attention there; and the 81 shifts bring each region there once."""
    attention = np.array(values, float).reshape(9, 9)
    expected = np.mean(attention >= attention[row, column])
    assert agreement_by_chance(pointing_at(row, column), attention) == pytest.approx(expected, abs=1e-12)


def test_chance_of_the_middle_under_attention_in_a_corner():
    """As much attention as in the middle have the regions within its distance from the corner, i² + j² <= 32: six each
    for i = 0, 1, 2, then 5, 5 (the middle is one) and 3, together 31."""
    assert agreement_by_chance(pointing_at(4, 4), spot(0, 0, width=3.0)) == 31 / 81


@same
@given(st.integers(0, 2**32 - 1))
def test_chance_is_counted_over_all_shifts(seed):
    """By scipy's correlation of every shifted map, for maps with many equal values."""
    draw = np.random.default_rng(seed)
    counts, attention = draw.multinomial(30, np.full(81, 1 / 81)).reshape(9, 9), draw.integers(0, 9, (9, 9))
    shifted = [
        spearmanr(counts.ravel(), np.roll(attention, (row, column), (0, 1)).ravel()).statistic
        for row in range(9)
        for column in range(9)
    ]
    expected = np.mean([one >= shifted[0] - 1e-9 for one in shifted])
    assert agreement_by_chance(counts, attention) == pytest.approx(expected, abs=1e-12)


def test_by_chance_is_even_where_the_maps_have_nothing_to_do_with_each_other():
    """Every place among the 81 is then as likely: a mean of 41/81, with the spread of a uniform draw."""
    draw, classes = np.random.default_rng(1), 400
    shares = [
        agreement_by_chance(draw.multinomial(30, np.full(81, 1 / 81)).reshape(9, 9), draw.random((9, 9)))
        for _class in range(classes)
    ]
    error = math.sqrt((81**2 - 1) / 12) / 81 / math.sqrt(classes)
    assert np.mean(shares) == pytest.approx(41 / 81, abs=4 * error)


def test_halves_of_those_who_agree_agree():
    assert halves(pointing_at(4, 4)) == pytest.approx(1.0)
    assert halves(pointing_at(0, 0, people=1)) is None and halves(np.zeros((9, 9), int)) is None


def test_halves_of_two_are_two_points():
    """One region each of 81, not the same: the ranks 41 but for one 81 each (equal values share their mean rank), so
    that the correlation is -1/80."""
    two = pointing_at(0, 0, people=1) + pointing_at(8, 8, people=1)
    assert halves(two) == pytest.approx(-1 / 80)


def test_halves_of_those_who_point_anywhere_agree_on_nothing():
    """Two independent halves' ranks have a mean correlation of 0, and each correlation a variance of 1/80 (Spearman's,
    whatever is equal); the mean over a class's divisions can but have less."""
    draw, classes = np.random.default_rng(2), 40
    found = [halves(draw.multinomial(30, np.full(81, 1 / 81)).reshape(9, 9), seed) for seed in range(classes)]
    assert np.mean(found) == pytest.approx(0, abs=4 / math.sqrt(80 * classes))
    assert halves(np.eye(9, dtype=int)) == halves(np.eye(9, dtype=int))
