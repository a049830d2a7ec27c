"""What a recurrent layer does with one sequence, step by step, by its cell's written-out equations.

The equations are the cells' own (``model.cells``). What is read from the state, with an ``nn.Linear``:
y_t = W_hy h_t + b_y.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from model import checks
from model.cells import Cell
from model.cells.layers import Recurrent, cell_of, weights_of
from model.cells.sums import RecordedSums, Sums, Weights, read_rows
from model.errors import SettingError
from model.traces import SequenceTrace, Terms


def trace_sequence(
    module: Recurrent,
    inputs: np.ndarray | Tensor | Sequence[Sequence[float]],
    initial: np.ndarray | Tensor | Sequence | None = None,
    readout: nn.Linear | None = None,
) -> SequenceTrace:
    """Let a recurrent layer read one sequence by the written-out equations, and keep all that happened.

    The sums are done in float64 from the module's own weights, whatever their dtype, so the trace of a float64 module
    equals what torch computes to rounding. Nothing is trained or changed.

    Args:
        module: a ``torch.nn`` layer of one layer and one direction, without projection, or a ``Layer`` of a cell that
            torch does not have; with or without bias. Its ``batch_first`` does not matter: this is one sequence
            without a batch.
        inputs: x_t, (T, I), T at least 1.
        initial: the state before the first step: h (H,), or where the cell's state has more vectors a tuple of them,
            for an LSTM the pair (h, c). Torch's own shape (1, H) is welcome. Zeros where it is None.
        readout: what makes y_t from h_t; without it ``outputs`` is None.

    Raises:
        SettingError: when the module is no such layer, a shape does not fit, or what is given is made of other than
            real numbers.
    """
    cell = check_module(module)
    x = _checked_inputs(inputs, module.input_size)
    start = _initial_state(initial, cell, module.hidden_size)
    if readout is not None and not isinstance(readout, nn.Linear):
        raise SettingError(
            "The readout is {given}. Please give a torch.nn.Linear({size}, ...).",
            given=checks.quoted(readout),
            size=module.hidden_size,
        )
    if readout is not None and readout.in_features != module.hidden_size:
        raise SettingError(
            "The readout takes {given} values, but the state has {size} units. Please give a Linear({size}, ...).",
            given=readout.in_features,
            size=module.hidden_size,
        )

    weights, read = float64_weights(module, cell), torch.from_numpy(x)
    states = _states(cell, weights, read, start)
    gates, terms = _look_inside(cell, weights, read, start, states)
    hidden = states[0].numpy()
    outputs = None
    if readout is not None:
        with np.errstate(over="ignore", invalid="ignore"):  # A ReLU network may explode: inf is then what happened.
            outputs = hidden @ to_numpy(readout.weight).T
            outputs = outputs if readout.bias is None else outputs + to_numpy(readout.bias)
    first, *others = start
    return SequenceTrace(
        cell=cell.name,
        inputs=x,
        initial_hidden=first,
        hidden=hidden,
        outputs=outputs,
        gates=gates,
        terms=terms,
        carried=dict(zip(cell.state[1:], others, strict=True)),
    )


def check_module(module: nn.Module) -> Cell:
    """The cell of a layer that can be traced.

    Raises:
        SettingError: when it is something else.
    """
    cell = cell_of(module)
    if cell is None or not isinstance(module, Recurrent):
        raise SettingError(
            "A {given} cannot be traced. Please give a torch.nn.RNN, LSTM or GRU.", given=type(module).__name__
        )
    if module.num_layers != 1 or module.bidirectional or module.proj_size:
        raise SettingError(
            "This recurrent layer has {layers} layers, {directions} directions and a projection to {projection} units "
            "(0 is none). Please give one layer, one direction and no projection.",
            layers=module.num_layers,
            directions=2 if module.bidirectional else 1,
            projection=module.proj_size,
        )
    return cell


def to_numpy(values: np.ndarray | Tensor | Sequence) -> np.ndarray:
    """A copy of numbers of any kind, as a float64 array."""
    return checks.array("values", values)


def float64_weights(module: Recurrent, cell: Cell) -> Weights:
    """The layer's weights in float64, with biases of 0 where it has none."""
    given = weights_of(module, cell)
    none = np.zeros(len(cell.rows) * module.hidden_size)

    def copied(part: Tensor | None) -> Tensor:
        return torch.from_numpy(to_numpy(none if part is None else part))

    diagonals = tuple(copied(weight) for weight in given.diagonals)
    return Weights(copied(given.ih), copied(given.hh), copied(given.b_ih), copied(given.b_hh), diagonals)


@torch.inference_mode()
def _states(cell: Cell, weights: Weights, x: Tensor, start: list[np.ndarray]) -> list[Tensor]:
    """The state's vectors after each step, each (T, H), one step after the other."""
    vectors = tuple(torch.from_numpy(vector) for vector in start)
    states = []
    reads = (row.unbind() for row in read_rows(cell, weights, x))
    for read in zip(*reads, strict=True):
        vectors, _quantities = cell.step(Sums(cell, weights, read, vectors[0]), *vectors)
        states.append(vectors)
    return [torch.stack(vector) for vector in zip(*states, strict=True)]


@torch.inference_mode()
def _look_inside(
    cell: Cell, weights: Weights, x: Tensor, start: list[np.ndarray], states: list[Tensor]
) -> tuple[dict[str, np.ndarray], dict[str, Terms]]:
    """The gates, each (T, H), and the terms of each row, (T, H), a bias (H,).

    Now that all states are known, no step waits for the one before: one step with T rows does them all.
    """
    before = [
        torch.cat([torch.from_numpy(first)[None], after[:-1]]) for first, after in zip(start, states, strict=True)
    ]
    sums = RecordedSums(cell, weights, read_rows(cell, weights._replace(b_ih=None), x), before[0])
    _after, quantities = cell.step(sums, *before)
    quantities = quantities | dict(zip(cell.state[1:], states[1:], strict=True))
    terms = {row: Terms({name: term.numpy() for name, term in of_row.items()}) for row, of_row in sums.terms.items()}
    return {name: quantities[name].numpy() for name in cell.quantities}, {row: terms[row] for row in cell.rows}


def _checked_inputs(inputs: np.ndarray | Tensor | Sequence, size: int) -> np.ndarray:
    x = checks.array("inputs", inputs)
    if x.ndim != 2 or x.shape[1] != size or not len(x):
        raise SettingError(
            "The inputs have the shape {given}; one sequence of shape (T, {size}), T at least 1, is wanted.",
            given=x.shape,
            size=size,
        )
    return x


def _initial_state(initial: np.ndarray | Tensor | Sequence | None, cell: Cell, size: int) -> list[np.ndarray]:
    """The state's vectors before the first step, each (H,)."""
    if initial is None:
        return [np.zeros(size) for _vector in cell.state]
    if len(cell.state) == 1:
        return [_units(initial, size)]
    if not isinstance(initial, tuple | list) or len(initial) != len(cell.state):
        raise SettingError(
            "The initial state of this layer is a tuple of {count}, ({vectors}), each of shape ({size},).",
            count=len(cell.state),
            vectors=", ".join(cell.state),
            size=size,
        )
    return [_units(part, size) for part in initial]


def _units(state: np.ndarray | Tensor | Sequence, size: int) -> np.ndarray:
    values = checks.array("initial", state)
    if values.size != size:
        raise SettingError(
            "The initial state has the shape {given}; ({size},) is wanted.", given=values.shape, size=size
        )
    return values.reshape(size)
