"""The charts of hiding say what the numbers say."""

import dataclasses
import json
import math

import numpy as np
import pytest
from plotly.io import to_json

from app.charts import hiding, honesty
from model.traces import Estimate, HonestyGroup, HonestyTrace, Part
from tests.photos import scene
from tests.traces_made import make_trace

TRACE = make_trace(3, ["a", "dog", "runs", "<b>$x$"])


def with_chances(trace, *chances: float):
    return dataclasses.replace(trace, log_probs=np.log(np.array(chances, np.float32)))


def texts(figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


def test_the_photo_can_be_marked_everywhere_and_shows_its_box():
    figure = hiding.markable(scene(120, 80), Part(10, 40, 20, 60))
    points = figure.data[0]
    assert (min(points.x), max(points.x), min(points.y), max(points.y)) == (0, 100, 0, 100)
    assert figure.layout.dragmode == "select" and points.marker.opacity == 0
    assert [(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes] == [(10, 40, 20, 60)] * 2
    # Row 0 is above, and the photo keeps its proportions.
    assert tuple(figure.layout.yaxis.range) == (100, 0) and figure.layout.yaxis.scaleratio == pytest.approx(80 / 120)
    bare = hiding.markable(scene(), None, catching=False)
    assert not bare.layout.shapes and bare.layout.dragmode is False


def test_attention_in_a_box_counts_parts_of_regions():
    even = np.full((4, 4), 1 / 16)
    assert hiding.attention_in(even, Part(0, 100, 0, 100)) == pytest.approx(1)
    assert hiding.attention_in(even, Part(10, 40, 20, 60)) == pytest.approx(0.3 * 0.4)
    corner = np.zeros((4, 4))
    corner[0, 3] = 1
    assert hiding.attention_in(corner, Part(75, 100, 0, 25)) == pytest.approx(1)
    assert hiding.attention_in(corner, Part(0, 75, 0, 100)) == 0
    assert hiding.attention_in(corner, Part(75, 100, 0, 10)) == pytest.approx(0.4)


def test_two_maps_have_one_scale_and_their_own_words():
    other = make_trace(4, ["two", "cats"])
    figure = hiding.two_maps(TRACE, scene(), 3, other, scene(), 1)
    maps = [one for one in figure.data if one.opacity == 0]
    assert np.array_equal(maps[0].z, TRACE.attention[3]) and np.array_equal(maps[1].z, other.attention[1])
    assert figure.layout.coloraxis.cmax >= max(TRACE.attention.max(), other.attention.max())
    assert "&lt;b&gt;&#36;x&#36;" in texts(figure)[0] and "cats" in texts(figure)[1]
    said = hiding.describe_two_maps(TRACE, 1, other, 0, Part(0, 100, 0, 100))
    assert "100%" in said and "“dog”" in said and "“two”" in said
    assert hiding.describe_two_maps(TRACE, 1, TRACE, 1, None) == "Nothing is hidden: both maps are the same."


def test_costs_show_both_chances_and_their_ratio():
    before, after = with_chances(TRACE, 0.5, 0.4, 0.1, 0.2), with_chances(TRACE, 0.5, 0.02, 0.3, 0.19)
    figure = hiding.costs(before, after)
    discs, crosses = (one for one in figure.data if one.mode == "markers")
    assert discs.marker.symbol != crosses.marker.symbol
    assert discs.y == pytest.approx([0.5, 0.4, 0.1, 0.2]) and crosses.y == pytest.approx([0.5, 0.02, 0.3, 0.19])
    assert figure.layout.yaxis.type == "log"
    low, high = figure.layout.yaxis.range
    assert low < math.log10(0.02) and high > math.log10(0.5)
    # A ratio for each word that changed by half or more, above the higher of its two points.
    ratios = {a.text: (a.x, a.y) for a in figure.layout.annotations}
    assert ratios == {"÷ 20": (1, pytest.approx(math.log10(0.4))), "× 3.0": (2, pytest.approx(math.log10(0.3)))}
    said = hiding.describe_costs(before, after)
    assert "“dog” most: it fell from 40% to 2.0%" in said
    assert "7.0 times less likely" in said  # 20 / 3 * 20 / 19
    assert "7.0 times more likely" in hiding.describe_costs(after, before)


def test_costs_of_nothing_and_of_all():
    assert hiding.describe_costs(TRACE, TRACE) == "No word became more or less likely."
    empty = make_trace(5, 0)
    assert "no word to lose" in hiding.describe_costs(empty, empty)
    assert hiding.costs(empty, empty).layout.annotations
    lost = hiding.costs(with_chances(TRACE, 1, 1, 1, 1), with_chances(TRACE, 1e-30, 1, 1, 1))
    assert "÷ 10^30" in texts(lost)
    assert len(lost.layout.yaxis.tickvals) < 12
    json.loads(to_json(lost))


def group(looked: float, elsewhere: float, width: float = 0.05, **more) -> HonestyGroup:
    def around(mean: float) -> Estimate:
        return Estimate(mean, mean - width, mean + width)

    parts = {
        "words": 200,
        "photos": 20,
        "peaks": (0.03, 0.4),
        "looked": around(looked),
        "elsewhere": around(elsewhere),
        "difference": around(looked - elsewhere),
        "difference_others": around((looked - elsewhere) / 2),
        "dearer": around(0.64),
        "changed_looked": around(0.3),
        "changed_elsewhere": around(0.1),
    }
    return HonestyGroup(**parts | more)


def made(**groups: HonestyGroup) -> HonestyTrace:
    return HonestyTrace("0" * 64, "en", 20, 3, 3, "grey", 0, ("a", "the"), groups)


@pytest.mark.parametrize(
    ("looked", "elsewhere", "begins"), [(0.5, 0.1, "**Yes"), (0.1, 0.5, "**No"), (0.3, 0.28, "**These numbers cannot")]
)
def test_the_verdict_follows_the_interval(looked, elsewhere, begins):
    said = honesty.verdict(made(all=group(looked, elsewhere)))
    assert said.startswith(begins)
    for figure in (
        f"{looked:.2f}",
        f"{elsewhere:.2f}",
        f"{math.exp(looked):.2f} times",
        "64%",
        "200 words",
        "20 photos",
    ):
        assert figure in said


def test_a_row_for_each_group_with_its_interval():
    groups = {"all": group(0.4, 0.1), "content": group(0.6, 0.1), "quarter4": group(0.9, 0.2, peaks=(0.3, 0.8))}
    figure = honesty.honesty(made(**groups))
    looked, elsewhere = (one for one in figure.data if one.mode == "markers")
    assert looked.x == pytest.approx([0.4, 0.6, 0.9]) and elsewhere.x == pytest.approx([0.1, 0.1, 0.2])
    assert looked.error_x.array == pytest.approx([0.05] * 3) == looked.error_x.arrayminus
    assert looked.marker.symbol != elsewhere.marker.symbol
    assert figure.layout.yaxis.ticktext[2] == "attention peaks at 30% to 80% (200)"
    assert [a.text for a in figure.layout.annotations][:2] == ["0.30 (0.25 to 0.35)", "0.50 (0.45 to 0.55)"]


def test_the_description_says_whether_hiding_matters_at_all():
    both = {"content": group(0.6, 0.1), "function": group(0.1, 0.1)}
    said = honesty.describe_honesty(made(all=group(0.4, 0.1), **both))
    assert "0.50 (0.45 to 0.55) for words that name something, and 0.00 (-0.05 to 0.05) for function words" in said
    assert "costs something: elsewhere 0.10 (0.05 to 0.15) nats" in said
    assert "the difference is 0.15 (0.10 to 0.20)" in said
    assert "told from none" in honesty.describe_honesty(made(all=group(0.4, 0.01, difference_others=None)))
