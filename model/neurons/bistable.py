"""A recurrent unit that holds a bit: h_t = tanh(w h_{t-1} + x_t + b).

Where no input comes (x = 0), h settles at a fixed point, h* = tanh(w h* + b). It is stable where the slope of the right
side there, w (1 - h*²), lies between -1 and 1. With b = 0:

    w ≤ 1: h* = 0 alone, stable: whatever was flashed, the unit forgets it (as w^t; at w = 1 slower than that)
    w > 1: h* = 0 is unstable, and two stable ones, +h and -h, hold a bit for ever

With b ≠ 0, both stable states exist only while |b| < √(w(w-1)) - artanh √(1 - 1/w) (w > 1), the value at which two
of the three fixed points meet and vanish (a saddle-node bifurcation; Strogatz 2015, Nonlinear Dynamics and Chaos,
section 3.1).
"""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

from model import checks
from model.errors import SettingError

#: The weights and biases that are taken.
MAX_NUMBER = 100.0


class UnitFixedPoint(NamedTuple):
    """h* with h* = tanh(w h* + b), and whether the unit comes back to it after a small push."""

    value: float
    stable: bool


def fixed_points(weight: float, bias: float = 0.0) -> tuple[UnitFixedPoint, ...]:
    """The one to three fixed points of h ← tanh(w h + b), w ≥ 0, the lowest first.

    Where two of them meet, that one is given once and called unstable: it attracts from one side alone. So is h = 0
    with w = 1 and b = 0 called stable: it attracts from both sides, if slowly.

    Raises:
        SettingError: when a number is out of its range.
    """
    if not checks.within(weight, 0, MAX_NUMBER) or not checks.within(bias, -MAX_NUMBER, MAX_NUMBER):
        raise SettingError(
            "The recurrent weight is {weight} and the bias {bias}; a weight from 0 to {most} and a bias from "
            "-{most} to {most} can be used.",
            weight=checks.quoted(weight),
            bias=checks.quoted(bias),
            most=MAX_NUMBER,
        )

    def excess(h: float) -> float:
        return math.tanh(weight * h + bias) - h

    # Between the places where its slope w (1 - tanh²) - 1 is zero, the excess is monotonic: a root each, or none.
    turn = math.atanh(math.sqrt(1 - 1 / weight)) if weight > 1 else 0.0
    edges = [-1.0, *sorted({(-turn - bias) / weight, (turn - bias) / weight}), 1.0] if weight > 1 else [-1.0, 1.0]
    edges = sorted(min(max(edge, -1.0), 1.0) for edge in edges)
    points: list[UnitFixedPoint] = []
    for low, high in itertools.pairwise(edges):
        if low == high or excess(low) * excess(high) > 0:
            continue
        value = _root(excess, low, high)
        stable = excess(low) > excess(high)  # it falls: pushed up, the unit comes down
        if not points or abs(points[-1].value - value) > 1e-9:
            points.append(UnitFixedPoint(value, stable))
        else:
            points[-1] = UnitFixedPoint(value, False)
    return tuple(points)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where ``function`` crosses zero between ``low`` and ``high``, by bisection."""
    rises = function(high) > function(low)
    for _ in range(100):
        middle = (low + high) / 2
        if (function(middle) > 0) == rises:
            high = middle
        else:
            low = middle
    return (low + high) / 2
