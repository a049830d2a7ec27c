"""The overview draws the trace's own numbers, and says what it shows; the scale grows brighter on every photo."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.charts.caption.attention import all_words, regions_used
from app.charts.kit.heat import FIXED_TOP, paint, scale_on_grey, smoothed, top_of
from app.export import attention_gif
from tests.traces_made import make_trace

PHOTO = Image.linear_gradient("L").resize((640, 400)).convert("RGB")
LOOKS: dict[str, Any] = {"opacity": 0.7, "smooth": False}


def uniform(trace):
    even = np.full_like(trace.attention, 1 / trace.attention[0].size)
    return dataclasses.replace(trace, attention=even)


def written(figure) -> str:
    return " ".join(annotation.text for annotation in figure.layout.annotations)


@pytest.mark.parametrize("size", [(1, 1), (3000, 10), (10, 3000)])
def test_any_shape_of_photo_is_drawn(size):
    assert 100 < all_words(make_trace(3, 20), Image.new("RGB", size), **LOOKS).figure.layout.height < 4000


def test_smoothing_keeps_shares_above_0_and_the_pointer_finds_the_true_ones():
    trace = make_trace(5, 4, spread=0.4)
    finer = smoothed(trace.attention)
    assert finer.shape == (4, 36, 36) and finer.min() >= 0
    # The mean over the fine grid is the mean over the regions, but for what was cut off below 0.
    np.testing.assert_allclose(finer.mean(axis=(1, 2)), 1 / 81, rtol=0.1)
    figure = all_words(trace, PHOTO, opacity=1, smooth=True).figure
    np.testing.assert_array_equal(figure.data[6].z, finer[3])
    np.testing.assert_array_equal(figure.data[7].z, trace.attention[3])
    hover = figure.data[7].hovertemplate
    assert all(part in hover for part in ("%{x}", "%{y}", "%{z:.1%}"))
    # The fine grid covers the same ground: its outer edges are those of the regions.
    first, last = figure.data[0].x0 - figure.data[0].dx / 2, figure.data[0].x0 + 35.5 * figure.data[0].dx
    assert (first, last) == pytest.approx((0.5, 9.5))


@pytest.mark.parametrize("length", [1, 20])
def test_the_overview_shows_every_word(length):
    trace = make_trace(6, length)
    figure = all_words(trace, PHOTO, **LOOKS).figure
    maps = [one for one in figure.data if one.type == "heatmap"]
    drawn, found = maps[::2], maps[1::2]
    assert len(drawn) == len(found) == len(figure.layout.images) == length
    for t in range(length):
        np.testing.assert_array_equal(drawn[t].z, trace.attention[t])
        np.testing.assert_array_equal(found[t].z, trace.attention[t])
        assert trace.words[t] in figure.layout.annotations[t].text
        assert drawn[t].xaxis == f"x{t + 1 if t else ''}"


def test_an_empty_caption_gives_the_photo_and_says_so():
    figure, words, wide = all_words(make_trace(7, 0), PHOTO, **LOOKS)
    assert len(figure.layout.images) == 1 and "empty" in written(figure) and not figure.frames
    assert "empty" in words and not wide


def test_hostile_words_are_shown_as_they_are():
    trace = make_trace(8, ["<b>x</b>", "&amp;", "$x$", "%{z}"])
    figure = all_words(trace, PHOTO, **LOOKS).figure
    shown = figure.to_json()
    assert "<b>x</b>" not in shown.replace("\\u003c", "<").replace("\\u003e", ">")
    assert "&amp;amp;" in shown.replace("\\u0026", "&") and "$x$" not in shown
    templates = [trace.hovertemplate or "" for trace in figure.data]
    assert all("%{z}" not in template for template in templates)


def test_the_description_names_the_place_and_the_gates():
    trace = make_trace(10, ["a", "dog"])
    attention = np.full((2, 9, 9), 0.5 / 81, np.float32)
    attention[0] *= 2
    attention[1, 6:, :3] += 0.5 / 9
    gate = np.array([[0.2, 0.2], [0.6, 0.8]], np.float32)
    trace = dataclasses.replace(trace, attention=attention, context_gate=gate)
    text = all_words(trace, PHOTO, **LOOKS).words
    share = 0.5 / 81 + 0.5 / 9  # of each of nine regions; the other 72 have 0.5 / 81
    narrow = np.exp(-9 * share * np.log(share) - 72 * 0.5 / 81 * np.log(0.5 / 81))
    assert 9 < narrow < 81 and regions_used(trace)[1] == pytest.approx(narrow, rel=1e-5)
    assert f"over {narrow:.0f} regions (for “dog”) to 81 (for “a”), of 81" in text
    assert f"more than {share:.1%} of a word's attention; an even look gives each 1.2%" in text
    assert "“dog” it looked most at the lower left (56% of the attention in 9 of 81 regions)" in text
    assert "most open for “dog” (70%) and least for “a” (20%)" in text


@pytest.mark.parametrize("regions", [1, 9, 81])
def test_an_even_look_over_some_regions_uses_so_many(regions):
    attention = np.zeros((1, 9, 9), np.float32)
    attention.flat[:regions] = 1 / regions
    assert regions_used(dataclasses.replace(make_trace(1, 1), attention=attention)) == pytest.approx([regions])


def test_words_that_come_twice_are_told_apart():
    gate = np.array([[0.9], [0.5], [0.1]], np.float32)
    trace = dataclasses.replace(make_trace(2, ["a", "dog", "a"]), context_gate=gate)
    text = all_words(trace, PHOTO, **LOOKS).words
    assert "most open for “a (1)” (90%) and least for “a (2)” (10%)" in text


def test_the_top_of_the_scale_is_a_share():
    assert top_of(make_trace(0, 0)) == pytest.approx(4 / 81)
    assert top_of(make_trace(0, 2, rows=1, columns=1)) == 1


def test_brighter_is_more_over_any_photo():
    shares = np.linspace(0, 1, 256)
    weights = np.array([0.2126, 0.7152, 0.0722])
    for opacity in (0.1, 0.5, 0.75, 1):
        *colour, alpha = np.moveaxis(paint(shares[None], 1, opacity)[0].astype(float), -1, 0)
        for grey in (0, 30, 90, 150, 210, 255):
            over = (1 - alpha / 255) * grey + alpha / 255 * (weights @ np.array(colour))
            assert np.all(np.diff(over) > -1.5) and over[-1] - over[0] > 50 * opacity
    assert [colour for _at, colour in scale_on_grey(1)] == sorted(
        (c for _at, c in scale_on_grey(1)), key=lambda c: int(c[4:].split(",")[0])
    )


def test_the_scale_under_the_overview_reaches_the_captions_highest_share_or_a_fixed_one():
    wide, sharp = make_trace(4, 6, spread=3), make_trace(4, 6, spread=0.5)
    for trace in (wide, sharp):
        own, fixed = (all_words(trace, PHOTO, **LOOKS, fixed=fixed).figure for fixed in (False, True))
        assert own.layout.coloraxis.cmax == own.data[-1].marker.cmax == pytest.approx(top_of(trace))
        assert fixed.layout.coloraxis.cmax == fixed.data[-1].marker.cmax == FIXED_TOP
        assert not own.layout.coloraxis.showscale and own.data[-1].x == (None,)
    films = [attention_gif(wide, PHOTO, opacity=1, smooth=False, fixed=fixed) for fixed in (False, True)]
    assert films[0] != films[1]


def test_the_overview_says_whether_it_is_smoothed():
    for smooth, said in ((False, "true resolution of 9 × 9"), (True, "smoothed from 9 × 9")):
        figure = all_words(make_trace(5, 4), PHOTO, opacity=1, smooth=smooth).figure
        assert said in figure.data[-1].marker.colorbar.title.text
