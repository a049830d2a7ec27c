"""The coloured text is safe HTML that holds the symbols as they are, each on the colour of its unit's state."""

import re
from html.parser import HTMLParser

import numpy as np

from app.charts.sequence.coloured_text import STRONGEST, coloured_text, strongest
from app.charts.sequence.texts import visible


class Reader(HTMLParser):
    """What a browser makes of it: the elements, and the spans that have a title, each with its text."""

    def __init__(self):
        super().__init__()
        self.elements, self.spans, self._open = set(), [], False

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        assert set(dict(attrs)) <= {"title", "style", "dir"}
        self._open = "title" in dict(attrs)
        if self._open:
            self.spans.append([dict(attrs), ""])

    def handle_endtag(self, tag):
        self._open = False

    def handle_data(self, data):
        if self._open:
            self.spans[-1][1] += data


def parsed(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_nothing_that_was_typed_becomes_an_element(hostile):
    reader = parsed(coloured_text(hostile.trace, 0).html)
    assert reader.elements <= {"div", "span", "br", "wbr"}
    assert [text for _attributes, text in reader.spans] == [visible(symbol) for symbol in hostile.trace.symbols]


def test_colours_are_the_units_states(every):
    for trace, _basis in every.values():
        top = strongest(trace)
        for (attributes, _text), state in zip(
            parsed(coloured_text(trace, 0).html).spans, trace.hidden[:, 0], strict=True
        ):
            red, _green, blue, alpha = map(float, re.search(r"rgba\(([^)]*)\)", attributes["style"])[1].split(","))
            expected = STRONGEST * min(abs(np.nan_to_num(state) / top), 1)
            assert abs(alpha - expected) < 0.001
            assert state == 0 or (red > blue) == (state > 0)


def test_titles_say_step_and_state(each_cell):
    first = parsed(coloured_text(each_cell.trace, 3).html).spans[0][0]["title"]
    assert first == f"step 1: {each_cell.trace.hidden[0, 3]:.3f}".replace("-", "−")


def test_direction_and_line_ends_are_the_texts_own(hostile):
    html = coloured_text(hostile.trace, 0).html
    assert '<div dir="auto"' in html and html.count("<br>") == hostile.trace.symbols.count("\n")


def test_numbers_stand_apart(sine):
    assert "</span> <span title" in coloured_text(sine.trace, 0).html


def test_the_description_names_the_ends(each_cell):
    trace = each_cell.trace
    states = trace.hidden[:, 2]
    text = coloured_text(trace, 2).words
    assert f"at step {int(states.argmax()) + 1} (" in text and f"at step {int(states.argmin()) + 1} (" in text
