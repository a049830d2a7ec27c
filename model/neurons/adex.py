"""The adaptive exponential integrate-and-fire neuron, AdEx (Brette and Gerstner 2005, J. Neurophysiol. 94, 3637-3642).

    C dV/dt   = -g_L (V - E_L) + g_L Δ_T e^((V - V_T)/Δ_T) + I - w        [pF, mV, ms, nS, pA]
    τ_w dw/dt = a (V - E_L) - w
    where V ≥ 20 mV: V ← V_r, w ← w + b

Near V_T sodium's channels open ever faster: the exponential. It alone makes the rise of a spike, to infinity within a
millisecond or so, and is cut off at 20 mV. w is the adaptation: a current of potassium that follows V below the
threshold (a) and grows with each spike (b). How b, τ_w and the reset V_r lie together makes the pattern of spikes
(Naud, Marcille, Clopath and Gerstner 2008, Biol. Cybern. 99, 335-347).

The scheme is exponential Euler, as for Hodgkin and Huxley's axon: with all else as at a step's start, V and w each move
exactly, y ← y_∞ + (y - y_∞) e^(-dt/τ), where

    V_∞ = E_L + Δ_T e^((V - V_T)/Δ_T) + (I - w)/g_L,   τ = C/g_L;      w_∞ = a (V - E_L),   τ = τ_w

Spikes fall on steps, and a step does not see how the exponential grows within it: with steps of 0.05 ms, an interval is
0.1 to 0.3 ms too long.
"""

import math
from dataclasses import dataclass
from typing import overload

import numpy as np

from model import checks
from model.errors import SettingError
from model.neurons.membrane import ARRAYS, Current, Currents, Maths, Model, State, Step, check_limits, run
from model.traces import NeuronTrace, PopulationTrace, Variable
from model.words import N_

#: ms.
DT = 0.05
UNIT = "pA"
#: mV: where a spike is cut off. When exactly hardly matters, V rises from 0 mV to there in less than a microsecond.
PEAK = 20.0

#: The least and the most of each parameter.
LIMITS = {
    "capacitance": (1.0, 10_000.0),
    "g_l": (0.1, 1000.0),
    "e_l": (-150.0, 0.0),
    "v_threshold": (-150.0, 0.0),
    "slope_factor": (0.1, 20.0),
    "tau_w": (1.0, 10_000.0),
    "a": (-100.0, 1000.0),
    "b": (-1000.0, 10_000.0),
    "v_reset": (-150.0, 0.0),
}
#: The largest exponent that is taken: whatever is as steep reaches the peak within any step.
_STEEPEST = 50.0


@dataclass(frozen=True)
class Parameters:
    """An AdEx neuron; the values are those of Brette and Gerstner 2005, fitted to a detailed pyramidal cell's model.

    Raises:
        SettingError: when a parameter is out of its limits.
    """

    #: pF, C.
    capacitance: float = 281.0
    #: nS, the leak's conductance.
    g_l: float = 30.0
    #: mV, the leak's reversal: where V rests, nearly.
    e_l: float = -70.6
    #: mV, V_T: where the exponential outgrows the leak.
    v_threshold: float = -50.4
    #: mV, Δ_T: over how many millivolts the exponential grows by e; the smaller, the sharper a threshold.
    slope_factor: float = 2.0
    #: ms, the adaptation's time constant.
    tau_w: float = 144.0
    #: nS: how much w follows V below the threshold.
    a: float = 4.0
    #: pA: what a spike adds to w.
    b: float = 80.5
    #: mV, V_r: V after a spike.
    v_reset: float = -70.6

    def __post_init__(self) -> None:
        check_limits(self, LIMITS)


TEXTBOOK = Parameters()

#: Firing patterns of Naud et al. 2008, table 1 and figure 4: V_T is -50 mV and Δ_T 2 mV in all.
PRESETS = {
    "tonic": Parameters(200.0, 10.0, -70.0, -50.0, 2.0, tau_w=30.0, a=2.0, b=0.0, v_reset=-58.0),
    "adapting": Parameters(200.0, 12.0, -70.0, -50.0, 2.0, tau_w=300.0, a=2.0, b=60.0, v_reset=-58.0),
    "initial_burst": Parameters(130.0, 18.0, -58.0, -50.0, 2.0, tau_w=150.0, a=4.0, b=120.0, v_reset=-50.0),
    "bursting": Parameters(200.0, 10.0, -58.0, -50.0, 2.0, tau_w=120.0, a=2.0, b=100.0, v_reset=-46.0),
}
#: The step of current, pA, under which table 1 finds each.
CURRENTS = {"tonic": 500.0, "adapting": 500.0, "initial_burst": 400.0, "bursting": 210.0}


@overload
def simulate(current: Current, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> NeuronTrace: ...
@overload
def simulate(current: Currents, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> PopulationTrace: ...
def simulate(
    current: np.ndarray, parameters: Parameters = TEXTBOOK, dt: float = DT, seed: int = 0
) -> NeuronTrace | PopulationTrace:
    """The neuron under a current, from V = E_L, w = 0 on. ``state`` has ``w``, pA.

    Args:
        current: pA, constant during each step, (T,), or (T, N) for N neurons.
        parameters: see ``Parameters``; ``PRESETS`` has four of Naud et al. 2008.
        dt: the step, ms, at most 0.5.
        seed: unused, the model has no noise; here so that all models are called alike.

    Raises:
        SettingError: when the current or the step cannot be used, or the step is too long for so strong an adaptation.
    """
    return run(MODEL, current, parameters, dt, seed)


def nullclines(
    voltage: np.ndarray, current: float = 0.0, parameters: Parameters = TEXTBOOK
) -> tuple[np.ndarray, np.ndarray]:
    """Where V' = 0, w = -g_L (V - E_L) + g_L Δ_T e^((V - V_T)/Δ_T) + I, and where w' = 0, w = a (V - E_L), pA: two
    arrays like ``voltage`` (mV)."""
    v = checks.array("voltage", voltage)
    current = checks.number("current", current, -MODEL.most_current, MODEL.most_current)
    checks.kind("parameters", parameters, Parameters, "adex.Parameters")
    p = parameters
    return current - p.g_l * (v - p.e_l) + p.g_l * _rise(v, p, ARRAYS), p.a * (v - p.e_l)


def rheobase(parameters: Parameters = TEXTBOOK) -> float:
    """The steady current at which rest is lost, pA (Naud et al. 2008).

    At rest V on its own runs away where e^((V - V_T)/Δ_T) > 1. w holds it up to 1 + a/g_L, where rest and threshold
    meet (a saddle-node), but is too slow to do so beyond 1 + τ_m/τ_w, τ_m = C/g_L: there rest begins to swing (an
    Andronov-Hopf bifurcation). With g the lesser of the two:

        I = (g_L + a) (V_T - E_L + Δ_T ln(1 + g)) - g_L Δ_T (1 + g),    g = min(a/g_L, τ_m/τ_w)
    """
    checks.kind("parameters", parameters, Parameters, "adex.Parameters")
    p = parameters
    if not p.a > -p.g_l:
        raise SettingError(
            "With a at {a} nS and the leak at {leak} nS, this neuron has no rest to lose. Please choose a larger a.",
            a=p.a,
            leak=p.g_l,
        )
    least = min(p.a / p.g_l, p.capacitance / p.g_l / p.tau_w)
    lost = p.v_threshold + p.slope_factor * math.log(1 + least)
    return (p.g_l + p.a) * (lost - p.e_l) - p.g_l * p.slope_factor * (1 + least)


def _rise(voltage, p: Parameters, maths: Maths):
    """Δ_T e^((V - V_T)/Δ_T), mV."""
    return p.slope_factor * maths.exp(maths.minimum((voltage - p.v_threshold) / p.slope_factor, _STEEPEST))


def _start(parameters: Parameters) -> State:
    return parameters.e_l, 0.0


def _stepper(parameters: Parameters, dt: float, maths: Maths) -> Step:
    p, where, minimum = parameters, maths.where, maths.minimum
    decay, decay_w = math.exp(-dt * p.g_l / p.capacitance), math.exp(-dt / p.tau_w)
    # V and w swing around each other. A step makes the area of their errors so many times as large: above 1, they would
    # grow for ever.
    growth = decay * decay_w + (1 - decay) * (1 - decay_w) * p.a / p.g_l
    lost = math.nan if growth > 1 else 0.0

    def step(state: State, current):
        v, w = state
        fired = v >= PEAK
        v = where(fired, p.v_reset, v)
        w = where(fired, w + p.b, w)
        target = p.e_l + _rise(v, p, maths) + (current - w) / p.g_l
        target_w = p.a * (v - p.e_l)
        return minimum(target + (v - target) * decay, PEAK) + lost, target_w + (w - target_w) * decay_w

    return step


def _spiked(before: np.ndarray, after: np.ndarray, parameters: Parameters) -> np.ndarray:
    return after >= PEAK


MODEL = Model(
    name="adex",
    unit=UNIT,
    most_current=20_000.0,
    longest_dt=0.5,
    variables=(Variable("w", N_("adaptation w (pA)"), unit="pA", plane=(-50.0, 50.0)),),
    parameters=Parameters,
    start=_start,
    stepper=_stepper,
    spiked=_spiked,
    nullclines=nullclines,
)
