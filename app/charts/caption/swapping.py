"""Swapped memories: how likely both photos' words are, for each memory with each picture."""

import math

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number, signed
from app.charts.kit.style import BLUE, QUIET, VERMILLION, escape, percent, styled, wrapped
from app.i18n import _
from model.traces import SwapTrace

#: Below this movement of the balance, in nats, neither has done anything.
LITTLE = 0.5
#: From this share of both movements on, one of the two has done most of it.
MAIN_SHARE = 2 / 3


@chart
def outcomes(trace: SwapTrace, *, narrow: bool = False) -> Chart:
    """A row for each memory with each picture: the probability of A's word (a disc) and of B's (a cross), on a scale on
    which equal lengths are equal ratios."""
    chances = np.exp(trace.log_probs.astype(float)).reshape(4, 2)
    rows = [wrapped(pair, 9) for pair in pairs()] if narrow else pairs()
    figure = go.Figure()
    steps = [(p, row) for row, both in zip(rows, chances.tolist(), strict=True) for p in (*both, None)]
    x, y = zip(*steps, strict=True)
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": 4, "color": QUIET}, hoverinfo="skip", showlegend=False)
    marks = ({"symbol": "circle", "size": 15, "color": BLUE}, {"symbol": "x", "size": 13, "color": VERMILLION})
    names = (_("A's word “{word}”"), _("B's word “{word}”"))
    for place, (mark, name) in enumerate(zip(marks, names, strict=True)):
        figure.add_scatter(
            x=chances[:, place],
            y=rows,
            mode="markers",
            name=escape(name.format(word=trace.words[place])),
            marker=mark,
            hovertext=[percent(float(p)) for p in chances[:, place]],
            hoverinfo="text+name",
        )
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    styled(
        figure,
        height=330,
        margin={"l": 90 if narrow else 190, "r": 20, "t": 44, "b": 60},
        legend=legend,
        hovermode="closest",
    )
    lowest = math.floor(math.log10(max(float(chances.min()), 1e-30)) - 0.1)
    decades = range(lowest, 1, max(1, -lowest // (3 if narrow else 5)))
    figure.update_xaxes(
        type="log",
        range=[lowest, 0.1],
        tickvals=[10.0**decade for decade in decades],
        ticktext=[percent(10.0**decade) for decade in decades],
        title_text=_("probability of the word"),
        fixedrange=True,
        tickangle=0,
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False)
    return Chart(figure, _describe_outcomes(trace))


def pairs() -> list[str]:
    """What the four pairs of memory and picture are called, in the order of ``SwapTrace.log_probs``."""
    text = _("memory {memory}, picture {photo}")
    return [text.format(memory=memory, photo=photo) for memory in "AB" for photo in "AB"]


def _describe_outcomes(trace: SwapTrace) -> str:
    """Both words' probabilities in all four pairs."""
    text = _("{pair}: “{a}” {chance_a}, “{b}” {chance_b}")
    chances = np.exp(trace.log_probs.astype(float)).reshape(4, 2)
    a, b = trace.words
    told = [
        text.format(pair=pair, a=a, b=b, chance_a=percent(float(both[0])), chance_b=percent(float(both[1])))
        for pair, both in zip(pairs(), chances, strict=True)
    ]
    return _("{all}.").format(all=_("; ").join(told))


def verdict(trace: SwapTrace) -> str:
    """Whether memory or picture tipped the balance from A's word to B's; in Markdown."""
    if trace.words[0] == trace.words[1]:
        return _("Both chosen words are the same, so nothing can tip from one to the other. Choose two that differ.")
    memory, photo = trace.by_memory, trace.by_photo
    if max(abs(memory), abs(photo)) < LITTLE:
        finding = _("**Here neither the memory nor this look at the picture decides** between the two words.")
    elif abs(memory) >= MAIN_SHARE * (abs(memory) + abs(photo)):
        finding = _("**Here it is in the memory.**")
    elif abs(photo) >= MAIN_SHARE * (abs(memory) + abs(photo)):
        finding = _("**Here it is in the picture.**")
    else:
        finding = _("**Here it is in both.**")
    text = _(
        "B's memory moves the balance from A's word to B's by {memory} nats, B's picture by {photo}. The two add up: a "
        "word's score is a sum of what each gives it. (One nat: the ratio of the two probabilities changes {e}-fold.)"
    ).format(
        **{"memory": signed(round(memory, 1), 1), "photo": signed(round(photo, 1), 1)},
        e=number(math.e, 1),
    )
    return f"{finding} {text}"
