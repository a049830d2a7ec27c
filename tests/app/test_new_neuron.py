"""A model of a neuron that nothing here knows: it is listed among the page's models, and the page has all of it.

It is a leaky membrane with two variables beside the voltage, and its current is in fA.
"""

import csv
import io
import json
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.charts.neurons.rates import rates_and_activation
from app.charts.neurons.side_by_side import Planes, side_by_side
from app.charts.neurons.voltage import neuron_courses
from app.export.neurons import neuron_csv, traces_json
from app.neurons.models import MODELS, unit_input
from app.neurons.models.offered import CellType, OfferedNeuron, Parameter, Range, times
from app.neurons.rates import curve_of
from app.neurons.settings import defaults, setting_of
from model import neurons
from model.errors import SettingError
from model.neurons import Stimulus, rate_curve, respond
from model.neurons.artificial import ACTIVATIONS
from model.neurons.membrane import Model, check_limits, run
from model.traces import Variable

LIMITS = {"tau": (1.0, 100.0), "v_threshold": (-80.0, 0.0)}


@dataclass(frozen=True)
class Parameters:
    tau: float = 10.0
    v_threshold: float = -50.0

    def __post_init__(self) -> None:
        check_limits(self, LIMITS)


LOW = Parameters(20.0, -60.0)
STEP = Stimulus("step", 40.0, start=10.0, stop=90.0, duration=100.0)


def stepper(parameters: Parameters, dt: float, maths):
    """It forgets its spikes within 20 ms (``tired``) and counts its steps up to 1 (``share``)."""

    def step(state, current):
        v, tired, share = state
        fired = v >= parameters.v_threshold
        v = maths.where(fired, -80.0, v)
        tired = maths.where(fired, tired + 1.0, tired)
        v = v + dt / parameters.tau * (-70.0 + current - tired - v)
        return v, tired * (1 - dt / 20.0), share + 0.001 * (1 - share)

    return step


def nullclines(voltage, current=0.0, parameters=None):
    return -70.0 + current - voltage, 0.0 * voltage


TOY = Model(
    name="toy",
    unit="fA",
    most_current=1000.0,
    longest_dt=1.0,
    variables=(Variable("tired", "tiredness (mV)", unit="mV", digits=2), Variable("share", "share of steps", digits=2)),
    parameters=Parameters,
    start=lambda parameters: (-70.0, 0.0, 0.0),
    stepper=stepper,
    spiked=lambda before, after, parameters: after >= parameters.v_threshold,
    threshold=lambda parameters: parameters.v_threshold,
    nullclines=nullclines,
)


def simulate(current, parameters=None, dt=0.1, seed=0):
    return run(TOY, current, parameters or Parameters(), dt, seed)


MODULE: Any = SimpleNamespace(
    MODEL=TOY, DT=0.1, UNIT="fA", Parameters=Parameters, TEXTBOOK=Parameters(), LIMITS=LIMITS, simulate=simulate
)
OFFERED = OfferedNeuron(
    module=MODULE,
    code="toy",
    name="A toy neuron",
    short="toy",
    unit_current=25.0,
    stimulus={
        "amplitude": Range(-50.0, 100.0, 40.0, 1.0),
        "baseline": Range(-10.0, 10.0, 0.0, 1.0),
        "sigma": Range(0.0, 20.0, 5.0, 1.0),
        "period": Range(2.0, 100.0, 20.0, 1.0),
        "width": Range(1.0, 20.0, 2.0, 1.0),
        **times(100.0, 200.0, 1.0),
    },
    parameters={"tau": Parameter("How slow it is (ms)", 1.0, 50.0, 10.0, 1.0)},
    cells={"usual": CellType("The usual one", "usual", Parameters()), "low": CellType("A low one", "low", LOW)},
    about_cell=lambda parameters: f"It fires at {parameters.v_threshold:g} mV.",
    cell_key="neurons_toy_cell",
    currents=np.linspace(0.0, 100.0, 11),
    curve_dt=0.5,
    curve_duration=200.0,
    ends=lambda parameters: "Here the toy ends.",
    sources=("naud",),
)


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """The line in the page's registry."""
    monkeypatch.setitem(MODELS, "toy", OFFERED)


@pytest.fixture
def trace():
    return simulate(STEP.current(0.1))


def test_the_page_offers_all_models_that_there_are():
    assert set(neurons.MODELS) == set(MODELS) - {"toy"}
    for name, offered in MODELS.items():
        assert offered.module.MODEL.name == name and (not offered.cells or offered.cell_key)
        for parameter, (_label, least, most, _default, _step) in offered.parameters.items():
            limits = offered.module.LIMITS[parameter]
            assert limits[0] <= least < most <= limits[1]


def test_its_courses_are_drawn(trace):
    voltage, inside, current = neuron_courses(trace)
    assert len(trace.spikes) > 3
    levels = [part for part in voltage.parts if np.array_equal(part["y"], [-50.0, -50.0])]
    assert len(levels) == 1 and "threshold dotted" in voltage.title
    assert "tiredness (mV)" in inside.title and "share of steps" in inside.title
    assert [part["line"]["dash"] for part in inside.parts] == ["solid", "dash"]
    assert "tired = %{y:.2f} mV" in inside.parts[0]["hovertemplate"]
    assert inside.between[0] < 0 and inside.between[1] > trace.state["tired"].max()
    assert "(fA)" in current.title


def test_a_model_without_other_variables_is_drawn(trace):
    bare = replace(trace, state={}, variables=(), threshold=None)
    assert [len(course.parts) for course in neuron_courses(bare)] == [2, 0, 1]
    unit = respond(unit_input(trace), 1.0)
    assert side_by_side(bare, unit, step=1.0, name="x", unit_current="1 fA").figure.frames


def test_the_unit_gets_its_current(trace):
    x = unit_input(trace)
    assert len(x) == 100 and x[:10].max() == 0
    np.testing.assert_allclose(x[10:90], 40.0 / 25.0)


def test_it_has_a_film_with_a_phase_plane(trace):
    planes = Planes(nullclines, ACTIVATIONS["sigmoid"], 40.0)
    unit = respond(unit_input(trace), 1.0)
    figure = side_by_side(trace, unit, step=1.0, name="toy", unit_current="25 fA", planes=planes).figure
    assert "where tired does" in " ".join(note.text for note in figure.layout.annotations)
    assert {figure.data[place].xaxis for place in figure.frames[0].traces} == {each.xaxis for each in figure.data}


def test_its_limits_are_kept():
    with pytest.raises(SettingError, match="tau"):
        Parameters(tau=1000.0)
    with pytest.raises(SettingError, match="fA"):
        simulate(np.full(10, 2000.0))
    with pytest.raises(SettingError, match=r"toy\.Parameters"):
        simulate(np.zeros(10), "others")


def test_its_rate_is_drawn_over_its_current(trace):
    curve = rate_curve(MODULE, OFFERED.currents, duration=300.0)
    assert curve.model == "toy" and curve.steady[0] == 0 < curve.steady[-1]
    x = np.linspace(0, 4, 9)
    figure = rates_and_activation(
        curve, trace, respond(unit_input(trace), 1.0), (x, x), during=(10.0, 90.0), unit_current=OFFERED.unit_current
    ).figure
    assert "(fA)" in figure.layout.xaxis.title.text
    np.testing.assert_array_equal(figure.data[1].y, curve.steady)


def test_it_is_exported(trace):
    rows = list(csv.DictReader(io.StringIO(neuron_csv(trace).decode("utf-8-sig"))))
    assert [*rows[0]] == ["time_ms", "current", "voltage_mv", "tired", "share", "spike"]
    content = json.loads(traces_json(trace, respond(unit_input(trace), 1.0), step=1.0))["neuron"]
    assert (content["model"], content["unit"], content["threshold"]) == ("toy", "fA", -50.0)
    assert [variable["label"] for variable in content["variables"]] == ["tiredness (mV)", "share of steps"]


def test_its_settings_have_places_of_their_own():
    assert setting_of("amplitude", "toy").key == "neurons_toy_amplitude"
    assert setting_of("cell", "toy").key == "neurons_toy_cell"
    assert defaults("toy")["cell"] == "usual" and defaults("toy")["tau"] == 10.0
    assert OFFERED.short_name("low") == "toy low" and OFFERED.with_unit(25.0) == "25 fA"


def test_the_page_offers_it(app):
    test = app(neurons_model="toy", neurons_toy_cell="low", neurons_toy_tau="20", page="neurons")
    assert not test.exception and not test.error
    said = " ".join(caption.value for caption in test.caption)
    trace = simulate(STEP.current(0.1), LOW)
    assert f"{len(trace.spikes)} spikes, the first at {trace.spikes[0]:.1f} ms" in said
    assert "It fires at -60 mV." in said and "Here the toy ends." in said and "Naud et al. 2008" in said
    assert len(test.get("plotly_chart")) == 2
    assert curve_of("toy", LOW).promise().result().steady.max() > 0
