"""What an artificial neuron answers over a whole plane, and to the four inputs of a logical question."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import minus
from app.charts.kit.style import HIGHLIGHT, QUIET, SMALL, note, styled
from app.i18n import _

#: Pixels.
HEIGHT = 340
#: Beyond so much above or below the line that parts yes from no, the colours change no more.
REACH = 1.5
#: Of line, points and their labels, on a light and on a dark page alike: they lie on the plane's colours.
INK, GROUND = "#1A1A1A", "#FFFFFF"


class AnswerPlane(NamedTuple):
    """The answers over a plane, and where the four inputs lie in it."""

    title: str
    #: What its two axes are called, such as x₁ and x₂.
    axes: tuple[str, str]
    #: The numbers along each axis, (G,).
    along: np.ndarray
    #: y where the first axis has ``along[column]`` and the second ``along[row]``, (G, G).
    answers: np.ndarray
    #: (4, 2).
    points: np.ndarray


@chart
def answers_over_plane(plane: AnswerPlane, outputs: np.ndarray, wanted: Sequence[int], *, yes: float) -> Chart:
    """The plane coloured by y; the dashed line is where y = ``yes``: from there on an answer is yes.

    The four points are labelled with their ``outputs`` (4,). A square should be answered yes, a circle no
    (``wanted``); a cross in its label says that it is answered wrongly.
    """
    figure = go.Figure()
    along = plane.along.astype(np.float32)
    field = {"x": along, "y": along, "z": plane.answers.astype(np.float32)}
    hover = _("{across} = {first}, {up} = {second}: y = {answer}").format(
        across=plane.axes[0], first="%{x:.2f}", up=plane.axes[1], second="%{y:.2f}", answer="%{z:.2f}"
    )
    figure.add_heatmap(**field, coloraxis="coloraxis", hovertemplate=hover + "<extra></extra>")
    border = {"start": yes, "end": yes, "size": 1, "coloring": "none"}
    line = {"color": GROUND, "width": 3, "dash": "dash"}
    figure.add_contour(**field, contours=border, line=line, showscale=False, hoverinfo="skip")
    right = _right(outputs, wanted, yes)
    figure.add_scatter(**_points(plane, right, wanted))
    styled(figure, height=HEIGHT, margin={"l": 46, "r": 8, "t": 34, "b": 46}, dragmode=False, showlegend=False)
    axis = {"range": [float(along[0]), float(along[-1])], "constrain": "domain", "dtick": 1, "fixedrange": True}
    figure.update_xaxes(axis, title={"text": plane.axes[0], "standoff": 2}, showgrid=False)
    figure.update_yaxes(axis, title={"text": plane.axes[1], "standoff": 2}, showgrid=False, scaleanchor="x")
    at = {"xref": "x domain", "yref": "y domain", "x": 0, "y": 1}
    title = note(plane.title, **at, xanchor="left", yanchor="bottom", yshift=4)
    least, most = max(yes - REACH, float(plane.answers.min())), min(yes + REACH, float(plane.answers.max()))
    bar = {"title": {"text": "y"}, "thickness": 14, "tickfont": {"size": SMALL}}
    figure.update_layout(
        annotations=[title, *_labels(plane, outputs, right)],
        coloraxis={"cmin": least, "cmax": most, "colorscale": "Cividis", "colorbar": bar},
    )
    return Chart(figure, _describe_plane(plane))


def _describe_plane(plane: AnswerPlane) -> str:
    """Where the four inputs lie in it."""
    text = _("{title}: the four inputs lie at {points} ({across}, {up}).")
    points = ", ".join(f"({first:g}, {second:g})" for first, second in plane.points)
    return minus(text.format(title=plane.title, points=points, across=plane.axes[0], up=plane.axes[1]))


def answers_in_words(inputs: np.ndarray, outputs: np.ndarray, wanted: Sequence[int], *, yes: float) -> str:
    """How to read the points, and which of the four ``inputs`` (4, 2) are answered wrongly."""
    right = _right(outputs, wanted, yes)
    reading = _("Squares should be answered yes, circles no. The dashed line parts yes (brighter) from no.")
    if right.all():
        return " ".join([reading, _("All 4 inputs are answered rightly.")])
    wrong = ", ".join(f"({first:g}, {second:g})" for first, second in inputs[~right])
    text = _("{count} of 4 inputs are answered rightly; wrong: {wrong}.")
    return " ".join([reading, text.format(count=int(right.sum()), wrong=wrong)])


def _right(outputs: np.ndarray, wanted: Sequence[int], yes: float) -> np.ndarray:
    return (outputs >= yes) == np.array(wanted, dtype=bool)


def _points(plane: AnswerPlane, right: np.ndarray, wanted: Sequence[int]) -> dict:
    line = {"width": 3, "color": [INK if fits else HIGHLIGHT for fits in right]}
    symbols = ["square" if one else "circle" for one in wanted]
    marker = {"symbol": symbols, "size": 15, "color": GROUND, "opacity": 1, "line": line}
    x, y = plane.points.T.tolist()
    return {"mode": "markers", "x": x, "y": y, "marker": marker, "hoverinfo": "skip"}


def _labels(plane: AnswerPlane, outputs: np.ndarray, right: np.ndarray) -> list[dict]:
    """One for each place: two inputs may come to lie on one."""
    labels = {}
    for (x, y), output, fits in zip(plane.points.tolist(), outputs, right, strict=True):
        text = minus(f"{output + 0.0:.2g}")
        labels[x, y] = note(
            text if fits else f"{text} ✗",
            **{"xref": "x", "yref": "y", "x": x, "y": y, "yshift": 20},
            font={"size": SMALL, "color": INK},
            bgcolor=GROUND,
            bordercolor=QUIET,
        )
    return list(labels.values())
