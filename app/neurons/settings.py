"""What drives the two neurons of the first view, and what they are: settings, each with its place in the URL."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from app.charts.neurons.phase import Nullclines
from app.charts.neurons.unit import activation_names
from app.i18n import _
from app.neurons.models import MODELS, UNIT, model_names
from app.neurons.models.offered import Offered, Parameter, Range
from app.ui.drawing import run_on
from app.ui.shell import choice, controls
from model.neurons import Stimulus

#: The largest seed that the page offers.
LARGEST_SEED = 9999
#: What belongs to each kind of stimulus beside its amplitude.
OF_KIND = {"step": (), "pulses": ("period", "width"), "ramp": (), "noise": ("sigma", "width"), "sine": ("period",)}

#: The choices and their first values; numbers and cells have theirs in ``app.neurons.models``.
CHOICES = {"model": "hodgkin_huxley", "kind": "step", "activation": "sigmoid"}


@dataclass(frozen=True)
class Plan:
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
    def offered(self) -> Offered:
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


def key_of(name: str, model: str) -> str:
    """The widget of a setting. Numbers and cells of different models have widgets of their own: their units differ."""
    if name in CHOICES:
        return f"neurons_{name}"
    if name in UNIT:
        return f"neurons_unit_{name}"
    if name == "cell":
        return MODELS[model].cell_key
    return f"neurons_{MODELS[model].code}_{name}"


def defaults(model: str) -> dict[str, Any]:
    """All settings of a model as they are at first."""
    offered = MODELS[model]
    numbers = offered.stimulus | offered.parameters | UNIT
    cell = {"cell": offered.first_cell} if offered.cells else {}
    return CHOICES | cell | {"model": model, "seed": 0} | {name: each.default for name, each in numbers.items()}


def choose_plan() -> Plan:
    """The groups ``neuron``, ``stimulus`` and ``unit``.

    Raises:
        UserError: when the settings do not go together.
    """
    values: dict[str, Any] = {}
    with controls("neuron"):
        model = choice(
            st.selectbox, _("Living neuron, a model"), model_names(), key="neurons_model", default=CHOICES["model"]
        )
        values["model"] = model
        parameters = _choose_parameters(model, values)
    with controls("stimulus"):
        stimulus = _choose_stimulus(model, values)
    with controls("unit"):
        activation = choice(
            st.segmented_control,
            _("Artificial neuron: activation f"),
            activation_names(),
            key="neurons_activation",
            default=CHOICES["activation"],
        )
        values["activation"] = activation
        labels = {"weight": _("Weight w"), "bias": _("Bias b"), "own": _("Weight of its own past, w_rec")}
        for name, label in labels.items():
            values[name] = _slider(name, model, UNIT[name], label)
        offered = MODELS[model]
        st.caption(_(offered.about_one).format(one=offered.with_unit(offered.one)))
    return Plan(
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
        st.session_state[key_of(name, model)] = value


def is_set(wanted: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether the widgets that are seen have the values of ``wanted``."""
    full = defaults(wanted.get("model", CHOICES["model"])) | wanted
    return all(full.get(name) == value for name, value in values.items())


def _choose_parameters(model: str, values: dict[str, Any]) -> Any:
    offered = MODELS[model]
    parameters = offered.module.TEXTBOOK
    if offered.cells:
        names = {code: _(cell.name) for code, cell in offered.cells.items()}
        values["cell"] = choice(
            st.selectbox, _(offered.cells_label), names, key=key_of("cell", model), default=offered.first_cell
        )
        parameters = offered.cells[values["cell"]].parameters
        if said := offered.about_cell(parameters):
            st.caption(run_on(said))
    if offered.parameters:
        with st.expander(_("The neuron's own numbers"), icon=":material/tune:"):
            for name, each in offered.parameters.items():
                values[name] = _slider(name, model, each, _(each.label))
        parameters = replace(parameters, **{name: values[name] for name in offered.parameters})
    return parameters


def _choose_stimulus(model: str, values: dict[str, Any]) -> Stimulus:
    offered = MODELS[model].stimulus
    kind = choice(st.pills, _("Stimulus"), kind_names(), key="neurons_kind", default=CHOICES["kind"])
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
        values[name] = _slider(name, model, offered[name], labels[name])
    with st.expander(_("When, and how long"), icon=":material/schedule:"):
        for name in ("start", "length", "duration", "baseline"):
            values[name] = _slider(name, model, offered[name], labels[name])
        noise = kind == "noise" or values.get("noise")
        if noise:
            values["seed"] = int(
                st.number_input(
                    _("Seed of the noise"), 0, LARGEST_SEED, 0, key=key_of("seed", model), bind="query-params"
                )
            )
    if values["start"] >= values["duration"]:
        st.warning(_("The run is over before the stimulus begins: let it begin earlier, or make the run longer."))
    given = {name: values[name] for name in ("amplitude", "baseline", "start", "duration", *OF_KIND[kind])}
    return Stimulus(kind=kind, stop=values["start"] + values["length"], seed=values.get("seed", 0), **given)


def _slider(name: str, model: str, offered: Range | Parameter, label: str) -> float:
    return st.slider(
        label,
        offered.least,
        offered.most,
        offered.default,
        offered.step,
        key=key_of(name, model),
        bind="query-params",
    )
