"""Lesson 2, the artificial neuron and the network: its figure, its claims, its questions, its links."""

import json

import numpy as np
import pytest
import torch

from app.lessons import neuron
from app.sources import SOURCES
from model.neurons import respond
from model.neurons.logic import CORNERS, TABLES
from tests.app.lesson import explains_itself, links, sound


@pytest.fixture
def lesson(app):
    return lambda **parameters: sound(app(lessons_lesson="neuron", **parameters, page="lessons"))


def said(test) -> str:
    return " ".join(caption.value for caption in test.caption)


def values_of(test) -> list[str]:
    """The labels of the four points in the plane of the inputs."""
    notes = json.loads(test.get("plotly_chart")[-1].proto.spec)["layout"]["annotations"]
    return [note["text"] for note in notes if "bgcolor" in note]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("network", ["one", "bent", "flat"])
def test_it_opens_in_both_languages(lesson, lang, network):
    test = lesson(lang=lang, lessons_neuron_network=network)
    assert len(test.get("plotly_chart")) == (2 if network == "one" else 3) and len(test.radio) == 3


def test_one_unit_set_by_hand(lesson):
    test = lesson()
    assert "All 4 inputs" in said(test)
    test.segmented_control(key="lessons_neuron_question_shown").set_value("or").run()
    assert "2 of 4 inputs" in said(sound(test))
    test.slider(key="lessons_neuron_b").set_value(-2.0).run()
    assert "All 4 inputs" in said(sound(test))
    outputs = respond(CORNERS, (4.0, 4.0), -2.0).output
    assert values_of(test) == [f"{one:.2g}" for one in outputs]
    assert "All 4 inputs" in said(lesson(lessons_neuron_question="or", lessons_neuron_b="-2"))


def test_xor_takes_a_hidden_layer_and_its_f(lesson):
    assert "All 4 inputs" not in said(lesson(lessons_neuron_question="xor"))
    bent = lesson(lessons_neuron_network="bent")
    assert "All 4 inputs" in said(bent) and values_of(bent) == ["0", "1", "1", "0"]
    flat = lesson(lessons_neuron_network="flat")
    assert "wrong: (0, 0)." in said(flat) and values_of(flat) == ["2 ✗", "1", "1", "0"]


def test_the_line_that_parts_is_straight_without_f_and_not_with_it():
    """ "One layer can only cut with one straight line": along it, y is one linear function of the inputs."""
    (plane,), _outputs = neuron._one_unit(3.0, -2.0, 1.0)
    sums = np.log(plane.answers / (1 - plane.answers))
    np.testing.assert_allclose(np.diff(sums, axis=1), 3.0 * np.diff(plane.along)[0], rtol=1e-6)
    np.testing.assert_allclose(np.diff(sums, axis=0), -2.0 * np.diff(plane.along)[0], rtol=1e-6)
    for bent in (True, False):
        planes, _outputs = neuron._layers(bent=bent)
        # The output layer is linear in what it sees; over the inputs only the network without f is.
        linear = [bool(np.abs(np.diff(plane.answers, 2, axis=1)).max() < 1e-9) for plane in planes]
        assert linear == [True, not bent]


def test_a_parabola_for_f_makes_parabolas_alone_however_many_units():
    rng = np.random.default_rng(0)
    (weights, biases, outer), x = np.abs(rng.normal(size=(3, 50))), np.linspace(-3, 3, 7)
    answers = np.square(np.outer(x, weights) + biases) @ outer
    assert np.abs(np.diff(answers, 2)).max() > 1
    np.testing.assert_allclose(np.diff(answers, 3), 0, atol=1e-9)


def test_hidden_points_without_f_lie_on_one_line():
    planes, _outputs = neuron._layers(bent=False)
    points = planes[0].points - planes[0].points[0]
    assert np.linalg.matrix_rank(points) == 1
    assert np.linalg.matrix_rank(neuron._layers(bent=True)[0][0].points) == 2


def test_what_the_answers_say_is_so():
    step = respond(CORNERS, (1.0, 1.0), -1.5, "step").output
    np.testing.assert_array_equal(step, TABLES["and"])
    np.testing.assert_array_equal(respond(CORNERS, (1.0, 1.0), -0.5, "step").output, TABLES["or"])
    network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    assert sum(parameter.numel() for parameter in network.parameters()) == 26
    assert sum(parameter.numel() for parameter in network.parameters() if parameter.ndim == 2) == 20


def test_its_sources_are_known():
    assert set(neuron.CITED) <= set(SOURCES)


@pytest.mark.parametrize(("code", "right", "wrong"), [("neuron-1", 0, 2), ("neuron-2", 1, 0), ("neuron-3", 2, 1)])
def test_wrong_and_right_answers_explain_themselves(lesson, code, right, wrong):
    explains_itself(lesson(), code, right, wrong)


def test_its_links_lead_where_they_say(lesson, app):
    driven, summing = links(lesson(), app)
    assert driven.segmented_control(key="neurons_activation_shown").value == "relu"
    assert summing.segmented_control(key="neurons_view_shown").value == "summing"
