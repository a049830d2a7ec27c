"""The artificial neuron: a weighted sum, a bias, an activation (McCulloch and Pitts 1943; Rosenblatt 1958).

    a_t = w · x_t + w_rec y_{t-1} + b
    y_t = f(a_t),    y_0 = 0 before the first step

With w_rec = 0 it has no memory: y_t depends on x_t alone. With w_rec it is a recurrent unit (Elman 1990).

    step: 1 where a ≥ 0, else 0     sigmoid: 1 / (1 + e^(-a))     tanh: tanh a     relu: max(a, 0)
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from model import checks
from model.errors import SettingError
from model.traces import UnitTrace


def _step(a: np.ndarray) -> np.ndarray:
    return np.where(a >= 0, 1.0, 0.0)


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * a))  # without exp's overflow


def _relu(a: np.ndarray) -> np.ndarray:
    return np.maximum(a, 0.0)


#: f by name, for arrays.
ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "step": _step,
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": _relu,
}

#: The same for floats: a recurrent unit goes step by step, and floats are quicker there.
_OF_FLOATS: dict[str, Callable[[float], float]] = {
    "step": lambda a: 1.0 if a >= 0 else 0.0,
    "sigmoid": lambda a: 0.5 * (1 + math.tanh(0.5 * a)),
    "tanh": math.tanh,
    "relu": lambda a: max(a, 0.0),
}

#: Beyond it a ReLU's growing answer is called an explosion.
MAX_NUMBER = 1e100


def respond(
    inputs: np.ndarray | Sequence[float],
    weights: np.ndarray | Sequence[float] | float = 1.0,
    bias: float = 0.0,
    activation: str = "sigmoid",
    recurrent_weight: float = 0.0,
) -> UnitTrace:
    """What one unit answers to each step of its inputs.

    Args:
        inputs: x_t, (T, I), or (T,) for a single input.
        weights: w, (I,), or a number for a single input.
        bias: b.
        activation: one of ``ACTIVATIONS``.
        recurrent_weight: w_rec.

    Raises:
        SettingError: when a shape does not fit, a value is not finite, the activation is unknown, or the unit's own
            past makes its answer grow without bounds.
    """
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise SettingError(
            "The activation is {given}; it can be one of {choices}.",
            given=checks.quoted(activation),
            choices=", ".join(ACTIVATIONS),
        )
    x, w = checks.array("inputs", inputs), np.atleast_1d(checks.array("weights", weights))
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or w.shape != x.shape[1:] or not x.size:
        raise SettingError(
            "Inputs of shape {inputs} and weights of shape {weights} do not fit; (T, I) and (I,) are wanted.",
            inputs=np.shape(inputs),
            weights=np.shape(weights),
        )
    numbers = all(checks.within(number, -MAX_NUMBER, MAX_NUMBER) for number in (bias, recurrent_weight))
    if not (numbers and np.isfinite(x).all() and np.isfinite(w).all()):
        raise SettingError("An input, a weight or the bias is not a finite number. Please give numbers alone.")

    with np.errstate(all="ignore"):
        a = x @ w + bias
        y = _recur(a, activation, recurrent_weight) if recurrent_weight else ACTIVATIONS[activation](a)
    if not (np.abs(a).max() <= MAX_NUMBER and np.abs(y).max() <= MAX_NUMBER):
        raise SettingError(
            "With the recurrent weight {weight}, the unit's answer grows without bounds. "
            "Please choose a weight from -1 to 1, or another activation.",
            weight=recurrent_weight,
        )
    return UnitTrace(
        activation=activation,
        inputs=x,
        weights=w,
        bias=float(bias),
        recurrent_weight=float(recurrent_weight),
        pre_activation=a,
        output=y,
    )


def _recur(a: np.ndarray, activation: str, recurrent_weight: float) -> np.ndarray:
    """y_t step by step; adds w_rec y_{t-1} to ``a`` in place."""
    f = _OF_FLOATS[activation]
    y, answer = np.empty_like(a), 0.0
    for t, fed in enumerate(a.tolist()):
        a[t] = fed + recurrent_weight * answer
        y[t] = answer = f(float(a[t]))
    return y
