"""Units and their connections: circles in layers, lines as wide as their weight is large."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import BLUE, NORMAL, QUIET, VERMILLION, escape, hide_axes, styled
from app.charts.lessons.cell_picture import GROUNDS, INK
from app.i18n import _

HEIGHT = 230
#: Pixels of a line for each unit of weight, at least and at most.
WIDTH, THIN, THICK = 1.6, 1.0, 12.0


class DrawnLayer(NamedTuple):
    """Units side by side: their names; the weights from the layer before, (units, units before), and the biases."""

    names: Sequence[str]
    weights: np.ndarray | None = None
    biases: np.ndarray | None = None


@chart
def network_picture(layers: Sequence[DrawnLayer]) -> Chart:
    """Inputs at the left, outputs at the right. Blue lines speak for a unit, red ones against it."""
    figure = go.Figure()
    places = [np.linspace(1, -1, len(layer.names)) if len(layer.names) > 1 else np.zeros(1) for layer in layers]
    for depth, layer in enumerate(layers):
        if layer.weights is None:
            continue
        for unit, row in enumerate(layer.weights):
            for before, weight in enumerate(row):
                line = {"color": BLUE if weight >= 0 else VERMILLION, "width": _width(weight)}
                line |= {"dash": "solid" if weight >= 0 else "dash"}
                x, y = (depth - 1, depth), (places[depth - 1][before], places[depth][unit])
                figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)
                figure.add_annotation(
                    x=x[0] + 0.42,
                    y=y[0] + 0.42 * (y[1] - y[0]),
                    text=number(weight, 1),
                    showarrow=False,
                    yshift=12,
                    font={"size": NORMAL},
                )
    for depth, layer in enumerate(layers):
        figure.add_scatter(
            x=[depth] * len(layer.names),
            y=places[depth],
            mode="markers+text",
            marker={"size": 54, "color": GROUNDS["value"], "line": {"color": QUIET, "width": 2}},
            text=[escape(name) for name in layer.names],
            textfont={"size": NORMAL, "color": INK},
            hoverinfo="skip",
            showlegend=False,
        )
        if layer.biases is not None:
            for place, bias in zip(places[depth], layer.biases, strict=True):
                text = _("bias {bias}").format(bias=number(bias, 1))
                figure.add_annotation(x=depth, y=place, text=text, showarrow=False, yshift=-40, font={"size": NORMAL})
    styled(figure, height=HEIGHT, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False, hovermode=False)
    hide_axes(figure)
    figure.update_xaxes(range=[-0.35, len(layers) - 0.65], fixedrange=True)
    figure.update_yaxes(range=[-1.75, 1.5], fixedrange=True)
    return Chart(figure, _in_words(layers))


def _in_words(layers: Sequence[DrawnLayer]) -> str:
    """Its layers, and how many weights and biases they have."""
    learned = sum(part.size for layer in layers for part in (layer.weights, layer.biases) if part is not None)
    return _(
        "{units} units in layers, from the inputs to the answer, with {learned} weights and biases. A blue line speaks "
        "for the unit it leads to, a dashed red one against it; the wider, the more."
    ).format(units=_(" – ").join(str(len(layer.names)) for layer in layers), learned=learned)


def _width(weight: float) -> float:
    return float(np.clip(WIDTH * abs(weight), THIN, THICK))
