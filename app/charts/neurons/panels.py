"""Two columns of panels side by side, living left and artificial right: each panel with axes of its own."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from app.charts.kit.style import GRID, NORMAL, SMALL, note, styled

# Heights in pixels: a heading of one line, the lines under it, a panel's title, an axis with its name.
HEAD, LINE, TITLE, AXIS = 34, 22, 30, 50
#: Where the two columns stand, in shares of the width.
COLUMNS = ((0.0, 0.465), (0.555, 1.0))


class Plot(NamedTuple):
    """One panel."""

    #: What stands above it.
    title: str
    #: Plotly traces as dicts with their ``type``.
    parts: list[dict[str, Any]]
    #: The layout of its axes; the x axis shows its numbers where it has a ``title``.
    x: dict[str, Any]
    y: dict[str, Any]


class Column(NamedTuple):
    """One side."""

    #: Bold, on top.
    heading: str
    plots: Sequence[Plot]
    #: Lines of text under the heading.
    lines: Sequence[str] = ()


def two_columns(left: Column, right: Column, heights: Sequence[int], *, margin: int = 64) -> go.Figure:
    """A figure of both columns; from top to bottom their panels are ``heights`` pixels high, and so lie level."""
    head = HEAD + LINE * max(len(left.lines), len(right.lines))
    axes = [any("title" in plot.x for plot in row) for row in zip(left.plots, right.plots, strict=True)]
    area = head + sum(heights) + TITLE * len(heights) + AXIS * sum(axes)
    figure = styled(go.Figure(), height=area + 8, margin={"l": margin, "r": 16, "t": 8, "b": 0, "pad": 0})
    figure.update_layout(showlegend=False, hovermode="closest", dragmode=False)
    place, texts = 0, []
    for column, (start, end) in zip((left, right), COLUMNS, strict=True):
        texts.append(note(f"<b>{column.heading}</b>", x=start, y=1, xanchor="left", yanchor="top"))
        texts[-1]["font"] = {"size": NORMAL}
        for k, line in enumerate(column.lines):
            shift = -(HEAD - 8) - LINE * k
            texts.append(note(line, x=start, y=1, xanchor="left", yanchor="top", yshift=shift))
        top = head
        for plot, height, axis in zip(column.plots, heights, axes, strict=True):
            place += 1
            top += TITLE
            # Rounding must not push a panel under the floor.
            domain = [max(0.0, 1 - (top + height) / area), 1 - top / area]
            texts.append(note(plot.title, x=start, y=domain[1], xanchor="left", yanchor="bottom", yshift=3))
            _add(figure, place, plot, [start, end], domain)
            top += height + AXIS * axis
    return figure.update_layout(annotations=texts)


def label(text: str, x: float, y: float, colour: str = "", side: str = "top left") -> dict[str, Any]:
    """A word beside a line, in the line's colour (the page's own where none is given)."""
    font = {"size": SMALL} | ({"color": colour} if colour else {})
    place = {"x": [x], "y": [y], "text": [text], "textposition": side, "textfont": font}
    return {"type": "scatter", "mode": "text", "hoverinfo": "skip", "cliponaxis": False} | place


def _add(figure: go.Figure, place: int, plot: Plot, across: list[float], domain: list[float]) -> None:
    common = {"gridcolor": GRID, "zeroline": False, "fixedrange": True, "automargin": False}
    common |= {"tickfont": {"size": SMALL}}
    x = common | {"domain": across, "anchor": f"y{place}", "showticklabels": "title" in plot.x} | plot.x
    if "title" in plot.x:
        x["title"] = {"text": plot.x["title"], "font": {"size": SMALL}, "standoff": 2}
    y = common | {"domain": domain, "anchor": f"x{place}", "nticks": 5} | plot.y
    for part in plot.parts:
        figure.add_trace(part | {"xaxis": f"x{place}", "yaxis": f"y{place}"})
    figure.update_layout({f"xaxis{place}": x, f"yaxis{place}": y})
