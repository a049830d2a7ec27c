"""Izhikevich's simple model (Izhikevich 2003, Simple model of spiking neurons, IEEE Trans. Neural Netw. 14, 1569-1572).

    v' = 0.04 v² + 5 v + 140 - u + I        (equation 1) [mV, ms]
    u' = a (b v - u)                        (equation 2)
    where v ≥ 30: v ← c, u ← u + d          (equation 3)

v is the membrane's voltage, u what recovers it (potassium opening, sodium closing); I has no unit in the paper. The
scheme is that of the paper's program: v in two half steps, then u in one, with the new v. v is shown up to 30 mV.
"""

from dataclasses import dataclass

import numpy as np

from model.neurons.membrane import Maths, Model, State, Step, check_limits, run
from model.neurons.stimulus import Stimulus
from model.traces import NeuronTrace

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
    "v_initial": (-100.0, 29.0),
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
    #: mV: v before the first step, u being b v there (the paper's program). ``rest`` has the value to start at rest.
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
    "resonator": Parameters(a=0.1, b=0.26, c=-65.0, d=2.0),
}

TEXTBOOK = PRESETS["regular_spiking"]


def simulate(current: np.ndarray, parameters: Parameters = TEXTBOOK, dt: float = DT, seed: int = 0) -> NeuronTrace:
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
    v = np.asarray(voltage, dtype=np.float64)
    return 0.04 * v**2 + 5 * v + 140 + current, parameters.b * v


def rest(parameters: Parameters = TEXTBOOK, current: float = 0.0) -> float | None:
    """The lower crossing of the nullclines, mV; None where they do not meet (then it cannot rest)."""
    # 0.04 v² + (5 - b) v + 140 + I = 0
    linear = 5 - parameters.b
    root = linear**2 - 4 * 0.04 * (140 + current)
    return None if root < 0 else (-linear - root**0.5) / (2 * 0.04)


def _start(parameters: Parameters) -> State:
    return parameters.v_initial, parameters.b * parameters.v_initial


def _stepper(parameters: Parameters, dt: float, maths: Maths) -> Step:
    p, where, minimum = parameters, maths.where, maths.minimum
    half = dt / 2

    def step(state: State, current):
        v, u = state
        fired = v >= PEAK
        v = where(fired, p.c, v)
        u = where(fired, u + p.d, u)
        v = v + half * (0.04 * v * v + 5 * v + 140 - u + current)
        v = v + half * (0.04 * v * v + 5 * v + 140 - u + current)
        return minimum(v, PEAK), u + dt * p.a * (p.b * v - u)

    return step


def _spiked(before: np.ndarray, after: np.ndarray, parameters: Parameters) -> np.ndarray:
    return after >= PEAK


def _lowest_voltage(parameters: Parameters, dt: float) -> float:
    """Where a half step h turns a small error into one as large: 1 + h (0.08 v + 5) = -1."""
    return (-2 / (dt / 2) - 5) / 0.08


MODEL = Model(
    name="izhikevich",
    unit=UNIT,
    most_current=1000.0,
    longest_dt=1.0,
    variables=("u",),
    start=_start,
    stepper=_stepper,
    spiked=_spiked,
    lowest_voltage=_lowest_voltage,
)

#: What shows each preset's name. The paper states a step of I = 10 for the first five (figure 2). For the thalamo-
#: cortical cell it says: from rest (about -60 mV) it fires tonically when depolarised, and from about -90 mV, where a
#: negative current holds it, a burst on release; for the resonator: it oscillates below threshold, resonates, and brief
#: pulses switch it between rest and firing. The numbers for these two are ours.
STIMULI: dict[str, tuple[Stimulus, ...]] = {
    **{
        name: (Stimulus(kind="step", amplitude=10.0, start=50.0, stop=450.0, duration=500.0),)
        for name in list(PRESETS)[:5]
    },
    "thalamo_cortical": (
        Stimulus(kind="step", amplitude=5.0, start=50.0, stop=450.0, duration=500.0),
        Stimulus(kind="step", amplitude=-36.0, start=0.0, stop=200.0, duration=500.0),
    ),
    "resonator": (Stimulus(kind="step", amplitude=0.2, start=50.0, stop=450.0, duration=500.0),),
}
