"""Lesson 3, recurrence: its figure, its claims, its questions, its links."""

import numpy as np
import pytest
import torch

from app.lessons.recurrence import PRESET, TEXT
from model.recurrent import load_preset, trace_example
from tests.app.lesson import answer, feedback, links, sound


@pytest.fixture
def lesson(app):
    return lambda **parameters: sound(app(lessons_lesson="recurrence", **parameters, page="lessons"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_opens_in_both_languages(lesson, lang):
    test = lesson(lang=lang)
    assert len(test.get("plotly_chart")) == 1 and len(test.radio) == 3


def test_the_figure_follows_the_unit(lesson):
    test = lesson(lessons_unit="7")
    assert any("Unit 7 goes from" in caption.value for caption in test.caption)


def test_the_state_is_what_the_equations_say():
    """Each step from the state before it, by the same weights; before the first step the state is zero."""
    saved = load_preset(PRESET)
    trace = trace_example(saved.network, saved.task, saved.task.read(TEXT))
    weights = {name: tensor.detach().double().numpy() for name, tensor in saved.network.recurrent.named_parameters()}
    bias = weights["bias_ih_l0"] + weights["bias_hh_l0"]
    assert not trace.initial_hidden.any()
    before = trace.initial_hidden
    for x, h in zip(trace.inputs, trace.hidden, strict=True):
        np.testing.assert_allclose(np.tanh(weights["weight_hh_l0"] @ before + weights["weight_ih_l0"] @ x + bias), h)
        before = h


def test_without_w_hh_the_state_depends_on_the_present_input_alone():
    saved = load_preset(PRESET)
    with torch.no_grad():
        saved.network.recurrent.get_parameter("weight_hh_l0").zero_()
    trace = trace_example(saved.network, saved.task, saved.task.read("this his"))
    later = {"h": 5, "i": 6, "s": 7}
    for letter, place in later.items():
        np.testing.assert_array_equal(trace.hidden["this his".index(letter)], trace.hidden[place])


def test_the_smallest_memory_has_two_units():
    assert load_preset("parity-gru").settings.hidden_size == 2


def test_answers_are_explained(lesson):
    test = lesson()
    for number, wrong, right in ((1, 0, 1), (2, 1, 0), (3, 0, 1)):
        answer(test, f"recurrence-{number}", wrong)
        assert any(text.startswith("Not quite.") for text in feedback(test))
        answer(test, f"recurrence-{number}", right)
    assert all(text.startswith("Right.") for text in feedback(test)) and len(feedback(test)) == 3


def test_its_links_open_what_they_promise(lesson, app):
    own, smallest = links(lesson(), app)
    assert own.session_state["sequence_preset"] == PRESET
    assert smallest.session_state["sequence_preset"] == "parity-gru"
