"""Memory: a circuit of spiking neurons that goes on firing when the stimulus is gone, beside a recurrent unit."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from app.charts.neurons.memory import circuit_and_unit
from app.export.synapses import memory_json, spikes_csv
from app.i18n import N_, _
from app.neurons.models import Range
from app.neurons.number_settings import first_values, key_of, number_settings, setting_slider, settings_and_column
from app.neurons.presets import NeuronPreset
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.settings import Code, Seed, Setting
from app.ui.shell import controls
from app.ui.words import look_and_try
from model.neurons.artificial import respond
from model.neurons.bistable import fixed_points
from model.neurons.circuit import Flash, Parameters, simulate
from model.traces import CircuitTrace, UnitTrace

PART = "mem"
#: What the view's claims rest on.
CITED = ("brunel", "compte", "wang", "fuster", "mongillo")
#: ms: the whole run, the starts of the flashes, a step of the unit.
DURATION, STARTS, STEP = 2500.0, (300.0, 1300.0), 50.0
#: Hz: so strong a flash is x = 1 for the unit.
ONE = 200.0
NONE = "none"

RANGES = number_settings(
    PART,
    {
        "recurrence": Range(1.0, 2.4, 2.2, 0.05),
        "own": Range(0.0, 2.0, 1.5, 0.05),
        "bias": Range(-0.5, 0.5, 0.0, 0.05),
        "strength": Range(0.0, 400.0, 200.0, 10.0),
        "length": Range(50.0, 800.0, 500.0, 50.0),
    },
)
CHOICES = {"flash": Code(key_of(PART, "flash"), "a"), "then": Code(key_of(PART, "then"), NONE)}
SEED = Seed(key_of(PART, "seed"))
SETTINGS: dict[str, Setting] = {**CHOICES, **RANGES, "seed": SEED}
DEFAULTS = first_values(SETTINGS)

PRESETS = {
    "holds": NeuronPreset(
        N_("It remembers"),
        N_("Weaken the recurrence on both sides until both forget. At which w₊, and at which w?"),
        {},
    ),
    "forgets": NeuronPreset(
        N_("It forgets"),
        N_("While the stimulus lasts, both still answer. Which one fades faster once it is gone?"),
        {"recurrence": 1.8, "own": 0.8},
    ),
    "brief": NeuronPreset(
        N_("A glimpse"),
        N_("How short, and how weak, may a flash be and still be remembered?"),
        {"length": 100.0, "strength": 100.0},
    ),
    "replaced": NeuronPreset(
        N_("A second thing comes"),
        N_("Why can the circuit not hold A and B at once? Who keeps whom silent? And what does the unit do?"),
        {"then": "b"},
    ),
    "unasked": NeuronPreset(
        N_("Recurrence too strong"),
        N_("Nothing is shown, and yet a group comes on by chance. Which seeds bring A? What is such a memory worth?"),
        {"flash": NONE, "recurrence": 2.4},
    ),
    "empty": NeuronPreset(
        N_("Nothing shown"),
        N_("The circuit rests at about 3 Hz. Where does the unit rest, and does it stay there with a little bias?"),
        {"flash": NONE},
    ),
}


def show() -> None:
    """The settings on the left; on the right both memories, flashed and left alone."""
    right, values, preset = settings_and_column(PART, PRESETS, SETTINGS, _choose)
    with right:
        look_and_try(
            _(
                "A stimulus is flashed and taken away: watch what remains. The neurons of its group go on exciting "
                "each other, through synapses that close slowly, as the unit's state feeds itself; both hold a bit as "
                "long as their recurrence is strong enough."
            ),
            _(PRESETS[preset].question)
            if preset
            else _("Weaken the recurrence on both sides until both forget. At which w₊, and at which w?"),
        )
        flashes = _flashes(values)
        circuit = _circuit(values["recurrence"], flashes, values["seed"])
        unit = respond(_input(flashes), 1.0, values["bias"], "tanh", values["own"])
        points = [(point.value, point.stable) for point in fixed_points(values["own"], values["bias"])]
        before = np.linspace(-1.0, 1.0, 201)
        figure = partial(
            circuit_and_unit,
            circuit,
            unit,
            step=STEP,
            points=points,
            response=(before, np.tanh(values["own"] * before + values["bias"])),
        )
        draw(figure, "neurons_chart_memory")
        _say(len(points))
        cite(*CITED)
        _files(circuit, unit)


@st.cache_data(max_entries=32, show_spinner=False)
def _circuit(recurrence: float, flashes: tuple[tuple[str, float, float, float], ...], seed: int) -> CircuitTrace:
    """The circuit's run: one for all sessions with the same settings."""
    return simulate([Flash(*flash) for flash in flashes], Parameters(w_plus=recurrence), DURATION, seed=seed)


def _flashes(values: dict[str, Any]) -> tuple[tuple[str, float, float, float], ...]:
    """What is flashed: group, start, length, strength."""
    groups = zip((values["flash"], values["then"]), STARTS, strict=True)
    return tuple((group, start, values["length"], values["strength"]) for group, start in groups if group != NONE)


def _input(flashes: tuple[tuple[str, float, float, float], ...]) -> np.ndarray:
    """The same flashes for the unit: A is positive, B negative."""
    x = np.zeros(round(DURATION / STEP))
    for group, start, length, strength in flashes:
        x[round(start / STEP) : round((start + length) / STEP)] += (1 if group == "a" else -1) * strength / ONE
    return x


def _choose() -> dict[str, Any]:
    """The groups ``flash``, ``recurrence`` and ``seed``: the settings by their names."""
    values: dict[str, Any] = {}
    with controls("recurrence"):
        values["recurrence"] = setting_slider(
            RANGES["recurrence"],
            _("Circuit: recurrence within a group, w₊"),
            help=_("How strong synapses within a group are, compared with any other. The paper has 2.1."),
        )
        values["own"] = setting_slider(RANGES["own"], _("Unit: weight of its own past, w"))
        values["bias"] = setting_slider(RANGES["bias"], _("Unit: bias b"))
    with controls("flash"):
        names = {"a": "A", "b": "B", NONE: _("nothing")}
        for name, label in (("flash", _("Flash at 300 ms")), ("then", _("Flash at 1300 ms"))):
            values[name] = CHOICES[name].choose(st.segmented_control, label, names)
        values["length"] = setting_slider(RANGES["length"], _("A flash lasts (ms)"))
        values["strength"] = setting_slider(
            RANGES["strength"],
            _("Strength (Hz)"),
            help=_("So many more spikes from outside reach each neuron of the group, each second; 200 Hz is x = 1."),
        )
    with controls("seed"):
        values["seed"] = SEED.field(
            _("Seed of the chance spikes"),
            help=_("Each neuron also gets 2,400 chance spikes a second from the rest of the brain."),
        )
    return values


def _say(points: int) -> None:
    st.markdown(
        _("**The unit** has one place to stay: whatever it was told, it ends there, and has forgotten.")
        if points == 1
        else _("**The unit** has two places to stay (w > 1), and one between them that it leaves: it holds one bit.")
    )
    st.markdown(
        _(
            "**The circuit** is a published model with twice its cells (1,600 that excite, 400 that inhibit), not a "
            "recording. Its memory is firing: neurons of the prefrontal cortex do go on firing while a monkey keeps "
            "something in mind. Whether this firing is all of short-term memory is debated; synapses that stay changed "
            "for a second are another proposal."
        )
    )


def _files(circuit: CircuitTrace, unit: UnitTrace) -> None:
    """The group ``export``."""
    with controls("export", horizontal=True):
        download("neurons", _("Spikes (CSV)"), "spikes.csv", lambda: spikes_csv(circuit))
        download("neurons", _("All of it (JSON)"), "memory.json", lambda: memory_json(circuit, unit, step=STEP))
