"""The weighted sums that a cell's step is made of, for one step.

A cell asks for them row by row, and does not see whether it runs on a batch with gradients or under a microscope:

>>> sums("input_gate")                      # W x_t + b_i + U h_{t-1} + b_h
>>> sums("candidate", times=r)              # W x_t + b_i + r ⊙ (U h_{t-1} + b_h)
>>> sums("candidate", of=f * h)             # W x_t + b_i + U (f ⊙ h_{t-1}) + b_h, for the cell's late rows
>>> sums("input_gate", peephole=w * c)      # and one more term, by its name

Shapes: (..., H) for H units, whatever stands before; G rows.
"""

from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import linear

from model.cells.cell import Cell


class Weights(NamedTuple):
    """A cell's weights: the rows of its matrices lie on each other in the order of ``Cell.rows``."""

    ih: Tensor  # (G H, I)
    hh: Tensor  # (G H, H)
    b_ih: Tensor | None  # (G H,)
    b_hh: Tensor | None  # (G H,)
    diagonals: tuple[Tensor, ...]  # each (H,)


def read_rows(cell: Cell, weights: Weights, inputs: Tensor) -> tuple[Tensor, ...]:
    """W x + b_i of each row, (..., H), for inputs (..., I): of a whole sequence at once, which is quicker."""
    return linear(inputs, weights.ih, weights.b_ih).chunk(len(cell.rows), dim=-1)


class Sums:
    """The sums of one step.

    Args:
        cell: whose.
        weights: its numbers.
        read: what ``read_rows`` gives for the step's input.
        hidden: h_{t-1}, (..., H).
    """

    def __init__(self, cell: Cell, weights: Weights, read: tuple[Tensor, ...], hidden: Tensor):
        self.cell, self.weights, self.read = cell, weights, read
        early = len(read) - cell.late_rows
        self.recalled: tuple[Tensor, ...] = ()
        if not cell.late_rows:  # The matrix as it is: it may be packed, and then has no parts.
            self.recalled = linear(hidden, weights.hh, weights.b_hh).chunk(early, dim=-1)
        elif early:
            self.recalled = self._recall(hidden, slice(early * hidden.shape[-1])).chunk(early, dim=-1)

    @property
    def diagonals(self) -> tuple[Tensor, ...]:
        """The cell's further weights, each (H,), in the order of ``Cell.diagonals``."""
        return self.weights.diagonals

    def __call__(self, row: str, *, of: Tensor | None = None, times: Tensor | None = None, **more: Tensor) -> Tensor:
        """A row's pre-activation, (..., H).

        Args:
            row: its name.
            of: what U is multiplied with instead of h_{t-1}.
            times: a gate on U h_{t-1} + b_h.
            more: further terms by name.
        """
        place = self.cell.places[row]
        recalled = self.recalled[place] if of is None else self._recall(of, self._part(place, of))
        total = self.read[place] + (recalled if times is None else times * recalled)
        for term in more.values():
            total = total + term
        return total

    @staticmethod
    def _part(place: int, of: Tensor) -> slice:
        """Where the part of one of the cell's rows is in the stacked matrix."""
        size = of.shape[-1]
        return slice(place * size, (place + 1) * size)

    def _recall(self, of: Tensor, rows: slice) -> Tensor:
        """U v + b_h of some rows."""
        return linear(of, self.weights.hh[rows], None if self.weights.b_hh is None else self.weights.b_hh[rows])


class RecordedSums(Sums):
    """The same, which keeps each term by row and name in ``terms``.

    ``input``, ``recurrent`` and ``bias`` are W x_t, U h_{t-1} and b_i + b_h; where a gate multiplies U h_{t-1} + b_h,
    ``recurrent`` is that whole bracket, and ``bias`` is b_i alone. ``weights`` have both biases, ``read`` has none.
    """

    def __init__(self, cell: Cell, weights: Weights, read: tuple[Tensor, ...], hidden: Tensor):
        super().__init__(cell, weights._replace(b_hh=None), read, hidden)
        assert weights.b_ih is not None and weights.b_hh is not None, "zeros stand for no bias"
        self._biases = weights.b_ih.chunk(len(read)), weights.b_hh.chunk(len(read))
        self.terms: dict[str, dict[str, Tensor]] = {}

    def __call__(self, row: str, *, of: Tensor | None = None, times: Tensor | None = None, **more: Tensor) -> Tensor:
        """A row's pre-activation, (..., H), as in ``Sums``; its terms are kept."""
        place = self.cell.places[row]
        read = self.read[place]
        recalled = self.recalled[place] if of is None else self._recall(of, self._part(place, of))
        bias, inner = (biases[place] for biases in self._biases)
        if times is None:
            bias = bias + inner
        else:
            recalled = recalled + inner
        self.terms[row] = {"input": read, "recurrent": recalled, **more, "bias": bias}
        total = read + (recalled if times is None else times * recalled)
        for term in more.values():
            total = total + term
        return total + bias
