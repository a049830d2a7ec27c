"""Hodgkin and Huxley's axon as the page offers it."""

import numpy as np

from app.i18n import N_, _
from app.neurons.models.offered import OfferedNeuron, Parameter, Range, times
from model.neurons import hodgkin_huxley
from model.neurons.block import block_current


def _ends(parameters: hodgkin_huxley.Parameters) -> str | None:
    if parameters.temperature == 6.3:
        return None
    return _("The gates were measured at 6.3 °C; other temperatures only scale their speed, by 3 for each 10 °C.")


OFFERED = OfferedNeuron(
    module=hodgkin_huxley,
    code="hh",
    name=N_("Hodgkin-Huxley 1952 (squid axon)"),
    short="Hodgkin-Huxley",
    unit_current=6.3,
    stimulus={
        "amplitude": Range(-40.0, 160.0, 10.0, 0.1),
        "baseline": Range(-20.0, 20.0, 0.0, 0.1),
        "sigma": Range(0.0, 40.0, 10.0, 0.5),
        "period": Range(2.0, 100.0, 20.0, 0.5),
        "width": Range(0.2, 20.0, 1.0, 0.1),
        **times(100.0, 200.0, 0.5),
    },
    parameters={
        "g_na": Parameter(N_("Sodium channels, g_Na (mS/cm²)"), 0.0, 200.0, 120.0, 1.0),
        "g_k": Parameter(N_("Potassium channels, g_K (mS/cm²)"), 0.0, 80.0, 36.0, 0.5),
        "temperature": Parameter(N_("Temperature (°C)"), 0.0, 18.5, 6.3, 0.1),
    },
    currents=np.concatenate([np.linspace(0.0, 20.0, 101), np.linspace(22.5, 160.0, 56)]),
    # A longer step than the film's, for speed: up to 18.5 °C the rates differ by 3 % at most.
    curve_dt=0.025,
    curve_duration=400.0,
    ends=_ends,
    block=block_current,
    sources=("hodgkin",),
)
