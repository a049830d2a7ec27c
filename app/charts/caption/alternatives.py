"""What it nearly said: for each word, the most likely words and how likely they were."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts.caption.captions import by_unit, told_apart
from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import LARGE, SMALL, message, note, percent, shortened, shown, styled
from app.i18n import _
from model.traces import CaptionTrace

#: How many candidates a word has.
CANDIDATES = 5
#: How many of them stand in one line; on a phone.
ACROSS, NARROW = CANDIDATES, 3
# In pixels: the height of a line and of the column heads. Of a cell's width of 1, the bar of a certain word takes FULL.
LINE, HEAD, FULL = 48, 44, 0.95
SAID, LIKELY, TRACK = "rgba(213, 94, 0, 0.55)", "rgba(86, 180, 233, 0.5)", "rgba(128, 128, 128, 0.12)"


class WordTile(NamedTuple):
    """One word: its place in the caption, its rank (0 what was said, 1 the likeliest, ...), what, how likely; and where
    it stands, in cells from the left and in lines from the top."""

    place: int
    rank: int
    word: str
    probability: float
    said: bool
    x: int
    y: int


@chart
def nearly_said(trace: CaptionTrace, *, hide_from: int | None = None, narrow: bool = False) -> Chart:
    """A table that reads from top to bottom like the caption: a row a word. First stands the word that was said, then
    the five likeliest, each with its probability as a number and as a bar. Among the five, the word that was said
    is bold, ticked and of another colour. In a ``narrow`` figure the five take two lines.

    From word ``hide_from`` on, all is hidden, so that a class can guess. A point lies unseen on each cell, with
    ``customdata`` = [step, word] (``""`` is the end), for the page to steer by.
    """
    length = len(trace.words)
    if not length:
        return message(_("The caption is empty: there is no word to compare with others."))
    seen = length if hide_from is None else min(max(hide_from, 0), length)
    across = NARROW if narrow else ACROSS
    each = -(-CANDIDATES // across)  # lines that a word takes
    cells = _cells(trace, seen, across, each)
    figure = go.Figure()
    _add_bars(figure, cells)
    _add_targets(figure, cells)
    texts = [_text(_label(cell, 9 if narrow else 12), cell.x + 0.04, cell.y) for cell in cells]
    lines = seen * each
    if seen < length:
        asked = by_unit(trace.lang, _("Which word comes next?"), _("Which character comes next?"))
        texts.append(_text(asked, 0.04, lines) | {"font": {"size": LARGE}})
        lines += 1
    ranks = [_("likeliest"), _("second"), _("third"), _("fourth"), _("fifth")]
    heads = [_("said"), *([_("the five likeliest, in order")] if narrow else ranks)] if seen else []
    texts += [_text(head, x + 0.04, -0.5) | {"yanchor": "bottom", "yshift": 4} for x, head in enumerate(heads)]
    left = 24 if narrow else 44
    styled(figure, height=HEAD + LINE * lines + 10, margin={"l": left, "r": 6, "t": HEAD, "b": 10})
    figure.update_layout(
        annotations=texts, barmode="overlay", showlegend=False, hovermode="closest", hoverdistance=-1, dragmode=False
    )
    figure.update_xaxes(range=[-0.05, across + 1], visible=False, fixedrange=True)
    figure.update_yaxes(range=[lines - 0.5, -0.5], showgrid=False, fixedrange=True, automargin=False)
    places = range(min(seen + 1, length))
    figure.update_yaxes(tickvals=[place * each for place in places], ticktext=[f"{place + 1} " for place in places])
    return Chart(figure, _describe_nearly_said(trace, hide_from), wide=not narrow)


def _describe_nearly_said(trace: CaptionTrace, hide_from: int | None) -> str:
    """Where it was surest and where least sure, and what it nearly said there; of what is not hidden."""
    log_probs = trace.log_probs[:hide_from]
    if not len(log_probs):
        return by_unit(trace.lang, _("All words are still covered."), _("All characters are still covered."))
    sure, unsure = int(log_probs.argmax()), int(log_probs.argmin())
    probabilities, names = np.exp(log_probs), told_apart(trace.words)
    if sure == unsure:
        return _("It was {share} sure of “{word}”.").format(share=percent(probabilities[sure]), word=names[sure])
    text = _("It was surest of “{sure}” ({high}) and least sure of “{unsure}” ({low}).")
    text = text.format(
        sure=names[sure],
        high=percent(probabilities[sure]),
        unsure=names[unsure],
        low=percent(probabilities[unsure]),
    )
    others = [pair for pair in trace.alternatives[unsure] if pair[0] != trace.words[unsure]]
    if not others:
        return text
    other = _("In place of “{unsure}” it nearly said “{other}” ({share}).")
    name = others[0][0] or _("(end)")
    return f"{text} " + other.format(unsure=names[unsure], other=name, share=percent(others[0][1]))


def _cells(trace: CaptionTrace, seen: int, across: int, each: int) -> list[WordTile]:
    """What was said and the candidates, for the first ``seen`` words: ``across`` to a line, ``each`` lines a word."""
    cells = []
    for place in range(seen):
        word, top = trace.words[place], place * each
        cells.append(WordTile(place, 0, word, float(np.exp(trace.log_probs[place])), True, 0, top))
        for rank, (name, p) in enumerate(trace.alternatives[place][:CANDIDATES]):
            down, right = divmod(rank, across)
            cells.append(WordTile(place, rank + 1, name, p, name == word, right + 1, top + down))
    return cells


def _label(cell: WordTile, width: int) -> str:
    word = shown(shortened(cell.word, width))
    if cell.said:
        word = f"<b>✓ {word}</b>" if cell.rank else f"<b>{word}</b>"
    return f"{word}<br>{percent(cell.probability)}"


def _add_bars(figure: go.Figure, cells: list[WordTile]) -> None:
    """Each cell's ground, and over it the bar of its probability."""
    where = {"base": [c.x for c in cells], "y": [c.y for c in cells], "orientation": "h", "width": 0.86}
    # A click must not fade the bars that were not clicked.
    calm = {"hoverinfo": "skip", "unselected": {"marker": {"opacity": 1}}}
    figure.add_bar(x=[FULL] * len(cells), **where, **calm, marker={"color": TRACK, "line_width": 0})
    colours = [SAID if cell.said else LIKELY for cell in cells]
    shares = [cell.probability * FULL for cell in cells]
    figure.add_bar(x=shares, **where, **calm, marker={"color": colours, "line_width": 0})


def _add_targets(figure: go.Figure, cells: list[WordTile]) -> None:
    """An unseen point in the middle of each cell: the nearest one takes hovers and clicks."""
    unseen = {"marker": {"opacity": 0}}
    text = _("“{word}” in place {place}: {share}")
    figure.add_scatter(
        x=[cell.x + FULL / 2 for cell in cells],
        y=[cell.y for cell in cells],
        mode="markers",
        marker={"size": 30, "symbol": "square", "opacity": 0},
        selected=unseen,
        unselected=unseen,
        customdata=[[cell.place, cell.word] for cell in cells],
        hovertext=[text.format(word=shown(c.word), place=c.place + 1, share=percent(c.probability)) for c in cells],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _text(text: str, x: float, y: float) -> dict:
    return note(text, xref="x", yref="y", x=x, y=y, xanchor="left", yanchor="middle", font={"size": SMALL})
