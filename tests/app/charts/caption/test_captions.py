"""The caption is broken into lines without losing anything."""

import dataclasses

import pytest

from app.charts.caption.captions import lines_of
from app.charts.kit.style import width_of
from tests.traces_made import make_trace

LONG = make_trace(
    1, ["a", "dog", "runs", "through", "the", "green", "grass", "with", "a", "stick", "in", "its", "mouth"]
)


def read(lines) -> str:
    return " ".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize("width", [8, 20, 40, 200])
def test_lines_hold_the_caption_and_are_no_wider_than_asked(width):
    lines = lines_of(LONG, width)
    assert read(lines) == LONG.caption
    assert max(sum(width_of(text) for text, _ in line) for line in lines) <= width
    assert [place for line in lines for _, place in line] == list(range(13))


def test_lines_are_as_few_as_they_can_be_and_about_equally_long():
    widths = [sum(width_of(text) for text, _ in line) for line in lines_of(LONG, 54)]
    assert len(widths) == 2 and abs(widths[0] - widths[1]) < 8


def test_a_word_longer_than_a_line_has_its_own():
    lines = lines_of(make_trace(2, ["a", "motorcyclist", "b"]), 5)
    assert [[text for text, _ in line] for line in lines] == [["a"], ["motorcyclist"], ["b"]]


def test_chinese_counts_double():
    trace = dataclasses.replace(make_trace(3, list("一只狗在草地上跑")), caption="一只狗在草地上跑。")
    assert [len(line) for line in lines_of(trace, 10)] == [5, 3]
    assert lines_of(trace, 10)[-1][-1] == ("跑。", 7)


def test_a_caption_that_does_not_hold_its_words_is_written_from_them():
    trace = dataclasses.replace(make_trace(4, ["two", "dogs"]), caption="something else")
    assert read(lines_of(trace, 40)) == "two dogs"


def test_an_empty_caption_has_no_lines():
    assert lines_of(make_trace(5, 0), 40) == []
