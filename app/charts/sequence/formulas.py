"""The formulas of one step of a cell, in general and with one unit's numbers put in, as text for figures.

They are the cell's own (``model.cells``). Plotly has no LaTeX here, so they are HTML; what the input says, what the
state before says, and the rest are told apart by colour and by their place.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from app.charts.kit.numbers import number
from model.cells import CELLS
from model.cells.formulas import Before, Curve, Expression, Now, OneMinus, Product, Sum, Term, compute
from model.cells.formulas import Formula as Line
from model.traces import SequenceTrace

#: What the state before says, and what the input says: the arrows into a step have the same colours. They are a blue
#: and a green as far from a light page as from a dark one (4.1:1), since they colour text.
FROM_STATE, FROM_INPUT = "#1A7FC4", "#0B8A65"

_STATE = f'<span style="color:{FROM_STATE}"><b>{{}}</b></span>'
_INPUT = f'<span style="color:{FROM_INPUT}"><b>{{}}</b></span>'
#: An index in a formula's letters, and what names the step before.
_INDEX, _STEP_BEFORE = re.compile(r"_(\w+(?:-1)?)"), "t-1"

#: The numbers of one unit at each step that a leaf of a formula stands for, (T,).
Leaf = Callable[[Now | Before | Term], np.ndarray]


class StepFormula(NamedTuple):
    """One line of a step's arithmetic."""

    #: In letters, without the number that it comes to: ``h_t = tanh(...)``.
    general: str
    #: With the numbers of a step (from 0) put in.
    numbers: Callable[[int], str]


def formulas(trace: SequenceTrace, unit: int) -> tuple[StepFormula, ...]:
    """What one unit computes at each step, line by line as its cell declares it."""
    leaf = partial(_of_unit, trace, unit)
    return tuple(_line(line, leaf) for line in CELLS[trace.cell].formulas)


def _of_unit(trace: SequenceTrace, unit: int, leaf: Now | Before | Term) -> np.ndarray:
    match leaf:
        case Now(_letters, quantity):
            values = trace.hidden if quantity == "hidden" else trace.gates[quantity]
        case Before(_letters, vector):
            values = trace.before_of(vector)
        case Term(_letters, row, name):
            values = np.broadcast_to(trace.terms[row][name], trace.hidden.shape)
    return values[:, unit]


def _line(line: Line, leaf: Leaf) -> StepFormula:
    """A line; where a curve bends a sum, the sum that goes into it is shown between."""
    right = line.right
    result = leaf(Now(line.letters, line.quantity))
    between = []
    if isinstance(right, Curve) and isinstance(right.of, Sum | Product):
        with np.errstate(over="ignore", invalid="ignore"):
            between.append((right.name, compute(right.of, leaf)))

    def numbers(t: int) -> str:
        steps = [_at(line.letters, t), _numbers(right, leaf, t)]
        steps += [f"{curve}({number(inside[t])})" for curve, inside in between]
        # What is rounded need not add up in the last digit.
        return " ≈ ".join([*steps, f"<b>{number(result[t])}</b>"])

    return StepFormula(f"{_html(line.letters)} = {_letters(right)}", numbers)


def _letters(expression: Expression) -> str:
    """An expression in letters."""
    match expression:
        case Sum(parts):
            return " + ".join(map(_letters, parts))
        case Product(factors):
            return " · ".join(f"({_letters(one)})" if " + " in _plain(one) else _letters(one) for one in factors)
        case OneMinus(of):
            return f"(1 − {_letters(of)})"
        case Curve(name, of):
            return f"{name}({_letters(of)})"
        case Now(letters) | Before(letters) | Term(letters):
            return _style(expression).format(_html(letters))
    raise TypeError(f"no formula has a {type(expression).__name__}")


def _numbers(expression: Expression, leaf: Leaf, t: int) -> str:
    """An expression with the numbers of a step."""
    match expression:
        case Sum((first, *others)):
            return _numbers(first, leaf, t) + "".join(_added(part, leaf, t) for part in others)
        case Product((first, *others)):
            return " · ".join([_numbers(first, leaf, t), *(_factor(one, leaf, t) for one in others)])
        case OneMinus(of):
            return f"(1 − {_numbers(of, leaf, t)})"
        case Curve(name, of):
            return f"{name}({_numbers(of, leaf, t)})"
        case Now() | Before() | Term():
            return _style(expression).format(number(leaf(expression)[t]))
    raise TypeError(f"no formula has a {type(expression).__name__}")


def _added(part: Expression, leaf: Leaf, t: int) -> str:
    """A further part of a sum; a number has its sign before it."""
    if not isinstance(part, Now | Before | Term):
        return f" + {_numbers(part, leaf, t)}"
    x = leaf(part)[t]
    negative = x < 0
    return (" − " if negative else " + ") + _style(part).format(number(-x if negative else x))


def _factor(factor: Expression, leaf: Leaf, t: int) -> str:
    """A further factor of a product: in brackets where it is negative or a sum."""
    if isinstance(factor, Sum):
        return f"({_numbers(factor, leaf, t)})"
    if not isinstance(factor, Now | Before | Term):
        return _numbers(factor, leaf, t)
    x = leaf(factor)[t]
    return _style(factor).format(f"({number(x)})" if x < 0 else number(x))


def _style(leaf: Now | Before | Term) -> str:
    """The colour of what the input says, and of what the state before says."""
    if isinstance(leaf, Term) and leaf.name == "input":
        return _INPUT
    return _STATE if _STEP_BEFORE in leaf.letters else "{}"


def _plain(expression: Expression) -> str:
    return expression.letters if isinstance(expression, Now | Before | Term) else _letters(expression)


def _html(letters: str) -> str:
    """Letters with their indices below: ``W_xi x_t`` to W<sub>xi</sub> x<sub>t</sub>."""
    return _INDEX.sub(lambda index: f"<sub>{index[1].replace('-', '−')}</sub>", letters)


def _at(letters: str, t: int) -> str:
    """The letters of a line at a step, counted from 1."""
    return f"{letters.removesuffix('_t')}<sub>{t + 1}</sub>"
