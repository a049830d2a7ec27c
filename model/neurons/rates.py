"""How often a model neuron fires under each of many constant currents: its f-I curve."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from model import checks
from model.errors import SettingError
from model.neurons.membrane import (
    ARRAYS,
    MOST_STEPS,
    Model,
    check_dt,
    check_parameters,
    check_record,
    checked_current,
    start_arrays,
)
from model.traces import Excitability, RateCurve

#: Steps whose currents (and noise) are laid out at a time.
_CHUNK = 1000


def rate_curve(
    model: ModuleType,
    currents: np.ndarray | Sequence[float],
    parameters: Any = None,
    dt: float | None = None,
    duration: float = 1000.0,
    seed: int = 0,
    pulse: Callable[[], None] = lambda: None,
) -> RateCurve:
    """The f-I curve, all currents at once, each from the first step to the last.

    Args:
        model: one of ``model.neurons.MODELS``, such as ``lif``.
        currents: (K,), in the model's unit.
        parameters: the model's ``Parameters``; its ``TEXTBOOK`` where None.
        dt: ms; the model's ``DT`` where None.
        duration: ms.
        seed: of a noisy membrane's noise.
        pulse: called every thousand steps; what it raises ends the computation.

    Raises:
        SettingError: when a setting cannot be used, or the numerics break down.
    """
    equations = _equations(model)
    parameters = model.TEXTBOOK if parameters is None else parameters
    dt = model.DT if dt is None else dt
    check_dt(equations, dt)
    check_parameters(equations, parameters)
    currents = checked_current(equations, currents)
    if currents.ndim != 1:
        raise SettingError("The currents have the shape {given}; (K,) is wanted.", given=currents.shape)
    if not checks.within(duration, 1.5 * dt, (MOST_STEPS + 0.5) * dt):
        raise SettingError(
            "A duration of {duration} ms cannot be run in steps of {dt} ms; from 2 to {most} steps can.",
            duration=checks.quoted(duration),
            dt=dt,
            most=MOST_STEPS,
        )

    steps = round(duration / dt)
    generator = np.random.default_rng(checks.seed(seed))
    step = equations.stepper(parameters, dt, ARRAYS)
    state = start_arrays(equations, parameters, len(currents))
    half = steps // 2
    # The steps of the first and the second spike, the last one in the first half, and the last of all (-1: none yet).
    first, second, early, last = np.full((4, len(currents)), -1)
    late = np.zeros(len(currents), dtype=int)  # how many came in the last half
    with np.errstate(all="ignore"):
        for begin in range(0, steps, _CHUNK):
            pulse()
            chunk = np.broadcast_to(currents, (min(_CHUNK, steps - begin), len(currents)))
            for t, driven in enumerate(equations.drive(chunk, parameters, dt, generator), start=begin):
                before = state[0]
                state = step(state, driven)
                spiked = equations.spiked(before, state[0], parameters)
                if spiked.any():
                    second[spiked & (first >= 0) & (second < 0)] = t
                    first[spiked & (first < 0)] = t
                    if t < half:
                        early[spiked] = t
                    else:
                        late += spiked
                    last[spiked] = t
    check_record(equations, np.array(state), dt)

    # From spike to spike, so that the rate does not jump as one more spike fits in, and bursts count whole; the time
    # goes by the clock where no spike came before.
    span = np.where(early >= 0, last - early, steps - half)
    with np.errstate(divide="ignore", invalid="ignore"):
        onset = np.where(second >= 0, 1000 / ((second - first) * dt), 0.0)
        steady = np.where(late > 0, 1000 * late / (span * dt), 0.0)
    return RateCurve(model=equations.name, currents=currents, onset=onset, steady=steady)


def _equations(model: Any) -> Model:
    equations = getattr(model, "MODEL", None)
    if not isinstance(equations, Model):
        raise SettingError(
            "{given} is no model of a neuron. Please give one of model.neurons.MODELS, such as lif.",
            given=checks.quoted(model),
        )
    return equations


#: How much finer ``excitability`` looks each time between the last silent and the first firing current.
_FINER = 20
#: Of type I where the lowest rate seen falls below this share of itself as one looks so much closer.
_FALLS = 0.85
#: Or where it is as slow as this, Hz. The line is ours: Hodgkin's type I went down to about 5 Hz, his type II to 75 Hz.
_SLOW = 20.0


def excitability(
    model: ModuleType,
    curve: RateCurve,
    parameters: Any = None,
    dt: float | None = None,
    duration: float = 1000.0,
    seed: int = 0,
    pulse: Callable[[], None] = lambda: None,
) -> Excitability | None:
    """Where lasting firing begins, and whether with a jump (Hodgkin 1948): looks closer at a curve's threshold, twice.

    Towards the threshold a type I neuron's rate goes to 0, though steeply: like a square root, or one over a logarithm.
    So the lowest rate seen falls the closer one looks. A type II neuron's stays where it is.

    Args:
        model, parameters, dt, duration, seed, pulse: as for the ``rate_curve`` that made ``curve``. Near the threshold
            a long step misleads: with 0.05 ms a warm Hodgkin-Huxley axon skips spikes that it does not with 0.01 ms.
        curve: its currents must grow.

    Returns:
        None where the curve has no silent current before its first firing one, or noise leaves no sharp threshold.
    """
    checks.kind("curve", curve, RateCurve, "a RateCurve")
    lowest_rates = []
    for _ in range(2):
        firing = np.flatnonzero(curve.steady)
        if not firing.size or firing[0] == 0:
            return None
        silent, fires = curve.currents[firing[0] - 1 : firing[0] + 1]
        closer = np.linspace(silent, fires, _FINER + 1)
        curve = rate_curve(model, closer, parameters, dt, duration, seed, pulse)
        if not curve.steady.any():
            return None
        lowest = np.flatnonzero(curve.steady)[0]
        lowest_rates.append(float(curve.steady[lowest]))
    before, rate = lowest_rates
    return Excitability(
        rheobase=float(curve.currents[lowest]),
        lowest_rate=rate,
        type="I" if rate < _FALLS * before or rate < _SLOW else "II",
    )
