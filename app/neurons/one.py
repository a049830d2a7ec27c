"""One neuron: the same stimulus drives a model of a living neuron and an artificial one, side by side."""

from collections.abc import Callable
from functools import partial
from time import sleep

import numpy as np
import streamlit as st

from app.charts.neurons.phase import describe_phase_plane
from app.charts.neurons.rates import describe_rates, rates_and_activation
from app.charts.neurons.side_by_side import side_by_side
from app.charts.neurons.unit import describe_unit
from app.charts.neurons.voltage import describe_voltage
from app.drawing import draw
from app.export.neurons import neuron_csv, traces_json, unit_csv
from app.i18n import _
from app.neurons.models import UNIT_STEP, cell_names, model_names, unit_input, with_unit
from app.neurons.presets import PRESETS
from app.neurons.rates import curves
from app.neurons.settings import Plan, choose_plan, is_set, put
from app.neurons.words import look_and_try
from app.shell import controls
from model.neurons import izhikevich, respond
from model.neurons.artificial import ACTIVATIONS
from model.traces import NeuronTrace, RateCurve, UnitTrace

#: What the choice of presets shows when the settings are nobody's.
OWN = ""
#: Seconds between two looks at a curve that is being computed.
PATIENCE = 0.05


def show() -> None:
    """The settings on the left; on the right the film, then the f-I curve, which comes when it is computed.

    Raises:
        UserError: when the settings do not go together, or a model cannot follow its equations under them.
    """
    left, right = st.columns([2, 5], gap="large")
    with left:
        # The choice of a preset comes first, and shows which one is set: that is known after the others.
        first = st.container()
        plan = choose_plan()
    preset = next((code for code, one in PRESETS.items() if is_set(one.settings, plan.values)), OWN)
    with first:
        _choose_preset(preset)
    with right:
        _say(preset)
        neuron = plan.offered.module.simulate(
            plan.stimulus.current(plan.offered.module.DT), plan.parameters, seed=plan.seed
        )
        unit = respond(unit_input(neuron), plan.weight, plan.bias, plan.activation, plan.own)
        _film(plan, neuron, unit)
        place = st.container()
        files = st.container()
        curve = _rates(plan, neuron, unit, place)
        with files:
            _files(neuron, unit, curve)


def _choose_preset(shown: str) -> None:
    """The group ``preset``. It has no place in the URL: the settings that it makes have."""
    names = {OWN: _("My own settings")} | {code: _(one.name) for code, one in PRESETS.items()}

    def take() -> None:
        code = st.session_state["neurons_preset"]
        if code in PRESETS:
            put(PRESETS[code].settings)

    st.session_state["neurons_preset"] = shown
    with controls("preset"):
        st.selectbox(_("For a class"), list(names), format_func=names.get, key="neurons_preset", on_change=take)


def _say(preset: str) -> None:
    look = _(
        "One current drives both. Press play, or drag the slider: the neuron gathers charge, fires and recovers, so "
        "its answer depends on what came before; the unit gives one number for one input, at once."
    )
    question = _("Double the amplitude: what doubles on the left, and what on the right?")
    look_and_try(look, _(PRESETS[preset].question) if preset else question)


def _film(plan: Plan, neuron: NeuronTrace, unit: UnitTrace) -> None:
    planes = None
    said = [describe_voltage(neuron), describe_unit(unit)]
    name = model_names()[plan.model]
    if plan.model == "izhikevich":
        planes = (_nullclines(plan), ACTIVATIONS[plan.activation])
        peak = plan.stimulus.baseline + plan.stimulus.amplitude
        said.insert(1, describe_phase_plane(neuron, planes[0], peak))
        name = f"{name}, {cell_names()[plan.values['cell']]}"
    figure = side_by_side(
        neuron,
        unit,
        step=UNIT_STEP,
        name=name,
        current_unit=plan.offered.module.UNIT,
        one=with_unit(plan.offered.one, plan.model),
        threshold=plan.parameters.v_threshold if plan.model == "lif" else None,
        planes=planes,
    )
    draw(figure, "neurons_chart_film", " ".join([*said, *_limits(plan, neuron)]))


def _nullclines(plan: Plan) -> Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray]]:
    return partial(izhikevich.nullclines, parameters=plan.parameters)


def _limits(plan: Plan, neuron: NeuronTrace) -> list[str]:
    """Where the model itself ends."""
    if plan.model == "lif":
        return [_("This model has no spike of its own: at the threshold, the voltage is set back by hand.")]
    if plan.model == "izhikevich":
        return [_("The peak at 30 mV is where this model cuts a spike off; it knows no depolarisation block.")]
    if plan.parameters.temperature > 20:
        return [_("The constants were measured at 6.3 °C; so warm, the model is only a guess, and soon stops firing.")]
    return []


def _rates(plan: Plan, neuron: NeuronTrace, unit: UnitTrace, place) -> RateCurve | None:
    """Draw the f-I curve beside the activation; a curve that is not known yet is computed elsewhere meanwhile, and
    whatever the user does goes first."""
    inputs = np.linspace(min(0.0, unit.inputs.min()), plan.offered.curve[0] / plan.offered.one, 241)
    response = (inputs, respond(inputs, plan.weight, plan.bias, plan.activation).output)
    unit_name = plan.offered.module.UNIT
    figure = partial(
        rates_and_activation,
        neuron=neuron,
        unit=unit,
        response=response,
        during=plan.during,
        current_unit=unit_name,
        one=plan.offered.one,
    )
    with place:
        shown = st.empty()
    awaited = curves().of(plan.model, plan.parameters)
    if not awaited.done():
        earlier = st.session_state.get("neurons_last_curve")
        if earlier is not None and earlier.model != plan.model:
            earlier = None
        with shown.container():
            draw(figure(curve=earlier, stale=True), "neurons_chart_rates_stale", _("The f-I curve is being computed."))
        while not awaited.done():
            sleep(PATIENCE)
            # A look into the session's state lets Streamlit end this run as soon as the user changes anything.
            st.session_state.get("neurons_last_curve")
    curve = awaited.result()
    st.session_state["neurons_last_curve"] = curve
    with shown.container():
        said = describe_rates(curve, unit=unit_name, noisy=plan.noisy)
        draw(figure(curve=curve), "neurons_chart_rates", f"{said} {_about_rates()}")
    return curve


def _about_rates() -> str:
    return _(
        "The dot is this run: the stimulus's mean current, and what came of it on average. The red band holds all its "
        "currents."
    )


def _files(neuron: NeuronTrace, unit: UnitTrace, curve: RateCurve | None) -> None:
    """The group ``export``."""
    with controls("export", horizontal=True):
        for label, name, make in (
            (_("Neuron (CSV)"), "neuron.csv", lambda: neuron_csv(neuron)),
            (_("Artificial neuron (CSV)"), "unit.csv", lambda: unit_csv(unit, step=UNIT_STEP)),
            (_("All of it (JSON)"), "neurons.json", lambda: traces_json(neuron, unit, step=UNIT_STEP, rates=curve)),
        ):
            st.download_button(
                label,
                make,
                f"afterimage-{name}",
                key=f"neurons_export_{name.replace('.', '_')}",
                icon=":material/download:",
                on_click="ignore",
            )
