"""What is known about a recurrent cell, in one place: a ``Cell`` declares it, and everything else asks.

A cell makes the state after a step from x_t and the state before it. Most of that is weighted sums, one *row* of H
sums for each gate and proposal; their matrices lie on each other in torch's way, ``weight_ih`` (G H, I) and
``weight_hh`` (G H, H), in the order of ``rows``:

    a_t = W x_t + b_i + U h_{t-1} + b_h          one row's pre-activation

What differs from cell to cell is what is done with these sums. That is the cell's ``step``, written once: the
captioner runs it on hypotheses, ``layers`` on batches of sequences with gradients, and ``trace_sequence`` on one
sequence in float64 with all terms kept.

A new cell is one file beside this one, and one line in ``model.cells``. It needs no torch: tensors know ``sigmoid`` and
``tanh`` themselves.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from model.cells.formulas import Formula
from model.words import N_

if TYPE_CHECKING:
    from torch import Tensor

#: What a gate, and what a state or a proposal can be; None where there are no bounds.
SHARE, SIGNED = (0.0, 1.0), (-1.0, 1.0)


class Quantity(NamedTuple):
    """Something that a step leaves in the trace, (H,)."""

    #: What a reader calls it, marked for translation, such as ``input gate``; and its letter.
    words: str
    letter: str
    bounds: tuple[float, float] | None


class Keeps(NamedTuple):
    """The gate that decides how much of the old memory stays."""

    row: str
    #: The old memory stays where the gate is 1; False: where it is 0.
    at_one: bool = True


class Paper(NamedTuple):
    """Where a cell comes from: how a text refers to it, and where it is found."""

    short: str
    link: str


class Cell:
    """A recurrent cell of H units; one object is all there is of its kind."""

    #: Its name in files, addresses and settings.
    name: str
    #: What a reader calls it, and the same where there is little room; marked for translation where they are words.
    label: str
    short: str
    #: What is special about it, in a sentence or two, marked for translation, and its papers.
    about: str
    papers: tuple[Paper, ...]

    #: The rows of the stacked matrices, in order.
    rows: ClassVar[tuple[str, ...]]
    #: Each row's place among them.
    places: ClassVar[dict[str, int]]
    #: How many of them, the last ones, are products with another vector than h_{t-1}.
    late_rows: ClassVar[int] = 0
    #: Further weights, one number a unit each (diagonal matrices), by name.
    diagonals: ClassVar[tuple[str, ...]] = ()
    #: The vectors of H numbers that the state is made of; h is the first.
    state: ClassVar[tuple[str, ...]] = ("hidden",)
    #: What a step leaves in the trace beside h, in order; the state's other vectors are among it.
    quantities: ClassVar[dict[str, Quantity]]
    keeps: ClassVar[Keeps | None] = None
    #: Whether h stays between -1 and 1.
    bounded: bool = True
    #: Its formulas, a line for each quantity that is shown, h last.
    formulas: tuple[Formula, ...]
    #: The class of ``torch.nn`` that computes it, with its options; None where torch has none.
    torch_layer: tuple[str, dict[str, Any]] | None = None
    #: With which bias a row starts in the captioner, where it is not 0.
    first_bias: ClassVar[dict[str, float]] = {}

    #: One step, a method of each cell: ``step(sums, *state)`` gives the new state's vectors, and ``quantities`` by
    #: name, each (..., H). ``sums(row)`` is a row's W x_t + b_i + U h_{t-1} + b_h (see ``model.cells.sums``);
    #: ``state`` are the vectors of the state before.
    step: "Callable[..., tuple[tuple[Tensor, ...], dict[str, Tensor]]]"

    def __init_subclass__(cls) -> None:
        cls.places = {row: place for place, row in enumerate(cls.rows)}

    def __reduce__(self) -> tuple:
        """A copy is the cell itself, and a pickle its name."""
        return _registered, (self.name,)


#: What all cells call their state.
HIDDEN = Quantity(N_("state"), "h", SIGNED)


def _registered(name: str) -> Cell:
    from model.cells import CELLS

    return CELLS[name]
