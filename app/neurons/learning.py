"""Learning: a synapse that learns from the times of spikes, beside a weight that learns from a target."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from app.charts.kit.numbers import signed
from app.charts.neurons.learning import two_rules
from app.export.synapses import learning_csv, learning_json
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
from model.neurons.artificial import ACTIVATIONS
from model.neurons.plasticity import RULES, descend, hebb, pair, window
from model.traces import DescentTrace, PlasticityTrace

PART = "learn"
#: What the view's claims rest on.
CITED = ("bi", "bi_wang", "song", "hebb", "rumelhart", "crick", "lillicrap", "fremaux", "schultz", "strata")
#: Where a synapse starts: half of the largest weight; with Bi and Poo, the strength before is 1.
START = {"song": 0.5, "bi_poo": 1.0}
#: Hebb's η.
HEBB_RATE = 0.1

RANGES = number_settings(
    PART,
    {
        "pre": Range(0.0, 100.0, 40.0, 1.0),
        "post": Range(0.0, 100.0, 50.0, 1.0),
        "pairings": Range(1, 200, 60, 1),
        "target": Range(0.0, 1.0, 1.0, 0.05),
        "x1": Range(-2.0, 2.0, 1.0, 0.1),
        "x2": Range(-2.0, 2.0, 0.0, 0.1),
        "w1": Range(-2.0, 2.0, 0.5, 0.1),
        "w2": Range(-2.0, 2.0, -0.5, 0.1),
        "rate": Range(0.0, 5.0, 0.5, 0.1),
        "steps": Range(1, 200, 60, 1),
    },
)
RULE = Code(key_of(PART, "rule"), "song")
SETTINGS: dict[str, Setting] = {"rule": RULE, **RANGES}
DEFAULTS = first_values(SETTINGS)

PRESETS = {
    "causal": NeuronPreset(
        N_("Pre before post"),
        N_("Move the postsynaptic spike to the other side of the presynaptic one. What happens at equal times?"),
        {},
    ),
    "measured": NeuronPreset(
        N_("As measured (Bi & Poo)"),
        N_("By how many percent has the synapse grown after 60 pairings? At which Δt would half of that remain?"),
        {"rule": "bi_poo"},
    ),
    "dale": NeuronPreset(
        N_("A weight that changes its sign"),
        N_("Watch w₁ cross 0: an excitatory synapse has become inhibitory. What would a synapse do there?"),
        {"target": 0.0, "post": 30.0, "pairings": 200, "rate": 2.0, "steps": 100},
    ),
    "blame": NeuronPreset(
        N_("Who is to blame?"),
        N_("w₂ stays, since x₂ = 0. Give x₂ a value: how is the blame shared between the two weights?"),
        {"target": 0.0, "w1": 1.0, "w2": 1.0, "rate": 2.0},
    ),
    "none": NeuronPreset(
        N_("Nothing to learn"),
        N_("The target is the output, so the gradient is 0. Does STDP stop, too? And Hebb?"),
        {"target": 0.5, "w1": 0.0},
    ),
}


def show() -> None:
    """Settings of synapse and unit on the left; both rules at work on the right; then what sets them apart."""
    right, values, preset = settings_and_column(PART, PRESETS, SETTINGS, _choose)
    rule = RULES[values["rule"]]
    synapse = pair([values["pre"]], [values["post"]], values["pairings"], START[values["rule"]], rule)
    unit = descend(
        [values["x1"], values["x2"]],
        [values["w1"], values["w2"]],
        0.0,
        values["target"],
        values["rate"],
        values["steps"],
    )
    with right:
        look_and_try(
            _(
                "The synapse sees two spike times and nothing else: pre before post makes it stronger, the other order "
                "weaker. The unit sees its error: move the target, and the slope says for each weight which way is "
                "down."
            ),
            _(PRESETS[preset].question)
            if preset
            else _("Make both weights grow, then both shrink. Which settings did you need, left and right?"),
        )
        delays = np.linspace(-100.0, 100.0, 402)  # without 0, where the rule jumps
        figure = partial(two_rules, synapse, (delays, window(delays, rule)), unit, _valley(unit))
        draw(figure, "neurons_chart_rules")
        st.table(_rules(synapse, unit))
        _say()
        cite(*CITED)
        with controls("export", horizontal=True):
            download("neurons", _("Weights (CSV)"), "learning.csv", lambda: learning_csv(synapse, unit))
            download("neurons", _("All of it (JSON)"), "learning.json", lambda: learning_json(synapse, unit))


def _choose() -> dict[str, Any]:
    """The groups ``stdp`` and ``gradient``: the settings by their names."""
    values: dict[str, Any] = {}
    with controls("stdp"):
        rules = {"song": _("Song et al. 2000"), "bi_poo": _("Bi & Poo 1998")}
        values["rule"] = RULE.choose(
            st.segmented_control,
            _("Synapse: rule and its constants"),
            rules,
            help=_("A model's constants, weights from 0 to 1; or what was measured, the weight before being 1."),
        )
        for name, label in (
            ("pre", _("Presynaptic spike at (ms)")),
            ("post", _("Postsynaptic spike at (ms)")),
            ("pairings", _("Pairings")),
        ):
            values[name] = setting_slider(RANGES[name], label)
    with controls("gradient"):
        values["target"] = setting_slider(RANGES["target"], _("Unit: target"))
        for pair_of_names in (("x1", "x2"), ("w1", "w2")):
            for column, name in zip(st.columns(2), pair_of_names, strict=True):
                label = _("Input {name}") if name[0] == "x" else _("Weight {name}")
                with column:
                    shown = name[0] + "₁₂"[int(name[1]) - 1]
                    values[name] = setting_slider(RANGES[name], label.format(name=shown))
        values["rate"] = setting_slider(RANGES["rate"], _("Learning rate η"))
        values["steps"] = setting_slider(RANGES["steps"], _("Steps"))
        st.caption(_("It computes y = σ(w₁x₁ + w₂x₂ + b) with b = 0 at first; the error is E = (y − target)² / 2."))
    return values


def _valley(unit: DescentTrace) -> tuple[np.ndarray, np.ndarray]:
    """The error over w₁, all else as it is, wherever the steps lead."""
    reached = unit.weights[:, 0]
    weights = np.linspace(min(-3.0, reached.min() - 0.5), max(3.0, reached.max() + 0.5), 241)
    other = unit.weights[0, 1:] @ unit.inputs[1:] + unit.bias[0]
    output = ACTIVATIONS["sigmoid"](weights * unit.inputs[0] + other)
    return weights, (output - unit.target) ** 2 / 2


def _rules(synapse: PlasticityTrace, unit: DescentTrace) -> pd.DataFrame:
    """Three rules, what each looks at, and what it would do now."""

    step = -unit.rate * unit.gradient[0]
    together = hebb(unit.inputs, float(unit.output[0]), HEBB_RATE)
    rows = {
        _("Hebb: Δw = η x y"): (
            _("both ends of one connection"),
            _("Δw₁ = {first}, Δw₂ = {second} (η = 0.1)").format(first=signed(together[0]), second=signed(together[1])),
            _("no"),
        ),
        _("STDP: Δw = W(Δt)"): (
            _("both ends of one connection, to the millisecond"),
            _("Δw = {change} a pairing").format(change=signed(synapse.change, 4)),
            _("no"),
        ),
        _("Gradient: Δw = −η dE/dw"): (
            _("the whole network, and the target"),
            _("Δw₁ = {first}, Δw₂ = {second}").format(first=signed(step[0]), second=signed(step[1])),
            _("yes"),
        ),
    }
    head = [_("It looks at"), _("Here, at first"), _("Knows the error?")]
    return pd.DataFrame(rows.values(), index=pd.Index(list(rows), name=""), columns=head)


def _say() -> None:
    st.markdown(
        _(
            "**What STDP lacks, and gradient descent has:** an error signal. A synapse knows when two cells fired, not "
            "whether the answer was right, nor what its own part in it was (credit assignment); backpropagation "
            "computes just that. How brains do it is not known. Third factors are one proposal: a chemical such as "
            "dopamine, released when a reward is better than predicted, would decide whether a recent change lasts."
        )
    )
    st.markdown(
        _(
            "**What neurons obey, and units do not:** Dale's principle. As a rule a neuron excites, or inhibits, at "
            "all its contacts, so a weight may shrink to 0 but keeps its sign. Gradient descent passes 0 without "
            "noticing."
        )
    )
