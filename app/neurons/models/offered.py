"""What the page must know of a model neuron to offer it. A model's own file here gives that; pages and charts ask for
nothing else, and know no model by its name.

A range is narrower than what the model itself takes: within it, every model follows its equations well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from app.i18n import N_, _


class Range(NamedTuple):
    """What a slider offers."""

    least: float
    most: float
    default: float
    step: float


class Parameter(NamedTuple):
    """What a slider of one of the neuron's own numbers offers, and what stands above it, marked for translation."""

    label: str
    least: float
    most: float
    default: float
    step: float


class CellType(NamedTuple):
    """One of a model's named sets of parameters."""

    #: Its name, and a word or letters for where there is little room; both marked for translation.
    name: str
    short: str
    parameters: Any


def no_remark(_parameters: Any) -> None:
    """Where there is nothing to say of a neuron's parameters."""


@dataclass(frozen=True, kw_only=True)
class OfferedNeuron:
    """One model as the page offers it."""

    #: Its module: ``simulate``, ``DT``, ``UNIT``, ``Parameters``, ``TEXTBOOK``, ``MODEL``.
    module: Any
    #: Its name in the address.
    code: str
    #: Its names, long and short, marked for translation.
    name: str
    short: str
    #: x = I / ``unit_current``: about the weakest steady current at which the textbook neuron keeps firing, in the
    #: model's unit. Less may make it fire once.
    unit_current: float
    #: How the unit's caption says that, with {one}; marked for translation.
    about_one: str = N_(
        "It computes y = f(w·x + b), with x = I / {one}: x = 1 is about the weakest steady current at which "
        "the textbook neuron keeps firing. It has no time of its own; here one of its steps is 1 ms."
    )
    #: The settings of the stimulus, by the names of ``Stimulus``; ``length`` is ``stop - start``.
    stimulus: Mapping[str, Range]
    #: The neuron's own numbers to set, by the names of its ``Parameters``; the others are its cell's or the textbook's.
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    #: Whole cells to choose from, the first one at first; what the choice is called; what is said of one.
    cells: Mapping[str, CellType] = field(default_factory=dict)
    cells_label: str = N_("Cell type")
    about_cell: Callable[[Any], str | None] = no_remark
    #: The widget of that choice.
    cell_key: str = ""
    #: The f-I curve's currents, the finer the nearer to where firing sets in; its step and its duration, ms.
    currents: np.ndarray
    curve_dt: float
    curve_duration: float = 1000.0
    #: From the parameters, where the model itself ends, as a sentence; None where there is nothing to say.
    ends: Callable[[Any], str | None] = no_remark
    #: From the parameters, the current above which the voltage stands still, in the model's unit.
    block: Callable[[Any], float | None] = no_remark
    #: Where its equations and numbers come from, by the names in ``app.sources``.
    sources: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The current's unit; "" where it has none."""
        return self.module.UNIT

    @property
    def first_cell(self) -> str:
        return next(iter(self.cells), "")

    def with_unit(self, current: float) -> str:
        """A current as a reader wants it: ``1.5 nA``, ``6.3 µA/cm²``, or, without a unit, ``4``."""
        return f"{current:g} {self.unit}".strip()

    def short_name(self, cell: str = "") -> str:
        """The model in a word or two, where there is little room; with its cell, where it has cells."""
        return f"{_(self.short)} {_(self.cells[cell].short) if cell in self.cells else ''}".strip()


def times(duration: float, most: float, step: float) -> dict[str, Range]:
    """The stimulus comes on after a tenth of the time and goes off before the last tenth."""
    return {
        "start": Range(0.0, most / 2, duration / 10, step),
        "length": Range(step, most, duration * 0.8, step),
        "duration": Range(20.0, most, duration, 10.0),
    }
