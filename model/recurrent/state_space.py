"""A linear state-space recurrence, computed in two ways that give the same.

    h_t = a ⊙ h_{t-1} + b x_t        y_t = Re Σ_n c_n h_{t,n}

h (N,) and a, b, c (N,) are complex, x and y are one number a step. It is a recurrent layer without a bent curve between
its steps, with a diagonal matrix in the place of W_hh. Written out, y_t is a sum over the past,

    y_t = Σ_{k=0}^{t-1} K_k x_{t-k}        K_k = Re Σ_n c_n a_n^k b_n

a convolution of the whole input with the kernel K: no step waits for the one before. K_k is also dy_t/dx_{t-k}, so it
says how far back a gradient reaches: it fades where all |a_n| are below 1, and explodes where one is above.

Gu, Goel and Ré 2022, "Efficiently modeling long sequences with structured state spaces", section 2; diagonal as in
Orvieto et al. 2023, "Resurrecting recurrent neural networks for long sequences", section 3.
"""

from typing import NamedTuple

import numpy as np

from model import checks


class StateSpace(NamedTuple):
    """One layer's a, b and c, each (N,) complex."""

    a: np.ndarray
    b: np.ndarray
    c: np.ndarray

    @classmethod
    def turning(cls, size: float, period: float) -> "StateSpace":
        """One state that is multiplied at each step by ``size`` and turned, once around in ``period`` steps."""
        size, period = checks.number("size", size, 0, 1e3), checks.number("period", period, 1e-3, 1e9)
        return cls(np.array([size * np.exp(2j * np.pi / period)]), np.ones(1), np.ones(1))


def step_by_step(layer: StateSpace, x: np.ndarray) -> np.ndarray:
    """y (T,) for x (T,) as a recurrent network computes it, one step after the other."""
    h = np.zeros(len(layer.a), complex)
    y = []
    for x_t in x:
        h = layer.a * h + layer.b * x_t
        y.append((layer.c @ h).real)
    return np.array(y)


def kernel(layer: StateSpace, steps: int) -> np.ndarray:
    """K (T,): what an input of 1 still does 0, 1, ..., T - 1 steps later."""
    powers = layer.a ** np.arange(steps)[:, None]  # (T, N)
    return (powers @ (layer.c * layer.b)).real


def as_convolution(layer: StateSpace, x: np.ndarray) -> np.ndarray:
    """y (T,) for x (T,), all steps at once: a product of Fourier transforms, as for any convolution."""
    steps = len(x)
    room = 2 * steps  # so that the end does not run into the beginning
    spectrum = np.fft.rfft(x, room) * np.fft.rfft(kernel(layer, steps), room)
    return np.fft.irfft(spectrum, room)[:steps]
