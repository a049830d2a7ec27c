"""What artificial neurons answer to two numbers, over a whole plane, and to the four inputs of a logical question."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts.style import HIGHLIGHT, QUIET, SMALL, note, styled
from app.i18n import _

#: Pixels.
HEIGHT = 340
#: Beyond so much above or below the line that parts yes from no, the colours change no more.
REACH = 1.5
#: Of line, points and their labels, on a light and on a dark page alike: they lie on the plane's colours.
INK, GROUND = "#1A1A1A", "#FFFFFF"


class Plane(NamedTuple):
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


def answers_over_planes(
    planes: Sequence[Plane], outputs: np.ndarray, wanted: Sequence[int], *, yes: float
) -> go.Figure:
    """Planes side by side, coloured by y; the dashed line is where y = ``yes``: from there on an answer is yes.

    The four points are labelled with their ``outputs`` (4,). A square should be answered yes, a circle no
    (``wanted``); a cross in its label says that it is answered wrongly.
    """
    figure = go.Figure()
    for place, plane in enumerate(planes):
        number = str(place + 1) if place else ""
        on = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
        along = plane.along.astype(np.float32)
        field = {"x": along, "y": along, "z": plane.answers.astype(np.float32)} | on
        hover = _("{across} = {first}, {up} = {second}: y = {answer}").format(
            across=plane.axes[0], first="%{x:.2f}", up=plane.axes[1], second="%{y:.2f}", answer="%{z:.2f}"
        )
        figure.add_heatmap(**field, coloraxis="coloraxis", hovertemplate=hover + "<extra></extra>")
        border = {"start": yes, "end": yes, "size": 1, "coloring": "none"}
        line = {"color": GROUND, "width": 3, "dash": "dash"}
        figure.add_contour(**field, contours=border, line=line, showscale=False, hoverinfo="skip")
        figure.add_scatter(**_points(plane, outputs, wanted, yes), **on)
        _lay(figure, plane, number, (place / len(planes), (place + 0.86) / len(planes)))
        for label in _labels(plane, outputs, wanted, yes):
            figure.add_annotation(label, xref=f"x{number}", yref=f"y{number}")
    styled(figure, height=HEIGHT, margin={"l": 46, "r": 8, "t": 34, "b": 46}, dragmode=False, showlegend=False)
    least = max(yes - REACH, min(float(plane.answers.min()) for plane in planes))
    most = min(yes + REACH, max(float(plane.answers.max()) for plane in planes))
    bar = {"title": {"text": "y"}, "thickness": 14, "tickfont": {"size": SMALL}}
    return figure.update_layout(coloraxis={"cmin": least, "cmax": most, "colorscale": "Cividis", "colorbar": bar})


def describe_answers(inputs: np.ndarray, outputs: np.ndarray, wanted: Sequence[int], *, yes: float) -> str:
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


def _points(plane: Plane, outputs: np.ndarray, wanted: Sequence[int], yes: float) -> dict:
    colours = [INK if fits else HIGHLIGHT for fits in _right(outputs, wanted, yes)]
    symbols = ["square" if one else "circle" for one in wanted]
    marker = {"symbol": symbols, "size": 15, "color": GROUND, "opacity": 1, "line": {"width": 3, "color": colours}}
    x, y = plane.points.T.tolist()
    return {"mode": "markers", "x": x, "y": y, "marker": marker, "hoverinfo": "skip"}


def _labels(plane: Plane, outputs: np.ndarray, wanted: Sequence[int], yes: float) -> list[dict]:
    """One for each place: two inputs may come to lie on one."""
    labels = {}
    for point, output, fits in zip(plane.points.tolist(), outputs, _right(outputs, wanted, yes), strict=True):
        text = f"{output + 0.0:.2g}".replace("-", "−")
        labels[tuple(point)] = note(
            text if fits else f"{text} ✗",
            x=point[0],
            y=point[1],
            yshift=20,
            font={"size": SMALL, "color": INK},
            bgcolor=GROUND,
            bordercolor=QUIET,
        )
    return list(labels.values())


def _lay(figure: go.Figure, plane: Plane, number: str, domain: tuple[float, float]) -> None:
    """A square panel with its axes and its title."""
    common = {"range": [float(plane.along[0]), float(plane.along[-1])], "constrain": "domain", "dtick": 1}
    common |= {"fixedrange": True, "showgrid": False}
    across, up = ({"title": {"text": name, "standoff": 2}} for name in plane.axes)
    figure.layout[f"xaxis{number}"] = common | across | {"domain": domain, "anchor": f"y{number}"}
    figure.layout[f"yaxis{number}"] = common | up | {"anchor": f"x{number}", "scaleanchor": f"x{number}"}
    at = {"xref": f"x{number} domain", "yref": f"y{number} domain", "x": 0, "y": 1}
    figure.add_annotation(note(plane.title, **at, xanchor="left", yanchor="bottom", yshift=4))
