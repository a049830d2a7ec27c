"""The squid's giant axon (Hodgkin and Huxley 1952, J. Physiol. 117, 500-544), with V as we measure it today.

    C dV/dt = I - g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L)      (equation 26) [µF/cm², mV, ms, µA/cm²]
    dx/dt   = φ (α_x (1 - x) - β_x x),     x = m, h, n                         (equations 7, 15, 16)

    α_m = 0.1 (V + 40) / (1 - e^(-(V + 40)/10))     β_m = 4 e^(-(V + 65)/18)           (equations 20, 21)
    α_h = 0.07 e^(-(V + 65)/20)                     β_h = 1 / (1 + e^(-(V + 35)/10))   (equations 23, 24)
    α_n = 0.01 (V + 55) / (1 - e^(-(V + 55)/10))    β_n = 0.125 e^(-(V + 65)/80)       (equations 12, 13)

Rates are per ms. The paper counts the voltage from rest and downwards: its V is -65 mV - V here. φ = 3^((T - 6.3)/10)
makes the gates faster when the axon is warm (the paper's Q10 of 3); at its 6.3 °C, φ = 1.

The scheme is exponential Euler, brian2's ``exponential_euler``: from the values at a step's start, each variable moves
exactly as if the others stood still, y ← y_∞ + (y - y_∞) e^(-dt/τ). It is stable with steps of any length, and accurate
with short ones. A spike is V crossing 0 mV upwards.
"""

from dataclasses import dataclass
from typing import overload

import numpy as np

from model import checks
from model.neurons.membrane import ARRAYS, Current, Currents, Maths, Model, State, Step, check_limits, run
from model.traces import NeuronTrace, PopulationTrace, Variable
from model.words import N_

#: ms.
DT = 0.01
UNIT = "µA/cm²"
#: mV: V crossing it upwards is a spike.
SPIKE = 0.0

#: The least and the most of each parameter.
LIMITS = {
    "capacitance": (0.1, 10.0),
    "g_na": (0.0, 1000.0),
    "g_k": (0.0, 1000.0),
    "g_l": (0.01, 100.0),
    "e_na": (-150.0, 150.0),
    "e_k": (-150.0, 150.0),
    "e_l": (-150.0, 150.0),
    "temperature": (-5.0, 45.0),
    "v_initial": (-150.0, 150.0),
}


@dataclass(frozen=True)
class Parameters:
    """A patch of axon; the values are the paper's table 3, voltages being -65 mV minus the paper's.

    Raises:
        SettingError: when a parameter is out of its limits.
    """

    #: µF/cm².
    capacitance: float = 1.0
    #: mS/cm², all sodium channels open.
    g_na: float = 120.0
    #: mS/cm², all potassium channels open.
    g_k: float = 36.0
    #: mS/cm², the leak.
    g_l: float = 0.3
    #: mV.
    e_na: float = 50.0
    #: mV.
    e_k: float = -77.0
    #: mV: chosen so that no current flows at rest (table 3: V_l = -10.613 mV exactly).
    e_l: float = -54.387
    #: °C.
    temperature: float = 6.3
    #: mV: V before the first step, the gates being at their steady state there. -65 is rest.
    v_initial: float = -65.0

    def __post_init__(self) -> None:
        check_limits(self, LIMITS)


TEXTBOOK = Parameters()


@overload
def simulate(current: Current, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> NeuronTrace: ...
@overload
def simulate(current: Currents, parameters: Parameters = ..., dt: float = ..., seed: int = ...) -> PopulationTrace: ...
def simulate(
    current: np.ndarray, parameters: Parameters = TEXTBOOK, dt: float = DT, seed: int = 0
) -> NeuronTrace | PopulationTrace:
    """The axon under a current, from V = ``v_initial`` on.

    ``state`` has the gates ``m``, ``h``, ``n`` (0 to 1) and the currents through the channels ``i_na``, ``i_k``,
    ``i_l``, µA/cm², positive outwards.

    Args:
        current: µA/cm², positive inwards, constant during each step, (T,), or (T, N) for N patches.
        parameters: see ``Parameters``.
        dt: the step, ms, at most 0.1.
        seed: unused, the model has no noise; here so that all models are called alike.

    Raises:
        SettingError: when the current or the step cannot be used.
    """
    return run(MODEL, current, parameters, dt, seed)


def rates(voltage, maths: Maths = ARRAYS) -> tuple:
    """α_m, β_m, α_h, β_h, α_n, β_n at 6.3 °C, per ms, each like ``voltage`` (mV)."""
    exp = maths.exp
    return (
        _linear_over_exp((voltage + 40) / 10, maths),
        4 * exp((voltage + 65) / -18),
        0.07 * exp((voltage + 65) / -20),
        1 / (1 + exp((voltage + 35) / -10)),
        0.1 * _linear_over_exp((voltage + 55) / 10, maths),
        0.125 * exp((voltage + 65) / -80),
    )


def steady_states(voltage: np.ndarray | float) -> dict[str, np.ndarray]:
    """Where each gate would settle at a held voltage: x_∞ = α_x / (α_x + β_x), by ``m``, ``h``, ``n``."""
    rates_ = rates(checks.array("voltage", voltage))
    return {gate: alpha / (alpha + beta) for gate, alpha, beta in zip("mhn", rates_[::2], rates_[1::2], strict=True)}


def _linear_over_exp(x, maths: Maths):
    """x / (1 - e^(-x)), which is 1 at 0: there the tiny shift saves the division; elsewhere it is lost in rounding."""
    x = x + 1e-20
    return -x / maths.expm1(-x)


def warmth(parameters: Parameters) -> float:
    """φ: by how much the gates are faster than at 6.3 °C."""
    return 3.0 ** ((parameters.temperature - 6.3) / 10)


def _start(parameters: Parameters) -> State:
    gates = steady_states(parameters.v_initial)
    return parameters.v_initial, *(float(gates[gate]) for gate in "mhn")


def _stepper(parameters: Parameters, dt: float, maths: Maths) -> Step:
    exp = maths.exp
    g_na, g_k, g_l = parameters.g_na, parameters.g_k, parameters.g_l
    e_na, e_k, leak = parameters.e_na, parameters.e_k, parameters.g_l * parameters.e_l
    gate_dt = -dt * warmth(parameters)
    membrane_dt = -dt / parameters.capacitance

    def settle(x, alpha, beta):
        total = alpha + beta
        target = alpha / total
        return target + (x - target) * exp(gate_dt * total)

    def step(state: State, current):
        v, m, h, n = state
        alpha_m, beta_m, alpha_h, beta_h, alpha_n, beta_n = rates(v, maths)
        sodium = g_na * m * m * m * h
        n_n = n * n
        potassium = g_k * n_n * n_n
        total = sodium + potassium + g_l
        target = (sodium * e_na + potassium * e_k + leak + current) / total
        return (
            target + (v - target) * exp(membrane_dt * total),
            settle(m, alpha_m, beta_m),
            settle(h, alpha_h, beta_h),
            settle(n, alpha_n, beta_n),
        )

    return step


def _spiked(before: np.ndarray, after: np.ndarray, parameters: Parameters) -> np.ndarray:
    return (before < SPIKE) & (after >= SPIKE)


def _report(voltage: np.ndarray, gates: dict[str, np.ndarray], parameters: Parameters) -> dict[str, np.ndarray]:
    p = parameters
    return {
        "i_na": p.g_na * gates["m"] ** 3 * gates["h"] * (voltage - p.e_na),
        "i_k": p.g_k * gates["n"] ** 4 * (voltage - p.e_k),
        "i_l": p.g_l * (voltage - p.e_l),
    }


MODEL = Model(
    name="hodgkin_huxley",
    unit=UNIT,
    most_current=1000.0,
    longest_dt=0.1,
    variables=tuple(
        Variable(name, label, axis=(0.0, 1.0), digits=3)
        for name, label in {
            "m": N_("how far sodium's channels are open, m"),
            "h": N_("how far they are not inactivated, h"),
            "n": N_("how far potassium's channels are open, n"),
        }.items()
    ),
    parameters=Parameters,
    start=_start,
    stepper=_stepper,
    spiked=_spiked,
    report=_report,
    inside=N_("gates: {m} {h} of sodium, {n} of potassium"),
)
