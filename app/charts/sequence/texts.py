"""How symbols and cells become text: a reader sees each, whatever was typed.

A symbol may be anything: a letter of any script, an emoji, a line end, a combining mark, ``<b>``, or a number of many
digits. Steps are counted from 1, as in formulas; units from 0, as in the model.
"""

import re
from collections.abc import Sequence
from unicodedata import bidirectional, category

import plotly.graph_objects as go

from app.charts.kit.numbers import number
from app.charts.kit.style import escape, shortened, width_of
from app.i18n import _
from model.cells import CELLS
from model.traces import SequenceTrace

#: Symbols that leave no ink, and what stands for them.
NAMES = {" ": "␣", "\n": "↵", "\t": "⇥"}
#: What turns the direction of the text behind it.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: A symbol that is a decimal number, maybe with a mark behind it.
DECIMAL = re.compile(r"(-?\d+\.\d+)(\*?)")
#: What keeps the direction of a symbol from the text around it (U+2068, U+2069).
ISOLATE, RELEASE = "\u2068", "\u2069"


def visible(symbol: str) -> str:
    """A symbol as text that can be seen: ``↵`` for a line end, ``U+200B`` for what has no sign, ``◌́`` for a mark that
    stands alone. It is not escaped."""
    if symbol in NAMES:
        return NAMES[symbol]
    if symbol and all(category(character)[0] in "CZ" for character in symbol):
        return " ".join(map(_code, symbol))
    if symbol and category(symbol[0])[0] == "M":
        symbol = f"◌{symbol}"
    return "".join(map(_seen, symbol))


def symbol_text(symbol: str, width: int = 12) -> str:
    """A symbol for a figure: visible, at most ``width`` Latin letters wide, escaped, and of its own direction where
    it is written from right to left. Of a number that is too long, decimals go first."""
    text = visible(symbol)
    if width_of(text) > width and (decimal := DECIMAL.fullmatch(text)):
        text = number(float(decimal[1]), 2) + decimal[2]
    text = shortened(text, width)
    if any(bidirectional(character) in ("R", "AL", "AN") for character in text):
        text = f"{ISOLATE}{text}{RELEASE}"
    return escape(text)


def plain_name(symbol: str) -> str:
    """A symbol for a sentence without markup: visible, and cut where it is long."""
    return shortened(visible(symbol), 24)


def names_of(trace: SequenceTrace) -> tuple[str, ...]:
    """What each of the T inputs is called: its symbol, the number that it is, or ``x`` where it is many numbers."""
    if trace.symbols:
        return trace.symbols
    return tuple(f"{x[0]:.3g}" if len(x) == 1 else "x" for x in trace.inputs)


def cell_name(cell: str) -> str:
    """What a reader calls one of the cells."""
    return _(CELLS[cell].label)


def symbol_axis(figure: go.Figure, symbols: Sequence[str], *, letters: int, axis: str = "xaxis") -> None:
    """Steps 1 ... T along an x axis that has room for so many ``letters``: named by the symbols where all of them can
    stand side by side, else by some of their numbers."""
    texts = [symbol_text(symbol, 6) for symbol in symbols]
    place = {"range": [0.5, len(symbols) + 0.5], "showgrid": False, "fixedrange": True, "automargin": False}
    if sum(width_of(shortened(visible(symbol), 6)) + 1 for symbol in symbols) <= letters:
        place |= {"tickvals": list(range(1, len(symbols) + 1)), "ticktext": texts, "tickangle": 0}
    else:
        place |= {"title_text": _("step"), "title_standoff": 4, **step_ticks(len(symbols), max(2, letters // 8))}
    figure.layout[axis].update(place)


def step_ticks(count: int, most: int) -> dict[str, int]:
    """Ticks of an axis that counts steps up to ``count``: every step, or every second, fifth, tenth, ..., so that there
    are no more than ``most``."""
    every = (leading * 10**power for power in range(10) for leading in (1, 2, 5))
    return {"dtick": next(step for step in every if count / step <= most)}


def _seen(character: str) -> str:
    if character in NAMES and character != " ":
        return NAMES[character]
    return _code(character) if category(character) in ("Cc", "Cs") or character in TURNS else character


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
