"""The caption as running text, word by word, in as many lines as it takes."""

from collections.abc import Sequence
from itertools import pairwise

from app.charts.kit.style import width_of
from model.captioner.languages import LANGUAGES
from model.traces import CaptionTrace

COMING = "#888888"


def lines_of(trace: CaptionTrace, width: int) -> list[list[tuple[str, int]]]:
    """The caption in as few lines of at most ``width`` Latin letters as it takes, about equally long: pieces of text,
    each with the place of its word. What stands between two words belongs to the second, what follows the last to
    the last; a word longer than a line has one of its own."""
    pieces = _pieces(trace)
    fewest = _broken(pieces, width)
    narrower = (_broken(pieces, narrow) for narrow in range(1, width))
    return next((lines for lines in narrower if len(lines) == len(fewest)), fewest)


def joined(words: Sequence[str], lang: str) -> str:
    """A caption's words in a row, as its language has them."""
    return LANGUAGES[lang].between.join(words)


def by_unit(lang: str, word: str, character: str) -> str:
    """Of two texts the one that counts what this language's captions are made of: a Chinese caption's words are, for
    the network, characters."""
    return character if LANGUAGES[lang].unit == "character" else word


def told_apart(words: Sequence[str]) -> list[str]:
    """The words as texts name them: those that come more than once are numbered, ``a (1)``, ``a (2)``."""
    counts = [words[: place + 1].count(word) for place, word in enumerate(words)]
    several = {word for word, count in zip(words, counts, strict=True) if count > 1}
    return [f"{word} ({count})" if word in several else word for word, count in zip(words, counts, strict=True)]


def _broken(pieces: list[tuple[str, int]], width: int) -> list[list[tuple[str, int]]]:
    lines: list[list[tuple[str, int]]] = []
    free = 0
    for text, place in pieces:
        if width_of(text) > free:
            lines.append([])
            free, text = width, text.lstrip()
        lines[-1].append((text, place))
        free -= width_of(text)
    return lines


def is_chinese(word: str) -> bool:
    """Whether a word has Chinese characters in it."""
    return width_of(word) > len(word)


def joined_pieces(trace: CaptionTrace) -> list[str]:
    """The caption's words as they are written in it, with their stops and without the spaces between."""
    return [text.strip() for text, _place in _pieces(trace)]


def _pieces(trace: CaptionTrace) -> list[tuple[str, int]]:
    """The caption cut before each word; its words with spaces between where they cannot be found in it."""
    if not trace.words:
        return []
    cuts, at = [], 0
    lowered = trace.caption.lower()
    for word in trace.words:
        found = lowered.find(word.lower(), at)
        if found < 0:
            return [(word if place == 0 else f" {word}", place) for place, word in enumerate(trace.words)]
        at = found + len(word)
        cuts.append(at)
    cuts = [0, *cuts[:-1], len(trace.caption)]
    return [(trace.caption[start:end], place) for place, (start, end) in enumerate(pairwise(cuts))]
