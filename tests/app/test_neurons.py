"""The neurons page by Streamlit's AppTest: its frame, one neuron, the table; addresses, presets, bad input, files."""

import csv
import dataclasses
import importlib
import io
import json
import math
import pkgutil
import types
from itertools import pairwise

import numpy as np
import pytest

import app.caption
import app.lessons
import app.neurons
import app.sequence
from app.export.neurons import neuron_csv, traces_json, unit_csv
from app.neurons.facts import CLAIMS, ROWS, UNLIKE
from app.neurons.models import MODELS, unit_input
from app.neurons.models.offered import Parameter, Range
from app.neurons.presets import PRESETS
from app.neurons.settings import CHOICES, OF_KIND, defaults, setting_of
from app.neurons.table import table_csv
from app.sources import SOURCES
from model.neurons import Stimulus, adex, lif, rate_curve, respond
from tests.app.conftest import spread_nonsense

VIEWS = ("one", "summing", "learning", "memory", "table")


@pytest.fixture
def page(app):
    """The neurons page, with these parameters in its address."""
    return lambda **parameters: app(**parameters, page="neurons")


def sound(test):
    assert not test.exception and not test.error
    return test


def film(test) -> dict:
    """The first figure, as the browser gets it."""
    return json.loads(test.get("plotly_chart")[0].proto.spec)


def said(test) -> str:
    return " ".join(caption.value for caption in test.caption)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_in_every_language(page, view, lang):
    test = sound(page(lang=lang, neurons_view=view))
    assert test.title[0].value == {"en": "Neurons", "zh": "神经元"}[lang]
    assert len(test.table) == 1 if view == "table" else test.get("plotly_chart")


@pytest.mark.parametrize(("asked", "shown"), [("30", 30), ("100", 99), ("999999", 0)])
def test_the_film_starts_at_the_moment_in_the_address(page, asked, shown):
    assert film(sound(page(neurons_moment=asked)))["layout"]["sliders"][0]["active"] == shown


@pytest.mark.parametrize("kind", OF_KIND)
@pytest.mark.parametrize("model", MODELS)
def test_every_model_meets_every_stimulus(page, model, kind):
    test = sound(page(neurons_model=model, neurons_kind=kind))
    assert len(test.get("plotly_chart")) == 2
    assert len(film(test)["frames"]) == 100


@pytest.mark.parametrize("activation", ["step", "sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("own", ["-1", "0", "0.5"])
def test_every_activation_with_and_without_memory(page, activation, own):
    sound(page(neurons_activation=activation, neurons_unit_own=own))


def test_an_address_decides_both_traces(page):
    """What the page says is what the models say from Python."""
    link = {"neurons_model": "lif", "neurons_lif_amplitude": "2.5", "neurons_lif_tau_m": "20"}
    test = sound(page(**link, neurons_unit_weight="2", neurons_unit_bias="-1", neurons_activation="tanh"))
    stimulus = Stimulus("step", 2.5, start=20.0, stop=180.0, duration=200.0)
    neuron = lif.simulate(stimulus.current(lif.DT), lif.Parameters(tau_m=20.0))
    unit = respond(unit_input(neuron), 2.0, -1.0, "tanh")
    assert f"{len(neuron.spikes)} spikes, the first at {neuron.spikes[0]:.1f} ms" in said(test)
    assert f"to {unit.output.max():.2f}" in said(test)


def test_the_type_of_the_curve_is_the_models_own(page):
    assert "Type II" in said(page(neurons_model="hodgkin_huxley"))
    assert "Type I:" in said(page(neurons_model="lif"))


def test_noise_leaves_no_type(page):
    text = said(sound(page(neurons_model="lif", neurons_lif_noise="2")))
    assert "Noise blurs" in text and "Type" not in text


@pytest.mark.parametrize("code", PRESETS)
def test_picking_a_preset_sets_what_it_says(page, code):
    test = page()
    test.selectbox(key="neurons_preset").set_value(code).run()
    sound(test)
    settings = PRESETS[code].settings
    model = settings["model"]
    for name, value in settings.items():
        assert test.session_state[setting_of(name, model).key] == value
    # It stays chosen, and its question stands above.
    assert test.selectbox(key="neurons_preset").value == code
    assert any(PRESETS[code].question in text.value for text in test.markdown)


def test_a_preset_that_is_changed_is_nobodys(page):
    test = page()
    assert test.selectbox(key="neurons_preset").value == "squid"
    test.slider(key="neurons_hh_amplitude").set_value(11.0).run()
    assert test.selectbox(key="neurons_preset").value == ""


#: What must be seen in a preset for its name to be true: how many spikes.
SPIKES = {
    "threshold": (0, 0),
    "tires": (4, 12),
    "bursts": (12, 60),
    "greeting": (6, 9),
    "rebound": (2, 20),
    "resonator": (3, 20),
    "refractory": (4, 4),
    "ramp": (0, 0),
    "block": (1, 1),
    "sodium": (0, 0),
    "noise": (1, 30),
}


@pytest.mark.parametrize("code", SPIKES)
def test_presets_do_what_their_names_say(code):
    settings = defaults(PRESETS[code].settings["model"]) | PRESETS[code].settings
    assert SPIKES[code][0] <= len(simulated(settings).spikes) <= SPIKES[code][1]


@pytest.mark.parametrize(
    ("code", "change", "fires"),
    [
        ("threshold", {"amplitude": 1.51}, True),
        ("resonator", {"period": 10.0}, False),
        ("resonator", {"period": 20.0}, False),
        ("ramp", {"kind": "step"}, True),
        ("noise", {"sigma": 0.0}, False),
        ("sodium", {"g_na": 120.0}, True),
    ],
)
def test_their_questions_have_the_answers_they_hint_at(code, change, fires):
    settings = defaults(PRESETS[code].settings["model"]) | PRESETS[code].settings | change
    assert bool(len(simulated(settings).spikes)) == fires


def simulated(settings: dict):
    """The neuron of a preset's settings, from Python."""
    offered = MODELS[settings["model"]]
    given = {name: settings[name] for name in ("amplitude", "baseline", "start", "duration")}
    given |= {name: settings[name] for name in OF_KIND[settings["kind"]]}
    stimulus = Stimulus(kind=settings["kind"], stop=settings["start"] + settings["length"], **given)
    parameters = offered.cells[settings["cell"]].parameters if offered.cells else offered.module.TEXTBOOK
    parameters = dataclasses.replace(parameters, **{name: settings[name] for name in offered.parameters})
    return offered.module.simulate(stimulus.current(offered.module.DT), parameters)


@pytest.mark.parametrize("end", ["least", "most"])
@pytest.mark.parametrize("kind", OF_KIND)
@pytest.mark.parametrize("model", MODELS)
def test_no_slider_at_its_end_breaks_a_model(model, kind, end):
    """All of the stimulus's settings at one end, and the neuron's at each."""
    offered = MODELS[model]
    stimulus = {name: getattr(each, end) for name, each in offered.stimulus.items()} | {"start": 0.0}
    for other in ("least", "most"):
        parameters = {name: getattr(each, other) for name, each in offered.parameters.items()}
        trace = simulated(defaults(model) | {"kind": kind} | stimulus | parameters)
        assert np.isfinite(trace.voltage).all() and all(np.isfinite(each).all() for each in trace.state.values())


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("view", ["one", "table"])
def test_nonsense_in_the_address_does_no_harm(page, view, turn):
    names = sorted({setting_of(name, model).key for model in MODELS for name in defaults(model) if name != "seed"})
    test = sound(page(**spread_nonsense([*names, "neurons_search", "neurons_verdict"], turn), neurons_view=view))
    assert "NaN" not in "".join(chart.proto.spec for chart in test.get("plotly_chart"))
    assert not any("alert(1)" in text.value for text in (*test.markdown, *test.caption))


def test_a_stimulus_after_the_end_gets_a_sentence(page):
    test = sound(page(neurons_hh_duration="20", neurons_hh_start="60"))
    assert "before the stimulus begins" in test.warning[0].value
    assert test.get("plotly_chart")


def test_a_unit_that_grows_without_bounds_gets_a_sentence(page):
    link = {"neurons_model": "lif", "neurons_activation": "relu", "neurons_unit_own": "2"}
    test = page(**link, neurons_lif_duration="1000", neurons_lif_length="900")
    assert not test.exception and len(test.error) == 1 and "grows without bounds" in test.error[0].value
    test.slider(key="neurons_unit_own").set_value(0.5).run()
    sound(test)


def test_what_is_chosen_stands_in_the_address(page):
    test = page()
    test.segmented_control(key="neurons_view_shown").set_value("table").run()
    test.segmented_control(key="neurons_verdict_shown").set_value(UNLIKE).run()
    assert test.query_params["neurons_view"] == "table" and test.query_params["neurons_verdict"] == UNLIKE
    test = page()
    test.selectbox(key="neurons_model_shown").set_value("izhikevich").run()
    test.selectbox(key="neurons_cell_shown").set_value("chattering").run()
    test.pills(key="neurons_kind_shown").set_value("sine").run()
    for name, value in {"model": "izhikevich", "cell": "chattering", "kind": "sine"}.items():
        assert test.query_params[f"neurons_{name}"] == value
    test.selectbox(key="neurons_model_shown").set_value("adex").run()
    test.selectbox(key="neurons_adex_cell_shown").set_value("bursting").run()
    assert test.query_params["neurons_adex_cell"] == "bursting" and "V_r = −46 mV" in said(sound(test))


@pytest.mark.parametrize(("cell", "paper"), {"textbook": None, "tonic": 500, "adapting": 500, "bursting": 210}.items())
def test_adex_shows_its_cell_its_patterns_current_and_its_sources(page, cell, paper):
    test = sound(page(neurons_model="adex", neurons_adex_cell=cell, neurons_adex_amplitude="1000"))
    text = said(test)
    assert "Brette & Gerstner 2005" in text and "Naud et al. 2008" in text and "at 20 mV it is cut off" in text
    assert ("shows this pattern at" in text) == (paper is not None) and (paper is None or f"at {paper} pA" in text)
    assert "x = I / 630 pA" in text and "lasting firing sets in at I = " in text and " pA" in text
    assert "w (pA)" in test.get("plotly_chart")[0].proto.spec


def test_the_unit_beside_is_scaled_by_the_weakest_current_that_fires():
    for model in (lif, adex):
        assert MODELS[model.MODEL.name].unit_current == pytest.approx(model.rheobase(), rel=0.01)


@pytest.mark.parametrize("group", ["views", "preset", "neuron", "stimulus", "unit", "question", "export"])
def test_groups_of_controls_can_be_hidden(page, group):
    test = sound(page(hide=group))
    if group == "question":
        assert not any("**Try:**" in text.value for text in test.markdown)
    else:
        assert test.container(key=f"unseen-group-{group}") is not None


def test_the_table_is_filtered_and_searched(page):
    def rows(**parameters) -> int:
        test = sound(page(neurons_view="table", **parameters))
        claims = [one for one in test.expander if one.label.startswith("“")]
        return sum(len(one.value) for one in test.table) + len(claims)

    assert rows() == len(ROWS) + len(CLAIMS)
    assert rows(neurons_verdict=UNLIKE) == sum(row.verdict == UNLIKE for row in ROWS)
    assert rows(neurons_verdict="claims") == len(CLAIMS)
    assert 0 < rows(neurons_search="86 BILLION") < 5
    test = sound(page(neurons_view="table", neurons_search="zebra"))
    assert not test.table and "shorter" in test.info[0].value


def test_claims_open_with_their_answers_covered_and_some_are_right(page):
    test = sound(page(neurons_view="table", neurons_verdict="claims"))
    claims = [one for one in test.expander if one.label.startswith("“")]
    assert not any(one.proto.expanded for one in claims)
    verdicts = [one.markdown[0].value.startswith("**✓") for one in claims]
    assert verdicts == [claim.right for claim in CLAIMS]
    # Neither kind stands together, so that the place does not give the answer away.
    assert 3 <= sum(verdicts) < len(verdicts) and not any(a and b for a, b in pairwise(verdicts))


def cited_in(package: types.ModuleType) -> set[str]:
    """What its views and lessons rest on: each names it as ``CITED``."""
    names = (module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    return {name for each in names for name in getattr(importlib.import_module(each), "CITED", ())}


def test_every_row_and_claim_has_sources_that_are_known_and_used():
    used = {name for one in (*ROWS, *CLAIMS) for name in one.sources}
    models = {name for offered in MODELS.values() for name in offered.sources}
    assert used.union(models, *map(cited_in, (app.caption, app.lessons, app.neurons, app.sequence))) == set(SOURCES)
    assert all(one.sources for one in (*ROWS, *CLAIMS))
    links = [source.link for source in SOURCES.values() if source.link]
    assert len(set(links)) == len(links)
    assert all(link.startswith(("https://doi.org/10.", "https://arxiv.org/abs/")) for link in links)


def test_each_figure_stands_beside_its_source():
    for figure, name in {
        "86 billion": "azevedo",
        "20 W": "raichle",
        "150 trillion": "pakkenberg",
        "120 m/s": "kandel",
        "139,000": "dorkenwald",
        "1,287 MWh": "patterson",
        "1,011": "nielsen",
    }.items():
        rows = [one for one in (*ROWS, *CLAIMS) if figure in " ".join(map(str, one))]
        assert rows and all(name in one.sources for one in rows)


def test_the_table_as_a_file():
    rows = list(csv.reader(io.StringIO(table_csv().decode("utf-8-sig"))))
    assert len(rows) == 1 + len(ROWS) + len(CLAIMS)
    assert all(len(row) == 5 and row[4] for row in rows)


@pytest.fixture
def traces():
    neuron = lif.simulate(Stimulus("step", 2.0, start=5.0, stop=45.0, duration=50.0).current(lif.DT))
    return neuron, respond(unit_input(neuron), 4.0, -4.0, "sigmoid", 0.5)


def test_traces_as_tables(traces):
    neuron, unit = traces
    rows = list(csv.DictReader(io.StringIO(neuron_csv(neuron).decode("utf-8-sig"))))
    assert [*rows[0]] == ["time_ms", "current", "voltage_mv", "refractory", "spike"]
    np.testing.assert_array_equal([float(row["voltage_mv"]) for row in rows], neuron.voltage)
    assert [float(row["time_ms"]) for row in rows if row["spike"] == "1"] == neuron.spikes.tolist()
    rows = list(csv.DictReader(io.StringIO(unit_csv(unit, step=1.0).decode("utf-8-sig"))))
    assert [*rows[0]] == ["time_ms", "x_0", "weighted_sum", "output"] and len(rows) == 50
    np.testing.assert_array_equal([float(row["output"]) for row in rows], unit.output)


def test_traces_as_json(traces):
    neuron, unit = traces
    curve = rate_curve(lif, np.array([1.0, 2.0]), duration=100.0)
    content = json.loads(traces_json(neuron, unit, step=1.0, rates=curve))
    assert content["format"] == "afterimage neuron and unit"
    assert content["neuron"]["spikes"] == neuron.spikes.tolist()
    assert content["unit"]["recurrent_weight"] == 0.5 and content["rates"]["steady"] == curve.steady.tolist()


def test_settings_have_first_values_within_their_ranges():
    for model, offered in MODELS.items():
        settings: list[Range | Parameter] = [*offered.stimulus.values(), *offered.parameters.values()]
        for one in settings:
            assert one.least <= one.default <= one.most
            steps = (one.default - one.least) / one.step
            assert math.isclose(steps, round(steps), abs_tol=1e-6)
        assert set(CHOICES) <= set(defaults(model))
