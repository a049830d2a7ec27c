r"""Where a neuron's resting voltage comes from: each ion pulls towards a voltage of its own; rest is their balance.

An ion that may pass stops flowing at its **Nernst potential**, where the voltage holds it back as strongly as the
difference in concentration drives it (Gerstner, Kistler, Naud and Paninski 2014, "Neuronal Dynamics", section 2.1):

.. math::
    E = \frac{R T}{z F} \ln \frac{c_{out}}{c_{in}}

With several ions the membrane rests where their currents cancel, at the mean of their potentials, each weighted by how
well it passes (equation 26 of Hodgkin and Huxley 1952 without change):

.. math::
    \sum_k g_k (V - E_k) = 0 \quad\Rightarrow\quad V = \frac{\sum_k g_k E_k}{\sum_k g_k}

Concentrations are those of the squid's giant axon (Kandel et al., Principles of Neural Science, chapter "Membrane
Potential"). Pumps keep them up; they are left out here.
"""

from typing import NamedTuple

import numpy as np

from model.neurons.block import steady_current
from model.neurons.hodgkin_huxley import TEXTBOOK, Parameters, steady_states
from model.traces import RestingTrace

#: J / (mol K), C / mol, K.
GAS, FARADAY, ZERO_CELSIUS = 8.314, 96_485.0, 273.15
#: mV: where rest is looked for.
_VOLTAGES = np.arange(-110.0, 20.0, 0.01)


class Ion(NamedTuple):
    """An ion, its charge, and its concentrations in mmol/l outside and inside a squid's axon."""

    name: str
    charge: int
    outside: float
    inside: float


IONS = (Ion("K⁺", 1, 20.0, 400.0), Ion("Na⁺", 1, 440.0, 50.0), Ion("Cl⁻", -1, 560.0, 52.0))


def nernst(ion: Ion, temperature: float = TEXTBOOK.temperature) -> float:
    """E in mV, at a temperature in °C."""
    return 1000 * GAS * (ZERO_CELSIUS + temperature) / (ion.charge * FARADAY) * float(np.log(ion.outside / ion.inside))


def rest(parameters: Parameters = TEXTBOOK) -> RestingTrace:
    """The voltage at which the axon's steady currents cancel: the lowest one, if there are several."""
    current = steady_current(_VOLTAGES, parameters)
    at = int(np.flatnonzero((current[:-1] < 0) & (current[1:] >= 0))[0])
    voltage = float(np.interp(0, current[at : at + 2], _VOLTAGES[at : at + 2]))
    gates = {gate: float(value) for gate, value in steady_states(np.array(voltage)).items()}
    conductances = (
        parameters.g_k * gates["n"] ** 4,
        parameters.g_na * gates["m"] ** 3 * gates["h"],
        parameters.g_l,
    )
    return RestingTrace(
        names=("K⁺", "Na⁺", "leak"),
        potentials=np.array([parameters.e_k, parameters.e_na, parameters.e_l]),
        conductances=np.array(conductances),
        voltage=voltage,
    )
