"""The search tree shows every hypothesis once, crosses no lines, and makes the chosen caption stand out."""

import dataclasses
from itertools import combinations, pairwise

import numpy as np
import pytest

from app.charts.caption.beam import (
    Finished,
    finished_captions,
    given_words,
    search_tree,
    winning_path,
)
from app.charts.kit.numbers import number
from model.traces import BeamNode, CaptionTrace
from tests.traces_made import make_trace

TREES = [(1, 1), (1, 20), (3, 10), (10, 20), (20, 50)]


def nodes(figure) -> dict[int, tuple[float, float, str]]:
    """Each hypothesis's x, y and hover text, by its place in the trace."""
    return {
        place: (x, y, text)
        for drawn in figure.data
        if drawn.customdata is not None
        for place, x, y, text in zip(drawn.customdata, drawn.x, drawn.y, drawn.hovertext, strict=True)
    }


@pytest.mark.parametrize("beam, length", TREES)
def test_every_hypothesis_is_drawn_once_in_its_row(beam, length):
    trace = make_trace(1, length, beam=beam)
    drawn = nodes(search_tree(trace).figure)
    assert sorted(drawn) == list(range(len(trace.beams)))
    for place, (_x, y, _text) in drawn.items():
        assert y == pytest.approx(trace.beams[place].step, abs=0.2)


@pytest.mark.parametrize("beam, length", TREES)
def test_lines_do_not_cross(beam, length):
    trace = make_trace(2, length, beam=beam)
    drawn = nodes(search_tree(trace).figure)
    for step in {node.step for node in trace.beams}:
        row = [place for place, node in enumerate(trace.beams) if node.step == step]
        for one, other in combinations(row, 2):
            parents = trace.beams[one].parent, trace.beams[other].parent
            if parents[0] != parents[1] and parents[0] >= 0:
                own = drawn[one][0] < drawn[other][0]
                assert own == (drawn[parents[0]][0] < drawn[parents[1]][0])


@pytest.mark.parametrize("beam, length", [(1, 20), (3, 20), (5, 12), (10, 20)])
def test_marks_do_not_cover_each_other(beam, length):
    figure = search_tree(make_trace(3, length, beam=beam)).figure
    left, right = figure.layout.xaxis.range
    pixels = (700 - figure.layout.margin.l - figure.layout.margin.r) / (right - left)
    by_row: dict[int, list[float]] = {}
    for x, y, _text in nodes(figure).values():
        by_row.setdefault(round(y * 100), []).append(x * pixels)
    for row in by_row.values():
        row.sort()
        assert all(after - before >= 9 for before, after in pairwise(row))


def test_the_chosen_caption_runs_straight_down_in_bold():
    trace = make_trace(4, ["a", "dog", "runs"], beam=3)
    figure = search_tree(trace).figure
    path = winning_path(trace)
    assert [trace.beams[place].word for place in path] == ["a", "dog", "runs", ""]
    assert {nodes(figure)[place][0] for place in path} == {0}
    bold = max((drawn for drawn in figure.data if drawn.mode == "lines"), key=lambda drawn: drawn.line.width)
    assert {x for x in bold.x if x is not None} == {0} and bold.x.count(None) == len(path)
    labels = [text for drawn in figure.data if drawn.text is not None for text in drawn.text]
    assert [text for text in labels if text.startswith("<b>")] == [f"<b>{w}</b>" for w in ("a", "dog", "runs", "(end)")]


def test_states_differ_in_shape_and_colour():
    figure = search_tree(make_trace(5, 12, beam=4)).figure
    looks = [(drawn.marker.symbol, drawn.marker.color) for drawn in figure.data if drawn.customdata is not None]
    assert len(looks) == 3 and len({shape for shape, _ in looks}) == 3 and len({colour for _, colour in looks}) == 3


def test_a_caption_cut_by_the_length_limit_is_found_in_the_tree():
    trace = make_trace(6, 7, beam=3, finished=False)
    assert [trace.beams[place].word for place in winning_path(trace)] == list(trace.words)


def test_a_tree_that_lacks_the_caption_has_no_bold_line():
    trace = make_trace(7, 4)
    other = dataclasses.replace(trace, words=("x", "y", "z", "w"))
    assert winning_path(other) == ()
    assert not any(drawn.showlegend for drawn in search_tree(other).figure.data if drawn.mode == "lines")


def test_the_pointer_shows_the_whole_hypothesis_and_its_scores():
    trace = dataclasses.replace(make_trace(8, ["a", "<dog>"], beam=1), length_penalty=0.75)
    place = winning_path(trace)[1]
    text = nodes(search_tree(trace).figure)[place][2]
    assert "a &lt;dog&gt;" in text and f"log-probability {number(trace.beams[place].log_prob, 2)}<" in text
    end = winning_path(trace)[2]
    assert f"score {number(trace.beams[end].log_prob / 3**0.75, 2)}" in nodes(search_tree(trace).figure)[end][2]


def two_ways_to_end() -> CaptionTrace:
    """A short caption that is likelier, and a longer one with the better score."""
    tree = (
        BeamNode(0, -1, "a", -1.0, "kept"),
        BeamNode(1, 0, "", -4.0, "finished"),
        BeamNode(1, 0, "dog", -2.0, "kept"),
        BeamNode(2, 2, "runs", -4.0, "kept"),
        BeamNode(3, 3, "", -5.0, "finished"),
    )
    trace = dataclasses.replace(make_trace(1, ["a", "dog", "runs"], length_penalty=0.5), beams=tree)
    return dataclasses.replace(trace, log_probs=np.array([-1.0, -1.0, -2.0], np.float32), end_log_prob=-1.0)


def test_whole_captions_compare_by_log_p_over_a_power_of_their_length():
    best, other = finished_captions(two_ways_to_end())
    assert best == Finished("a dog runs", 3, -5.0, -5 / 4**0.5, True)
    assert other == Finished("a", 1, -4.0, -4 / 2**0.5, False)
    said = search_tree(two_ways_to_end()).words
    assert "Of 2 whole captions it has the best score, −2.50" in said
    assert "score (−2.83), is “a”: −4.00, in 1 word; the chosen one has 3 words" in said
    favours_short = dataclasses.replace(two_ways_to_end(), length_penalty=0.0)
    assert finished_captions(favours_short)[0].caption == "a"
    assert finished_captions(dataclasses.replace(favours_short, length_penalty=None)) == []


def test_given_words_had_no_rivals():
    assert given_words(make_trace(1, 5, beam=3)) == 0
    tree = (BeamNode(0, -1, "a", -1.0, "kept"), BeamNode(1, 0, "b", -2.0, "kept"), BeamNode(1, 0, "c", -3.0, "dropped"))
    assert given_words(dataclasses.replace(make_trace(1, ["a", "b"]), beams=tree)) == 1


def test_an_empty_caption_and_a_missing_tree():
    empty = make_trace(9, 0)
    assert len(nodes(search_tree(empty).figure)) == 1
    nothing = dataclasses.replace(empty, beams=())
    assert "no tree" in search_tree(nothing).figure.layout.annotations[0].text
    assert "no tree" in search_tree(nothing).words


def test_the_description_counts():
    nodes = (BeamNode(0, -1, "a", -1.0, "kept"), BeamNode(0, -1, "b", -2.0, "dropped"))
    text = search_tree(dataclasses.replace(make_trace(10, ["a"]), beams=nodes)).words
    assert "2 hypotheses: 1 lived on, 1 were dropped, 0 were finished" in text


def test_what_would_say_a_thing_twice_is_drawn_as_such():
    tree = (
        BeamNode(0, -1, "dog", -1.0, "kept"),
        BeamNode(1, 0, "dog", -1.5, "dropped", repeats=True),
        BeamNode(1, 0, "runs", -1.8, "kept"),
        BeamNode(2, 2, "", -2.4, "finished"),
    )
    trace = dataclasses.replace(make_trace(1, ["dog", "runs"]), beams=tree)
    (drawn,) = (one for one in search_tree(trace).figure.data if one.name == "dropped: says a thing twice")
    assert drawn.customdata == (1,) and "says “dog” twice" in drawn.hovertext[0]
    assert "1 would have said a thing twice" in search_tree(trace).words
