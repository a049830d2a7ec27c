"""The model neurons that the page offers, by name, and what x stands for beside each."""

import numpy as np
import streamlit as st

from app.i18n import _
from app.neurons.models import adex, hodgkin_huxley, izhikevich, lif
from app.neurons.models.offered import OfferedNeuron, Range
from model.neurons import Stimulus
from model.traces import NeuronTrace

#: One step of the artificial neuron, ms. It has no time of its own, so the page gives it one.
UNIT_STEP = 1.0

#: In the order of the page's choice. A further one is a file like these, imported and listed here.
MODELS: dict[str, OfferedNeuron] = {
    each.OFFERED.module.MODEL.name: each.OFFERED
    for each in (
        lif,
        izhikevich,
        adex,
        hodgkin_huxley,
    )
}

#: The artificial neuron's: w, b and w_rec.
UNIT = {
    "weight": Range(-10.0, 10.0, 4.0, 0.1),
    "bias": Range(-10.0, 10.0, -4.0, 0.1),
    "own": Range(-2.0, 2.0, 0.0, 0.05),
}


def model_names() -> dict[str, str]:
    return {model: _(offered.name) for model, offered in MODELS.items()}


def unit_input(trace: NeuronTrace) -> np.ndarray:
    """x for each step of the artificial neuron: the current's mean over the step, divided by ``one``, (T,)."""
    each = round(UNIT_STEP / (trace.time[1] - trace.time[0]))
    return trace.current.reshape(-1, each).mean(axis=1) / MODELS[trace.model].unit_current


@st.cache_data(show_spinner=False, max_entries=200)
def step_response(model: str, amplitude: float) -> NeuronTrace:
    """The textbook neuron under a step of current, in the model's own unit, as long as its page shows it first."""
    offered = MODELS[model]
    start, length, duration = (offered.stimulus[name].default for name in ("start", "length", "duration"))
    stimulus = Stimulus("step", amplitude, start=start, stop=start + length, duration=duration)
    return offered.module.simulate(stimulus.current(offered.module.DT))
