"""What drives the two neurons of the first view, and what they are: settings, each with its place in the URL."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from app.charts.neurons.phase import Nullclines
from app.charts.neurons.unit import activation_names
from app.i18n import _
from app.neurons.models import MODELS, UNIT, model_names
from app.neurons.models.offered import OfferedNeuron
from app.neurons.number_settings import first_values
from app.ui.drawing import join_sentences
from app.ui.settings import Code, Number, Seed, Setting
from app.ui.shell import controls
from model.neurons import Stimulus

#: What belongs to each kind of stimulus beside its amplitude.
OF_KIND = {"step": (), "pulses": ("period", "width"), "ramp": (), "noise": ("sigma", "width"), "sine": ("period",)}

#: The choices and their first values; numbers and cells have theirs in ``app.neurons.models``.
CHOICES = {"model": "hodgkin_huxley", "kind": "step", "activation": "sigmoid"}


@dataclass(frozen=True)
class NeuronPlan:
    """What decides a run: the same plan gives the same two traces."""

    model: str
    parameters: Any
    stimulus: Stimulus
    activation: str
    weight: float
    bias: float
    #: w_rec.
    own: float
    #: The widgets' values by their names, to be compared with a preset's.
    values: dict[str, Any]

    @property
    def offered(self) -> OfferedNeuron:
        return MODELS[self.model]

    @property
    def nullclines(self) -> Nullclines | None:
        """Those of its phase plane, where its model has one."""
        model = self.offered.module.MODEL
        return model.nullclines and partial(model.nullclines, parameters=self.parameters)

    @property
    def seed(self) -> int:
        """Of all noise, the stimulus's and the membrane's."""
        return self.stimulus.seed

    @property
    def noisy(self) -> bool:
        return bool(getattr(self.parameters, "noise", 0.0))

    @property
    def during(self) -> tuple[float, float]:
        """From when to when the stimulus is on, ms."""
        start = min(self.stimulus.start, self.stimulus.duration)
        return start, max(min(self.stimulus.stop, self.stimulus.duration), start)


def kind_names() -> dict[str, str]:
    return {"step": _("Step"), "pulses": _("Pulses"), "ramp": _("Ramp"), "noise": _("Noise"), "sine": _("Sine")}


def setting_of(name: str, model: str) -> Setting:
    """A setting, by its name. Numbers and cells of different models are settings of their own: their units differ."""
    return choice_of(name, model) if name in CHOICES or name == "cell" else number_of(name, model)


def choice_of(name: str, model: str) -> Code:
    """A setting that is a choice."""
    offered = MODELS[model]
    return Code(offered.cell_key, offered.first_cell) if name == "cell" else Code(f"neurons_{name}", CHOICES[name])


def number_of(name: str, model: str) -> Number:
    """A setting that is a number."""
    if name in UNIT:
        return Number(f"neurons_unit_{name}", *UNIT[name])
    offered = MODELS[model]
    key = f"neurons_{offered.code}_{name}"
    if name == "seed":
        return Seed(key)
    each = offered.stimulus[name] if name in offered.stimulus else offered.parameters[name]
    return Number(key, each.least, each.most, each.default, each.step)


def settings_of_model(model: str) -> dict[str, Setting]:
    """All settings of a model, by their names."""
    offered = MODELS[model]
    cell = ("cell",) if offered.cells else ()
    names = (*CHOICES, *cell, "seed", *offered.stimulus, *offered.parameters, *UNIT)
    return {name: setting_of(name, model) for name in names}


def defaults(model: str) -> dict[str, Any]:
    """All settings of a model as they are at first."""
    return first_values(settings_of_model(model)) | {"model": model}


def choose_plan() -> NeuronPlan:
    """The groups ``neuron``, ``stimulus`` and ``unit``.

    Raises:
        UserError: when the settings do not go together.
    """
    values: dict[str, Any] = {}
    with controls("neuron"):
        model = Code("neurons_model", CHOICES["model"]).choose(st.selectbox, _("Living neuron, a model"), model_names())
        values["model"] = model
        parameters = _choose_parameters(model, values)
    with controls("stimulus"):
        stimulus = _choose_stimulus(model, values)
    with controls("unit"):
        activation = choice_of("activation", model).choose(
            st.segmented_control, _("Artificial neuron: activation f"), activation_names()
        )
        values["activation"] = activation
        labels = {"weight": _("Weight w"), "bias": _("Bias b"), "own": _("Weight of its own past, w_rec")}
        for name, label in labels.items():
            values[name] = number_of(name, model).slider(label)
        offered = MODELS[model]
        st.caption(_(offered.about_one).format(one=offered.with_unit(offered.unit_current)))
    return NeuronPlan(
        model,
        parameters,
        stimulus,
        activation,
        values["weight"],
        values["bias"],
        values["own"],
        values,
    )


def put(wanted: dict[str, Any]) -> None:
    """Set all widgets to ``wanted``, and to their first values where it does not name them; call it in a callback."""
    model = wanted.get("model", CHOICES["model"])
    for name, value in (defaults(model) | wanted).items():
        setting_of(name, model).put(value)


def is_set(wanted: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether the widgets that are seen have the values of ``wanted``."""
    full = defaults(wanted.get("model", CHOICES["model"])) | wanted
    return all(full.get(name) == value for name, value in values.items())


def _choose_parameters(model: str, values: dict[str, Any]) -> Any:
    offered = MODELS[model]
    parameters = offered.module.TEXTBOOK
    if offered.cells:
        names = {code: _(cell.name) for code, cell in offered.cells.items()}
        values["cell"] = choice_of("cell", model).choose(st.selectbox, _(offered.cells_label), names)
        parameters = offered.cells[values["cell"]].parameters
        if said := offered.about_cell(parameters):
            st.caption(join_sentences(said))
    if offered.parameters:
        with st.expander(_("The neuron's own numbers"), icon=":material/tune:"):
            for name, each in offered.parameters.items():
                values[name] = number_of(name, model).slider(_(each.label))
        parameters = replace(parameters, **{name: values[name] for name in offered.parameters})
    return parameters


def _choose_stimulus(model: str, values: dict[str, Any]) -> Stimulus:
    kind = choice_of("kind", model).choose(st.pills, _("Stimulus"), kind_names())
    values["kind"] = kind
    unit = MODELS[model].unit or _("no unit")
    labels = {
        "amplitude": _("Amplitude ({unit})").format(unit=unit),
        "sigma": _("Standard deviation of the noise ({unit})").format(unit=unit),
        "period": _("Period (ms)"),
        "width": _("Each value lasts (ms)") if kind == "noise" else _("Width of a pulse (ms)"),
        "baseline": _("Constant current beneath ({unit})").format(unit=unit),
        "start": _("Begins at (ms)"),
        "length": _("Lasts (ms)"),
        "duration": _("The whole run (ms)"),
    }
    for name in ("amplitude", *OF_KIND[kind]):
        values[name] = number_of(name, model).slider(labels[name])
    with st.expander(_("When, and how long"), icon=":material/schedule:"):
        for name in ("start", "length", "duration", "baseline"):
            values[name] = number_of(name, model).slider(labels[name])
        noise = kind == "noise" or values.get("noise")
        if noise:
            values["seed"] = number_of("seed", model).field(_("Seed of the noise"))
    if values["start"] >= values["duration"]:
        st.warning(_("The run is over before the stimulus begins: let it begin earlier, or make the run longer."))
    given = {name: values[name] for name in ("amplitude", "baseline", "start", "duration", *OF_KIND[kind])}
    return Stimulus(kind=kind, stop=values["start"] + values["length"], seed=values.get("seed", 0), **given)
