"""The chart of answers over planes: it draws the numbers given, and holds the laws of all figures."""

import re

import numpy as np
import pytest

from app import i18n
from app.charts.neurons.plane import AnswerPlane, answers_in_words, answers_over_plane
from model.neurons.logic import CORNERS, TABLES, xor_hidden, xor_output
from tests.app.charts.laws import LATIN, Shouting, check, texts

ALONG = np.linspace(-0.5, 1.5, 5)
GRID = np.stack(np.meshgrid(ALONG, ALONG), axis=-1).reshape(-1, 2)


@pytest.fixture
def plane() -> AnswerPlane:
    answers = xor_output(GRID).reshape(5, 5)
    return AnswerPlane("y", ("h₁", "h₂"), ALONG, answers, xor_hidden(CORNERS, bent=False))


def test_it_draws_the_answers_and_marks_the_wrong_ones(plane):
    outputs = np.array([0.0, 1.0, 1.0, -0.5])
    figure = answers_over_plane(plane, outputs, TABLES["or"], yes=0.5).figure
    # Column 2 is the first axis's 0.5, row 4 the second's 1.5: y = 0.5 - 2 · 1.5.
    assert figure.data[0].z[4, 2] == -2.5
    sent = check(figure)
    assert [trace["type"] for trace in sent["data"]] == ["heatmap", "contour", "scatter"]
    labels = [note["text"] for note in sent["layout"]["annotations"] if "bgcolor" in note]
    # Two inputs lie on one place.
    assert labels == ["0", "1", "−0.5 ✗"]
    assert sent["data"][2]["marker"]["symbol"] == ["circle", "square", "square", "square"]


def test_the_words_name_the_points_and_the_wrong_inputs(plane):
    said = answers_in_words(CORNERS, np.array([2.0, 1.0, 1.0, 0.0]), TABLES["xor"], yes=0.5)
    assert "3 of 4" in said and "wrong: (0, 0)." in said
    assert "All 4" in answers_in_words(CORNERS, np.array([0.4, 0.5, 1.0, 0.0]), TABLES["xor"], yes=0.5)
    assert "(0, −1), (1, 0), (1, 0), (2, 1)" in answers_over_plane(plane, np.zeros(4), TABLES["or"], yes=0.5).words


def test_every_text_is_translated(plane, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    figure = answers_over_plane(plane, np.zeros(4), TABLES["xor"], yes=0.5).figure.to_plotly_json()
    figure["layout"].pop("template")
    for text in texts(figure):
        plain = re.sub(r"<[^>]*>|%\{[^}]*\}", " ", text)
        assert "TRANSLATED" in text or set(LATIN.findall(plain)) <= set("hxy"), text
