"""The charts of hiding say what the numbers say."""

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest
from plotly.io import to_json

from app.charts.caption import hiding, honesty
from model.traces import CHANCE, Estimate, HonestyGroup, HonestyTrace, PhotoPart
from tests.photos import scene
from tests.traces_made import make_trace

TRACE = make_trace(3, ["a", "dog", "runs", "<b>$x$"])


def with_chances(trace, *chances: float):
    return dataclasses.replace(trace, log_probs=np.log(np.array(chances, np.float32)))


def texts(figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


def test_the_photo_can_be_marked_everywhere_and_shows_its_box():
    figure = hiding.markable(scene(120, 80), PhotoPart(10, 40, 20, 60)).figure
    points = figure.data[0]
    assert (min(points.x), max(points.x), min(points.y), max(points.y)) == (0, 100, 0, 100)
    assert figure.layout.dragmode == "select" and points.marker.opacity == 0
    assert [(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes] == [(10, 40, 20, 60)] * 2
    # Row 0 is above, and the photo keeps its proportions.
    assert tuple(figure.layout.yaxis.range) == (100, 0) and figure.layout.yaxis.scaleratio == pytest.approx(80 / 120)
    bare = hiding.covered_photo(scene(), PhotoPart(10, 40, 20, 60)).figure
    assert not bare.layout.shapes and bare.layout.dragmode is False


def test_attention_in_a_box_counts_parts_of_regions():
    even = np.full((4, 4), 1 / 16)
    assert hiding.attention_in(even, PhotoPart(0, 100, 0, 100)) == pytest.approx(1)
    assert hiding.attention_in(even, PhotoPart(10, 40, 20, 60)) == pytest.approx(0.3 * 0.4)
    corner = np.zeros((4, 4))
    corner[0, 3] = 1
    assert hiding.attention_in(corner, PhotoPart(75, 100, 0, 25)) == pytest.approx(1)
    assert hiding.attention_in(corner, PhotoPart(0, 75, 0, 100)) == 0
    assert hiding.attention_in(corner, PhotoPart(75, 100, 0, 10)) == pytest.approx(0.4)


def test_two_maps_have_one_scale_and_their_own_words():
    other = make_trace(4, ["two", "cats"])
    figure = hiding.two_maps(TRACE, scene(), 3, other, scene(), 1, None).figure
    maps = [one for one in figure.data if one.opacity == 0]
    assert np.array_equal(maps[0].z, TRACE.attention[3]) and np.array_equal(maps[1].z, other.attention[1])
    assert figure.layout.coloraxis.cmax >= max(TRACE.attention.max(), other.attention.max())
    assert "&lt;b&gt;&#36;x&#36;" in texts(figure)[0] and "cats" in texts(figure)[1]
    said = hiding.two_maps(TRACE, scene(), 1, other, scene(), 0, PhotoPart(0, 100, 0, 100)).words
    assert "100%" in said and "“dog”" in said and "“two”" in said
    same = hiding.two_maps(TRACE, scene(), 1, TRACE, scene(), 1, None)
    assert same.words == "Nothing is hidden: both maps are the same."


def test_costs_show_both_chances_and_their_ratio():
    before, after = with_chances(TRACE, 0.5, 0.4, 0.1, 0.2), with_chances(TRACE, 0.5, 0.02, 0.3, 0.19)
    figure = hiding.costs(before, after).figure
    discs, crosses = (one for one in figure.data if one.mode == "markers")
    assert discs.marker.symbol != crosses.marker.symbol
    assert discs.y == pytest.approx([0.5, 0.4, 0.1, 0.2]) and crosses.y == pytest.approx([0.5, 0.02, 0.3, 0.19])
    assert figure.layout.yaxis.type == "log"
    low, high = figure.layout.yaxis.range
    assert low < math.log10(0.02) and high > math.log10(0.5)
    # A ratio for each word that changed by half or more, above the higher of its two points.
    ratios = {a.text: (a.x, a.y) for a in figure.layout.annotations}
    assert ratios == {"÷ 20": (1, pytest.approx(math.log10(0.4))), "× 3.0": (2, pytest.approx(math.log10(0.3)))}
    said = hiding.costs(before, after).words
    assert "“dog” most: it fell from 40% to 2.0%" in said
    assert "7.0 times less likely" in said  # 20 / 3 * 20 / 19
    assert "7.0 times more likely" in hiding.costs(after, before).words


def test_costs_of_nothing_and_of_all():
    assert hiding.costs(TRACE, TRACE).words == "No word became more or less likely."
    empty = make_trace(5, 0)
    assert "no word to lose" in hiding.costs(empty, empty).words
    assert hiding.costs(empty, empty).figure.layout.annotations
    lost = hiding.costs(with_chances(TRACE, 1, 1, 1, 1), with_chances(TRACE, 1e-30, 1, 1, 1)).figure
    assert "÷ 10^30" in texts(lost)
    assert len(lost.layout.yaxis.tickvals) < 12
    json.loads(to_json(lost))


def group(looked: float, elsewhere: float, width: float = 0.05, **more) -> HonestyGroup:
    def around(mean: float) -> Estimate:
        return Estimate(mean, mean - width, mean + width)

    parts: dict[str, Any] = {
        "words": 200,
        "photos": 20,
        "peaks": (0.03, 0.4),
        "looked": around(looked),
        "elsewhere": around(elsewhere),
        "difference": around(looked - elsewhere),
        "looked_median": around(looked / 4),
        "elsewhere_median": around(elsewhere / 4),
        "difference_median": around((looked - elsewhere) / 4),
        "tenth": 0.74,
        "rank": around(0.5 + (looked - elsewhere) / 2),
        "difference_others": around((looked - elsewhere) / 2),
        "rank_others": around(0.5 + (looked - elsewhere) / 3),
    }
    return HonestyGroup(**parts | more)


def made(**groups: HonestyGroup) -> HonestyTrace:
    return HonestyTrace("0" * 64, "en", 20, 3, "grey", 0, 9, 3, ("a", "the"), groups)


@pytest.mark.parametrize(
    ("looked", "elsewhere", "begins"), [(0.5, 0.1, "**Yes"), (0.1, 0.5, "**No"), (0.3, 0.28, "**These numbers cannot")]
)
def test_the_verdict_follows_the_intervals(looked, elsewhere, begins):
    one = group(looked, elsewhere)
    said = honesty.verdict(made(all=one))
    assert said.startswith(begins)
    for figure in (
        f"{looked:.2f}",
        f"{elsewhere:.2f}",
        f"{math.exp(looked):.2f} times",
        f"{one.rank.mean:.0%} ({one.rank.low:.0%} to {one.rank.high:.0%}) cost a word less",
        "would reach 50%",
        "74% of that cost",
        f"median word the difference is {honesty.interval(one.difference_median)}",
        "200 words",
        "20 photos",
    ):
        assert figure in said


def test_a_mean_alone_is_no_yes():
    """A few dear words make a mean; the ranks must agree."""
    few = group(0.5, 0.1, rank=Estimate(0.5, 0.45, 0.55))
    assert honesty.verdict(made(all=few)).startswith("**These numbers cannot")
    negative = group(0.5, 0.1, tenth=None)
    assert "tenth" not in honesty.verdict(made(all=negative))


def test_a_row_for_each_group_with_its_intervals_and_chance():
    groups = {"all": group(0.4, 0.1), "content": group(0.6, 0.1), "quarter4": group(0.9, 0.2, peaks=(0.3, 0.8))}
    groups["content"] = dataclasses.replace(groups["content"], rank_others=None)
    figure = honesty.honesty(made(**groups)).figure
    looked, looked_median, elsewhere, elsewhere_median, rank, rank_others = figure.data
    assert looked.x == pytest.approx([0.4, 0.6, 0.9]) and elsewhere.x == pytest.approx([0.1, 0.1, 0.2])
    assert looked_median.x == pytest.approx([0.1, 0.15, 0.225]) and elsewhere_median.x[0] == pytest.approx(0.025)
    assert looked.error_x.array == pytest.approx([0.05] * 3) == looked.error_x.arrayminus
    assert rank.x == pytest.approx([0.65, 0.75, 0.85]) and rank.hovertext[0] == "65% (60% to 70%)"
    assert len(rank_others.x) == 2 and [round(y) for y in rank_others.y] == [0, 2]
    assert len({(mark.marker.symbol, mark.marker.color) for mark in figure.data}) == 6
    assert rank.xaxis == rank_others.xaxis == "x2" and looked.xaxis == "x"
    assert [(line.xref, line.x0) for line in figure.layout.shapes] == [("x", 0), ("x2", CHANCE)]
    assert figure.layout.yaxis.ticktext[2] == "attention peaks at 30% to 80% (200)"


def test_the_description_says_whether_hiding_matters_at_all():
    both = {"content": group(0.6, 0.1), "function": group(0.1, 0.1)}
    said = honesty.honesty(made(all=group(0.4, 0.1), **both)).words
    assert "0.15 (0.10 to 0.20) nats more (by chance 0)" in said and "60% (55% to 65%) of them" in said
    assert "For words that name something, 75% (70% to 80%) of all places cost less, 67%" in said
    assert "For function words, 50% (45% to 55%) of all places cost less; but against" in said
    assert said.count("not clearly above chance") == 1
    assert "costs something: elsewhere 0.10 (0.05 to 0.15) nats" in said
    less = group(0.4, 0.01, difference_others=None, rank_others=None)
    said = honesty.honesty(made(all=less, function=less)).words
    assert "told from none" in said and "control" not in said and "function" not in said
    assert honesty.interval(Estimate(-0.001, -0.2, 0.2)) == "0.00 (-0.20 to 0.20)"
