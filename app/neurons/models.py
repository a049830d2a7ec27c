"""The model neurons as the page offers them: names, units, the ranges of their settings, and what x stands for.

A range is narrower than what the model itself takes: within it, every model follows its equations well.
"""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.i18n import _
from model.neurons import Stimulus, hodgkin_huxley, izhikevich, lif
from model.traces import NeuronTrace

#: One step of the artificial neuron, ms. It has no time of its own, so the page gives it one.
UNIT_STEP = 1.0


class Range(NamedTuple):
    """What a slider offers."""

    least: float
    most: float
    default: float
    step: float


class Offered(NamedTuple):
    """One model as the page offers it."""

    #: Its module: ``simulate``, ``DT``, ``UNIT``, ``Parameters``.
    module: Any
    #: Its name in the address.
    code: str
    #: x = I / ``one``: about the weakest steady current at which the textbook neuron keeps firing, in the model's
    #: unit. Less may make it fire once.
    one: float
    #: The settings of the stimulus, by the names of ``Stimulus``; ``length`` is ``stop - start``.
    stimulus: dict[str, Range]
    #: Those of the neuron, by the names of its ``Parameters``.
    parameters: dict[str, Range]
    #: The f-I curve's currents, the finer the nearer to where firing sets in; its step and its duration, ms.
    currents: np.ndarray
    curve_dt: float
    curve_duration: float


def _times(duration: float, most: float, step: float) -> dict[str, Range]:
    """The stimulus comes on after a tenth of the time and goes off before the last tenth."""
    return {
        "start": Range(0.0, most / 2, duration / 10, step),
        "length": Range(step, most, duration * 0.8, step),
        "duration": Range(20.0, most, duration, 10.0),
    }


MODELS: dict[str, Offered] = {
    "lif": Offered(
        lif,
        "lif",
        lif.rheobase(),
        {
            "amplitude": Range(-2.0, 6.0, 2.0, 0.01),
            "baseline": Range(-2.0, 3.0, 0.0, 0.01),
            "sigma": Range(0.0, 3.0, 1.0, 0.1),
            "period": Range(2.0, 200.0, 25.0, 0.5),
            "width": Range(0.5, 50.0, 5.0, 0.5),
            **_times(200.0, 1000.0, 1.0),
        },
        {
            "tau_m": Range(1.0, 50.0, 10.0, 0.5),
            "resistance": Range(1.0, 50.0, 10.0, 0.5),
            "v_threshold": Range(-60.0, -30.0, -50.0, 0.5),
            "t_refractory": Range(0.0, 20.0, 2.0, 0.5),
            "noise": Range(0.0, 5.0, 0.0, 0.1),
        },
        np.linspace(0.0, 6.0, 121),
        lif.DT,
        1000.0,
    ),
    "izhikevich": Offered(
        izhikevich,
        "iz",
        4.0,
        {
            "amplitude": Range(-40.0, 40.0, 10.0, 0.1),
            "baseline": Range(-20.0, 20.0, 0.0, 0.1),
            "sigma": Range(0.0, 20.0, 5.0, 0.5),
            "period": Range(2.0, 200.0, 50.0, 0.5),
            "width": Range(0.5, 50.0, 5.0, 0.5),
            **_times(300.0, 1000.0, 1.0),
        },
        {},
        np.linspace(0.0, 40.0, 161),
        izhikevich.DT,
        1000.0,
    ),
    "hodgkin_huxley": Offered(
        hodgkin_huxley,
        "hh",
        6.3,
        {
            "amplitude": Range(-40.0, 160.0, 10.0, 0.1),
            "baseline": Range(-20.0, 20.0, 0.0, 0.1),
            "sigma": Range(0.0, 40.0, 10.0, 0.5),
            "period": Range(2.0, 100.0, 20.0, 0.5),
            "width": Range(0.2, 20.0, 1.0, 0.1),
            **_times(100.0, 200.0, 0.5),
        },
        {
            "g_na": Range(0.0, 200.0, 120.0, 1.0),
            "g_k": Range(0.0, 80.0, 36.0, 0.5),
            "temperature": Range(0.0, 18.5, 6.3, 0.1),
        },
        np.concatenate([np.linspace(0.0, 20.0, 101), np.linspace(22.5, 160.0, 56)]),
        # A longer step than the film's, for speed: up to 18.5 °C the rates differ by 3 % at most.
        0.025,
        400.0,
    ),
}

#: The artificial neuron's: w, b and w_rec.
UNIT = {
    "weight": Range(-10.0, 10.0, 4.0, 0.1),
    "bias": Range(-10.0, 10.0, -4.0, 0.1),
    "own": Range(-2.0, 2.0, 0.0, 0.05),
}


def model_names() -> dict[str, str]:
    return {
        "lif": _("Leaky integrate-and-fire"),
        "izhikevich": _("Izhikevich 2003"),
        "hodgkin_huxley": _("Hodgkin-Huxley 1952 (squid axon)"),
    }


def short_name(model: str, cell: str) -> str:
    """The model in a word or two, where there is little room; Izhikevich's with its cell."""
    cells = {
        "regular_spiking": "RS",
        "intrinsically_bursting": "IB",
        "chattering": "CH",
        "fast_spiking": "FS",
        "low_threshold_spiking": "LTS",
        "thalamo_cortical": "TC",
        "resonator": "RZ",
    }
    named = {"lif": _("integrate-and-fire"), "izhikevich": "Izhikevich", "hodgkin_huxley": "Hodgkin-Huxley"}[model]
    return f"{named} {cells[cell]}" if model == "izhikevich" else named


def cell_names() -> dict[str, str]:
    """Izhikevich's seven cells."""
    return {
        "regular_spiking": _("Regular spiking (RS)"),
        "intrinsically_bursting": _("Intrinsically bursting (IB)"),
        "chattering": _("Chattering (CH)"),
        "fast_spiking": _("Fast spiking (FS)"),
        "low_threshold_spiking": _("Low-threshold spiking (LTS)"),
        "thalamo_cortical": _("Thalamo-cortical (TC)"),
        "resonator": _("Resonator (RZ)"),
    }


def with_unit(number: float, model: str) -> str:
    """A current as a reader wants it: ``1.5 nA``, ``6.3 µA/cm²``, or, without a unit, ``4``."""
    return f"{number:g} {MODELS[model].module.UNIT}".strip()


def unit_of_current(model: str) -> str:
    return MODELS[model].module.UNIT or _("no unit")


def unit_input(trace: NeuronTrace) -> np.ndarray:
    """x for each step of the artificial neuron: the current's mean over the step, divided by ``one``, (T,)."""
    offered = MODELS[trace.model]
    each = round(UNIT_STEP / offered.module.DT)
    return trace.current.reshape(-1, each).mean(axis=1) / offered.one


@st.cache_data(show_spinner=False, max_entries=200)
def step_response(model: str, amplitude: float) -> NeuronTrace:
    """The textbook neuron under a step of current, in the model's own unit, as long as its page shows it first."""
    offered = MODELS[model]
    start, length, duration = (offered.stimulus[name].default for name in ("start", "length", "duration"))
    stimulus = Stimulus("step", amplitude, start=start, stop=start + length, duration=duration)
    return offered.module.simulate(stimulus.current(offered.module.DT))
