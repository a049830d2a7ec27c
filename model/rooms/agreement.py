"""How surprised a class was, and how well two maps over a photo agree: counts to honest numbers."""

import math
import sys
from collections.abc import Mapping

import numpy as np
from scipy.stats import rankdata

#: How often the class is divided into halves.
DIVISIONS = 200


def surprise(counts: Mapping[str, int], word: str) -> float | None:
    """How surprised a class was by ``word``, bits: -log2 p, p its estimate from k of n guesses; None of no guesses.

    p = (k + 1/2) / (n + 1), the estimator of Krichevsky and Trofimov (1981): nobody out of thirty is rare, but not
    impossible, and thirty out of thirty is not certain.
    """
    answers = sum(counts.values())
    return -math.log2((counts.get(word, 0) + 0.5) / (answers + 1)) if answers else None


def network_surprise(probability: float) -> float:
    """How surprised a network was by what it gave this probability, bits: -log2 p."""
    return -math.log2(max(probability, sys.float_info.min))


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Spearman's rank correlation of two maps of the same shape, equal values sharing their mean rank; None where all
    values of one of them are equal.

    Spearman 1904, "The proof and measurement of association between two things".
    """
    ranks = rankdata(one.ravel()), rankdata(other.ravel())
    if min(np.ptp(rank) for rank in ranks) == 0:
        return None
    return float(np.corrcoef(*ranks)[0, 1])


def agreement_by_chance(counts: np.ndarray, attention: np.ndarray) -> float | None:
    """Of all ways to shift ``attention`` around the photo's edges (the true place is one), the share in which it agrees
    with ``counts`` at least as well as in its true place, by ``rank_correlation``; None where that is None.

    Neighbouring regions are alike, so that 81 regions are no 81 independent draws, and a table's p value would boast.
    Shifts keep each map's own shape, and only take the relation between the two away: whoever points at one region
    alone gets the share of regions with as much attention as there.
    """
    if rank_correlation(counts, attention) is None:
        return None
    ranks, others = (rankdata(part).reshape(part.shape) for part in (counts, attention))
    shifts = np.stack([np.roll(others, shift, (0, 1)) for shift in np.ndindex(others.shape)])
    # A shift changes neither mean nor spread of the ranks: of the correlation only their product does. Ranks are whole
    # or halves, so that equal products are exactly equal.
    products = (shifts * ranks).sum((1, 2))
    return float((products >= products[0]).mean())


def halves(counts: np.ndarray, seed: int = 0) -> float | None:
    """How well people agree among themselves: the mean ``rank_correlation`` of two random halves of those who pointed,
    over ``DIVISIONS`` divisions; None for fewer than two people, or where a half's map has no order.

    Each half is as coarse as half a class is: with few people even those who see alike seem to differ.
    """
    pointed = np.repeat(np.arange(counts.size), counts.ravel())
    if len(pointed) < 2:
        return None
    draw = np.random.default_rng(seed)
    half = len(pointed) // 2
    found = []
    for _division in range(DIVISIONS):
        shuffled = draw.permutation(pointed)
        one, other = (np.bincount(part, minlength=counts.size) for part in (shuffled[:half], shuffled[half : 2 * half]))
        correlation = rank_correlation(one, other)
        if correlation is None:
            return None
        found.append(correlation)
    return float(np.mean(found))
