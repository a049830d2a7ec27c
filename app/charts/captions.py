"""The caption as running text with the current word marked, in as many lines as it takes."""

from itertools import pairwise

from app.charts.style import HIGHLIGHT, escape, width_of
from model.traces import CaptionTrace

COMING = "#888888"


def lines_of(trace: CaptionTrace, width: int) -> list[list[tuple[str, int]]]:
    """The caption in lines of at most ``width`` Latin letters (one word at least): pieces of text, each with the place
    of its word. What stands between two words belongs to the second, what follows the last to the last."""
    lines: list[list[tuple[str, int]]] = [[]]
    used = 0
    for piece in _pieces(trace):
        if used and used + width_of(piece[0]) > width:
            lines.append([])
            used = 0
            piece = (piece[0].lstrip(), piece[1])
        lines[-1].append(piece)
        used += width_of(piece[0])
    return lines


def marked(trace: CaptionTrace, current: int, width: int) -> str:
    """Plotly text: words said so far plain, the current one bold, coloured and underlined, those to come grey."""
    return "<br>".join(
        "".join(_styled(text, place - current) for text, place in line) for line in lines_of(trace, width)
    )


def _styled(text: str, distance: int) -> str:
    if distance < 0:
        return escape(text)
    if distance > 0:
        return f'<span style="color:{COMING}">{escape(text)}</span>'
    word = text.lstrip()
    space = text[: len(text) - len(word)]
    return f'{space}<span style="color:{HIGHLIGHT}"><b><u>{escape(word)}</u></b></span>'


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
