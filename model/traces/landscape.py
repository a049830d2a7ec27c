"""What a dynamical system does with any state under a constant input: where it stands still, and where it falls to."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

#: An eigenvalue this near to the border between fading and growing decides nothing.
MARGIN = 1e-6


@dataclass(frozen=True)
class FixedPoint:
    """A state that a step leaves where it is, or moves only a little (a slow point), and what happens near it.

    Near it, a small change e of the state becomes J e after a step, with J = dF/dh there. Along an eigenvector it is
    multiplied by λ at each step: it fades or grows by |λ|, and turns by arg λ (Sussillo and Barak 2013, section 2).
    """

    #: The kinds. Stable: all |λ| < 1, whatever is near falls to it. Unstable: all |λ| > 1. Saddle: some of each.
    #: Marginal: some |λ| is 1 to rounding, and the linear part alone does not decide.
    KINDS: ClassVar[tuple[str, ...]] = ("stable", "saddle", "unstable", "marginal")

    #: (S,): h, or where the state has more vectors all of them side by side, h first.
    state: np.ndarray
    #: |F(h) - h|: how far a step goes from it.
    speed: float
    #: Of J, complex, (S,), the largest in absolute value first.
    eigenvalues: np.ndarray
    #: One of ``KINDS``.
    kind: str

    @property
    def time_constants(self) -> np.ndarray:
        """−1 / ln |λ| of each eigenvalue, in steps, (S,): after so many steps a change along it is e times smaller.
        Negative where it grows; 0 for λ = 0, infinite for |λ| = 1."""
        with np.errstate(divide="ignore"):
            return -1 / np.log(np.abs(self.eigenvalues))

    @property
    def frequencies(self) -> np.ndarray:
        """|arg λ| / 2π of each eigenvalue, (S,): turns a step, 0 to 1/2. At 1/2 it jumps from side to side."""
        return np.abs(np.angle(self.eigenvalues)) / (2 * np.pi)


@dataclass(frozen=True)
class LandscapeTrace:
    """A system of two variables under a constant input: its plane, its nullclines, its fixed points, and a fall.

    For a recurrent network of two units it is the map h → F(h), for a neuron the flow of its two equations. Where one
    component of ``change`` is 0 is that variable's nullcline: it stands still there; where both are, all does.
    """

    #: The two variables along the axes, (X,) and (Y,).
    x: np.ndarray
    y: np.ndarray
    #: What becomes of both where the first is ``x[column]`` and the second ``y[row]``, (Y, X, 2): F(h) - h of a step,
    #: or a derivative per ms.
    change: np.ndarray
    points: tuple[FixedPoint, ...]
    #: From the start on, under the constant input, (K + 1, 2); NaN where the line breaks (a spike's reset).
    fall: np.ndarray
    #: The states while it read a sequence, that before it first, (T + 1, 2); empty where it read none.
    path: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    #: What a reader calls each of the T inputs.
    symbols: tuple[str, ...] = ()

    @property
    def falls_to(self) -> int | None:
        """Which of the points the fall ends at; None where it ends at none."""
        if not np.isfinite(self.fall[-1]).all() or not self.points:
            return None
        distances = [np.linalg.norm(self.fall[-1] - point.state) for point in self.points]
        nearest = int(np.argmin(distances))
        reach = np.hypot(np.ptp(self.x), np.ptp(self.y))
        return nearest if distances[nearest] < 0.01 * reach else None


@dataclass(frozen=True)
class LoopTrace:
    """Where a state goes while a network reads a wave, or is left alone, and whether it goes round."""

    #: (T, S).
    states: np.ndarray
    #: How many steps a round takes at the end; None where it does not go round.
    period: float | None

    @property
    def speed(self) -> float:
        """How far the last step moved it."""
        return float(np.linalg.norm(self.states[-1] - self.states[-2]))


def kind_of(growth: np.ndarray) -> str:
    """One of ``FixedPoint.KINDS``, from how much a change along each eigenvector grows: above 0, or fades: below."""
    if (np.abs(growth) <= MARGIN).any():
        return "marginal"
    return "stable" if (growth < 0).all() else "unstable" if (growth > 0).all() else "saddle"
