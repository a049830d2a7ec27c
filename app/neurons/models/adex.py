"""The adaptive exponential integrate-and-fire neuron as the page offers it: its textbook cell and four patterns."""

import numpy as np

from app.charts.kit.numbers import minus
from app.i18n import N_, _
from app.neurons.models.offered import CellType, OfferedNeuron, Range, times
from model.neurons import adex

#: The patterns' names, and a word for each.
_NAMES = {
    "tonic": (N_("Tonic spiking"), N_("tonic")),
    "adapting": (N_("Adaptation"), N_("adapting")),
    "initial_burst": (N_("Initial burst"), N_("initial burst")),
    "bursting": (N_("Regular bursting"), N_("bursting")),
}
_CURRENTS = {adex.PRESETS[code]: current for code, current in adex.CURRENTS.items()}


def _about_cell(parameters: adex.Parameters) -> str:
    p = parameters
    text = _(
        "C = {c} pF, g_L = {g_l} nS, E_L = {e_l} mV, V_T = {v_t} mV, Δ_T = {slope} mV, τ_w = {tau} ms, a = {a} nS, "
        "b = {b} pA, V_r = {v_r} mV."
    )
    numbers = {"c": p.capacitance, "g_l": p.g_l, "e_l": p.e_l, "v_t": p.v_threshold, "slope": p.slope_factor}
    numbers |= {"tau": p.tau_w, "a": p.a, "b": p.b, "v_r": p.v_reset}
    text = minus(text.format(**{name: f"{value:g}" for name, value in numbers.items()}))
    if p in _CURRENTS:
        text += " " + _("The paper shows this pattern at {current} pA.").format(current=f"{_CURRENTS[p]:g}")
    return text


def _ends(_parameters: adex.Parameters) -> str:
    return _(
        "The rise of a spike is this model's own; at 20 mV it is cut off, and the voltage is set back by hand. It "
        "knows no depolarisation block."
    )


OFFERED = OfferedNeuron(
    module=adex,
    code="adex",
    name=N_("AdEx 2005 (adaptive exponential integrate-and-fire)"),
    short="AdEx",
    unit_current=630.0,
    stimulus={
        "amplitude": Range(-1000.0, 3000.0, 800.0, 10.0),
        "baseline": Range(-500.0, 1000.0, 0.0, 10.0),
        "sigma": Range(0.0, 1000.0, 200.0, 10.0),
        "period": Range(2.0, 200.0, 50.0, 0.5),
        "width": Range(0.5, 50.0, 5.0, 0.5),
        **times(400.0, 1000.0, 1.0),
    },
    cells={
        "textbook": CellType(N_("Regular spiking (Brette & Gerstner 2005)"), "", adex.TEXTBOOK),
        **{code: CellType(*_NAMES[code], parameters) for code, parameters in adex.PRESETS.items()},
    },
    cells_label=N_("Firing pattern"),
    about_cell=_about_cell,
    cell_key="neurons_adex_cell",
    currents=np.linspace(0.0, 3000.0, 151),
    curve_dt=adex.DT,
    ends=_ends,
    sources=("brette_gerstner", "naud"),
)
