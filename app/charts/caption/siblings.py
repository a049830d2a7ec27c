"""Several memories beside each other: decoders that differ in their cell, or have no attention, on one photo."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.labels import Path, labels
from app.charts.kit.style import LOOKS, NORMAL, SMALL, escape, note, percent, shortened, styled, wrapped
from app.i18n import _
from model.cells import CELLS
from model.traces import CaptionTrace, HiddenBasis

#: One path's panel as narrow as it gets, on a laptop and on a phone, and as high, in pixels.
ACROSS, PHONE_ACROSS, DOWN = 370, 270, 290
#: Pixels for the words under a map, and on a phone for the scale under them; there, Latin letters to a line.
UNDER, SCALE, LETTERS = 80, 50, 32


@chart
def paths(named: Mapping[str, tuple[CaptionTrace, HiddenBasis]], *, narrow: bool = False) -> Chart:
    """A panel a memory: its path from the start (a star), a point a word, on its own two main axes.

    Each network has a space of its own, so shapes may be compared and places may not. In a ``narrow`` figure panels
    stand below each other.
    """
    across = 1 if narrow else 2
    rows = -(-len(named) // across)
    titles = [escape(name) for name in named]
    figure = make_subplots(rows, across, subplot_titles=titles, horizontal_spacing=0.08, vertical_spacing=0.24 / rows)
    for place, (trace, basis) in enumerate(named.values()):
        x, y = basis.project(trace.states)[:, :2].T
        colour, dash, symbol = LOOKS[place % len(LOOKS)]
        words = [_("(start)"), *(escape(shortened(word, 12)) for word in trace.words)]
        [(texts, sides)] = labels([Path(x, y, words)], across=PHONE_ACROSS if narrow else ACROSS, down=DOWN, size=SMALL)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines+markers+text",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"color": colour, "symbol": ["star", *[symbol] * len(trace.words)], "size": 9},
            text=texts,
            textposition=sides,
            textfont={"size": SMALL},
            hovertext=words,
            hovertemplate="%{hovertext}<extra></extra>",
            row=place // across + 1,
            col=place % across + 1,
        )
    styled(figure, height=60 + 360 * rows, margin={"l": 40, "r": 20, "t": 40, "b": 30}, dragmode="pan")
    figure.update_layout(showlegend=False)
    return Chart(figure, _describe_paths(named), wide=not narrow)


@chart
def keeping(named_traces: Mapping[str, CaptionTrace], *, narrow: bool = False) -> Chart:
    """A panel a memory: how much of its old state each unit kept at each word, units with the highest mean on top.

    That is the GRU's update gate and the LSTM's forget gate; a plain RNN has none, and its panel says so. In a
    ``narrow`` figure panels stand below each other.
    """
    across = 1 if narrow else 2
    rows = -(-len(named_traces) // across)
    titles = [escape(name) for name in named_traces]
    figure = make_subplots(rows, across, subplot_titles=titles, horizontal_spacing=0.1, vertical_spacing=0.4 / rows)
    for place, trace in enumerate(named_traces.values()):
        where = {"row": place // across + 1, "col": place % across + 1}
        axis = str(place + 1) if place else ""
        kept = _kept(trace)
        if kept is None or not trace.words:
            missing = _("No gate: all of its state is new at every word.") if trace.words else _("It said nothing.")
            missing = wrapped(missing, LETTERS) if narrow else missing
            # In shares of the whole figure: without data there are no axes to place it by.
            x, y = (float(np.mean(figure.layout[f"{one}axis{axis}"].domain)) for one in "xy")
            figure.add_annotation(note(missing, x=x, y=y, xanchor="center", font={"size": NORMAL}))
            figure.update_xaxes(visible=False, **where)
            figure.update_yaxes(visible=False, **where)
            continue
        values = kept.T
        order = np.argsort(-values.mean(axis=1), kind="stable")
        words = [escape(shortened(word, 12)) for word in trace.words]
        text = _("Unit {unit}, “{word}”: {value}").format(unit="%{customdata}", word="%{text}", value="%{z:.2f}")
        figure.add_heatmap(
            z=values[order],
            zmin=0,
            zmax=1,
            colorscale="Cividis",
            showscale=place == 0 or len(figure.data) == 0,
            colorbar=_scale(below=narrow),
            customdata=np.tile(order[:, None], len(words)),
            text=np.tile(np.array(words, dtype=object), (len(order), 1)),
            hovertemplate=text + "<extra></extra>",
            **where,
        )
        ticks = {"tickvals": list(range(len(words))), "ticktext": words, "tickangle": -40}
        figure.update_xaxes(showgrid=False, fixedrange=True, **ticks, **where)
        figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, nticks=4, **where)
    under = UNDER + (SCALE if narrow else 0)
    styled(figure, height=320 * rows + under, margin={"l": 50, "r": 10, "t": 40, "b": under}, dragmode=False)
    return Chart(figure, _describe_keeping(named_traces), wide=not narrow)


def _scale(below: bool) -> dict[str, Any]:
    """The colours' scale: beside the maps, or ``below`` them and their words."""
    scale = {"thickness": 14, "tickvals": [0, 0.5, 1], "tickfont": {"size": SMALL}}
    lying = {"orientation": "h", "len": 0.8, "x": 0.5, "xanchor": "center", "y": 0, "yanchor": "top", "ypad": UNDER}
    return scale | lying if below else scale


def _kept(trace: CaptionTrace) -> np.ndarray | None:
    """How much of its old state each unit kept at each word, (T, H); None where the cell has no gate for it."""
    keeps = CELLS[trace.cell].keeps
    if keeps is None:
        return None
    return trace.gates[keeps.row] if keeps.at_one else 1 - trace.gates[keeps.row]


def _describe_paths(named: Mapping[str, tuple[CaptionTrace, HiddenBasis]]) -> str:
    """How much of each memory's variance its two axes show, and how long its mean step is."""
    told = []
    text = _("{name}: the two axes show {share} of this memory, and a word moves it by {step} on average")
    for name, (trace, basis) in named.items():
        steps = np.linalg.norm(np.diff(trace.states, axis=0), axis=1)
        share = basis.share_of(trace.states)[:2].sum()
        step = f"{steps.mean():.1f}" if len(steps) else "0"
        told.append(text.format(name=name, share=percent(share), step=step))
    return _("{all}.").format(all=_("; ").join(told))


def _describe_keeping(named_traces: Mapping[str, CaptionTrace]) -> str:
    """The mean of each memory's keeping gate."""
    told = []
    for name, trace in named_traces.items():
        kept = _kept(trace)
        if kept is None:
            told.append(_("{name} has no gate").format(name=name))
        elif trace.words:
            mean = f"{kept.mean():.2f}"
            told.append(_("{name} keeps {mean} of its memory at a word").format(name=name, mean=mean))
    return _("On average: {all}.").format(all=_("; ").join(told))
