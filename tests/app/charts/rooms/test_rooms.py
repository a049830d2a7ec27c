"""The class's charts say what they were given, escaped, and in words as well."""

import numpy as np
import pytest
from PIL import Image

from app.charts.rooms.choices import choices_shown, predictions_shown
from app.charts.rooms.guesses import guesses_beside, score
from app.charts.rooms.looks import looks_beside, region_picker
from app.charts.rooms.neuron import answer_shown, current_shown
from app.export.rooms import results_csv
from model.neurons import lif
from model.rooms import Activity
from model.traces import Choices, Guesses, Looks, Predictions, Stimulated

GUESSES = Guesses("dog", {"cat": 6, "dog": 3, "<b>": 1}, {"dog": 0.5, "cat": 0.25, "<b>": 0.0, "horse": 0.2}, 1.6, 1.0)


def test_shares_stand_beside_probabilities():
    figure = guesses_beside(GUESSES).figure
    people, network = figure.data
    assert list(people.x) == [0.3, 0.6, 0.0, 0.1] or sorted(people.x) == [0.0, 0.1, 0.3, 0.6]
    order = [tick.replace("<b>✓ ", "").replace("</b>", "").strip() for tick in figure.layout.yaxis.ticktext]
    assert dict(zip(order, network.x, strict=True)) == {"cat": 0.25, "dog": 0.5, "&lt;b&gt;": 0.0, "horse": 0.2}
    assert dict(zip(order, people.x, strict=True)) == {"cat": 0.6, "dog": 0.3, "&lt;b&gt;": 0.1, "horse": 0.0}
    text = guesses_beside(GUESSES).words
    assert "“cat” (6 of 10)" in text and "“dog” (50%)" in text and "3 of 10" in text and "1.6 bits" in text


def test_all_that_were_said_as_often_are_named_and_level_is_no_lead():
    told = guesses_beside(Guesses("dog", {"cat": 2, "dog": 2, "cow": 1}, {"dog": 0.5, "cat": 0.2}, 1.3, 1.0)).words
    assert "Most often the class said “cat” and “dog” (2 of 5)." in told
    level = [Guesses("dog", {"dog": 1}, {"dog": 0.5}, 2.01, 2.04)]
    assert "2.0 bits and the network by 2.0: they are level." in score(level).words


def test_the_word_that_came_is_shown_even_if_nobody_thought_of_it():
    many = {f"word{number}": 0.05 for number in range(14)} | {"rare": 0.0001}
    figure = guesses_beside(Guesses("rare", {}, many, None, 13.3)).figure
    assert any("✓ rare" in tick for tick in figure.layout.yaxis.ticktext) and len(figure.data[0].x) == 10


def test_the_score_sums_bits():
    rounds = [GUESSES, Guesses("runs", {"runs": 1}, {"runs": 0.1}, 0.4, 3.3)]
    people, network = score(rounds).figure.data
    assert list(people.y) == [1.6, 0.4] and list(network.y) == [1.0, 3.3]
    assert "2.0 bits" in score(rounds).words and "4.3" in score(rounds).words
    assert "class is ahead" in score(rounds).words and "At 1 of them" in score(rounds).words


def test_maps_are_shares_in_the_right_places():
    counts = np.zeros((9, 9), int)
    counts[2, 7] = 3
    counts[8, 0] = 1
    attention = np.full((9, 9), 1 / 81)
    looks = Looks("dog", counts, attention, 0.25, -0.5, 0.125, None)
    people, network = looks_beside(looks, Image.new("RGB", (64, 48))).figure.data
    assert people.z[2][7] == 0.75 and people.z[8][0] == 0.25 and np.sum(people.z) == 1
    assert (people.x0, people.y0) == (0.5, 0.5) and np.allclose(network.z, attention)
    text = looks_beside(looks, Image.new("RGB", (64, 48))).words
    assert "4 pointed" in text and "−0.50" in text and "12%" in text and "25% open" in text
    empty = Looks("dog", counts * 0, attention, 0.25, None, None, None)
    assert "Nobody" in looks_beside(empty, Image.new("RGB", (64, 48))).words


@pytest.mark.parametrize("chosen", [None, 0, 80])
def test_every_region_can_be_tapped(chosen):
    figure = region_picker(Image.new("RGB", (100, 50)), chosen).figure
    (points,) = figure.data
    assert list(points.customdata) == list(range(81))
    assert (points.x[11], points.y[11]) == (2.5, 1.5)
    frames = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(frames) == (0 if chosen is None else 2)
    if chosen == 80:
        assert (frames[0].x0, frames[0].x1, frames[0].y0, frames[0].y1) == (8, 9, 8, 9)


def test_choices_and_predictions():
    choices = Choices(("AND", "<i>OR</i>"), (1, 3), 0)
    figure = choices_shown(choices).figure
    assert list(figure.data[0].x) == [0.25, 0.75]
    assert [note.text for note in figure.layout.annotations] == ["✓ AND", "&lt;i&gt;OR&lt;/i&gt;"]
    assert "1 of 4" in choices_shown(choices).words and "(3)" in choices_shown(choices).words
    predictions = Predictions({3: 2, 10: 1, 0: 1}, 3)
    assert list(predictions_shown(predictions).figure.data[0].x) == [0, 3, 10]
    words = predictions_shown(predictions).words
    assert "2 of 4" in words and "median prediction is 3." in words
    assert "Nobody" in predictions_shown(Predictions({}, 3)).words


def test_before_it_runs_only_the_current_is_seen():
    trace = lif.simulate(np.full(2000, 2.0))
    asked = Stimulated(trace.time, trace.current, "nA")
    assert len(current_shown(asked).figure.data) == 1 and "2 nA" in current_shown(asked).words
    assert len(answer_shown(trace).figure.data) > 2
    assert "all the time" in current_shown(asked).words
    pulse = np.zeros(1000)
    pulse[100:900] = 10.0
    told = current_shown(Stimulated(np.arange(1000) / 10, pulse, "nA")).words
    assert told == "A current from 0 to 10 nA; it is on from 10 to 90 ms, of 100 ms."


def test_results_name_nobody_and_no_formula():
    guess = Activity(7, 0, "guess", {"lang": "en", "words": ["a", "=1+1"]}, 3, 1, 2, 9, True)
    look = Activity(8, 1, "look", {"lang": "en", "words": ["a"]}, 3, 0, 1, 10, True)
    lines = results_csv([(guess, {"dog": 2, "=1+1": 1}), (look, {"80": 4})]).decode("utf-8-sig").splitlines()
    assert lines == [
        "activity,kind,round,asked,right,answer,count",
        "1,guess,2,a ____,'=1+1,dog,2",
        "1,guess,2,a ____,'=1+1,'=1+1,1",
        "2,look,1,____,a,9-9,4",
    ]
