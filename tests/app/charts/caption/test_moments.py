"""Words that stand out at a pattern: counts, chance, and the sentence about the first."""

import dataclasses

import numpy as np

from app.charts.caption.moments import in_words, pattern_words
from model.traces import PatternTrace, WordCount

TRACE = PatternTrace(
    units=((12, True), (40, False)),
    share=0.25,
    bounds=np.array([0.5, -0.5]),
    matched=60,
    searched=1200,
    expected=75.0,
    words=(WordCount("dog", 20, 40, 2.0, 1e-9), WordCount("<i>", 5, 100, 5.0, 0.56)),
    compared=200,
    examples=(),
)


def test_bars_are_counts_and_crosses_chance():
    bars, crosses = pattern_words(TRACE).figure.data
    assert bars.x == (20, 5) and crosses.x == (2.0, 5.0)
    drawn = str(pattern_words(TRACE).figure.to_dict())
    assert "&lt;i&gt;" in drawn and "<i>" not in drawn


def test_words_say_the_pattern_and_what_stands_out():
    assert in_words(TRACE).startswith("Units high 12; low 40: 60 of 1,200 moments.") and "75.0 times" in in_words(TRACE)
    said = pattern_words(TRACE).words
    assert "“dog” stands out most: it came next at 20 of the 60 moments (50% of all its 40)" in said
    assert "10.0 times as often" in said and "1.0e−9" in said
    assert "No moment" in pattern_words(dataclasses.replace(TRACE, words=(), matched=0)).words
