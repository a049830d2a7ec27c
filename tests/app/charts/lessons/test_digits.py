"""Charts of the two networks that read digits, against made readings and runs."""

import numpy as np
import pytest

from app.charts.lessons import digits
from model.traces import DigitReading, DigitsTrace


@pytest.fixture
def trace() -> DigitsTrace:
    accuracy = {"cnn": np.array([0.1, 0.6, 0.97]), "gru": np.array([0.08, 0.5, 0.913])}
    return DigitsTrace(False, {"cnn": 2534, "gru": 2606}, np.array([0, 20, 40]), accuracy)


@pytest.fixture
def reading() -> DigitReading:
    """It is a 3; the GRU says 5 after rows 1 to 4, then 3 to the end; the CNN says 8."""
    gru = np.full((12, 10), 0.05)
    gru[:4, 5] = gru[4:, 3] = 0.55
    cnn = np.full(10, 0.02)
    cnn[8] = 0.82
    return DigitReading(np.random.default_rng(0).random((12, 12)), 3, cnn, gru)


def test_the_curves_are_the_shares(trace):
    figure = digits.learning(trace).figure
    assert [list(line.y) for line in figure.data] == [list(shares) for shares in trace.accuracy.values()]
    assert all(list(line.x) == [0, 20, 40] for line in figure.data)
    texts = " ".join(note.text for note in figure.layout.annotations)
    assert "97%" in texts and "91%" in texts
    assert digits.learning(trace).words == (
        "After 40 steps the CNN reads 97% of the test digits rightly, the GRU 91%; guessing, 10%."
    )


def test_the_lines_are_told_apart_without_colour(trace):
    lines = digits.learning(trace).figure.data
    assert len({(line.line.dash, line.marker.symbol) for line in lines}) == 2


def test_the_picture_and_the_answers_share_their_rows(reading):
    figure = digits.row_by_row(reading).figure
    picture, answers, best = figure.data
    assert np.array_equal(picture.z, reading.image) and np.array_equal(answers.z, reading.gru)
    assert list(best.x) == ["5"] * 4 + ["3"] * 8
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range or figure.layout.yaxis2.matches == "y"


def test_in_words_since_when_it_holds_to_its_answer(reading):
    assert digits.row_by_row(reading).words == ("The GRU says 3 from row 5 of 12 on, with 55% after the last.")
    always = DigitReading(reading.image, 3, reading.cnn, reading.gru[4:])
    assert "from row 1 of 8 on" in digits.row_by_row(always).words


def test_both_answers_are_bars(reading):
    cnn, gru = digits.answers(reading).figure.data
    assert np.array_equal(cnn.y, reading.cnn) and np.array_equal(gru.y, reading.gru[-1])
    assert cnn.marker.pattern.shape != gru.marker.pattern.shape
    assert digits.answers(reading).words == "It is a 3. The CNN says 8 (82%), the GRU 3 (55%)."
