"""The home page: at once and without torch, three doors that lead on, a plan whose links open, and true traces."""

import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from app.charts.sequence import landscape as landscape_chart
from app.home import record, teachers, traces
from app.neurons.models import step_response
from model.captioner import Captioner
from model.recurrent import load_preset, trace_example, trace_sequence
from model.recurrent.landscape import landscape, read_pulses, two_units
from tests.app.lesson import links, sound

AGAIN = "The networks changed: run `python -m app.home.record`, look at the home page, and commit assets/traces."
#: Photos and networks go through other kernels on other machines.
CLOSE = 5e-4

#: A visit to the home page in an interpreter of its own, and what that must not have loaded.
VISIT = """
import sys
from streamlit.testing.v1 import AppTest
test = AppTest.from_file("app/streamlit_app.py", default_timeout=120)
test.query_params["lang"] = "zh"
test.run()
assert not test.exception and test.title[0].value == "Afterimage"
heavy = ["torch", "torchvision", "transformers", "timm", "captum", "sklearn", "skimage", "scipy", "pandas"]
print("loaded:", [name for name in heavy if name in sys.modules])
"""


def spikes(amplitude: float) -> int:
    """How often the home page's neuron fires, µA/cm²."""
    return len(step_response("hodgkin_huxley", amplitude).spikes)


@pytest.fixture(scope="module")
def captioner() -> Captioner:
    return Captioner.from_pretrained(record.CAPTIONER)


def films(test) -> list[str]:
    return [each.proto.body for each in test.get("html") if 'class="film"' in each.proto.body]


def test_the_home_page_loads_no_network(root):
    run = subprocess.run([sys.executable, "-c", VISIT], cwd=root, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    assert "loaded: []" in run.stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_three_films_play_and_are_told_in_words(app, lang):
    caption, sequence, neuron = films(sound(app(lang=lang)))
    trace = traces.caption(lang)
    assert caption.count("film-said") == caption.count("film-look") == len(trace.words)
    assert all(word in caption for word in trace.words)
    assert sequence.count("@keyframes read-") == len(traces.BITS)
    assert neuron.count("opacity: 1") == spikes(10.0)
    for film in (caption, sequence, neuron):
        assert 'role="img" aria-label="' in film and "infinite" in film


def test_the_current_decides_how_often_the_neuron_fires(app):
    test = app()
    before = films(test)[2]
    test.slider(key="home_current").set_value(20.0).run()
    assert films(sound(test))[2].count("opacity: 1") == spikes(20.0) > before.count("opacity: 1")
    test.slider(key="home_current").set_value(0.0).run()
    assert films(sound(test))[2].count("opacity: 1") == spikes(0.0) == 0


def test_the_films_can_be_stilled_by_the_switch_and_by_the_address(app):
    def stilled(test) -> bool:
        return any("paused" in each.proto.body for each in sound(test).get("html"))

    test = app()
    assert not stilled(test)
    test.toggle(key="home_moving").set_value(False).run()
    assert stilled(test) and stilled(app(home_moving="false"))


@pytest.mark.parametrize(
    ("door", "page", "parameters"),
    [
        ("caption", "Caption", {}),
        ("sequence", "Sequence", {"sequence_preset": traces.PRESET, "sequence_text": traces.BITS}),
        ("neurons", "Neurons", {"neurons_hh_amplitude": 12.5}),
        ("lessons", "Lessons", {"lessons_lesson": "brain"}),
    ],
)
def test_each_door_opens_its_page_as_it_was_seen_here(app, door, page, parameters):
    test = app(home_current="12.5")
    test.button(key=f"home_{door}").click().run()
    assert sound(test).title[0].value == page
    assert {name: test.session_state[name] for name in parameters} == parameters


@pytest.mark.parametrize("plan", [teachers.hour, teachers.second_hour, teachers.quarter])
def test_a_plan_fills_its_time(plan):
    steps = plan()
    assert steps[0].start == 0 and steps[-1].end == (15 if plan is teachers.quarter else 60)
    assert all(before.end == after.start for before, after in pairwise(steps))
    assert all(step.end - step.start >= 3 and step.what for step in steps)


def test_the_links_of_the_plans_open_pages_that_know_their_parameters(app):
    test = app()
    plans = (teachers.hour, teachers.second_hour, teachers.quarter)
    assert len(test.get("page_link")) == sum(len(plan()) for plan in plans)
    assert len(links(test, app)) == len(test.get("page_link"))


def test_a_one_and_many_zeros_make_the_memory_fail_as_the_plan_says():
    saved = load_preset(traces.PRESET)
    task: Any = saved.task
    assert task.length == 10

    def mistakes(bits: str) -> int:
        trace = trace_example(saved.network, saved.task, saved.task.read(bits))
        return sum(trace.classes[k] != right for k, right in zip(trace.outputs.argmax(1), trace.answers, strict=True))

    assert mistakes(traces.BITS) == mistakes("1" * 60) == 0 < mistakes("1" + "0" * 30)


def test_the_network_of_two_units_is_right_over_sequences_of_any_length():
    """As the plan of an hour lets the class find out."""
    saved = load_preset("parity-rnn_tanh")
    task: Any = saved.task
    rng = np.random.default_rng(0)
    for length in (6, 18, 200):
        for _turn in range(20):
            bits = "".join(map(str, rng.integers(2, size=length)))
            trace = trace_example(saved.network, task, task.read(bits))
            assert [trace.classes[k] for k in trace.outputs.argmax(1)] == list(trace.answers)
    # Odd has one place, even has two: after a one, and after a zero.
    trace = trace_example(saved.network, task, task.read("1101001011"))
    odd = np.cumsum([1, 1, 0, 1, 0, 0, 1, 0, 1, 1]) % 2
    places = {tuple(map(int, np.sign(state))) for state in trace.hidden[odd == 1]}
    assert len(places) == 1 and len({tuple(map(int, np.sign(state))) for state in trace.hidden[odd == 0]}) == 2


def test_a_stronger_memory_needs_two_pulses_as_the_plan_of_the_second_hour_says():
    def ends_at(weight: float, pulses: str) -> float:
        network = two_units((weight, 0.6, 0.6, weight))
        return float(trace_sequence(network, np.repeat(read_pulses(pulses)[:, None], 2, axis=1)).hidden[-1, 0])

    assert ends_at(1.5, "...+.....-.....") < -0.9
    assert ends_at(2.2, "...+.....-.....") > 0.9
    assert ends_at(2.2, "...+.....--.....") < -0.9


def test_what_the_landscape_says_of_pulses_counts_places_where_it_rests_alone():
    """It starts between them, where nothing rests."""

    def told(pulses: str) -> str:
        inputs = np.repeat(read_pulses(pulses)[:, None], 2, axis=1)
        module = two_units((2.2, 0.6, 0.6, 2.2))
        trace = landscape(module, [0.0, 0.0], seen=trace_sequence(module, inputs), symbols=tuple(pulses))
        return landscape_chart.landscape(trace, landscape_chart.PlaneLabels("W", "0", "1")).words

    assert "was near 1 of the resting places, and changed 0 times." in told("...+.....-.....")
    assert "was near 2 of the resting places, and changed once." in told("...+.....--.....")


def test_a_teacher_can_hide_what_is_for_teachers(app):
    assert app(hide="teachers").container(key="unseen-group-teachers").header[0].value == "For teachers"


def test_there_is_a_trace_for_each_language_of_the_captioner_and_no_other(captioner):
    shipped = {file.name for file in traces.FOLDER.glob("caption-*.json")}
    assert shipped == {traces.caption_file(lang).name for lang in captioner.languages}, AGAIN
    assert all(file.stat().st_size < 100_000 for file in traces.FOLDER.iterdir())
    assert traces.caption("none").lang == traces.FIRST_LANGUAGE


def test_the_shipped_captions_are_those_of_the_shipped_captioner(captioner):
    for lang in captioner.languages:
        again, shipped = record.caption_trace(captioner, lang), traces.caption(lang)
        assert (again.caption, again.words, again.lang) == (shipped.caption, shipped.words, shipped.lang), AGAIN
        for name in ("log_probs", "attention"):
            assert np.abs(getattr(again, name) - getattr(shipped, name)).max() < CLOSE, AGAIN


def test_the_shipped_sequence_is_that_of_the_shipped_network():
    again, shipped = record.sequence_trace(), traces.sequence()
    for name in ("symbols", "answers", "classes"):
        assert getattr(again, name) == getattr(shipped, name), AGAIN
    for name in ("hidden", "outputs"):
        assert np.abs(getattr(again, name) - getattr(shipped, name)).max() < CLOSE, AGAIN
