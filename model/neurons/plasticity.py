"""How a synapse learns, and how an artificial neuron's weight does.

Spike-timing-dependent plasticity, pair by pair (Bi and Poo 1998; Song, Miller and Abbott 2000). A presynaptic spike at
t_pre and a postsynaptic one at t_post, Δt = t_post - t_pre, change the weight by W(Δt):

    Δt > 0 (pre before post):   + A₊ e^(-Δt/τ₊)        potentiation
    Δt < 0 (post before pre):   - A₋ e^(Δt/τ₋)         depression

and 0 where both come at once. All pairs count, and their changes add up. The weight stays from 0 to w_max: a synapse
grows or shrinks, but an excitatory one never becomes inhibitory (Dale's principle).

Hebb (1949), with rates in the place of times: Δw_i = η x_i y. What fires together grows together, without end.

One step of gradient descent, for an artificial neuron y = σ(w · x + b) with the error E = (y - target)² / 2:

    δ = (y - target) y (1 - y),    Δw_i = -η δ x_i,    Δb = -η δ        (Widrow and Hoff 1960; Rumelhart et al. 1986)

STDP and Hebb look at what is at the synapse alone. The gradient needs the target.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model import checks
from model.errors import SettingError
from model.neurons.membrane import check_limits
from model.traces import DescentTrace, PlasticityTrace

#: The most pairings, spikes of one train, and gradient steps.
MOST_PAIRINGS, MOST_SPIKES, MOST_STEPS = 10_000, 1000, 10_000


@dataclass(frozen=True)
class Parameters:
    """An STDP rule. The defaults are those of Song, Miller and Abbott 2000, weights as shares of the largest.

    Raises:
        SettingError: when a parameter is out of its limits.
    """

    #: A₊: what one pair adds at most.
    a_plus: float = 0.005
    #: A₋: what one pair takes at most; 1.05 A₊, so that chance pairs weaken.
    a_minus: float = 0.00525
    #: ms.
    tau_plus: float = 20.0
    tau_minus: float = 20.0
    #: The largest weight; the least is 0.
    w_max: float = 1.0

    def __post_init__(self) -> None:
        amplitude, tau = (0.0, 10.0), (0.1, 1000.0)
        limits = {"a_plus": amplitude, "a_minus": amplitude, "tau_plus": tau, "tau_minus": tau, "w_max": (1e-6, 1e6)}
        check_limits(self, limits)


#: Cultured hippocampal neurons, 60 pairings at 1 Hz (Bi and Poo 1998): after them the synapse is 1 + 0.777 e^(-Δt/16.8)
#: or 1 - 0.273 e^(Δt/33.7) times as strong as before (the fit in Bi and Wang 2002). Each pairing is given a 60th of it,
#: in units of the weight before; nothing bounds the weight within what was measured.
BI_AND_POO = Parameters(0.777 / 60, 0.273 / 60, 16.8, 33.7, w_max=10.0)
SONG_MILLER_ABBOTT = Parameters()
RULES = {"song": SONG_MILLER_ABBOTT, "bi_poo": BI_AND_POO}


def window(delay: np.ndarray | float, parameters: Parameters = SONG_MILLER_ABBOTT) -> np.ndarray:
    """W(Δt), the change of weight by one pair Δt ms apart; same shape."""
    p, delay = _checked(parameters), checks.array("delay", delay)
    far = np.abs(delay)
    return np.where(
        delay > 0,
        p.a_plus * np.exp(-far / p.tau_plus),
        np.where(delay < 0, -p.a_minus * np.exp(-far / p.tau_minus), 0.0),
    )


def change(
    pre: np.ndarray | Sequence[float], post: np.ndarray | Sequence[float], parameters: Parameters = SONG_MILLER_ABBOTT
) -> float:
    """The change of weight by two spike trains, times in ms: the sum of W over all pairs, without bounds.

    Raises:
        SettingError: when a train is too long or a time is not finite.
    """
    before, after = checks.array("pre", pre), checks.array("post", post)
    fit = all(train.ndim == 1 and train.size <= MOST_SPIKES and np.isfinite(train).all() for train in (before, after))
    if not fit:
        raise SettingError("A spike train has up to {most} spikes, each at a finite time, ms.", most=MOST_SPIKES)
    return float(window(after[None, :] - before[:, None], parameters).sum())


def pair(
    pre: Sequence[float],
    post: Sequence[float],
    pairings: int = 60,
    weight: float = 0.5,
    parameters: Parameters = SONG_MILLER_ABBOTT,
) -> PlasticityTrace:
    """Repeat the same few spikes again and again, so far apart that one repetition does not meet the next.

    Args:
        pre, post: the spikes of one repetition, ms.
        pairings: how many repetitions.
        weight: before the first.

    Raises:
        SettingError: when a number is out of its range.
    """
    p = _checked(parameters)
    if not checks.whole_within(pairings, 0, MOST_PAIRINGS) or not checks.within(weight, 0, p.w_max):
        raise SettingError(
            "{pairings} pairings from the weight {weight} cannot be made; up to {most} pairings can, from a weight "
            "between 0 and {w_max}.",
            pairings=checks.quoted(pairings),
            weight=checks.quoted(weight),
            most=MOST_PAIRINGS,
            w_max=p.w_max,
        )
    once = change(pre, post, p)
    # The same step each time: bounded once at its end is bounded at each step.
    weights = np.clip(weight + once * np.arange(pairings + 1), 0.0, p.w_max)
    return PlasticityTrace(
        pre=np.sort(np.asarray(pre, np.float64)),
        post=np.sort(np.asarray(post, np.float64)),
        change=once,
        weights=weights,
        w_max=p.w_max,
    )


def hebb(inputs: np.ndarray | Sequence[float], output: float, rate: float = 0.1) -> np.ndarray:
    """Hebb's rule: Δw_i = η x_i y, (I,)."""
    output, rate = checks.number("output", output, -1e9, 1e9), checks.number("rate", rate, 0, 1000)
    return rate * checks.array("inputs", inputs) * output


def _checked(parameters: Parameters) -> Parameters:
    return checks.kind("parameters", parameters, Parameters, "plasticity.Parameters")


def descend(
    inputs: Sequence[float],
    weights: Sequence[float],
    bias: float,
    target: float,
    rate: float = 1.0,
    steps: int = 1,
) -> DescentTrace:
    """Steps of gradient descent of one sigmoid unit towards a target, on the same inputs again and again.

    Args:
        inputs: x, (I,).
        weights: w before the first step, (I,).
        bias: b before it.
        target: what y should be, 0 to 1.
        rate: η.
        steps: S.

    Raises:
        SettingError: when a shape does not fit or a number is out of its range.
    """
    x, w = checks.array("inputs", inputs), checks.array("weights", weights)
    if x.ndim != 1 or x.shape != w.shape or not len(x):
        raise SettingError("Inputs of shape {x} and weights of shape {w} do not fit.", x=x.shape, w=w.shape)
    if not (
        np.abs([*x, *w]).max() <= 1000
        and checks.within(bias, -1000, 1000)
        and checks.within(target, 0, 1)
        and checks.within(rate, 0, 1000)
        and checks.whole_within(steps, 0, MOST_STEPS)
    ):
        raise SettingError(
            "A gradient step needs numbers from -1000 to 1000, a target from 0 to 1, a learning rate from 0 to 1000, "
            "and at most {most} steps. Please change what is outside.",
            most=MOST_STEPS,
        )
    every_w, every_b = np.empty((steps + 1, len(x))), np.empty(steps + 1)
    output, gradient = np.empty(steps + 1), np.empty((steps + 1, len(x)))
    for step in range(steps + 1):
        y = 0.5 * (1 + math.tanh(0.5 * (float(w @ x) + bias)))
        delta = (y - target) * y * (1 - y)
        every_w[step], every_b[step], output[step], gradient[step] = w, bias, y, delta * x
        w, bias = w - rate * delta * x, bias - rate * delta
    return DescentTrace(
        inputs=x,
        target=float(target),
        rate=float(rate),
        weights=every_w,
        bias=every_b,
        output=output,
        gradient=gradient,
    )
