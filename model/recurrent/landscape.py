"""The plane of a network whose state is two numbers: where each state goes under a constant input.

    h → F(h) = f(W h + x)        for two units by hand, f = tanh, U the identity and b = 0

and the same for any layer with two units. Three choices of W show what two units can do: fall to one point whatever
they were; hold one bit, as one of two points; or go round for ever (compare Beer 1995, "On the dynamics of small
continuous-time recurrent neural networks").
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from model import checks
from model.cells.layers import Recurrent
from model.errors import SettingError
from model.recurrent.equilibria import fixed_points, step_of
from model.recurrent.tracing import check_module
from model.traces import LandscapeTrace, SequenceTrace

#: W by hand, row by row: w_11, w_12, w_21, w_22.
WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "one": (0.6, 0.5, -0.5, 0.6),
    "bit": (1.5, 0.6, 0.6, 1.5),
    "ring": (1.2, -0.5, 0.5, 1.2),
}
#: What a pulse adds to the input of both units.
PULSE = 2.5
#: What a typed sequence of pulses may hold.
PULSES = {"+": 1.0, "-": -1.0, "−": -1.0, ".": 0.0}
#: The longest such sequence, in steps.
MOST_PULSES = 60
#: The largest weight or input by hand.
MOST_WEIGHT = 100.0
#: The longest fall, in steps; it ends before where a step is shorter than ``_STOPPED``.
_FALL, _STOPPED = 80, 1e-3
#: How many states along each axis, and how far a bounded plane reaches.
_ALONG, _REACH = 61, 1.15


def two_units(weights: Sequence[float]) -> nn.RNN:
    """Two tanh units with w_11, w_12, w_21, w_22, whose input is added to them as it is.

    Raises:
        SettingError: when these are no four numbers from -100 to 100.
    """
    w = checks.array("weights", weights)
    if w.shape != (4,) or not (np.abs(w) <= MOST_WEIGHT).all():
        raise SettingError(
            "The weights are {given}; four numbers from {least} to {most} are wanted.",
            given=checks.quoted(w.tolist()),
            least=-MOST_WEIGHT,
            most=MOST_WEIGHT,
        )
    module = nn.RNN(2, 2, bias=False, device="meta", dtype=torch.float64).to_empty(device="cpu")
    with torch.no_grad():
        parameters = dict(module.named_parameters())
        parameters["weight_ih_l0"].copy_(torch.eye(2))
        parameters["weight_hh_l0"].copy_(torch.from_numpy(w).reshape(2, 2))
    return module


def read_pulses(typed: str) -> np.ndarray:
    """What a sequence of pulses adds to the input of both units at each step, (T,): ``+``, ``-`` or ``.`` for none.

    Raises:
        SettingError: when it holds anything else, or is too long.
    """
    symbols = "".join(typed.split())
    if len(symbols) > MOST_PULSES or not set(symbols) <= set(PULSES):
        raise SettingError(
            "The pulses are {given}; up to {most} of + (up), - (down) and . (none) are wanted, such as ..+....-....",
            given=checks.quoted(symbols),
            most=MOST_PULSES,
        )
    return PULSE * np.array([PULSES[symbol] for symbol in symbols])


def landscape(
    module: Recurrent,
    input: np.ndarray | Tensor | Sequence[float],
    start: Sequence[float] = (0.0, 0.0),
    seen: SequenceTrace | None = None,
    symbols: Sequence[str] = (),
) -> LandscapeTrace:
    """The plane of a layer whose state is two numbers, under a constant input.

    Args:
        module: as ``trace_sequence`` takes it, with two units, or one unit of an LSTM.
        input: x, (I,).
        start: where the fall begins.
        seen: a sequence that the same layer read, to be drawn over the plane.
        symbols: what a reader calls each of its inputs.

    Raises:
        SettingError: when the state is not two numbers, or something does not fit.
    """
    step, size = step_of(module, input)
    if size != 2:
        raise SettingError("The state has {size} numbers; a plane has room for two.", size=size)
    first = checks.array("start", start)
    if first.shape != (2,) or not (np.abs(first) <= 1e6).all():
        raise SettingError("The start is {given}; two numbers are wanted.", given=checks.quoted(start))
    if seen is not None and checks.kind("seen", seen, SequenceTrace, "a SequenceTrace").full_states.shape[1] != 2:
        raise SettingError("The sequence was read by another layer. Please give what trace_sequence gave for this one.")
    path = np.empty((0, 2)) if seen is None else seen.full_states
    fall = _fall(step, first)
    points = fixed_points(module, input, starts=_everywhere(module, fall, path), count=400)
    x, y = _axes(module, np.concatenate([fall, path, *(point.state[None] for point in points)]))
    states = torch.from_numpy(np.stack(np.meshgrid(x, y), axis=-1))  # (Y, X, 2)
    with torch.no_grad():
        change = (step(states) - states).numpy()
    return LandscapeTrace(x, y, change, points, fall, path, tuple(symbols))


@torch.no_grad()
def _fall(step, start: np.ndarray) -> np.ndarray:
    states = [torch.from_numpy(start)]
    while len(states) <= _FALL and (len(states) < 2 or (states[-1] - states[-2]).norm() > _STOPPED):
        states.append(step(states[-1]))
    return torch.stack(states).numpy()


def _everywhere(module: nn.Module, *seen: np.ndarray) -> np.ndarray:
    """Starts all over the plane that matters."""
    x, y = _axes(module, np.concatenate(seen))
    coarse = np.stack(np.meshgrid(x[:: _ALONG // 8], y[:: _ALONG // 8]), axis=-1).reshape(-1, 2)
    return np.concatenate([coarse, np.zeros((1, 2))])


def _axes(module: nn.Module, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All that a bounded state can reach; else as far as the states go, and a margin."""
    cell = check_module(module)
    bounded = [cell.bounded, *(cell.quantities[name].bounds is not None for name in cell.state[1:])]
    bounded = bounded if len(bounded) == 2 else bounded * 2
    seen = states[np.isfinite(states).all(axis=1)]
    reach = [_REACH if one else max(_REACH, _REACH * float(np.abs(seen[:, k]).max())) for k, one in enumerate(bounded)]
    x, y = (np.linspace(-far, far, _ALONG) for far in reach)
    return x, y
