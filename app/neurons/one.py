"""One neuron: the same stimulus drives a model of a living neuron and an artificial one, side by side."""

from functools import partial

import numpy as np
import streamlit as st

from app import remembered
from app.charts.neurons.rates import onset_in_words, rates_and_activation
from app.charts.neurons.side_by_side import Planes, side_by_side
from app.export.neurons import neuron_csv, traces_json, unit_csv
from app.i18n import _
from app.neurons.models import UNIT_STEP, unit_input
from app.neurons.presets import FIRST_PRESET, PRESETS
from app.neurons.rates import curve_of, onset_of
from app.neurons.settings import NeuronPlan, choose_plan, is_set, put
from app.rooms.button import ask_the_class
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw, join_sentences
from app.ui.settings import Number
from app.ui.sheet import settings_beside
from app.ui.shell import controls
from app.ui.words import look_and_try
from model.neurons import respond
from model.neurons.artificial import ACTIVATIONS
from model.traces import NeuronTrace, UnitTrace

#: What the choice of presets shows when the settings are nobody's.
OWN = ""
MOMENT = Number("neurons_moment", 0, 100_000, 0)
#: Where the session keeps the last f-I curve that it saw.
_LAST = "neurons_last_curve"


def show() -> None:
    """The settings on the left; on the right the film, then the f-I curve, which comes when it is computed.

    Raises:
        UserError: when the settings do not go together, or a model cannot follow its equations under them.
    """
    left, right = settings_beside("neurons")
    with left:
        # The choice of a preset comes first, and shows which one is set: that is known after the others.
        first = st.container()
        plan = choose_plan()
    preset = next((code for code, one in PRESETS.items() if is_set(one.settings, plan.values)), OWN)
    with first:
        _choose_preset(preset)
    with right:
        _say(preset)
        model = plan.offered.module
        run = partial(model.simulate, plan.stimulus.current(model.DT), plan.parameters, seed=plan.seed)
        neuron = remembered.result(run)
        unit = respond(unit_input(neuron), plan.weight, plan.bias, plan.activation, plan.own)
        _film(plan, neuron, unit)
        rates = st.container()
        _files(plan, neuron, unit)
        ask_the_class(plan.values)
        with rates:
            _rates(plan, neuron, unit)


def _choose_preset(shown: str) -> None:
    """The group ``preset``. It has no place in the URL: the settings that it makes have."""
    names = {OWN: _("My own settings")} | {code: _(one.name) for code, one in PRESETS.items()}

    def take() -> None:
        code = st.session_state["neurons_preset"]
        if code in PRESETS:
            put(PRESETS[code].settings)

    st.session_state["neurons_preset"] = shown
    with controls("preset"):
        st.selectbox(_("For a class"), list(names), format_func=names.__getitem__, key="neurons_preset", on_change=take)


def _say(preset: str) -> None:
    look = _(
        "One current drives both. Press play, or drag the slider: the neuron gathers charge, fires and recovers, so "
        "its answer depends on what came before; the unit gives one number for one input, at once."
    )
    look_and_try(look, _(PRESETS[preset or FIRST_PRESET].question))


def _film(plan: NeuronPlan, neuron: NeuronTrace, unit: UnitTrace) -> None:
    planes = None
    if plan.nullclines:
        peak = plan.stimulus.baseline + plan.stimulus.amplitude
        planes = Planes(plan.nullclines, ACTIVATIONS[plan.activation], peak)
    place = st.container()  # The widget stands under the film, but is read before it is drawn.
    figure = partial(
        side_by_side,
        neuron,
        unit,
        step=UNIT_STEP,
        name=plan.offered.short_name(plan.values.get("cell", "")),
        unit_current=plan.offered.with_unit(plan.offered.unit_current),
        planes=planes,
        moment=_shown_moment(round(plan.stimulus.duration)),
    )
    with place:
        draw(figure, "neurons_chart_film", after=plan.offered.ends(plan.parameters) or "")
    if plan.offered.sources:
        cite(*plan.offered.sources)


def _shown_moment(last: int) -> int:
    """The moment that the film starts at, ms: for the keyboard and for a link; the film's own slider goes on."""
    return MOMENT.field(_("Show the moment (0 to {last} ms)").format(last=last), most=last, width=260)


def _rates(plan: NeuronPlan, neuron: NeuronTrace, unit: UnitTrace) -> None:
    """Draw the f-I curve beside the activation; one that is not known yet is computed in the background, and the last
    settings' one stands in its place, in grey."""
    # As far as the run goes and somewhat further, so that the onset and the present point are seen well.
    most = min(max(6.0, 2.0 * unit.inputs.max()), plan.offered.currents[-1] / plan.offered.unit_current)
    inputs = np.linspace(min(0.0, unit.inputs.min()), max(most, unit.inputs.max()), 241)
    figure = partial(
        rates_and_activation,
        neuron=neuron,
        unit=unit,
        response=(inputs, respond(inputs, plan.weight, plan.bias, plan.activation).output),
        during=plan.during,
        unit_current=plan.offered.unit_current,
        block=plan.offered.block(plan.parameters),
    )
    shown, words = st.empty(), st.empty()
    asked = curve_of(plan.model, plan.parameters)
    if not asked.promise().done():
        last = st.session_state.get(_LAST)
        with shown.container():
            stale = partial(figure, curve=last if last and last.model == plan.model else None, stale=True)
            computing = draw(stale, "neurons_chart_stale", beneath=False)
        words.caption(computing)
    st.session_state[_LAST] = curve = asked.wait()
    noise = _("Noise blurs the threshold.") if plan.noisy else ""
    onset = None
    asked_onset = onset_of(plan.model, plan.parameters, curve)
    if not plan.noisy and not asked_onset.promise().done():
        with shown.container():
            words.caption(draw(partial(figure, curve=curve), "neurons_chart_soon", beneath=False))
    if not plan.noisy:
        onset = asked_onset.wait()
    with shown.container():
        about = draw(partial(figure, curve=curve, onset=onset), "neurons_chart_rates", before=noise, beneath=False)
    words.caption(join_sentences(f"{onset_in_words(onset, unit=plan.offered.unit)} {about}".strip()))


def _files(plan: NeuronPlan, neuron: NeuronTrace, unit: UnitTrace) -> None:
    """The group ``export``. The files are made when they are asked for; the f-I curve is waited for then."""

    def everything() -> bytes:
        curve = curve_of(plan.model, plan.parameters).promise().result()
        return traces_json(neuron, unit, step=UNIT_STEP, rates=curve)

    with controls("export", horizontal=True):
        for label, name, make in (
            (_("Neuron (CSV)"), "neuron.csv", lambda: neuron_csv(neuron)),
            (_("Artificial neuron (CSV)"), "unit.csv", lambda: unit_csv(unit, step=UNIT_STEP)),
            (_("All of it (JSON)"), "neurons.json", everything),
        ):
            download("neurons", label, name, make)
