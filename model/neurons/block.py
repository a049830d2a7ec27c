"""Depolarisation block: the current above which the squid's axon no longer oscillates at all.

Under a steady current I the axon has one state at which nothing changes: each gate at its x_∞(V), and

    I = g_Na m_∞³ h_∞ (V - E_Na) + g_K n_∞⁴ (V - E_K) + g_L (V - E_L)

Between two currents that state is unstable, and the axon fires. Above the upper one, a Hopf bifurcation near 154 µA/cm²
for the textbook axon (Rinzel and Miller 1980, Mathematical Biosciences 49, 27-59), the voltage comes to rest high up,
with sodium inactivated. The spikes shrink long before: they are not counted once their peaks stay below 0 mV.
"""

import numpy as np

from model.neurons.hodgkin_huxley import TEXTBOOK, Parameters, rates, steady_states, warmth

#: mV: the voltages at which the axon might rest, and how finely they are looked through.
VOLTAGES = np.arange(-90.0, 0.0, 0.02)
#: mV: of the slopes' central differences.
_DIFFERENCE = 1e-4


def block_current(parameters: Parameters = TEXTBOOK) -> float | None:
    """The strongest steady current, µA/cm², at which rest is unstable; None where it is stable at every current."""
    unstable = np.linalg.eigvals(_jacobians(VOLTAGES, parameters)).real.max(axis=1) > 0
    return float(steady_current(VOLTAGES, parameters)[unstable].max()) if unstable.any() else None


def steady_current(voltage: np.ndarray, p: Parameters) -> np.ndarray:
    """The steady current that holds the axon at each voltage, µA/cm²."""
    gates = steady_states(voltage)
    sodium = p.g_na * gates["m"] ** 3 * gates["h"] * (voltage - p.e_na)
    potassium = p.g_k * gates["n"] ** 4 * (voltage - p.e_k)
    return sodium + potassium + p.g_l * (voltage - p.e_l)


def _jacobians(voltage: np.ndarray, p: Parameters) -> np.ndarray:
    """How V, m, h and n move away from rest at each voltage: the derivatives of their equations there, (K, 4, 4)."""
    gates = steady_states(voltage)
    m, h, n = gates["m"], gates["h"], gates["n"]
    alphas_and_betas = rates(voltage)
    speeds = [warmth(p) * (alphas_and_betas[k] + alphas_and_betas[k + 1]) for k in (0, 2, 4)]
    above, below = (steady_states(voltage + change) for change in (_DIFFERENCE, -_DIFFERENCE))
    found = np.zeros((len(voltage), 4, 4))
    found[:, 0, 0] = -(p.g_na * m**3 * h + p.g_k * n**4 + p.g_l) / p.capacitance
    found[:, 0, 1] = -p.g_na * 3 * m**2 * h * (voltage - p.e_na) / p.capacitance
    found[:, 0, 2] = -p.g_na * m**3 * (voltage - p.e_na) / p.capacitance
    found[:, 0, 3] = -p.g_k * 4 * n**3 * (voltage - p.e_k) / p.capacitance
    for place, (gate, speed) in enumerate(zip("mhn", speeds, strict=True), start=1):
        found[:, place, place] = -speed
        found[:, place, 0] = speed * (above[gate] - below[gate]) / (2 * _DIFFERENCE)
    return found
