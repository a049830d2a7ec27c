"""Models of living neurons, and the artificial one beside them. NumPy alone.

>>> from model.neurons import Stimulus, hodgkin_huxley
>>> current = Stimulus(kind="step", amplitude=10.0).current(hodgkin_huxley.DT)     # µA/cm²
>>> trace = hodgkin_huxley.simulate(current)
>>> trace.voltage, trace.spikes, trace.state["m"]

>>> from model.neurons import lif, rate_curve
>>> rate_curve(lif, currents=[1.0, 2.0, 3.0]).steady                               # nA to Hz
"""

from model.neurons import adex, hodgkin_huxley, izhikevich, lif
from model.neurons.artificial import ACTIVATIONS, respond
from model.neurons.rates import excitability, rate_curve
from model.neurons.stimulus import KINDS, Stimulus

#: The models of living neurons by name. A further one is a file like these, imported and listed here.
MODELS = {
    each.MODEL.name: each
    for each in (
        lif,
        izhikevich,
        adex,
        hodgkin_huxley,
    )
}

__all__ = [
    "ACTIVATIONS",
    "KINDS",
    "MODELS",
    "Stimulus",
    "adex",
    "excitability",
    "hodgkin_huxley",
    "izhikevich",
    "lif",
    "rate_curve",
    "respond",
]
