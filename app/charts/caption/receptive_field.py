"""Receptive fields: which of the photo's pixels one region of the CNN depends on, in theory and in fact."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from app.charts.kit.chart import Chart, chart
from app.charts.kit.heat import colour_scale
from app.charts.kit.over_photo import frame, lay_square
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, SKY, SMALL, escape, percent, styled
from app.i18n import _
from model.traces import ReceptiveFieldTrace
from model.traces.seeing import HELD

#: Pixels of the CNN's photo along a side of each square of colour: single pixels flicker too much to be read.
BLOCK = 2
#: The figures' height in pixels.
HEIGHT = 430


@chart
def field_on_photo(trace: ReceptiveFieldTrace, photo: Image.Image, regions: tuple[int, int]) -> Chart:
    """The photo, over it in colour how strongly each place matters, and three boxes: the region's own place, the
    square that holds ``HELD`` of the gradient, and the theoretical field, cut at the photo's edge.

    Unseen points lie on the centres of the (rows, columns) ``regions`` for the page to be clicked at, with
    ``customdata`` = [row, column], counted from 1.
    """
    size = len(trace.gradient)
    figure = go.Figure()
    _add_gradient(figure, trace.gradient)
    _add_targets(figure, size, regions)
    legend = {"orientation": "h", "x": 0, "y": -0.02, "yanchor": "top"}
    styled(figure, height=HEIGHT, margin={"l": 0, "r": 0, "t": 0, "b": 80}, legend=legend, hovermode="closest")
    lay_square(figure, photo, size)
    frame(figure, trace.theoretical.clipped(size), GREEN, "dot", **_named(_("theoretical field, within the photo")))
    if effective := trace.effective():
        frame(figure, effective, HIGHLIGHT, **_named(_("holds {share} of the gradient").format(share=percent(HELD))))
    frame(figure, trace.cell, SKY, "dash", **_named(_("the region itself")))
    figure.update_layout(dragmode=False, hoverdistance=-1)
    return Chart(figure, _describe_field(trace))


def _describe_field(trace: ReceptiveFieldTrace) -> str:
    """Both fields in numbers."""
    size, effective = len(trace.gradient), trace.effective()
    theory = _("In theory this region depends on {side} × {side} pixels; the photo has {size} × {size}.")
    theory = theory.format(side=trace.theoretical_side, size=size)
    if effective is None:
        return f"{theory} " + _("In fact no small change of any pixel changes it: its units are all off, or all full.")
    text = _(
        "In fact {share} of the gradient lies in a square that takes {width} of the photo's width; the smallest set of "
        "pixels that holds as much takes {area} of its area."
    )
    return f"{theory} " + text.format(share=percent(HELD), width=percent(trace.width()), area=percent(trace.area()))


@chart
def field_by_stage(traces: Sequence[ReceptiveFieldTrace], names: Mapping[str, str], stage: str) -> Chart:
    """How both fields grow from stage to stage, in pixels of the photo as the CNN gets it; ``names`` are the stages'
    names by their codes, ``stage`` is marked."""
    size = len(traces[0].gradient)
    labels = [escape(names[trace.stage]) for trace in traces]
    places = list(range(len(traces)))
    figure = go.Figure()
    series = (
        (_("in theory"), [trace.theoretical_side for trace in traces], GREEN, "dot", "square"),
        (_("in fact"), [trace.width() * size for trace in traces], HIGHLIGHT, "solid", "circle"),
    )
    for name, sides, colour, dash, symbol in series:
        figure.add_scatter(
            x=places,
            y=sides,
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3},
            marker={"symbol": symbol, "size": 10},
            customdata=labels,
            hovertemplate="%{customdata}: %{y:.0f}",
        )
    width = _("the photo's width")
    figure.add_hline(size, line={"color": BLUE, "width": 2, "dash": "dash"})
    figure.add_annotation(
        text=width, x=0, xref="x", y=size, yref="y", showarrow=False, yshift=12, xanchor="left", font={"size": SMALL}
    )
    here = next((place for place, trace in enumerate(traces) if trace.stage == stage), None)
    if here is not None:
        figure.add_vrect(here - 0.4, here + 0.4, fillcolor=SKY, opacity=0.25, line_width=0, layer="below")
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    styled(figure, height=HEIGHT, margin={"l": 70, "r": 10, "t": 40, "b": 110}, legend=legend, hovermode="x unified")
    figure.update_xaxes(
        tickvals=places,
        ticktext=labels,
        tickangle=-45,
        range=[-0.5, len(places) - 0.5],
        showgrid=False,
        fixedrange=True,
    )
    figure.update_yaxes(title_text=_("width of the field, in pixels"), rangemode="tozero", fixedrange=True)
    return Chart(figure, _describe_growth(traces, names))


def _describe_growth(traces: Sequence[ReceptiveFieldTrace], names: Mapping[str, str]) -> str:
    """Where the theoretical field outgrows the photo, and what the effective one has become by the end."""
    size, last = len(traces[0].gradient), traces[-1]
    beyond = next((trace for trace in traces if trace.theoretical_side > size), None)
    end = _("By the end the theoretical field is {times} times as wide as the photo; the effective one takes {width}.")
    end = end.format(times=f"{last.theoretical_side / size:.1f}", width=percent(last.width()))
    if beyond is None:
        return end
    return (
        _("From “{stage}” on, the theoretical field is wider than the photo.").format(stage=names[beyond.stage])
        + f" {end}"
    )


def _add_gradient(figure: go.Figure, gradient: np.ndarray) -> None:
    """In colour the gradient's mean over squares of pixels. The scale ends where all but the highest 0.5 % of the
    squares that matter lie below: a few outliers would make all else look dark."""
    size = len(gradient) // BLOCK * BLOCK
    blocks = gradient[:size, :size].reshape(size // BLOCK, BLOCK, size // BLOCK, BLOCK).mean(axis=(1, 3))
    top = float(np.quantile(blocks[blocks > 0], 0.995)) if blocks.any() else 1.0
    figure.add_heatmap(
        z=np.where(blocks > 0, blocks / top, np.nan).astype(np.float32),
        x0=BLOCK / 2,
        dx=BLOCK,
        y0=BLOCK / 2,
        dy=BLOCK,
        zmin=0,
        zmax=1,
        colorscale=colour_scale(0.9),
        showscale=False,
        hoverinfo="skip",
    )


def _add_targets(figure: go.Figure, size: int, regions: tuple[int, int]) -> None:
    rows, columns = regions
    places = [(row, column) for row in range(rows) for column in range(columns)]
    unseen = {"marker": {"opacity": 0}}
    text = _("row {row}, column {column}")
    figure.add_scatter(
        x=[(column + 0.5) * size / columns for _row, column in places],
        y=[(row + 0.5) * size / rows for row, _column in places],
        mode="markers",
        marker={"size": 20, "opacity": 0},
        selected=unseen,
        unselected=unseen,
        customdata=[[row + 1, column + 1] for row, column in places],
        hovertext=[text.format(row=row + 1, column=column + 1) for row, column in places],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )


def _named(name: str) -> dict:
    return {"name": name, "showlegend": True}
