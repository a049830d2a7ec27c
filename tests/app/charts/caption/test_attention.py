"""The film and the overview draw the trace's own numbers, and say what they show."""

import base64
import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from app.charts.caption.attention import all_words, gate_means, regions_used, where_it_looked
from app.charts.kit.heat import FIXED_TOP, colour_scale, paint, smoothed, top_of
from app.charts.kit.style import HIGHLIGHT
from app.export import attention_gif
from tests.traces_made import make_trace

PHOTO = Image.linear_gradient("L").resize((640, 400)).convert("RGB")
LOOKS = {"opacity": 0.7, "smooth": False}


def uniform(trace):
    even = np.full_like(trace.attention, 1 / trace.attention[0].size)
    return dataclasses.replace(trace, attention=even)


def written(figure) -> str:
    return " ".join(annotation.text for annotation in figure.layout.annotations)


@pytest.mark.parametrize("length", [1, 8, 20])
def test_each_frame_shows_its_words_map_and_gate(length):
    trace = make_trace(1, length)
    figure = where_it_looked(trace, PHOTO, **LOOKS).figure
    assert len(figure.frames) == length
    for t, frame in enumerate(figure.frames):
        seen, found, bars = frame.data
        np.testing.assert_array_equal(seen.z, trace.attention[t])
        np.testing.assert_array_equal(found.z, trace.attention[t])
        assert [colour == HIGHLIGHT for colour in bars.marker.color] == [place == t for place in range(length)]
        assert f"{gate_means(trace)[t]:.0%}" in frame.layout.annotations[1].text or gate_means(trace)[t] < 0.0995
    np.testing.assert_allclose(figure.data[2].y, trace.context_gate.mean(axis=1))
    np.testing.assert_array_equal(figure.data[0].z, trace.attention[0])


def test_the_film_starts_at_the_wanted_word():
    trace = make_trace(1, 8)
    figure = where_it_looked(trace, PHOTO, step=5, **LOOKS).figure
    assert figure.layout.sliders[0].active == 5
    assert (figure.data[0].z == trace.attention[5]).all() and (figure.data[1].z == trace.attention[5]).all()
    assert figure.data[2].marker.color == figure.frames[5].data[2].marker.color
    assert figure.layout.annotations[0].text == figure.frames[5].layout.annotations[0].text


def test_the_slider_is_labelled_by_the_words_and_asks_no_server():
    trace = make_trace(2, ["a", "dog", "and", "a", "cat"])
    slider = where_it_looked(trace, PHOTO, **LOOKS).figure.layout.sliders[0]
    assert [step.label for step in slider.steps] == list(trace.words)
    assert [list(step.args[0]) for step in slider.steps] == [["0"], ["1"], ["2"], ["3"], ["4"]]
    assert {step.method for step in slider.steps} == {"animate"}


def test_the_current_word_is_marked_in_the_caption():
    trace = make_trace(2, ["a", "dog", "and", "a", "dog"])
    for t, frame in enumerate(where_it_looked(trace, PHOTO, **LOOKS).figure.frames):
        caption = frame.layout.annotations[0].text
        assert caption.count("<u>") == 1
        before = caption.split("<span")[0].split()
        assert before == list(trace.words[:t])
        assert f"<u>{trace.words[t]}</u>" in caption


def test_a_caption_with_capitals_and_a_full_stop_is_marked_as_it_is_written():
    trace = dataclasses.replace(make_trace(2, ["a", "dog", "runs"]), caption="A dog runs.")
    captions = [frame.layout.annotations[0].text for frame in where_it_looked(trace, PHOTO, **LOOKS).figure.frames]
    assert "<u>A</u>" in captions[0] and "<u>dog</u>" in captions[1] and "<u>runs.</u>" in captions[2]


def test_chinese_is_marked_without_spaces():
    trace = dataclasses.replace(make_trace(2, ["狗", "跑"]), caption="狗跑")
    assert where_it_looked(trace, PHOTO, **LOOKS).figure.frames[1].layout.annotations[0].text.startswith("狗<span")


def test_a_chinese_word_is_marked_by_what_is_behind_it():
    """A line beneath 一 would make it 二."""
    trace = dataclasses.replace(make_trace(2, ["一", "狗"]), caption="一狗")
    text = where_it_looked(trace, PHOTO, **LOOKS).figure.frames[0].layout.annotations[0].text
    assert "<u>" not in text and "paint-order:stroke" in text.split("一")[0]


def test_one_photo_in_its_own_proportions_under_all_frames():
    figure = where_it_looked(make_trace(3, 20), PHOTO, **LOOKS).figure
    [image] = figure.layout.images
    kind, content = image.source.split(",")
    photo = Image.open(io.BytesIO(base64.b64decode(content)))
    assert kind.startswith("data:image/") and photo.size == (640, 400)
    assert "image" not in str([frame.to_plotly_json() for frame in figure.frames])
    # 9 regions across 640 pixels and 9 down 400: pixels per region, down over across.
    assert figure.layout.yaxis.scaleratio == pytest.approx(400 / 640)
    assert (image.x, image.y, image.sizex, image.sizey) == (0.5, 0.5, 9, 9)


def test_a_large_photo_is_made_small_and_left_alone():
    photo = Image.new("RGB", (4000, 3000), "green")
    [image] = where_it_looked(make_trace(3, 2), photo, **LOOKS).figure.layout.images
    assert max(Image.open(io.BytesIO(base64.b64decode(image.source.split(",")[1]))).size) == 900
    assert photo.size == (4000, 3000)


@pytest.mark.parametrize("chart", [where_it_looked, all_words])
@pytest.mark.parametrize("size", [(1, 1), (3000, 10), (10, 3000)])
def test_any_shape_of_photo_is_drawn(chart, size):
    assert 100 < chart(make_trace(3, 20), Image.new("RGB", size), **LOOKS).figure.layout.height < 4000


def test_all_words_have_one_scale_that_starts_clear_and_reaches_the_captions_highest_share():
    trace = make_trace(4, 6)
    figure = where_it_looked(trace, PHOTO, **LOOKS).figure
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, pytest.approx(trace.attention.max()))
    assert figure.data[0].colorscale[0][1].endswith(" 0.000)")
    overview = all_words(trace, PHOTO, **LOOKS).figure.layout.coloraxis
    assert (overview.cmin, overview.cmax) == (0, pytest.approx(trace.attention.max()))


def test_an_even_map_looks_even_and_pale():
    trace = uniform(make_trace(4, 2))
    for smooth in (False, True):
        figure = where_it_looked(trace, PHOTO, opacity=1, smooth=smooth).figure
        z = np.asarray(figure.data[0].z)
        np.testing.assert_allclose(z, 1 / 81, rtol=1e-5)
        assert z.max() <= figure.data[0].zmax / 4 * 1.001


def test_the_figure_says_whether_it_is_smoothed():
    trace = make_trace(5, 4)
    for chart, bar in (
        (where_it_looked, lambda figure: figure.data[0].colorbar),
        (all_words, lambda figure: figure.layout.coloraxis.colorbar),
    ):
        assert "true resolution of 9 × 9" in bar(chart(trace, PHOTO, opacity=1, smooth=False).figure).title.text
        assert "smoothed from 9 × 9" in bar(chart(trace, PHOTO, opacity=1, smooth=True).figure).title.text


def test_smoothing_keeps_shares_above_0_and_the_pointer_finds_the_true_ones():
    trace = make_trace(5, 4, spread=0.4)
    finer = smoothed(trace.attention)
    assert finer.shape == (4, 36, 36) and finer.min() >= 0
    # The mean over the fine grid is the mean over the regions, but for what was cut off below 0.
    np.testing.assert_allclose(finer.mean(axis=(1, 2)), 1 / 81, rtol=0.1)
    figure = where_it_looked(trace, PHOTO, opacity=1, smooth=True).figure
    np.testing.assert_array_equal(figure.frames[3].data[0].z, finer[3])
    np.testing.assert_array_equal(figure.frames[3].data[1].z, trace.attention[3])
    hover = figure.data[1].hovertemplate
    assert all(part in hover for part in ("%{x}", "%{y}", "%{z:.1%}"))
    # The fine grid covers the same ground: its outer edges are those of the regions.
    first, last = figure.data[0].x0 - figure.data[0].dx / 2, figure.data[0].x0 + 35.5 * figure.data[0].dx
    assert (first, last) == pytest.approx((0.5, 9.5))


def test_opacity_is_in_the_scale():
    def alphas(opacity: float) -> list[float]:
        return [float(colour.split(",")[3].rstrip(")")) for _, colour in colour_scale(opacity)]

    np.testing.assert_allclose(alphas(0.5), np.array(alphas(1)) / 2, atol=1e-3)
    painted = paint(np.array([[0.0, 0.2]]), top=0.2, opacity=0.5)
    assert painted[0, 0, 3] == 0 and painted[0, 1, 3] == 128


def test_the_scale_grows_brighter_all_the_way():
    light = paint(np.linspace(0, 1, 50)[None], 1, 1)[0, :, :3] @ np.array([0.2126, 0.7152, 0.0722])
    assert np.all(np.diff(light) > -0.5) and light[-1] > light[0] + 150


@pytest.mark.parametrize("length", [1, 20])
def test_the_overview_shows_every_word(length):
    trace = make_trace(6, length)
    figure = all_words(trace, PHOTO, **LOOKS).figure
    drawn, found = figure.data[::2], figure.data[1::2]
    assert len(drawn) == len(found) == len(figure.layout.images) == length
    for t in range(length):
        np.testing.assert_array_equal(drawn[t].z, trace.attention[t])
        np.testing.assert_array_equal(found[t].z, trace.attention[t])
        assert trace.words[t] in figure.layout.annotations[t].text
        assert drawn[t].xaxis == f"x{t + 1 if t else ''}"


@pytest.mark.parametrize("chart", [where_it_looked, all_words])
def test_an_empty_caption_gives_the_photo_and_says_so(chart):
    figure, words, wide = chart(make_trace(7, 0), PHOTO, **LOOKS)
    assert len(figure.layout.images) == 1 and "empty" in written(figure) and not figure.frames
    assert "empty" in words and not wide


@pytest.mark.parametrize("chart", [where_it_looked, all_words])
def test_hostile_words_are_shown_as_they_are(chart):
    trace = make_trace(8, ["<b>x</b>", "&amp;", "$x$", "%{z}"])
    figure = chart(trace, PHOTO, **LOOKS).figure
    shown = figure.to_json()
    assert "<b>x</b>" not in shown.replace("\\u003c", "<").replace("\\u003e", ">")
    assert "&amp;amp;" in shown.replace("\\u0026", "&") and "$x$" not in shown
    templates = [trace.hovertemplate or "" for trace in figure.data]
    assert all("%{z}" not in template for template in templates)


def test_other_grids_are_drawn_too():
    figure = where_it_looked(make_trace(9, 2, rows=7, columns=5), PHOTO, opacity=1, smooth=True).figure
    assert np.shape(figure.data[0].z) == (28, 20)
    assert figure.layout.yaxis.scaleratio == pytest.approx((400 / 7) / (640 / 5))


def test_the_description_names_the_place_and_the_gates():
    trace = make_trace(10, ["a", "dog"])
    attention = np.full((2, 9, 9), 0.5 / 81, np.float32)
    attention[0] *= 2
    attention[1, 6:, :3] += 0.5 / 9
    gate = np.array([[0.2, 0.2], [0.6, 0.8]], np.float32)
    trace = dataclasses.replace(trace, attention=attention, context_gate=gate)
    text = where_it_looked(trace, PHOTO, **LOOKS).words
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


def test_on_the_fixed_scale_a_share_has_one_colour_for_all_photos():
    wide, sharp = make_trace(4, 6, spread=3), make_trace(4, 6, spread=0.5)
    for chart, top in (
        (where_it_looked, lambda figure: figure.data[0].zmax),
        (all_words, lambda figure: figure.layout.coloraxis.cmax),
    ):
        own = {top(chart(trace, PHOTO, **LOOKS).figure) for trace in (wide, sharp)}
        fixed = {top(chart(trace, PHOTO, **LOOKS, fixed=True).figure) for trace in (wide, sharp)}
        assert len(own) == 2 and fixed == {FIXED_TOP}
    films = [attention_gif(wide, PHOTO, opacity=1, smooth=False, fixed=fixed) for fixed in (False, True)]
    assert films[0] != films[1]


def test_the_top_of_the_scale_is_a_share():
    assert top_of(make_trace(0, 0)) == pytest.approx(4 / 81)
    assert top_of(make_trace(0, 2, rows=1, columns=1)) == 1
