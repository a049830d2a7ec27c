"""Its gates: how much of its memory each unit kept and how much of it it used, word by word."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go
from scipy.cluster.hierarchy import leaves_list, linkage

from app.charts.caption.captions import told_apart
from app.charts.kit.cell_looks import looks_of, name_and_letter, name_of, quantities_of
from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import SMALL, VERMILLION, escape, message, styled, word_axis
from app.i18n import _
from model.cells.cell import SHARE
from model.traces import CaptionTrace

Sort = Literal["index", "mean", "change", "similarity"]


@chart
def gate_heat_map(trace: CaptionTrace, gate: str, *, sort: Sort = "index", brush: bool = False) -> Chart:
    """One gate of all units: a row a unit, a column a word, from 0 (dark) to 1 (bright) on a fixed scale.

    ``sort`` orders the units: by their ``"index"``, by their ``"mean"`` (highest first), by how much they
    ``"change"`` from word to word (most first), or by ``"similarity"``, so that units which behave alike are
    neighbours. The pointer gives the unit's number in the model whatever the order. With ``brush``, rows are chosen by
    dragging up or down: unseen points, one a row, have the unit as their ``customdata``.
    """
    if not trace.words:
        return message(_("The caption is empty: no gate was used."))
    values = trace.gates[gate].T
    order = unit_order(values, sort)
    words = [escape(word) for word in trace.words]
    text = _("Unit {unit}, “{word}”: {value}").format(unit="%{customdata}", word="%{text}", value="%{z:.2f}")
    figure = go.Figure()
    figure.add_heatmap(
        z=values[order],
        zmin=0,
        zmax=1,
        colorscale="Cividis",
        customdata=np.tile(order[:, None], len(words)),
        text=np.tile(np.array(words, dtype=object), (len(order), 1)),
        hovertemplate=text + "<extra></extra>",
        colorbar={
            "title": {"text": name_of(trace.cell, gate), "side": "right"},
            "thickness": 16,
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "tickfont": {"size": SMALL},
        },
    )
    styled(figure, height=620, margin={"l": 64, "r": 10, "t": 16}, dragmode=False)
    word_axis(figure, trace.words)
    title = {
        "index": _("{count} units, in the model's order"),
        "mean": _("{count} units, highest mean on top"),
        "change": _("{count} units, most changing on top"),
        "similarity": _("{count} units, alike ones side by side"),
    }[sort]
    figure.update_yaxes(title_text=title.format(count=len(order)), showticklabels=sort == "index", showgrid=False)
    figure.update_yaxes(autorange="reversed")
    if brush:
        _add_brush(figure, order)
    return Chart(figure, _describe_gates(trace, gate))


def _add_brush(figure: go.Figure, order: np.ndarray) -> None:
    unseen = {"marker": {"opacity": 0}}
    rows = np.arange(len(order))
    figure.add_scatter(
        x=np.zeros(len(order)),
        y=rows,
        mode="markers",
        marker={"size": 3, "opacity": 0},
        selected=unseen,
        unselected=unseen,
        customdata=order,
        hoverinfo="skip",
        showlegend=False,
    )
    figure.update_layout(dragmode="select", selectdirection="v")
    figure.update_layout(newselection_line={"color": VERMILLION, "width": 3, "dash": "solid"})


def unit_order(values: np.ndarray, sort: Sort) -> np.ndarray:
    """The units, rows of ``values`` (H, T), in the order in which they are drawn, (H,).

    Likeness is the Euclidean distance of the courses, ordered by the leaves of Ward's clustering so that neighbours
    are as alike as the tree allows (Bar-Joseph et al. 2001, as in scipy).
    """
    if sort == "mean":
        return np.argsort(-values.mean(axis=1), kind="stable")
    if sort == "change":
        return np.argsort(-np.abs(np.diff(values, axis=1)).sum(axis=1), kind="stable")
    if sort == "similarity" and len(values) > 1:
        return leaves_list(linkage(values, "ward", optimal_ordering=True))
    return np.arange(len(values))


@chart
def unit_course(trace: CaptionTrace, unit: int) -> Chart:
    """One unit through the caption: its state, what is proposed or carried beside it, and its gates, each with a line
    and a marker of its own. The course of the state starts before the first word."""
    if not trace.words:
        return message(_("The caption is empty: no gate was used."))
    gates = trace.gates
    proposed_first = sorted(gates, key=lambda name: quantities_of(trace.cell)[name].bounds == SHARE)
    courses = {"hidden": trace.states[:, unit]} | {name: gates[name][:, unit] for name in proposed_first}
    looks = looks_of(courses)
    text = _("“{word}”, {line}: {value}").format(word="%{text}", line="%{fullData.name}", value="%{y:.3f}")
    figure = go.Figure()
    words = [_("(start)"), *trace.words]
    for name, course in courses.items():
        colour, dash, symbol, width = looks[name]
        first = len(words) - len(course)
        figure.add_scatter(
            x=list(range(first, len(words))),
            y=course,
            mode="lines+markers",
            name=name_and_letter(trace.cell, name),
            line={"color": colour, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": 11, "color": colour},
            text=[escape(word) for word in words[first:]],
            hovertemplate=text + "<extra></extra>",
        )
    styled(figure, height=440, margin={"l": 56, "r": 16, "t": 56}, hovermode="closest", dragmode=False)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"})
    word_axis(figure, words)
    figure.update_yaxes(zeroline=True, zerolinewidth=1)
    if all(quantities_of(trace.cell)[name].bounds for name in courses):
        figure.update_yaxes(range=[-1.05, 1.05], tickvals=[-1, -0.5, 0, 0.5, 1])
    return Chart(figure, _describe_unit(trace, unit))


def _describe_gates(trace: CaptionTrace, gate: str) -> str:
    """The gate's mean, and the words at which it was most open and most shut."""
    means = trace.gates[gate].mean(axis=1)
    most, least = int(means.argmax()), int(means.argmin())
    text = _("The {gate} was {mean} on average: highest at “{most}” ({high}), lowest at “{least}” ({low}).")
    return text.format(
        gate=name_of(trace.cell, gate),
        mean=f"{means.mean():.2f}",
        most=told_apart(trace.words)[most],
        high=f"{means[most]:.2f}",
        least=told_apart(trace.words)[least],
        low=f"{means[least]:.2f}",
    )


def _describe_unit(trace: CaptionTrace, unit: int) -> str:
    """Where one unit's state went: from, to, and its largest move."""
    course = trace.states[:, unit]
    word = told_apart(trace.words)[int(np.abs(np.diff(course)).argmax())]
    text = _("Unit {unit} went from {start} to {end}; it moved most at “{word}”.")
    return text.format(unit=unit, start=number(course[0], 2), end=number(course[-1], 2), word=word)
