"""What is exported is the trace."""

import csv
import dataclasses
import io
import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops

from app.export import attention_gif, film, hidden_csv, read_trace_json, trace_json
from tests.traces_made import make_trace

PHOTO = Image.linear_gradient("L").resize((800, 500)).convert("RGB")


@pytest.mark.parametrize(
    "trace",
    [
        make_trace(1, 9),
        make_trace(2, 0),
        make_trace(3, ["狗", "<a>", '"', "\\"]),
        make_trace(4, 50, beam=10),
        dataclasses.replace(make_trace(5, 3), cell="rnn_tanh", gates={"pre_activation": make_trace(6, 3).hidden * 7}),
    ],
)
def test_a_trace_comes_back_to_the_last_bit(trace):
    back = read_trace_json(trace_json(trace))
    fields = [field.name for field in dataclasses.fields(trace) if field.name != "gates"]
    assert trace.gates.keys() == back.gates.keys()
    pairs = [(name, getattr(trace, name), getattr(back, name)) for name in fields]
    for name, one, other in pairs + [(name, trace.gates[name], back.gates[name]) for name in trace.gates]:
        if isinstance(one, np.ndarray):
            assert other.dtype == np.float32
            np.testing.assert_array_equal(one, other, strict=True)
        else:
            assert one == other, name
    assert trace_json(back) == trace_json(trace)


def test_the_file_names_its_axes_and_version():
    content = json.loads(trace_json(make_trace(1, 3)))
    assert (content["format"], content["version"]) == ("afterimage caption trace", 1)
    assert content["arrays"]["attention"]["axes"] == ["word", "row", "column"]
    assert content["arrays"]["attention"]["shape"] == [3, 9, 9]
    trace = make_trace(1)
    arrays = {name for name, value in vars(trace).items() if isinstance(value, np.ndarray)}
    assert set(content["arrays"]) == arrays | set(trace.gates)


def table_of(trace) -> list[list[str]]:
    return list(csv.reader(io.StringIO(hidden_csv(trace).decode("utf-8-sig"))))


@pytest.mark.parametrize("length", [0, 1, 20])
def test_the_table_has_a_row_a_word_and_a_column_a_unit(length):
    trace = make_trace(1, length)
    head, *rows = table_of(trace)
    assert head == ["word", *(f"unit_{unit}" for unit in range(32))]
    assert [row[0] for row in rows] == list(trace.words)
    values = np.array([row[1:] for row in rows], np.float32).reshape(length, 32)
    np.testing.assert_array_equal(values, trace.hidden)


def test_words_cannot_become_formulas_or_break_the_table():
    words = ["=1+1", "+a", "-b", "@c", "\td", 'say "x", y', "狗", "line\nbreak", "a=b"]
    assert [row[0] for row in table_of(make_trace(2, words))[1:]] == [
        *("'=1+1", "'+a", "'-b", "'@c", "'\td"),
        *('say "x", y', "狗", "line\nbreak", "a=b"),
    ]
    assert hidden_csv(make_trace(2, words)).startswith(b"\xef\xbb\xbf")


def frames_of(gif: bytes) -> list[Image.Image]:
    image: Any = Image.open(io.BytesIO(gif))
    assert image.format == "GIF"
    frames = []
    for place in range(image.n_frames):
        image.seek(place)
        assert image.info["duration"] == 800
        frames.append(image.convert("RGB"))
    return frames


@pytest.mark.parametrize("length", [1, 2, 20])
@pytest.mark.parametrize("smooth", [False, True])
def test_the_film_has_a_frame_a_word(length, smooth):
    frames = frames_of(attention_gif(make_trace(1, length), PHOTO, opacity=0.8, smooth=smooth))
    assert len(frames) == length
    assert all(frame.width == 600 and frame.height > 375 for frame in frames)
    assert all(ImageChops.difference(one, other).getbbox() for one, other in pairwise(frames))


def test_a_word_said_twice_alike_still_has_two_frames():
    trace = make_trace(2, ["no", "no"])
    trace = dataclasses.replace(trace, attention=np.full_like(trace.attention, 1 / 81))
    assert len(frames_of(attention_gif(trace, PHOTO, opacity=0, smooth=True))) == 2


def test_the_frames_are_coloured_where_it_looked():
    attention = np.zeros((2, 9, 9), np.float32)
    attention[0, 0, 0] = attention[1, 8, 8] = 1
    trace = dataclasses.replace(make_trace(3, 2), attention=attention)
    grey = Image.new("RGB", (600, 450), (128, 128, 128))
    first, second = frames_of(attention_gif(trace, grey, opacity=1, smooth=False))
    for frame, looked, not_looked in ((first, (20, 20), (580, 430)), (second, (580, 430), (20, 20))):
        # A faint yellow light where it looked, 0.28 of (255, 248, 150); elsewhere the veil leaves 0.12 of the photo.
        assert np.abs(np.subtract(frame.getpixel(looked), (164, 162, 134))).max() < 12
        assert np.abs(np.subtract(frame.getpixel(not_looked), (15, 15, 15))).max() < 12


def test_an_empty_caption_gives_the_photo():
    [frame] = frames_without_time(attention_gif(make_trace(4, 0), PHOTO, opacity=1, smooth=True))
    assert frame.size == (600, 375)


def frames_without_time(gif: bytes) -> list[Image.Image]:
    image: Any = Image.open(io.BytesIO(gif))
    return [image.convert("RGB")] if image.n_frames == 1 else frames_of(gif)


@pytest.mark.parametrize("size", [(1, 1), (3000, 10), (10, 3000)])
def test_any_shape_of_photo_makes_a_film(size):
    frames = frames_of(attention_gif(make_trace(5, 3), Image.new("RGB", size, "red"), opacity=0.5, smooth=True))
    assert len(frames) == 3 and frames[0].width >= 300


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK"])
def test_any_kind_of_photo_makes_a_film(mode):
    assert len(frames_of(attention_gif(make_trace(6, 2), PHOTO.convert(mode), opacity=0.5, smooth=False))) == 2


def test_without_a_font_for_chinese_the_film_is_still_made(monkeypatch):
    monkeypatch.setattr(film, "FONTS", (("no-such-font.ttf", 0),))
    film._font.cache_clear()
    try:
        assert len(frames_of(attention_gif(make_trace(7, ["a", "狗"]), PHOTO, opacity=0.5, smooth=False))) == 2
    finally:
        film._font.cache_clear()
