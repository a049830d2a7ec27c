"""The leaky integrate-and-fire neuron (Lapicque 1907; Dayan and Abbott 2001, section 5.4).

τ_m dv/dt = v_rest - v + R I(t) + σ √(2 τ_m) ξ(t)         [mV, ms, MΩ, nA]

where v exceeds v_threshold, it spikes: v becomes v_reset and stays there for t_refractory, then moves again.

ξ is white noise. Without threshold and input, v would be a normal variable of mean v_rest and standard deviation σ
(``noise``); in brian2's words, ``sigma*sqrt(2/tau)*xi``.

The current is constant during a step, so each step is exact, whatever its length (z standard normal)::

    v_∞ = v_rest + R I
    v ← v_∞ + (v - v_∞) e^(-dt/τ_m) + σ √(1 - e^(-2 dt/τ_m)) z

Spikes fall on steps: one is late by a step at most. t_refractory counts from the start of the step of the spike, in
whole steps.
"""

import math
from dataclasses import dataclass
from typing import overload

import numpy as np

from model import checks
from model.errors import SettingError
from model.neurons.membrane import Current, Currents, Maths, Model, State, Step, check_limits, run
from model.traces import NeuronTrace, PopulationTrace, Variable
from model.words import N_

#: ms.
DT = 0.1
UNIT = "nA"

#: The least and the most of each parameter.
LIMITS = {
    "tau_m": (0.1, 1000.0),
    "resistance": (0.01, 10_000.0),
    "v_rest": (-200.0, 200.0),
    "v_threshold": (-200.0, 200.0),
    "v_reset": (-200.0, 200.0),
    "t_refractory": (0.0, 1000.0),
    "noise": (0.0, 100.0),
}


@dataclass(frozen=True)
class Parameters:
    """A leaky integrate-and-fire neuron. The values are those of Dayan and Abbott 2001, figure 5.5, where not said.

    Raises:
        SettingError: when a parameter is out of its limits, or the reset is not below the threshold.
    """

    #: ms, the membrane's time constant.
    tau_m: float = 10.0
    #: MΩ, the membrane's resistance.
    resistance: float = 10.0
    #: mV.
    v_rest: float = -65.0
    #: mV.
    v_threshold: float = -50.0
    #: mV.
    v_reset: float = -65.0
    #: ms: a spike's own length, about (the figure has none).
    t_refractory: float = 2.0
    #: mV, σ: the standard deviation of v around v_rest, were there no threshold and no input (the figure has none).
    noise: float = 0.0

    def __post_init__(self) -> None:
        check_limits(self, LIMITS)
        if not self.v_reset < self.v_threshold:
            raise SettingError(
                "The reset at {reset} mV is not below the threshold at {threshold} mV. Please choose a lower reset.",
                reset=self.v_reset,
                threshold=self.v_threshold,
            )


TEXTBOOK = Parameters()

#: Time to wait before the first step: none, and no spike has been. A rest above the threshold spikes in the first step.
_FIRST = -1.0


@overload
def simulate(current: Current, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> NeuronTrace: ...
@overload
def simulate(current: Currents, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> PopulationTrace: ...
def simulate(
    current: np.ndarray, parameters: Parameters = TEXTBOOK, dt: float = DT, seed: int = 0
) -> NeuronTrace | PopulationTrace:
    """The neuron, at rest before, under a current.

    ``state`` has ``refractory``, the time still to wait before v may move again, ms.

    Args:
        current: nA, constant during each step, (T,), or (T, N) for N neurons.
        parameters: see ``Parameters``.
        dt: the step, ms, at most 10.
        seed: of the noise.

    Raises:
        SettingError: when the current, the step or the seed cannot be used.
    """
    return run(MODEL, current, parameters, dt, seed)


def rheobase(parameters: Parameters = TEXTBOOK) -> float:
    """The current above which it fires for ever, nA: (v_threshold - v_rest) / R. Negative: it fires by itself."""
    checks.kind("parameters", parameters, Parameters, "lif.Parameters")
    return (parameters.v_threshold - parameters.v_rest) / parameters.resistance


def _start(parameters: Parameters) -> State:
    return parameters.v_rest, _FIRST


def _stepper(parameters: Parameters, dt: float, maths: Maths) -> Step:
    p, where = parameters, maths.where
    decay = math.exp(-dt / p.tau_m)
    pause = dt * (math.floor(p.t_refractory / dt + 1e-3) - 1)  # what is left of it after the step of the spike
    half = dt / 2  # "more than nothing", in spite of rounding

    def step(state: State, current):
        v, refractory = state
        fired = (v > p.v_threshold) & (refractory != _FIRST)
        v = where(fired, p.v_reset, v)
        refractory = where(fired, pause, refractory)
        waits = refractory > half
        target = p.v_rest + p.resistance * current
        return where(waits, v, target + (v - target) * decay), where(waits, refractory - dt, 0.0)

    return step


def _report(voltage: np.ndarray, variables: dict[str, np.ndarray], parameters: Parameters) -> dict[str, np.ndarray]:
    return {"refractory": np.maximum(variables["refractory"], 0.0)}


def _spiked(before: np.ndarray, after: np.ndarray, parameters: Parameters) -> np.ndarray:
    return after > parameters.v_threshold


def _drive(current: np.ndarray, parameters: Parameters, dt: float, generator: np.random.Generator) -> np.ndarray:
    """The noise as a current: over a step, R I (1 - e^(-dt/τ_m)) is what I adds to v."""
    p = parameters
    if not p.noise:
        return current
    decay = math.exp(-dt / p.tau_m)
    in_voltage = p.noise * math.sqrt(1 - decay**2) * generator.standard_normal(current.shape)
    return current + in_voltage / (p.resistance * (1 - decay))


MODEL = Model(
    name="lif",
    unit=UNIT,
    most_current=1000.0,
    longest_dt=10.0,
    variables=(
        Variable("refractory", N_("refractory time left (ms)"), unit="ms", reading=N_("{time} ms: {value} ms left")),
    ),
    parameters=Parameters,
    start=_start,
    stepper=_stepper,
    spiked=_spiked,
    drive=_drive,
    report=_report,
    threshold=lambda parameters: parameters.v_threshold,
)
