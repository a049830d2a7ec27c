"""Izhikevich's simple model (Izhikevich 2003, Simple model of spiking neurons, IEEE Trans. Neural Netw. 14, 1569-1572).

    v' = 0.04 v² + 5 v + 140 - u + I        (equation 1) [mV, ms]
    u' = a (b v - u)                        (equation 2)
    where v ≥ 30: v ← c, u ← u + d          (equation 3)

v is the membrane's voltage, u what recovers it (potassium opening, sodium closing); I has no unit in the paper. The
scheme is that of the paper's program: v in two half steps, then u in one, with the new v. v is shown up to 30 mV.

How far v overshoots 30 mV in its last step changes u, and so the next spike: in a fast spiking cell even differences
from rounding grow from spike to spike. So spike counts, not times, tell whether a step is short; the sums are in the
order in which brian2 does them, so that both round alike.
"""

import math
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from model import checks
from model.neurons.membrane import Current, Currents, Maths, Model, State, Step, check_limits, run
from model.traces import NeuronTrace, PopulationTrace, Variable
from model.words import N_

#: ms: the paper's figure 2 (its program for a thousand neurons takes 1 ms).
DT = 0.1
#: The current has none.
UNIT = ""
#: mV: where a spike is over.
PEAK = 30.0

#: The least and the most of each parameter.
LIMITS = {
    "a": (0.0, 1.0),
    "b": (-1.0, 1.0),
    "c": (-100.0, 0.0),
    "d": (-20.0, 20.0),
    "v_initial": (-200.0, 29.0),
}


@dataclass(frozen=True)
class Parameters:
    """A neuron of the simple model; the values are the paper's regular spiking cell.

    Raises:
        SettingError: when a parameter is out of its limits.
    """

    #: 1/ms: how fast u recovers.
    a: float = 0.02
    #: 1/ms: how much u follows v below the threshold.
    b: float = 0.2
    #: mV: v after a spike.
    c: float = -65.0
    #: mV/ms: what a spike adds to u.
    d: float = 8.0
    #: mV: v before the first step, u being b v there (the paper's program). See ``at_rest``.
    v_initial: float = -65.0

    def __post_init__(self) -> None:
        check_limits(self, LIMITS)


#: The paper's cells, figure 2 and its text: cortical excitatory ones, cortical interneurons, thalamus, resonator.
PRESETS = {
    "regular_spiking": Parameters(a=0.02, b=0.2, c=-65.0, d=8.0),
    "intrinsically_bursting": Parameters(a=0.02, b=0.2, c=-55.0, d=4.0),
    "chattering": Parameters(a=0.02, b=0.2, c=-50.0, d=2.0),
    "fast_spiking": Parameters(a=0.1, b=0.2, c=-65.0, d=2.0),
    "low_threshold_spiking": Parameters(a=0.02, b=0.25, c=-65.0, d=2.0),
    "thalamo_cortical": Parameters(a=0.02, b=0.25, c=-65.0, d=0.05),
    # Begins at its rest: at -65 mV it would fire at once.
    "resonator": Parameters(a=0.1, b=0.26, c=-65.0, d=2.0, v_initial=-62.5),
}

TEXTBOOK = PRESETS["regular_spiking"]


@overload
def simulate(current: Current, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> NeuronTrace: ...
@overload
def simulate(current: Currents, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> PopulationTrace: ...
def simulate(
    current: np.ndarray, parameters: Parameters = TEXTBOOK, dt: float = DT, seed: int = 0
) -> NeuronTrace | PopulationTrace:
    """The neuron under a current, from v = ``v_initial``, u = b v on. ``state`` has ``u``, mV/ms.

    Args:
        current: the paper's I, constant during each step, (T,), or (T, N) for N neurons.
        parameters: see ``Parameters``; ``PRESETS`` has the paper's.
        dt: the step, ms, at most 1.
        seed: unused, the model has no noise; here so that all models are called alike.

    Raises:
        SettingError: when the current or the step cannot be used, or v falls so low that the step is too long for it.
    """
    return run(MODEL, current, parameters, dt, seed)


def nullclines(
    voltage: np.ndarray, current: float = 0.0, parameters: Parameters = TEXTBOOK
) -> tuple[np.ndarray, np.ndarray]:
    """Where v' = 0, u = 0.04 v² + 5 v + 140 + I, and where u' = 0, u = b v: two arrays like ``voltage`` (mV)."""
    v, current = checks.array("voltage", voltage), _checked_current(current)
    checks.kind("parameters", parameters, Parameters, "izhikevich.Parameters")
    return 0.04 * v**2 + 5 * v + 140 + current, parameters.b * v


def rest(parameters: Parameters = TEXTBOOK, current: float = 0.0) -> float | None:
    """The lower crossing of the nullclines, mV; None where they do not meet, so that v cannot stand still.

    There 0.04 v² + (5 - b) v + 140 + I = 0. It is where the neuron rests if it is stable, 0.08 v + 5 < a.
    """
    checks.kind("parameters", parameters, Parameters, "izhikevich.Parameters")
    linear = 5 - parameters.b
    root = linear**2 - 4 * 0.04 * (140 + _checked_current(current))
    return None if root < 0 else (-linear - root**0.5) / (2 * 0.04)


def at_rest(parameters: Parameters = TEXTBOOK, current: float = 0.0) -> Parameters:
    """The same neuron, beginning at its ``rest`` under a current; unchanged where that is nowhere, or below -200 mV."""
    voltage = rest(parameters, current)
    if voltage is None or voltage < LIMITS["v_initial"][0]:
        return parameters
    return replace(parameters, v_initial=voltage)


def _checked_current(current: float) -> float:
    return checks.number("current", current, -MODEL.most_current, MODEL.most_current)


def _start(parameters: Parameters) -> State:
    return parameters.v_initial, parameters.b * parameters.v_initial


def _stepper(parameters: Parameters, dt: float, maths: Maths) -> Step:
    p, where, minimum = parameters, maths.where, maths.minimum
    half = dt / 2
    # Below it, a half step turns a small error into a larger one: 1 + half (0.08 v + 5) = -1.
    lowest = (-2 / half - 5) / 0.08

    def step(state: State, current):
        v, u = state
        fired = v >= PEAK
        v = where(fired, p.c, v)
        u = where(fired, u + p.d, u)
        drive = 140 + current
        middle = v + half * (drive + (0.04 * (v * v) + 5 * v) - u)
        v = middle + half * (drive + (0.04 * (middle * middle) + 5 * middle) - u)
        shown = where(minimum(middle, v) < lowest, math.nan, minimum(v, PEAK))
        return shown, u + dt * (p.a * (p.b * v - u))

    return step


def _spiked(before: np.ndarray, after: np.ndarray, parameters: Parameters) -> np.ndarray:
    return after >= PEAK


MODEL = Model(
    name="izhikevich",
    unit=UNIT,
    most_current=1000.0,
    longest_dt=1.0,
    variables=(Variable("u", N_("recovery u"), plane=(-20.0, 0.0)),),
    parameters=Parameters,
    start=_start,
    stepper=_stepper,
    spiked=_spiked,
    nullclines=nullclines,
)
