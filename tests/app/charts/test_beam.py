"""The search tree shows every hypothesis once, crosses no lines, and makes the chosen caption stand out."""

import dataclasses
from itertools import combinations, pairwise

import pytest

from app.charts.beam import describe_search_tree, finished_rows, search_tree, why_it_won, winning_path
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
    drawn = nodes(search_tree(trace))
    assert sorted(drawn) == list(range(len(trace.beams)))
    for place, (_x, y, _text) in drawn.items():
        assert y == pytest.approx(trace.beams[place].step, abs=0.2)


@pytest.mark.parametrize("beam, length", TREES)
def test_lines_do_not_cross(beam, length):
    trace = make_trace(2, length, beam=beam)
    drawn = nodes(search_tree(trace))
    for step in {node.step for node in trace.beams}:
        row = [place for place, node in enumerate(trace.beams) if node.step == step]
        for one, other in combinations(row, 2):
            parents = trace.beams[one].parent, trace.beams[other].parent
            if parents[0] != parents[1] and parents[0] >= 0:
                own = drawn[one][0] < drawn[other][0]
                assert own == (drawn[parents[0]][0] < drawn[parents[1]][0])


@pytest.mark.parametrize("beam, length", [(1, 20), (3, 20), (5, 12), (10, 20)])
def test_marks_do_not_cover_each_other(beam, length):
    figure = search_tree(make_trace(3, length, beam=beam))
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
    figure = search_tree(trace)
    path = winning_path(trace)
    assert [trace.beams[place].word for place in path] == ["a", "dog", "runs", ""]
    assert {nodes(figure)[place][0] for place in path} == {0}
    bold = max((drawn for drawn in figure.data if drawn.mode == "lines"), key=lambda drawn: drawn.line.width)
    assert {x for x in bold.x if x is not None} == {0} and bold.x.count(None) == len(path)
    labels = [text for drawn in figure.data if drawn.text is not None for text in drawn.text]
    assert [text for text in labels if text.startswith("<b>")] == [f"<b>{w}</b>" for w in ("a", "dog", "runs", "(end)")]


def test_states_differ_in_shape_and_colour():
    figure = search_tree(make_trace(5, 12, beam=4))
    looks = [(drawn.marker.symbol, drawn.marker.color) for drawn in figure.data if drawn.customdata is not None]
    assert len(looks) == 3 and len({shape for shape, _ in looks}) == 3 and len({colour for _, colour in looks}) == 3


def test_a_caption_cut_by_the_length_limit_is_found_in_the_tree():
    trace = make_trace(6, 7, beam=3, finished=False)
    assert [trace.beams[place].word for place in winning_path(trace)] == list(trace.words)


def test_a_tree_that_lacks_the_caption_has_no_bold_line():
    trace = make_trace(7, 4)
    other = dataclasses.replace(trace, words=("x", "y", "z", "w"))
    assert winning_path(other) == ()
    assert not any(drawn.showlegend for drawn in search_tree(other).data if drawn.mode == "lines")


def test_the_pointer_shows_the_whole_hypothesis_and_its_scores():
    trace = dataclasses.replace(make_trace(8, ["a", "<dog>"], beam=1), length_penalty=0.75)
    place = winning_path(trace)[1]
    text = nodes(search_tree(trace))[place][2]
    score = trace.beams[place].log_prob
    told = [f"−{abs(value):.2f}" for value in (score, score / 2**0.75)]
    assert "a &lt;dog&gt;" in text and all(value in text for value in told)


def test_an_empty_caption_and_a_missing_tree():
    empty = make_trace(9, 0)
    assert len(nodes(search_tree(empty))) == 1
    nothing = dataclasses.replace(empty, beams=())
    assert "no tree" in search_tree(nothing).layout.annotations[0].text
    assert "no tree" in describe_search_tree(nothing)


def test_the_description_counts():
    nodes = (BeamNode(0, -1, "a", -1.0, "kept"), BeamNode(0, -1, "b", -2.0, "dropped"))
    text = describe_search_tree(dataclasses.replace(make_trace(10, ["a"]), beams=nodes))
    assert "2 hypotheses: 1 lived on, 1 were dropped, 0 were finished" in text


def searched(penalty: float) -> CaptionTrace:
    """A search that found a short caption and a longer, less likely one, and left out one that said a thing twice."""
    nodes = (
        BeamNode(0, -1, "dog", -1.0, "kept"),
        BeamNode(1, 0, "", -2.0, "finished"),
        BeamNode(1, 0, "dog", -1.5, "dropped", repeats=True),
        BeamNode(1, 0, "runs", -1.8, "kept"),
        BeamNode(2, 3, "", -2.4, "finished"),
    )
    trace = make_trace(1, 2, beam=1)
    words = ("dog", "runs")
    return dataclasses.replace(trace, words=words, caption="dog runs", beams=nodes, length_penalty=penalty)


def test_the_winner_is_told_by_its_score():
    by_sum, by_score = searched(0.0).finished(), searched(0.75).finished()
    assert [one.words for one in by_sum] == [("dog",), ("dog", "runs")]
    assert [one.words for one in by_score] == [("dog", "runs"), ("dog",)]
    assert by_score[0].score == pytest.approx(-2.4 / 3**0.75) and by_score[0].log_prob == -2.4
    assert finished_rows(searched(0.75))[0]["Score"] == "−1.05"
    assert "“dog” is likelier, and shorter" in why_it_won(searched(0.75))
    assert "power of 0.75" in why_it_won(searched(0.75))
    assert "likeliest" in why_it_won(searched(0.0))
    assert "one whole caption" in why_it_won(make_trace(1, 4, beam=1))


def test_what_would_say_a_thing_twice_is_drawn_as_such():
    figure = search_tree(searched(0.75))
    (drawn,) = (trace for trace in figure.data if trace.name == "dropped: says a thing twice")
    assert drawn.customdata == (2,) and "says “dog” twice" in drawn.hovertext[0]
    assert "1 would have said a thing twice" in describe_search_tree(searched(0.75))
