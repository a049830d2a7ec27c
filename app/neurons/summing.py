"""Summing inputs: synapses on a membrane beside weights; the same spikes in two patterns of timing."""

from functools import partial
from typing import Any

import streamlit as st

from app import remembered
from app.charts.kit.numbers import minus
from app.charts.neurons.summing import Pattern, two_patterns
from app.export.synapses import patterns_json, synapse_csv
from app.i18n import N_, _
from app.neurons.models import Range
from app.neurons.number_settings import first_values, key_of, number_settings, setting_slider, settings_and_column
from app.neurons.presets import NeuronPreset
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.settings import Code, Setting
from app.ui.shell import controls
from app.ui.words import look_and_try
from model.errors import SettingError
from model.neurons.synapse import SHAPES, Synapse, as_unit, simulate

PART = "sum"
#: What the view's claims rest on.
CITED = ("vogels", "brette", "koch", "london")
#: ms: when the first spike comes, what follows the last one, the recurrent unit's bins.
START, AFTER, BIN = 20.0, 60.0, 5.0
#: ms: how slowly an inhibitory synapse closes (Vogels and Abbott 2005).
TAU_INHIBITION = 10.0
INPUTS = ("w1", "w2", "w3", "w4")

RANGES = number_settings(
    PART,
    {
        **dict.fromkeys(INPUTS[:3], Range(0.0, 12.0, 4.5, 0.5)),
        "w4": Range(0.0, 12.0, 0.0, 0.5),
        "spikes": Range(1, 5, 1, 1),
        "gap": Range(0.0, 30.0, 0.0, 0.5),
        "other": Range(0.0, 30.0, 15.0, 0.5),
        "inhibition": Range(0.0, 60.0, 0.0, 1.0),
        "reversal": Range(-80.0, -60.0, -80.0, 1.0),
        "when": Range(0.0, 100.0, 20.0, 1.0),
    },
)
SHAPE = Code(key_of(PART, "shape"), SHAPES[0])
SETTINGS: dict[str, Setting] = RANGES | {"shape": SHAPE}
DEFAULTS = first_values(SETTINGS)

PRESETS = {
    "spatial": NeuronPreset(
        N_("Many at once (spatial)"),
        N_("Two of the three synapses are not enough. How strong must the two be to fire the neuron together?"),
        {},
    ),
    "temporal": NeuronPreset(
        N_("Again and again (temporal)"),
        N_("Which gap is just short enough to fire it? Compare it with the membrane's 20 ms."),
        {"w2": 0.0, "w3": 0.0, "spikes": 3, "gap": 3.0, "other": 15.0},
    ),
    "subtracting": NeuronPreset(
        N_("Inhibition that subtracts"),
        N_("Let the inhibition come 20 ms after the others: why is it too late? Would the weighted sum notice?"),
        {"inhibition": 12.0, "reversal": -80.0, "when": 20.0, "other": 5.0},
    ),
    "shunting": NeuronPreset(
        N_("Inhibition that shunts"),
        N_(
            "Its weight is 0, since alone it moves nothing, and yet it stops the spike. Where in the voltage do you "
            "see what it does?"
        ),
        {"inhibition": 30.0, "reversal": -60.0, "when": 18.0, "other": 5.0},
    ),
}


def show() -> None:
    """The settings on the left; on the right both patterns, and what each machine answers.

    Raises:
        UserError: when no synapse is left.
    """
    right, values, preset = settings_and_column(PART, PRESETS, SETTINGS, _choose)
    with right:
        look_and_try(
            _(
                "Both patterns hold the same spikes; only the gaps differ. The weighted sum just counts, so it answers "
                "both alike; the membrane forgets within some 20 ms, so it fires only if they come close together."
            ),
            _(PRESETS[preset].question)
            if preset
            else _("Find the longest gap at which the neuron still fires. Which of the three answers change with it?"),
        )
        patterns = _patterns(values)
        draw(partial(two_patterns, *patterns, bin=BIN), "neurons_chart_patterns")
        st.markdown(_sum(patterns[0]))
        st.caption(
            _(
                "The weights are the peaks that one spike of each synapse reaches alone, b is minus the way from rest "
                "to threshold. The dashed line adds up what each spike does alone; the membrane stays below it, "
                "because each open synapse weakens the pull of the others. The recurrent unit keeps e^(−5 ms / 20 ms) "
                "= 78 % of its output from step to step."
            )
        )
        cite(*CITED)
        with controls("export", horizontal=True):
            for number, pattern in enumerate(patterns, start=1):
                label = _("Pattern {number} (CSV)").format(number=number)
                download("neurons", label, f"pattern-{number}.csv", partial(synapse_csv, pattern.neuron))
            download("neurons", _("All of it (JSON)"), "patterns.json", lambda: patterns_json(patterns, bin=BIN))


def _choose() -> dict[str, Any]:
    """The groups ``timing``, ``synapses`` and ``inhibition``: the settings by their names."""
    values: dict[str, Any] = {}
    with controls("timing"):
        values["gap"] = setting_slider(RANGES["gap"], _("Pattern 1: gap between spikes (ms)"))
        values["other"] = setting_slider(RANGES["other"], _("Pattern 2: gap between spikes (ms)"))
        values["spikes"] = setting_slider(RANGES["spikes"], _("Spikes of each input"))
    with controls("synapses"):
        label = _("Synapse {number} (nS)")
        for column, names in zip(st.columns(2), (INPUTS[0::2], INPUTS[1::2]), strict=True):
            with column:
                for name in names:
                    values[name] = setting_slider(RANGES[name], label.format(number=name[1]))
        shapes = {"exponential": _("at once"), "alpha": _("slowly (alpha)")}
        values["shape"] = SHAPE.choose(st.segmented_control, _("A synapse opens"), shapes)
    with controls("inhibition"):
        values["inhibition"] = setting_slider(RANGES["inhibition"], _("Inhibitory synapse (nS)"))
        values["reversal"] = setting_slider(
            RANGES["reversal"],
            _("It pulls the membrane to (mV)"),
            help=_("Rest is −60 mV. A synapse that pulls there moves nothing by itself: shunting inhibition."),
        )
        values["when"] = setting_slider(RANGES["when"], _("Its spike comes at (ms)"))
    return values


def _patterns(values: dict[str, Any]) -> tuple[Pattern, Pattern]:
    """Both patterns, each through the three machines, over the same time.

    Raises:
        SettingError: when no synapse is left.
    """
    both = [_synapses(values, gap) for gap in (values["gap"], values["other"])]
    if not both[0]:
        raise SettingError("All synapses have strength 0. Please give at least one of them some strength.")
    last = max(time for synapses in both for one in synapses for time in one.times)
    duration = max(100.0, last + AFTER)
    patterns = []
    for number, (synapses, gap) in enumerate(zip(both, (values["gap"], values["other"]), strict=True), start=1):
        text = _("Pattern {number}: {gap} ms apart") if gap else _("Pattern {number}: all at once")
        patterns.append(
            Pattern(
                text.format(number=number, gap=f"{gap:g}"),
                remembered.result(partial(simulate, synapses, duration)),
                remembered.result(partial(as_unit, synapses, duration=duration)),
                remembered.result(partial(as_unit, synapses, duration=duration, bin=BIN)),
            )
        )
    return patterns[0], patterns[1]


def _synapses(values: dict[str, Any], gap: float) -> list[Synapse]:
    """The inputs take turns: the first spike of each, then the second of each, ``gap`` ms between any two."""
    strengths = [values[name] for name in INPUTS if values[name]]
    count = len(strengths)
    synapses = [
        Synapse(
            tuple(START + gap * (spike * count + turn) for spike in range(values["spikes"])),
            strength,
            shape=values["shape"],
        )
        for turn, strength in enumerate(strengths)
    ]
    if values["inhibition"]:
        inhibition = (values["inhibition"], TAU_INHIBITION, values["reversal"])
        synapses.append(Synapse((values["when"],), *inhibition, shape=values["shape"]))
    return synapses


def _sum(pattern: Pattern) -> str:
    """The weighted sum with its numbers."""
    unit = pattern.unit
    terms = [
        minus(f"{weight:.2f}·{count:.0f}") for weight, count in zip(unit.weights + 0.0, unit.inputs[0], strict=True)
    ]
    way = f"{-unit.bias:.0f}"
    result = float(unit.pre_activation[0])
    text = (
        _("**The weighted sum, for both patterns:** w·x + b ≈ {terms} − {way} ≈ {result} mV, not below 0: it fires.")
        if result >= 0
        else _(
            "**The weighted sum, for both patterns:** w·x + b ≈ {terms} − {way} ≈ {result} mV, below 0: it is silent."
        )
    )
    return text.format(terms=" + ".join(terms), way=way, result=minus(f"{result:.2f}"))
