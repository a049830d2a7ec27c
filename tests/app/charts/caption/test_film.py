"""The film of where it looked: its pictures are the trace's maps, its sentence the caption, and nothing breaks out."""

import base64
import dataclasses
import io
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.charts.caption.attention import gate_means
from app.charts.caption.film import where_it_looked
from app.charts.kit.heat import FIXED_TOP, paint, smoothed, top_of
from tests.traces_made import make_trace

PHOTO = Image.linear_gradient("L").resize((640, 400)).convert("RGB")
LOOKS = {"opacity": 0.7, "smooth": False}


class Film(HTMLParser):
    """A film's elements by their first class: attributes, and the text inside."""

    def __init__(self, markup: str):
        super().__init__()
        self.tags: list[str] = []
        self.found: dict[str, list[dict[str, Any]]] = {}
        self.inside: dict[str, Any] | None = None
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        given = {name: value or "" for name, value in attributes} | {"text": ""}
        name = given.get("class", tag).split(" ")[0]
        self.found.setdefault(name, []).append(given)
        self.inside = given

    def handle_data(self, data):
        if self.inside is not None:
            self.inside["text"] += data

    def maps(self) -> list[np.ndarray]:
        return [picture(one["src"]) for one in self.found["looked-map"]]


def picture(address: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))))


def film(trace, photo=PHOTO, **settings) -> Film:
    return Film(where_it_looked(trace, photo, **(LOOKS | settings)).html)


@pytest.mark.parametrize("length", [1, 8, 20])
def test_each_word_has_its_map_its_shares_and_its_gate(length):
    trace = make_trace(1, length)
    shown = film(trace)
    for t, (made, one) in enumerate(zip(shown.maps(), shown.found["looked-map"], strict=True)):
        np.testing.assert_array_equal(made, paint(trace.attention[t], top_of(trace), 0.7))
        shares = np.array([float(share) for share in one["data-shares"].split()])
        np.testing.assert_allclose(shares, trace.attention[t].ravel(), atol=6e-5)
    heights = [float(one["style"].removeprefix("height: ").rstrip("%")) for one in shown.found["i"][:length]]
    np.testing.assert_allclose(heights, 100 * gate_means(trace), atol=0.06)
    assert [one["text"] for one in shown.found["looked-text"]] == list(trace.words)


def test_it_begins_with_the_wanted_word_and_all_parts_agree():
    trace = make_trace(1, 8)
    shown = film(trace, step=5)
    for name in ("looked-map", "looked-word"):
        assert ["now" in one["class"].split() for one in shown.found[name]] == [t == 5 for t in range(8)]
    assert ["said" in one["class"].split() for one in shown.found["looked-word"]] == [t <= 5 for t in range(8)]
    assert ["aria-current" in one for one in shown.found["looked-word"]] == [t == 5 for t in range(8)]
    [slider] = shown.found["looked-at"]
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "7", "5")
    assert shown.found["looked-note"][0]["text"] == shown.found["looked-word"][5]["data-note"]
    assert f"“{trace.words[5]}”" in shown.found["looked-note"][0]["text"]


def test_words_that_were_given_are_framed_and_their_notes_say_so():
    shown = film(make_trace(1, 4), given=2)
    assert ["given" in one["class"].split() for one in shown.found["looked-word"]] == [True, True, False, False]
    assert ["was given" in one["data-note"] for one in shown.found["looked-word"]] == [True, True, False, False]


def test_the_sentence_is_written_as_it_is_with_capitals_and_stops():
    trace = dataclasses.replace(make_trace(2, ["a", "dog", "runs"]), caption="A dog runs.")
    assert [one["text"] for one in film(trace).found["looked-text"]] == ["A", "dog", "runs."]


def test_one_photo_in_its_own_proportions_made_small():
    photo = Image.new("RGB", (4000, 3000), "green")
    shown = film(make_trace(3, 2), photo)
    [place] = shown.found["looked-photo"]
    assert place["style"] == "--ratio: 1.33333" and place["data-grid"] == "9 9"
    assert max(picture(shown.found["img"][0]["src"]).shape) == 900
    assert photo.size == (4000, 3000)


def test_smoothing_is_said_and_the_pointer_finds_the_true_shares():
    trace = make_trace(5, 4)
    sharp, smooth = film(trace), film(trace, smooth=True)
    assert smooth.maps()[3].shape == (36, 36, 4)
    np.testing.assert_array_equal(smooth.maps()[3], paint(smoothed(trace.attention)[3], top_of(trace), 0.7))
    assert [one["data-shares"] for one in smooth.found["looked-map"]] == [
        one["data-shares"] for one in sharp.found["looked-map"]
    ]
    assert "true resolution of 9 × 9" in sharp.found["looked-legend"][0]["text"]
    assert "smoothed from 9 × 9" in smooth.found["looked-legend"][0]["text"]


def test_the_fixed_scale_is_the_same_for_all_photos():
    for spread in (3, 0.5):
        trace = make_trace(4, 6, spread=spread)
        np.testing.assert_array_equal(film(trace, fixed=True).maps()[2], paint(trace.attention[2], FIXED_TOP, 0.7))


def test_other_grids_are_drawn_too():
    shown = film(make_trace(9, 2, rows=7, columns=5))
    assert shown.found["looked-photo"][0]["data-grid"] == "7 5" and shown.maps()[0].shape == (7, 5, 4)


def test_an_empty_caption_is_a_photo_and_a_sentence():
    shown = film(make_trace(7, 0))
    assert "looked-map" not in shown.found and "looked-play" not in shown.found
    assert "empty" in shown.found["looked-note"][0]["text"]


def test_hostile_words_cannot_break_out():
    shown = film(make_trace(8, ["<script>x</script>", "&amp;", '"><img onerror=1>', "$x$"]))
    assert "script" not in shown.tags and shown.tags.count("img") == 5
    assert [one["text"] for one in shown.found["looked-text"]] == [
        "<script>x</script>",
        "&amp;",
        '"><img onerror=1>',
        "$x$",
    ]
