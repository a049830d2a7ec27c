"""Izhikevich's simple model as the page offers it: his cells, each beginning at its rest."""

import numpy as np

from app.i18n import N_, _
from app.neurons.models.offered import CellType, OfferedNeuron, Range, times
from model.neurons import izhikevich

#: The cells' names and the paper's abbreviations.
_NAMES = {
    "regular_spiking": (N_("Regular spiking (RS)"), "RS"),
    "intrinsically_bursting": (N_("Intrinsically bursting (IB)"), "IB"),
    "chattering": (N_("Chattering (CH)"), "CH"),
    "fast_spiking": (N_("Fast spiking (FS)"), "FS"),
    "low_threshold_spiking": (N_("Low-threshold spiking (LTS)"), "LTS"),
    "thalamo_cortical": (N_("Thalamo-cortical (TC)"), "TC"),
    "resonator": (N_("Resonator (RZ)"), "RZ"),
}


def _about_cell(parameters: izhikevich.Parameters) -> str:
    numbers = {name: getattr(parameters, name) for name in "abcd"}
    return _("a = {a}/ms, b = {b}/ms, c = {c} mV, d = {d} mV/ms").format(**numbers)


def _ends(_parameters: izhikevich.Parameters) -> str:
    return _("The peak at 30 mV is where this model cuts a spike off; it knows no depolarisation block.")


OFFERED = OfferedNeuron(
    module=izhikevich,
    code="iz",
    name=N_("Izhikevich 2003"),
    short="Izhikevich",
    unit_current=4.0,
    about_one=N_(
        "It computes y = f(w·x + b), with x = I / {one} (I has no unit): x = 1 is about the weakest steady "
        "current at which a regular spiking cell keeps firing. It has no time of its own; here one of its "
        "steps is 1 ms."
    ),
    stimulus={
        "amplitude": Range(-40.0, 40.0, 10.0, 0.1),
        "baseline": Range(-20.0, 20.0, 0.0, 0.1),
        "sigma": Range(0.0, 20.0, 5.0, 0.5),
        "period": Range(2.0, 200.0, 50.0, 0.5),
        "width": Range(0.5, 50.0, 5.0, 0.5),
        **times(300.0, 1000.0, 1.0),
    },
    cells={code: CellType(*_NAMES[code], izhikevich.at_rest(cell)) for code, cell in izhikevich.PRESETS.items()},
    about_cell=_about_cell,
    # Older than any other model's choice of a cell: addresses that are about say so.
    cell_key="neurons_cell",
    currents=np.linspace(0.0, 40.0, 161),
    curve_dt=izhikevich.DT,
    ends=_ends,
    sources=("izhikevich",),
)
