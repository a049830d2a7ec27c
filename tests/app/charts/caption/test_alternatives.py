"""The table of what it nearly said holds the trace's probabilities, marks what was said, and hides what is asked."""

import dataclasses

import numpy as np
import pytest

from app.charts.caption.alternatives import nearly_said
from tests.traces_made import make_trace


def targets(figure) -> list[list]:
    return [list(point) for point in figure.data[2].customdata]


def texts(figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


@pytest.mark.parametrize("length", [1, 9, 20])
def test_a_row_a_word_with_what_was_said_and_five_candidates(length):
    trace = make_trace(1, length)
    figure = nearly_said(trace).figure
    probabilities = np.asarray(figure.data[1].x) / np.asarray(figure.data[0].x)
    for t in range(length):
        row = slice(6 * t, 6 * t + 6)
        assert targets(figure)[row] == [[t, trace.words[t]], *([t, word] for word, _ in trace.alternatives[t])]
        expected = [np.exp(trace.log_probs[t]), *(p for _, p in trace.alternatives[t])]
        np.testing.assert_allclose(probabilities[row], expected, rtol=1e-6)
        np.testing.assert_allclose(np.asarray(figure.data[2].x)[row] - np.asarray(figure.data[1].base)[row], 0.475)
        assert set(figure.data[2].y[6 * t : 6 * t + 6]) == {t}


def test_the_word_said_is_ticked_among_the_five_and_stands_first():
    trace = make_trace(2, 6)
    ticked = [text for text in texts(nearly_said(trace).figure) if "✓" in text]
    assert [text.split("✓ ")[1].split("</b>")[0] for text in ticked] == list(trace.words)


def test_a_word_outside_the_five_still_stands_first_with_its_probability():
    trace = make_trace(3, ["a", "dog", "runs"])
    trace = dataclasses.replace(trace, words=("a", "zebra", "runs"))
    figure = nearly_said(trace).figure
    assert sum("✓" in text for text in texts(figure)) == 2
    assert any("<b>zebra</b>" in text for text in texts(figure)) and [1, "zebra"] in targets(figure)


def test_the_end_has_a_name_but_stays_the_empty_word_for_the_page():
    trace = make_trace(4, ["a"])
    trace = dataclasses.replace(trace, alternatives=((("", 0.6), ("a", 0.3)),))
    figure = nearly_said(trace).figure
    assert any(text.startswith("(end)") for text in texts(figure)) and [0, ""] in targets(figure)


def test_hidden_words_leak_nowhere():
    trace = make_trace(5, ["a", "dog", "secret", "hush"])
    figure = nearly_said(trace, hide_from=2).figure
    shown = figure.to_json()
    assert "secret" not in shown and "hush" not in shown
    assert not {word for word, _ in trace.alternatives[2]} & {word for step, word in targets(figure) if step >= 2}
    assert any("Which word comes next?" in text for text in texts(figure))
    # Nor does the picture tell how many words are left.
    longer = nearly_said(make_trace(5, 12), hide_from=2).figure
    assert longer.layout.height == figure.layout.height


@pytest.mark.parametrize("hide_from", [-3, 0, 4, 99])
def test_hiding_all_or_nothing_works(hide_from):
    figure = nearly_said(make_trace(6, 4), hide_from=hide_from).figure
    assert len(targets(figure)) == (0 if hide_from <= 0 else 24)


def test_clicks_reach_every_cell_and_fade_nothing():
    figure = nearly_said(make_trace(8, 5)).figure
    assert figure.layout.hoverdistance == -1 and figure.layout.hovermode == "closest"
    assert all(bars.unselected.marker.opacity == 1 and bars.hoverinfo == "skip" for bars in figure.data[:2])
    assert figure.data[2].type == "scatter" and figure.data[2].marker.opacity == 0


def test_hostile_words_are_shown_as_they_are():
    figure = nearly_said(make_trace(9, ["<i>x</i>", "%{y}"])).figure
    assert "&lt;i&gt;x" in texts(figure)[0]
    assert figure.data[2].hovertemplate == "%{hovertext}<extra></extra>"
    assert all("<i>" not in text for text in figure.data[2].hovertext)


def test_an_empty_caption_says_so():
    trace = make_trace(10, 0)
    assert "empty" in texts(nearly_said(trace, hide_from=0).figure)[0] and "empty" in nearly_said(trace).words


def test_the_description_finds_the_least_sure_word():
    trace = dataclasses.replace(
        make_trace(11, ["a", "dog"]),
        log_probs=np.log(np.array([0.9, 0.2], np.float32)),
        alternatives=((("a", 0.9),), (("cat", 0.5), ("dog", 0.2))),
    )
    text = nearly_said(trace).words
    assert "surest of “a” (90%)" in text and "least sure of “dog” (20%)" in text and "“cat” (50%)" in text


def test_one_word_is_not_compared_with_itself():
    trace = dataclasses.replace(make_trace(11, ["a", "dog"]), log_probs=np.log(np.array([0.9, 0.2], np.float32)))
    assert nearly_said(trace, hide_from=1).words == "It was 90% sure of “a”."
