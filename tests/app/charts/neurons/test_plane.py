"""The chart of answers over planes: it draws the numbers given, and holds the laws of all figures."""

import re

import numpy as np
import pytest

from app import i18n
from app.charts.neurons.plane import Plane, answers_over_planes, describe_answers
from model.neurons.logic import CORNERS, TABLES, xor_hidden, xor_output
from tests.app.charts.sequence.test_style_of_sequences import check
from tests.app.charts.test_style import LATIN, Shouting, texts

ALONG = np.linspace(-0.5, 1.5, 5)
GRID = np.stack(np.meshgrid(ALONG, ALONG), axis=-1).reshape(-1, 2)


@pytest.fixture
def planes() -> list[Plane]:
    answers = xor_output(xor_hidden(GRID)).reshape(5, 5)
    return [
        Plane("y", ("h₁", "h₂"), ALONG, answers, xor_hidden(CORNERS)),
        Plane("y", ("x₁", "x₂"), ALONG, answers, CORNERS),
    ]


def test_it_draws_the_answers_and_marks_the_wrong_ones(planes):
    outputs = np.array([0.0, 1.0, -0.5, 0.25])
    figure = check(answers_over_planes(planes, outputs, TABLES["xor"], yes=0.5))
    assert [trace["type"] for trace in figure["data"]] == ["heatmap", "contour", "scatter"] * 2
    labels = [note["text"] for note in figure["layout"]["annotations"] if "bgcolor" in note]
    # In the first plane two inputs lie on one place.
    assert labels[3:] == ["0", "1", "−0.5 ✗", "0.25"] and len(labels) == 7
    assert figure["data"][5]["marker"]["symbol"] == ["circle", "square", "square", "circle"]
    heat = answers_over_planes(planes, outputs, TABLES["xor"], yes=0.5).data[3]
    assert heat.z[4, 2] == pytest.approx(xor_output(xor_hidden(np.array([[ALONG[2], ALONG[4]]])))[0])


def test_the_words_name_the_wrong_inputs():
    said = describe_answers(CORNERS, np.array([2.0, 1.0, 1.0, 0.0]), TABLES["xor"], yes=0.5)
    assert "3 of 4" in said and "wrong: (0, 0)." in said
    assert "All 4" in describe_answers(CORNERS, np.array([0.4, 0.5, 1.0, 0.0]), TABLES["xor"], yes=0.5)


def test_every_text_is_translated(planes, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    figure = answers_over_planes(planes, np.zeros(4), TABLES["xor"], yes=0.5).to_plotly_json()
    figure["layout"].pop("template")
    for text in texts(figure):
        plain = re.sub(r"<[^>]*>|%\{[^}]*\}", " ", text)
        assert "TRANSLATED" in text or set(LATIN.findall(plain)) <= set("hxy"), text
