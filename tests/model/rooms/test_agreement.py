"""The numbers of agreement, by closed forms, by scipy, and by cases whose answer is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from model.rooms.agreement import agreement_by_chance, halves, rank_correlation, surprise


def test_surprise_of_half_a_class_is_one_bit():
    assert surprise({"dog": 15, "cat": 15}, "dog") == pytest.approx(1.0)
    assert surprise({"dog": 30}, "dog") == pytest.approx(-math.log2(30.5 / 31))
    assert surprise({"dog": 30}, "cat") == pytest.approx(math.log2(62))
    assert surprise({}, "dog") is None


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


def test_who_looks_at_the_same_place_agrees_better_than_anywhere_else():
    people = np.round(spot(4, 4) * 10).astype(int)
    assert rank_correlation(people, spot(4, 4)) > 0.5
    assert agreement_by_chance(people, spot(4, 4)) == pytest.approx(1 / 81)
    assert agreement_by_chance(people, spot(0, 0)) > 0.2
    assert agreement_by_chance(np.zeros((9, 9), int), spot(4, 4)) is None


def test_by_chance_is_even_where_the_maps_have_nothing_to_do_with_each_other():
    draw = np.random.default_rng(1)
    shares = [
        agreement_by_chance(draw.multinomial(30, np.full(81, 1 / 81)).reshape(9, 9), draw.random((9, 9)))
        for _class in range(60)
    ]
    assert 0.4 < np.mean(shares) < 0.6


def test_halves_of_those_who_agree_agree():
    draw = np.random.default_rng(2)
    alike = np.zeros((9, 9), int)
    alike[4, 4] = 30
    assert halves(alike) == pytest.approx(1.0)
    even = draw.multinomial(30, np.full(81, 1 / 81)).reshape(9, 9)
    assert abs(halves(even)) < 0.35
    assert halves(alike) > halves(even)
    one = np.zeros((9, 9), int)
    one[0, 0] = 1
    assert halves(one) is None and halves(np.zeros((9, 9), int)) is None
    assert halves(even) == halves(even)
