"""Lesson 1, brain and machine: its figure, its claims, its questions, its links."""

import pytest

from app.charts.kit.numbers import number
from app.lessons import brain
from app.neurons.facts import ALIKE, ROWS, UNKNOWN, UNLIKE
from app.neurons.models import MODELS, step_response
from app.sources import SOURCES
from model.neurons import hodgkin_huxley
from model.neurons.resting import IONS, nernst, rest
from model.traces import NeuronTrace
from tests.app.lesson import explains_itself, links, sound


@pytest.fixture
def lesson(app):
    return lambda **parameters: sound(app(lessons_lesson="brain", **parameters, page="lessons"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_opens_in_both_languages(lesson, lang):
    test = lesson(lang=lang)
    assert len(test.get("plotly_chart")) == 3 and len(test.table) == 1 and len(test.radio) == 3


def fire(model: str, x: float) -> NeuronTrace:
    return step_response(model, x * MODELS[model].unit_current)


@pytest.mark.parametrize("model", ["hodgkin_huxley", "lif"])
def test_a_stronger_current_makes_more_spikes_and_none_larger(model):
    def settled(x: float) -> tuple[int, float]:
        trace = fire(model, x)
        last = trace.spikes[-2]
        near = (trace.time >= last) & (trace.time < last + 3)
        return len(trace.spikes), trace.voltage[near].max()

    (few, height), (many, later) = settled(1.5), settled(3.0)
    assert many > few and later <= height + 0.5


def test_doubling_the_current_hardly_speeds_the_axon_up_and_doubles_the_leaky_store():
    axon, store = (len(fire(model, 3.0).spikes) / len(fire(model, 1.5).spikes) for model in ("hodgkin_huxley", "lif"))
    assert 1 < axon < 1.2 and store == pytest.approx(2, abs=0.3)


def test_the_axons_later_spikes_are_smaller_than_its_first():
    trace = fire("hodgkin_huxley", 1.5)
    first, *later = (trace.voltage[(trace.time >= at) & (trace.time < at + 3)].max() for at in trace.spikes)
    assert first - max(later) > 5


def test_the_resting_voltage_is_the_weighted_mean_that_the_page_tells(lesson):
    test = lesson()
    assert "0.542 · (−77.0) + 0.016 · 50.0 + 0.443 · (−54.4) ≈ −65.0 mV" in said(test)
    text = " ".join(one.value for one in test.markdown)
    assert "(20 and 400 for potassium, 440 and 50 for sodium, in mmol/l) Nernst gives −72 and 52 mV" in text
    assert pytest.approx(24.1, abs=0.05) == 8.314 * 279.45 / 96485 * 1000
    by_nernst = lesson(lessons_brain_potentials="nernst", lessons_brain_potassium="40")
    found = rest(hodgkin_huxley.Parameters(e_k=nernst(IONS[0]._replace(outside=40)), e_na=nernst(IONS[1])))
    assert f"≈ {number(found.voltage, 1)} mV" in said(by_nernst) and found.voltage > -60


def test_doubling_the_current_hardly_changes_the_peaks():
    peaks = []
    for times in (1.5, 3.0):
        trace = fire("hodgkin_huxley", times)
        peaks.append(trace.voltage[trace.time < trace.spikes[0] + 3].max())
    assert peaks == pytest.approx(brain.FIRST_PEAKS, abs=0.05)
    assert round(peaks[1] - peaks[0]) == 1


@pytest.mark.parametrize("model", ["hodgkin_huxley", "lif"])
def test_one_is_about_the_weakest_current_that_keeps_it_firing(model):
    assert len(fire(model, 0.9).spikes) <= 1
    assert len(fire(model, 1.1).spikes) >= 5


def test_the_figure_follows_current_and_model(lesson):
    test = lesson()
    assert f"{len(fire('lif', 1.5).spikes)} spikes" in said(test)
    test.slider(key="lessons_brain_current").set_value(0.5).run()
    assert "spikes, the first" not in said(sound(test))
    linked = lesson(lessons_brain_model="hodgkin_huxley", lessons_brain_current="2")
    assert f"{len(fire('hodgkin_huxley', 2.0).spikes)} spikes" in said(linked)


def test_the_table_has_all_three_verdicts_and_each_source_is_known():
    verdicts = [next(row.verdict for row in ROWS if row.idea == idea) for idea in brain.IDEAS]
    assert verdicts == sorted(verdicts, key=(ALIKE, UNLIKE, UNKNOWN).index) and set(verdicts) == {
        ALIKE,
        UNLIKE,
        UNKNOWN,
    }
    assert set(brain.CITED) <= set(SOURCES)
    # What the text says in figures is what the table says, with its source.
    neurons = next(row for row in ROWS if row.idea == "How many")
    assert "86 billion" in neurons.living and "azevedo" in neurons.sources
    spike = next(row for row in ROWS if row.idea == "Spike")
    assert "1 to 2 ms" in spike.living and {"bean", "adrian"} == set(spike.sources)
    assert MODELS["lif"].module.TEXTBOOK.tau_m == 10  # "some milliseconds"


@pytest.mark.parametrize(("code", "right", "wrong"), [("brain-1", 1, 0), ("brain-2", 2, 0), ("brain-3", 1, 2)])
def test_wrong_and_right_answers_explain_themselves(lesson, code, right, wrong):
    explains_itself(lesson(), code, right, wrong)


def test_its_links_lead_where_they_say(lesson, app):
    opened = links(lesson(), app)
    assert len(opened) == 3
    bursting, table, wrong = opened
    assert bursting.selectbox(key="neurons_cell_shown").value == "chattering"
    assert table.table and wrong.segmented_control(key="neurons_verdict_shown").value == "claims"


def said(test) -> str:
    return " ".join(caption.value for caption in test.caption)
