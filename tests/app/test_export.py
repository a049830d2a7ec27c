"""What is exported is the trace, and what is loaded is checked."""

import csv
import dataclasses
import io
import json
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageChops

from app.export import TraceFileError, attention_gif, film, hidden_csv, read_trace_json, trace_file, trace_json
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


def broken(change) -> bytes:
    content = json.loads(trace_json(make_trace(1, 3)))
    change(content)
    return json.dumps(content).encode()


def put(*path):
    """A change that puts the last of ``path`` at the place that the others name."""
    *place, key, value = path

    def change(content):
        for step in place:
            content = content[step]
        content[key] = value

    return change


DAMAGES = {
    "caption": put("caption", 5),
    "caption too long": put("caption", "x" * 5001),
    "control characters": put("caption", "a\x1b[31mb"),
    "words": put("words", "abc"),
    "a word that is none": put("words", 1, None),
    "a long word": put("words", 1, "x" * 101),
    "too few words": put("words", ["a"]),
    "end": put("end_log_prob", "0"),
    "end above 0": put("end_log_prob", 1.5),
    "no arrays": put("arrays", []),
    "an array that is none": put("arrays", "hidden", [1, 2]),
    "a shape that does not fit": put("arrays", "hidden", "shape", [3, 31]),
    "a negative shape": put("arrays", "hidden", "shape", [-3, -32]),
    "a shape of true": put("arrays", "hidden", "shape", [True, 32]),
    "a huge shape": put("arrays", "hidden", "shape", [3, 10**12]),
    "a shape without end": put("arrays", "hidden", "shape", [3, 32, 1]),
    "text for a number": put("arrays", "hidden", "values", 0, "1"),
    "true for a number": put("arrays", "hidden", "values", 0, True),
    "a list for a number": put("arrays", "hidden", "values", 0, [1]),
    "a state beyond 1": put("arrays", "hidden", "values", 0, 2),
    "a gate below 0": put("arrays", "update_gate", "values", 0, -0.5),
    "a cell that is none": put("cell", "lego"),
    "a cell in a list": put("cell", ["gru"]),
    "another cell's gates": put("cell", "lstm"),
    "a huge number": put("arrays", "hidden", "values", 0, 10**400),
    "attention that does not add up": put("arrays", "attention", "values", 0, 0.9),
    "units that differ": put("arrays", "initial_hidden", {"axes": ["unit"], "shape": [1], "values": [0]}),
    "too few alternatives": put("alternatives", []),
    "an alternative that is none": put("alternatives", 0, [["dog"]]),
    "an alternative without words": put("alternatives", 0, [[1, 0.5]]),
    "a probability of 2": put("alternatives", 0, [["dog", 2]]),
    "beams": put("beams", {}),
    "a node that is none": put("beams", 0, [0, -1, "a", 0, "kept"]),
    "a node with more": put("beams", 0, "more", 1),
    "a state that is none": put("beams", 0, "state", "alive"),
    "a state in a list": put("beams", 0, "state", ["kept"]),
    "a parent after its child": put("beams", 0, "parent", 1),
    "a node that is its own parent": put("beams", 0, "parent", 0),
    "a step that leaps": put("beams", -1, "step", 50),
    "a half step": put("beams", 0, "step", 0.5),
    "too many nodes": put("beams", [{}] * 20_001),
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_found_and_told_in_one_sentence(change):
    with pytest.raises(TraceFileError) as caught:
        read_trace_json(broken(change))
    assert "damaged" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("field", ["caption", "words", "end_log_prob", "arrays", "alternatives", "beams"])
def test_what_is_missing_is_found(field):
    with pytest.raises(TraceFileError, match="damaged"):
        read_trace_json(broken(lambda content: content.pop(field)))


@pytest.mark.parametrize(
    "stored, says",
    [
        (b"", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no caption's trace"),
        (b'"afterimage"', "no caption's trace"),
        (b"{}", "no caption's trace"),
        (broken(put("format", "other")), "no caption's trace"),
        (broken(put("version", 2)), "another version"),
        (broken(put("version", None)), "another version"),
        (trace_json(make_trace(1, 2)).replace(b'"end_log_prob": -', b'"end_log_prob": NaN, "x": -'), "no JSON"),
        (trace_json(make_trace(1, 2)).replace(b'"end_log_prob": -', b'"end_log_prob": -Infinity, "x": -'), "no JSON"),
    ],
)
def test_other_files_are_refused_in_one_sentence(stored, says):
    with pytest.raises(TraceFileError, match=says):
        read_trace_json(stored)


def test_a_file_that_is_too_large_is_not_even_decoded(monkeypatch):
    monkeypatch.setattr(trace_file.json, "loads", None)
    with pytest.raises(TraceFileError, match="up to 16 MB"):
        read_trace_json(b" " * 16_000_001)


def test_the_longest_real_trace_is_small_enough():
    trace = make_trace(1, 50, units=512, channels=512, beam=20)
    assert len(trace_json(trace)) < trace_file.MOST_BYTES / 2


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
    image = Image.open(io.BytesIO(gif))
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
        assert np.abs(np.subtract(frame.getpixel(looked), (240, 249, 33))).max() < 25
        assert np.abs(np.subtract(frame.getpixel(not_looked), (128, 128, 128))).max() < 12


def test_an_empty_caption_gives_the_photo():
    [frame] = frames_without_time(attention_gif(make_trace(4, 0), PHOTO, opacity=1, smooth=True))
    assert frame.size == (600, 375)


def frames_without_time(gif: bytes) -> list[Image.Image]:
    image = Image.open(io.BytesIO(gif))
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
