"""What counts as one symbol of a text."""

import contextlib
import time
import unicodedata

import pytest

from model.errors import UserError
from model.recurrent.text import MAX_SYMBOL, symbols_of


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("abc", ["a", "b", "c"]),
        ("e\u0301", ["é"]),
        ("👩‍👩‍👧👍🏽", ["👩‍👩‍👧", "👍🏽"]),
        ("🇨🇳🇩🇪🇫", ["🇨🇳", "🇩🇪", "🇫"]),
        ("नमस्ते", ["न", "म", "स्ते"]),
        ("각", ["각"]),
        ("a\r\nb\rc\u2028d\n", ["a", "\n", "b", "\n", "c", "\n", "d", "\n"]),
        ("a\x00\x1b\u202e\ud800b\t", ["a", "b", "\t"]),
        ("", []),
    ],
)
def test_a_symbol_is_what_a_reader_takes_for_one(text, symbols):
    assert symbols_of(text) == symbols


def test_symbols_are_composed_so_that_it_does_not_matter_how_they_were_typed():
    text = "Ünïcödé, Ångström"
    assert symbols_of(unicodedata.normalize("NFD", text)) == symbols_of(text) == list(text)


@pytest.mark.parametrize(
    "text", ["a\u0301\u0327e\u0300", "🇨🇳🇩🇪🇫", "\u1100\u1161\u11a8", "\u0915\u094d\u0937", "\u2126"]
)
def test_reading_the_symbols_again_changes_nothing(text):
    symbols = symbols_of(text)
    assert symbols_of("".join(symbols)) == symbols


def test_the_limits():
    assert len(symbols_of("中" * 100_000)) == 100_000
    with pytest.raises(UserError, match="100001 characters"):
        symbols_of("中" * 100_001)
    assert len(symbols_of("a" + "\u0301" * (MAX_SYMBOL - 1))) == 1
    with pytest.raises(UserError, match="accents"):
        symbols_of("a" + "\u0301" * MAX_SYMBOL)


@pytest.mark.parametrize(
    "text", ["🇩", "👨\u200d", "\u0300\u0327", "\u1100", "\u0915\u094d", "🇩\u0301", "\r", "ab", "\u0600"]
)
def test_no_text_takes_long(text):
    """Ten times the text takes about ten times as long, and not a hundred; processor time, the best of three."""

    def seconds(length: int) -> float:
        spent = []
        for _round in range(3):
            started = time.process_time()
            with contextlib.suppress(UserError):
                symbols_of((text * length)[:length])
            spent.append(time.process_time() - started)
        return min(spent)

    assert seconds(100_000) < 40 * max(seconds(10_000), 1e-3)
