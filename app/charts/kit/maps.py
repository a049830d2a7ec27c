"""One map of attention over the photo: what the film shows frame by frame and the overview side by side."""

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from app.charts.kit.heat import scale_on_grey, smoothed
from app.charts.kit.style import SMALL
from app.i18n import _
from model.traces import CaptionTrace


def lay_photo(figure: go.Figure, photo: Image.Image, address: str, trace: CaptionTrace, axis: str = "") -> None:
    """Stretch the photo at ``address`` over the grid of regions in the axes x and y with the suffix ``axis``.

    The model sees every photo squashed to a square, so its grid covers the whole photo, whatever its shape. Regions
    are 1 by 1 on the axes, with centres at 1, 2, ... from the upper left; the axes' scales are bound together so that
    the photo keeps its own proportions.
    """
    rows, columns = trace.attention.shape[1:]
    place = {"xref": f"x{axis}", "yref": f"y{axis}", "x": 0.5, "y": 0.5, "sizex": columns, "sizey": rows}
    figure.add_layout_image(source=address, sizing="stretch", layer="below", **place)
    bare = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.layout[f"xaxis{axis}"].update(range=[0.5, columns + 0.5], **bare)
    ratio = (photo.height / rows) / (photo.width / columns)
    figure.layout[f"yaxis{axis}"].update(range=[rows + 0.5, 0.5], scaleanchor=f"x{axis}", scaleratio=ratio, **bare)


def coloured(trace: CaptionTrace, smooth: bool) -> np.ndarray:
    """The maps that are coloured: the trace's own (T, rows, columns), or these on a finer grid."""
    return smoothed(trace.attention) if smooth else trace.attention


def add_map(figure: go.Figure, own: np.ndarray, colours: np.ndarray, axis: str = "", **scale) -> None:
    """One word's map: ``colours`` seen by the eye, ``own`` (rows, columns) unseen on top, found by the pointer."""
    axes = {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}
    finer = len(colours) // len(own)
    place = {"x0": 0.5 + 0.5 / finer, "dx": 1 / finer, "y0": 0.5 + 0.5 / finer, "dy": 1 / finer}
    figure.add_heatmap(z=colours, **place, zsmooth="best" if finer > 1 else False, hoverinfo="skip", **axes, **scale)
    text = _("Row {row}, column {column}: {share} of the attention")
    text = text.format(row="%{y}", column="%{x}", share="%{z:.1%}") + "<extra></extra>"
    figure.add_heatmap(z=own, x0=1, y0=1, opacity=0, showscale=False, hovertemplate=text, **axes)


def resolution(trace: CaptionTrace, smooth: bool) -> str:
    """What a scale measures, and whether the eye sees the true regions or an interpolation of them."""
    rows, columns = trace.attention.shape[1:]
    true = _("share of attention, at its true resolution of {rows} × {columns} regions")
    finer = _("share of attention, smoothed from {rows} × {columns} regions (bicubic)")
    return (finer if smooth else true).format(rows=rows, columns=columns)


def add_scale(figure: go.Figure, trace: CaptionTrace, smooth: bool, *, top: float, opacity: float, y: float) -> None:
    """The scale under the photos, from 0 to ``top``, its upper edge at ``y`` of the plot. It is a trace of its own that
    draws nothing: over the page itself the veil would be another colour."""
    bar = _colour_bar(resolution(trace, smooth), y=y)
    marker = {"color": [0], "cmin": 0, "cmax": top, "colorscale": scale_on_grey(opacity), "colorbar": bar}
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip", showlegend=False)


def _colour_bar(title: str, *, y: float) -> dict:
    return {
        "title": {"text": title, "side": "top", "font": {"size": SMALL}},
        "orientation": "h",
        "lenmode": "pixels",
        "len": 320,
        "thickness": 12,
        "x": 0.5,
        "xanchor": "center",
        "y": y,
        "yanchor": "top",
        "ypad": 4,
        "tickformat": ".0%",
        "tickfont": {"size": SMALL},
        "nticks": 6,
        "outlinewidth": 0,
    }
