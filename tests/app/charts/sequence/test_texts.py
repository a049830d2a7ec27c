"""Whatever a symbol is, a reader sees it, and a figure shows it as it is."""

import plotly.graph_objects as go
import pytest

from app.charts.sequence.texts import cell_name, step_ticks, symbol_axis, symbol_text, visible
from model.cells import CELLS


@pytest.mark.parametrize(
    ("symbol", "text"),
    [
        ("a", "a"),
        (" ", "␣"),
        ("\n", "↵"),
        ("\t", "⇥"),
        ("\u00a0", "U+00A0"),
        ("\u200b", "U+200B"),
        ("\x00", "U+0000"),
        ("\ud800", "U+D800"),
        ("\u202e", "U+202E"),
        ("\u0301", "◌\u0301"),
        ("e\u0301", "e\u0301"),
        ("狗", "狗"),
        ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
        ("🇩🇪", "🇩🇪"),
        ("a\nb", "a↵b"),
        ("a\u202eb", "aU+202Eb"),
        ("0.25 0.50", "0.25 0.50"),
        ("", ""),
    ],
)
def test_every_symbol_is_seen(symbol, text):
    assert visible(symbol) == text


def test_symbols_are_escaped_for_figures():
    assert symbol_text("<b>") == "&lt;b&gt;"
    assert symbol_text("$x$") == "&#36;x&#36;"
    assert symbol_text("motorcycle", 5) == "moto…"
    # Of a number, decimals go first.
    assert [symbol_text(text, 5) for text in ("-0.9876", "0.5312*", "0.53", "-123.456")] == [
        *("−0.99", "0.53*", "0.53", "−123…")
    ]


def test_what_is_written_from_right_to_left_turns_nothing_around_it():
    assert symbol_text("ש") == "\u2068ש\u2069"
    assert symbol_text("a") == "a"


def test_ticks_of_steps_are_whole_and_few():
    assert [step_ticks(count, 5)["dtick"] for count in (1, 5, 6, 11, 26, 51, 1000)] == [1, 1, 2, 5, 10, 20, 200]


def test_every_cell_has_a_name():
    assert len({cell_name(cell) for cell in CELLS}) == len(CELLS)


def test_an_axis_names_its_symbols_where_they_fit_and_else_counts():
    figure = go.Figure()
    symbol_axis(figure, ["<", "\n", "狗"], letters=20)
    assert list(figure.layout.xaxis.ticktext) == ["&lt;", "↵", "狗"]
    assert list(figure.layout.xaxis.tickvals) == [1, 2, 3]
    crowded = go.Figure()
    symbol_axis(crowded, ["a"] * 200, letters=40)
    assert crowded.layout.xaxis.ticktext is None and crowded.layout.xaxis.title.text == "step"
    assert list(crowded.layout.xaxis.range) == [0.5, 200.5]
