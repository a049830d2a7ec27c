"""The leaky integrate-and-fire neuron as the page offers it."""

import numpy as np

from app.i18n import N_, _
from app.neurons.models.offered import OfferedNeuron, Parameter, Range, times
from model.neurons import lif


def _ends(_parameters: lif.Parameters) -> str:
    return _("This model has no spike of its own: at the threshold, the voltage is set back by hand.")


OFFERED = OfferedNeuron(
    module=lif,
    code="lif",
    name=N_("Leaky integrate-and-fire"),
    short=N_("integrate-and-fire"),
    unit_current=lif.rheobase(),
    stimulus={
        "amplitude": Range(-2.0, 6.0, 2.0, 0.01),
        "baseline": Range(-2.0, 3.0, 0.0, 0.01),
        "sigma": Range(0.0, 3.0, 1.0, 0.1),
        "period": Range(2.0, 200.0, 25.0, 0.5),
        "width": Range(0.5, 50.0, 5.0, 0.5),
        **times(200.0, 1000.0, 1.0),
    },
    parameters={
        "tau_m": Parameter(N_("Time constant of the membrane τ (ms)"), 1.0, 50.0, 10.0, 0.5),
        "resistance": Parameter(N_("Resistance of the membrane R (MΩ)"), 1.0, 50.0, 10.0, 0.5),
        "v_threshold": Parameter(N_("Threshold (mV)"), -60.0, -30.0, -50.0, 0.5),
        "t_refractory": Parameter(N_("Refractory time (ms)"), 0.0, 20.0, 2.0, 0.5),
        "noise": Parameter(N_("Noise of the membrane (mV)"), 0.0, 5.0, 0.0, 0.1),
    },
    currents=np.linspace(0.0, 6.0, 121),
    curve_dt=lif.DT,
    ends=_ends,
    sources=("dayan",),
)
