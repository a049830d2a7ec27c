"""How sure a captioner was of each word that it said; several captioners, one under the other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.charts.caption.captions import told_apart
from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import LARGE, LOOKS, SMALL, escape, message, note, percent, room_under, styled, word_axis
from app.i18n import _

# In pixels: the height of a row of bars, what its title takes, and about how long the axis of words is.
ROW, HEAD, ACROSS = 130, 44, 800
#: Up to so many words, each bar has room for its number.
NUMBERED = 16


class Said(NamedTuple):
    """What one captioner said: its name, its T words (or tokens), and log p of each given those before, (T,)."""

    name: str
    words: tuple[str, ...]
    log_probs: np.ndarray


@chart
def word_chances(rows: Sequence[Said]) -> Chart:
    """A row of bars for each captioner: a bar a word, as high as the probability that the word had."""
    slots = max((len(row.words) for row in rows), default=0)
    if not slots:
        return message(_("The caption is empty: there is no word to compare with others."))
    # A bar is as wide in every row, so that the longer caption is seen to be longer.
    rooms = [room_under(row.words or ("",), ACROSS * max(len(row.words), 1) // slots) for row in rows]
    between = max(rooms) + HEAD
    area = len(rows) * ROW + (len(rows) - 1) * between
    figure = make_subplots(len(rows), 1, vertical_spacing=between / area if len(rows) > 1 else 0)
    styled(figure, height=HEAD + area + rooms[-1], showlegend=False, dragmode=False, bargap=0.25)
    for place, (row, (colour, *_look)) in enumerate(zip(rows, LOOKS, strict=False), start=1):
        _add_bars(figure, row, colour, place, numbered=slots <= NUMBERED)
        word_axis(figure, row.words or ("",), row=place, col=1)
        axes = figure.layout[f"yaxis{place if place > 1 else ''}"]
        title = note(f"<b>{escape(row.name)}</b>", x=0, y=axes.domain[1], xanchor="left", yanchor="bottom", yshift=16)
        figure.add_annotation(title | {"font": {"size": LARGE}})
    figure.update_xaxes(range=[-0.5, slots - 0.5])
    figure.update_yaxes(range=[0, 1], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True)
    figure.update_layout(margin={"l": 56, "r": 10, "t": HEAD, "b": rooms[-1]})
    return Chart(figure, _describe_word_chances(rows))


def _describe_word_chances(rows: Sequence[Said]) -> str:
    """Of which word each was surest and least sure."""
    text = _("{name} was surest of “{sure}” ({high}) and least sure of “{unsure}” ({low}).")
    told = []
    for row in (row for row in rows if row.words):
        chances = np.exp(row.log_probs)
        sure, unsure = int(chances.argmax()), int(chances.argmin())
        told.append(
            text.format(
                name=row.name,
                sure=told_apart(row.words)[sure],
                high=percent(chances[sure]),
                unsure=told_apart(row.words)[unsure],
                low=percent(chances[unsure]),
            )
        )
    return " ".join(told) or _("The caption is empty: there is no word to compare with others.")


def _add_bars(figure: go.Figure, row: Said, colour: str, place: int, *, numbered: bool) -> None:
    chances = np.exp(row.log_probs)
    text = _("“{word}” in place {place}: {share}")
    figure.add_bar(
        x=list(range(len(row.words))),
        y=chances,
        marker={"color": colour, "line_width": 0},
        text=[percent(chance) for chance in chances] if numbered else None,
        textposition="outside",
        textfont={"size": SMALL},
        cliponaxis=False,
        hovertext=[
            text.format(word=escape(word), place=number, share=percent(chance))
            for number, (word, chance) in enumerate(zip(row.words, chances, strict=True), start=1)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        row=place,
        col=1,
    )
