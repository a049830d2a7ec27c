"""How often a model neuron fires under each of many constant currents: its f-I curve."""

from types import ModuleType
from typing import Any

import numpy as np

from model.errors import SettingError
from model.neurons.membrane import (
    ARRAYS,
    MOST_STEPS,
    check_dt,
    check_record,
    checked_current,
    checked_seed,
    start_arrays,
)
from model.traces import RateCurve

#: Steps whose currents (and noise) are laid out at a time.
_CHUNK = 1000


def rate_curve(
    model: ModuleType,
    currents: np.ndarray,
    parameters: Any = None,
    dt: float | None = None,
    duration: float = 1000.0,
    seed: int = 0,
) -> RateCurve:
    """The f-I curve, all currents at once, each from the first step to the last.

    Args:
        model: ``lif``, ``izhikevich`` or ``hodgkin_huxley``.
        currents: (K,), in the model's unit.
        parameters: the model's ``Parameters``; its ``TEXTBOOK`` where None.
        dt: ms; the model's ``DT`` where None.
        duration: ms.
        seed: of a noisy membrane's noise.

    Raises:
        SettingError: when a setting cannot be used, or the numerics break down.
    """
    equations = model.MODEL
    parameters = model.TEXTBOOK if parameters is None else parameters
    dt = model.DT if dt is None else dt
    check_dt(equations, dt)
    currents = checked_current(equations, currents)
    if currents.ndim != 1:
        raise SettingError("The currents have the shape {given}; (K,) is wanted.", given=currents.shape)
    steps = round(duration / dt)
    if not 2 <= steps <= MOST_STEPS:
        raise SettingError(
            "A duration of {duration} ms is {steps} steps of {dt} ms; from 2 to {most} can be run.",
            duration=duration,
            steps=steps,
            dt=dt,
            most=MOST_STEPS,
        )

    generator = np.random.default_rng(checked_seed(seed))
    step = equations.stepper(parameters, dt, ARRAYS)
    state = start_arrays(equations, parameters, len(currents))
    lowest = state[0].copy()
    # The steps of the first and the second spike, of the first and the last one in the last half (-1: none yet), and
    # how many there were in that half.
    first, second, late_first, late_last = np.full((4, len(currents)), -1)
    late = np.zeros(len(currents), dtype=int)
    with np.errstate(all="ignore"):
        for begin in range(0, steps, _CHUNK):
            chunk = np.broadcast_to(currents, (min(_CHUNK, steps - begin), len(currents)))
            for t, driven in enumerate(equations.drive(chunk, parameters, dt, generator), start=begin):
                before = state[0]
                state = step(state, driven)
                np.minimum(lowest, state[0], out=lowest)
                spiked = equations.spiked(before, state[0], parameters)
                if spiked.any():
                    second[spiked & (first >= 0) & (second < 0)] = t
                    first[spiked & (first < 0)] = t
                    if t >= steps - steps // 2:
                        late_first[spiked & (late_first < 0)] = t
                        late_last[spiked] = t
                        late += spiked
    check_record(equations, np.array(state), lowest.min(), parameters, dt)

    intervals = np.where(second >= 0, (second - first) * dt, np.inf)
    # From spike to spike, so that the rate does not jump with a spike more or less; a single one is counted.
    with np.errstate(all="ignore"):
        steady = np.where(late > 1, (late - 1) / (late_last - late_first), late / (steps // 2)) * 1000 / dt
    return RateCurve(model=equations.name, currents=currents, onset=1000 / intervals, steady=steady)
