"""Does it fire? The class predicts how many spikes a stimulus will cause; then the neuron runs."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from app import remembered
from app.charts.rooms.choices import predictions_shown
from app.charts.rooms.neuron import answer_shown, current_shown
from app.i18n import _
from app.neurons.models import MODELS
from app.neurons.presets import PRESETS
from app.neurons.settings import OF_KIND, defaults
from app.rooms.answering import answer_button, sent
from app.rooms.presence import teaching
from app.ui.drawing import draw
from app.ui.shell import go_to
from model.neurons import Stimulus
from model.rooms import Activity, Seat, Teacher
from model.rooms.kinds import MOST_SPIKES
from model.traces import NeuronTrace, Predictions, Stimulated


def ask(teacher: Teacher) -> None:
    st.caption(
        _(
            "The class sees the neuron's model and the current, and predicts how many spikes will come. Here are "
            "stimuli that are ready; while this room is open, one of your own can be asked from the neurons' page."
        )
    )
    code = st.selectbox(
        _("Neuron and stimulus"), list(PRESETS), format_func=lambda code: _(PRESETS[code].name), key="class_preset"
    )
    if st.button(_("Ask the class"), key="class_ask_fire", icon=":material/campaign:"):
        settings = PRESETS[code].settings
        teacher.ask("fire", {"values": defaults(settings.get("model", "hodgkin_huxley")) | settings})
        st.rerun()
    st.page_link("app_pages/neurons.py", label=_("Neurons"), icon=":material/neurology:")


def attend(seat: Seat, activity: Activity) -> None:
    _show_stimulus(activity)
    answered = sent(seat, activity, str)
    if not answered and not activity.revealed:
        number = st.number_input(
            _("How many spikes will come?"),
            0,
            MOST_SPIKES,
            None,
            key=f"class_spikes_{activity.round}",
            placeholder=_("A number"),
        )
        answer_button(seat, activity, None if number is None else str(int(number)))
    elif activity.revealed:
        trace = run_of(activity.content["values"])
        draw(partial(answer_shown, trace), f"class_chart_run_{activity.round}")


def project(teacher: Teacher, activity: Activity) -> None:
    if not activity.revealed:
        _show_stimulus(activity)
        return
    trace = run_of(activity.content["values"])
    counts = {int(value): count for value, count in teacher.tally().items()}
    predictions = Predictions(counts, len(trace.spikes))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_name(activity))
        draw(partial(answer_shown, trace), "class_chart_run")
    with right:
        draw(partial(predictions_shown, predictions), "class_chart_predictions")


def ask_button(values: Mapping[str, Any]) -> None:
    """On the neurons' page: ask the room that this session teaches about the neuron as it is set there."""
    teacher = teaching()
    if teacher is not None and st.button(
        _("Ask the class how many spikes"), key="neurons_ask", icon=":material/campaign:"
    ):
        teacher.ask("fire", {"values": dict(values)})
        go_to("class_room")


def run_of(values: Mapping[str, Any]) -> NeuronTrace:
    """What the neuron does under these settings, named as those of the neurons' page."""
    module = MODELS[values["model"]].module
    stimulus, parameters = _read(values)
    seed = values.get("seed", 0)
    return remembered.result(partial(module.simulate, stimulus.current(module.DT), parameters, seed=seed))


def stimulus_of(values: Mapping[str, Any]) -> Stimulated:
    module = MODELS[values["model"]].module
    current = _read(values)[0].current(module.DT)
    return Stimulated(np.arange(len(current)) * module.DT, current, module.UNIT)


def _read(values: Mapping[str, Any]) -> tuple[Stimulus, Any]:
    offered = MODELS[values["model"]]
    parameters = offered.cells[values["cell"]].parameters if offered.cells else offered.module.TEXTBOOK
    own = {name: values[name] for name in offered.parameters if name in values}
    given = {name: values[name] for name in ("amplitude", "baseline", "start", "duration", *OF_KIND[values["kind"]])}
    stop = values["start"] + values["length"]
    return Stimulus(kind=values["kind"], stop=stop, seed=values.get("seed", 0), **given), replace(parameters, **own)


def _name(activity: Activity) -> str:
    values = activity.content["values"]
    offered = MODELS[values["model"]]
    cell = offered.cells.get(values.get("cell", ""))
    name = _("{model}, {cell}").format(model=_(offered.name), cell=_(cell.name)) if cell else _(offered.name)
    return f"**{name}**"


def _show_stimulus(activity: Activity) -> None:
    stimulus = stimulus_of(activity.content["values"])
    st.markdown(_name(activity))
    draw(partial(current_shown, stimulus), "class_chart_stimulus")
