"""A cell's weights with what runs it: one step at a time, or over sequences.

``layer`` makes what reads sequences: torch's own layer where ``torch.nn`` has one, which is fastest, else a ``Layer``
that does the cell's step in a loop and behaves as torch's do. ``OneStep`` is for the captioner, which must look at the
photo between two steps.

Weights have torch's names, shapes and order of rows, so they can be exchanged: ``weight_ih``, ``weight_hh``,
``bias_ih``, ``bias_hh``, with ``_l0`` behind them in a layer. A diagonal of the cell is ``weight_`` and its name.
"""

from typing import Any, NamedTuple, TypeAlias

import torch
from torch import Tensor, nn

from model import checks
from model.cells import CELLS, Cell
from model.cells.sums import Sums, Weights, read_rows
from model.errors import SettingError

#: What a layer carries from step to step: h, or where the state has more vectors all of them, h first.
State = Tensor | tuple[Tensor, ...]


def cell_named(name: str) -> Cell:
    """One of ``CELLS``.

    Raises:
        SettingError: when there is no such cell.
    """
    if not isinstance(name, str) or name not in CELLS:
        raise SettingError(
            "There is no cell {given}. Please choose one of {cells}.",
            given=checks.quoted(name),
            cells=", ".join(CELLS),
        )
    return CELLS[name]


def layer(name: str, input_size: int, hidden_size: int, **options: Any) -> "Recurrent":
    """A layer of H units that reads sequences: torch's own where it has one.

    ``options`` are those of torch's layers: ``bias``, ``batch_first``, ``device``, ``dtype``.

    Raises:
        SettingError: when there is no such cell.
    """
    cell = cell_named(name)
    if cell.torch_layer is None:
        return Layer(cell, input_size, hidden_size, **options)
    kind, own = cell.torch_layer
    return getattr(nn, kind)(input_size, hidden_size, **own, **options)


def cell_of(module: nn.Module) -> Cell | None:
    """The cell of a layer that ``layer`` could have made; None where it is something else."""
    if isinstance(module, Layer):
        return module.cell
    if isinstance(module, nn.RNN | nn.LSTM | nn.GRU):
        return CELLS[module.mode.lower()]
    return None


def weights_of(module: nn.Module, cell: Cell) -> Weights:
    """A layer's weights; its biases are None where it has none."""
    named = dict(module.named_parameters(recurse=False))
    return Weights(
        named["weight_ih_l0"],
        named["weight_hh_l0"],
        named.get("bias_ih_l0"),
        named.get("bias_hh_l0"),
        tuple(named[f"weight_{name}_l0"] for name in cell.diagonals),
    )


class Layer(nn.Module):
    """One layer, one direction, of a cell that ``torch.nn`` does not have; it takes and gives what torch's layers do.

    Numbers are drawn from U(-1/√H, 1/√H), as torch does, by its global generator.
    """

    num_layers, bidirectional, proj_size = 1, False, 0

    def __init__(
        self,
        cell: Cell,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        batch_first: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ):
        super().__init__()
        self.cell, self.mode = cell, cell.name.upper()
        self.input_size, self.hidden_size, self.bias, self.batch_first = input_size, hidden_size, bias, batch_first
        for name, shape in _shapes(cell, input_size, hidden_size).items():
            made = nn.Parameter(torch.empty(shape, device=device, dtype=dtype)) if bias or "bias" not in name else None
            self.register_parameter(f"{name}_l0", made)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all numbers anew from U(-1/√H, 1/√H)."""
        bound = self.hidden_size**-0.5
        for weight in self.parameters():
            if weight.device.type != "meta":
                nn.init.uniform_(weight, -bound, bound)

    def extra_repr(self) -> str:
        """Name the cell and its sizes where the layer is printed."""
        return f"{self.cell.name}, {self.input_size}, {self.hidden_size}"

    def forward(self, inputs: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Inputs (T, B, I), (B, T, I) with ``batch_first``, or (T, I), to h of all steps in the same order, and the
        state after the last: (1, B, H) or (1, H), a tuple of them where the state has more vectors than h."""
        batched = inputs.ndim == 3
        time = 1 if self.batch_first and batched else 0
        if state is None:
            shape = (*(size for axis, size in enumerate(inputs.shape[:-1]) if axis != time), self.hidden_size)
            vectors = (inputs.new_zeros(shape),) * len(self.cell.state)
        else:
            vectors = tuple(vector[0] for vector in (state if isinstance(state, tuple | list) else (state,)))
        weights = weights_of(self, self.cell)
        states = []
        reads = (row.unbind(time) for row in read_rows(self.cell, weights, inputs))
        for read in zip(*reads, strict=True):
            vectors, _quantities = self.cell.step(Sums(self.cell, weights, read, vectors[0]), *vectors)
            states.append(vectors[0])
        last = tuple(vector[None] for vector in vectors)
        return torch.stack(states, dim=time), last if len(last) > 1 else last[0]


#: What ``layer`` makes.
Recurrent: TypeAlias = nn.RNNBase | Layer


class CellStep(NamedTuple):
    """One step of a recurrent cell of H units, nothing hidden."""

    #: h', what the decoder predicts from, (..., H).
    hidden: Tensor
    #: What the next step starts from, (..., S): the state's vectors side by side, h' first.
    state: Tensor
    #: What the cell leaves of a step by name (``Cell.quantities``), each (..., H).
    gates: dict[str, Tensor]


class OneStep(nn.Module):
    """A cell with its weights, one step at a time; they are as they come until ``initialise``."""

    weight_ih: nn.Parameter  # (G H, I)
    weight_hh: nn.Parameter  # (G H, H)
    bias_ih: nn.Parameter  # (G H,)
    bias_hh: nn.Parameter  # (G H,)

    def __init__(self, cell: Cell, input_size: int, hidden_size: int):
        super().__init__()
        self.cell = cell
        for name, shape in _shapes(cell, input_size, hidden_size).items():
            self.register_parameter(name, nn.Parameter(torch.empty(shape)))

    @torch.no_grad()
    def initialise(self) -> None:
        """Xavier for the inputs, orthogonal matrices for the state, no biases but the cell's own, no diagonals."""
        cell = self.cell
        for weight in self.parameters():
            nn.init.zeros_(weight)
        nn.init.xavier_uniform_(self.weight_ih)
        for matrix in self.weight_hh.chunk(len(cell.rows)):
            nn.init.orthogonal_(matrix)
        for row, bias in cell.first_bias.items():
            self.bias_ih.chunk(len(cell.rows))[cell.places[row]].fill_(bias)

    def forward(self, inputs: Tensor, state: Tensor) -> CellStep:
        """One step: ``inputs`` (..., I) and ``state`` (..., S) to the new state and its gates."""
        cell = self.cell
        vectors = state.chunk(len(cell.state), dim=-1)
        diagonals = tuple(getattr(self, f"weight_{name}") for name in cell.diagonals)
        weights = Weights(self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh, diagonals)
        sums = Sums(cell, weights, read_rows(cell, weights, inputs), vectors[0])
        vectors, quantities = cell.step(sums, *vectors)
        return CellStep(vectors[0], vectors[0] if len(vectors) == 1 else torch.cat(vectors, dim=-1), quantities)


def _shapes(cell: Cell, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
    stacked = len(cell.rows) * hidden_size
    shapes: dict[str, tuple[int, ...]] = {"weight_ih": (stacked, input_size), "weight_hh": (stacked, hidden_size)}
    shapes |= {"bias_ih": (stacked,), "bias_hh": (stacked,)}
    return shapes | {f"weight_{name}": (hidden_size,) for name in cell.diagonals}
