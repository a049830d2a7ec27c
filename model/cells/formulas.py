r"""Formulas as data: what one unit computes at a step, for whoever writes it in letters or in numbers.

A formula is a tree of sums, products and curves. Its leaves are what a ``SequenceTrace`` holds, so it can be drawn in
letters, drawn with a step's numbers put in, and computed from a trace:

>>> i, c = Now("i_t", "input_gate"), Before("c_t-1", "cell")
>>> Formula("i_t", "input_gate", sigmoid(pre_activation("input_gate", "i")))   # i_t = σ(W_xi x_t + W_hi h_{t-1} + b_i)
>>> forget * c + i * proposed                                                  # f_t c_{t-1} + i_t c̃_t

Letters are plain text: what stands behind ``_`` is an index, ``W_xi x_t``, ``h_t-1``; a tilde is U+0303 behind its
letter. The letters of all cells are those of the site's table of symbols.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np

#: A tilde over the letter before it: what is proposed.
TILDE = "\u0303"


class Expression:
    """Something that can be added and multiplied, number by number."""

    def __add__(self, other: "Expression") -> "Sum":
        return Sum((*(self.parts if isinstance(self, Sum) else (self,)), other))

    def __mul__(self, other: "Expression") -> "Product":
        return Product((*(self.factors if isinstance(self, Product) else (self,)), other))


@dataclass(frozen=True)
class Now(Expression):
    """What this step has already computed: one of the trace's ``gates``, or ``hidden``."""

    letters: str
    quantity: str


@dataclass(frozen=True)
class Before(Expression):
    """A vector of the state that the step started from."""

    letters: str
    vector: str


@dataclass(frozen=True)
class Term(Expression):
    """A part of a pre-activation, by the names of its row and of itself in the trace's ``terms``."""

    letters: str
    row: str
    name: str


@dataclass(frozen=True)
class Sum(Expression):
    """Parts added up, number by number."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Product(Expression):
    """Number by number."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class OneMinus(Expression):
    """1 less a gate's value, number by number."""

    of: Now


@dataclass(frozen=True)
class Curve(Expression):
    """A function of one number: one of ``CURVES``."""

    name: str
    of: Expression


@dataclass(frozen=True)
class Formula:
    """A line: ``letters`` = ``right``, which gives the trace's ``quantity``."""

    letters: str
    quantity: str
    right: Expression


#: The curves by the names that a reader knows.
CURVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "σ": lambda a: 0.5 * (1 + np.tanh(0.5 * a)),  # without exp's overflow
    "tanh": np.tanh,
    "ReLU": lambda a: np.maximum(a, 0),
}


def sigmoid(of: Expression) -> Curve:
    """Bend an expression by σ(a) = 1 / (1 + e^-a), from 0 to 1."""
    return Curve("σ", of)


def tanh(of: Expression) -> Curve:
    """Bend an expression by tanh, from -1 to 1."""
    return Curve("tanh", of)


def pre_activation(row: str, index: str, **more: str) -> Sum:
    """W_x· x_t + W_h· h_{t-1} + b_·, the sum of most rows; the letters of ``more`` terms by name stand before b."""
    letters = {"input": f"W_x{index} x_t", "recurrent": f"W_h{index} h_t-1", **more, "bias": f"b_{index}"}
    return Sum(tuple(Term(text, row, name) for name, text in letters.items()))


def compute(expression: Expression, leaf: Callable[[Now | Before | Term], np.ndarray]) -> np.ndarray:
    """What an expression comes to, where ``leaf`` gives the numbers of its leaves."""
    match expression:
        case Sum(parts):
            return reduce(operator.add, (compute(part, leaf) for part in parts))
        case Product(factors):
            return np.multiply.reduce(np.broadcast_arrays(*(compute(factor, leaf) for factor in factors)))
        case OneMinus(of):
            return 1 - compute(of, leaf)
        case Curve(name, of):
            return CURVES[name](compute(of, leaf))
        case Now() | Before() | Term():
            return leaf(expression)
    raise TypeError(f"no formula has a {type(expression).__name__}")
