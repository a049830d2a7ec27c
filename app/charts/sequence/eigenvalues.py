"""Why gradients vanish or explode in a plain RNN: the eigenvalues of W_hh, and what its steps do to a gradient."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number, size
from app.charts.kit.player import BUTTONS, PLAYER, FilmTrace, film, player
from app.charts.kit.style import BLUE, GREEN, GRID, HIGHLIGHT, QUIET, SKY, SMALL, note, styled, wrapped
from app.charts.sequence.drawn import drawn
from app.charts.sequence.lines import log_range, log_ticks
from app.charts.sequence.texts import step_ticks
from app.i18n import _
from model.traces import JacobianTrace

#: Heights in pixels: three lines of text and a title, the plane, between the two plots on its right, under the plots.
HEAD, PLANE, GAP, AXIS = 104, 430, 66, 56
#: On a phone: the heights of the sentences, of the plane and of each plot below it; Latin letters to a line.
PHONE_HEAD, PHONE_PLANE, PHONE_PLOT, LETTERS = 196, 290, 150, 34
#: The share of the width that the plane takes, and where the plots beside it begin.
LEFT, MIDDLE = 0.44, 0.56
#: Axes of singular values and of the reach go no further from 1 than so many powers of ten.
SINGULAR_DECADES, REACH_DECADES = 6.0, 16.0
#: Eigenvalues further out than this are drawn on the rim at this distance, open, so that the circle stays in sight.
RIM = 2.5
#: The traces by the factor of W_hh.
Scales = Mapping[float, JacobianTrace]


class PlotArea(NamedTuple):
    """From where to where it reaches across the figure and up, as shares of both."""

    across: tuple[float, float]
    up: tuple[float, float]


class PlotAreas(NamedTuple):
    """Where all stand, below words that lie over the whole figure, which is so many pixels high."""

    height: int
    plane: PlotArea
    singular: PlotArea
    reach: PlotArea


@chart
def eigenvalues_and_reach(scales: Scales, *, narrow: bool = False) -> Chart:
    """Left, the eigenvalues of W_hh on the complex plane with the unit circle, both axes on one scale. Right, along the
    sequence, the singular values of each step's Jacobian J_t (the largest, the median and the smallest), and below the
    reach, the norm of dh_T/dh_t, both on logarithmic axes.

    A slider in the browser goes through the factors of W_hh, which rise, on fixed axes, from that nearest to 1 on.
    In a ``narrow`` figure all stand below each other, and the sentences above take further lines.
    """
    every = list(scales.values())
    shown = _nearest_to_one(scales)
    panels = _below_each_other() if narrow else _side_by_side()
    area, steps = panels.height, len(every[0].reach)
    parts = [*_plane(every), *_singular(every), *_reach(every), _words(scales, area, narrow)]
    figure = film(parts, len(every), start=shown)
    below = AXIS + PLAYER
    margin = {"l": BUTTONS, "r": 16, "t": 8, "b": below}
    styled(figure, height=area + below + 8, margin=margin, hovermode="closest", dragmode=False)
    figure.update_layout(showlegend=False)
    _place(figure, every, panels, steps)
    figure.update_layout(player(len(every), top=-AXIS / area, start=shown))
    return Chart(figure, _describe_eigenvalues_and_reach(scales), wide=not narrow)


def _side_by_side() -> PlotAreas:
    """The plane on the left, two plots on the right."""
    height = HEAD + PLANE
    top, plot = PLANE / height, (PLANE - GAP) / 2 / height
    return PlotAreas(
        height,
        PlotArea((0, LEFT), (0, top)),
        PlotArea((MIDDLE, 1), (top - plot, top)),
        PlotArea((MIDDLE, 1), (0, plot)),
    )


def _below_each_other() -> PlotAreas:
    """The plane above, the two plots below it."""
    height = PHONE_HEAD + PHONE_PLANE + AXIS + GAP + PHONE_PLOT + GAP + PHONE_PLOT
    plot, step = PHONE_PLOT / height, (PHONE_PLOT + GAP) / height
    top = 1 - PHONE_HEAD / height
    return PlotAreas(
        height,
        PlotArea((0, 1), (top - PHONE_PLANE / height, top)),
        PlotArea((0, 1), (step, step + plot)),
        PlotArea((0, 1), (0, plot)),
    )


def _describe_eigenvalues_and_reach(scales: Scales) -> str:
    """The spectral radius, what it means, and what in fact reaches the first step."""
    least, most = min(scales), max(scales)
    text = _("A slider scales W_hh from {least} to {most} times: the reach goes from {low} to {high}.")
    low, high = (float(scales[scale].reach[0]) for scale in (least, most))
    slider = text.format(least=size(least), most=size(most), low=size(low), high=size(high))
    return " ".join([*_sentences(list(scales.values())[_nearest_to_one(scales)]), slider])


def _nearest_to_one(scales: Scales) -> int:
    return int(np.abs(np.array(list(scales)) - 1).argmin())


def _sentences(trace: JacobianTrace) -> tuple[str, str]:
    """What the spectral radius says, and what happens on this sequence. It decides alone only where the network is as
    good as linear (see ``model.recurrent.spectrum``)."""
    radius, reach, steps = trace.spectral_radius, float(trace.reach[0]), len(trace.reach)
    if radius < 1:
        first = _("Spectral radius {radius}, below 1: as long as no unit saturates, gradients vanish in the long run.")
    else:
        first = _(
            "Spectral radius {radius}, not below 1: gradients may explode, but need not: saturation shrinks them."
        )
    second = _("A small change of the state at step 1 is at most {reach} times as large at step {steps}.")
    return first.format(radius=f"{radius:.2f}"), second.format(steps=steps, reach=size(reach))


def _words(scales: Scales, area: int, narrow: bool) -> FilmTrace:
    still: dict[str, Any] = {"type": "scatter", "mode": "text", "x": [0, 0, 0], "y": [area - 12, area - 36, area - 60]}
    still |= {"textposition": "middle right", "hoverinfo": "skip", "cliponaxis": False, "xaxis": "x4", "yaxis": "y4"}
    still |= {"textfont": {"size": SMALL}}
    lines = []
    for scale, trace in scales.items():
        first, second = _sentences(trace)
        head = _("<b>W<sub>hh</sub> of the plain RNN, times {scale}</b>").format(scale=f"{scale:.2f}")
        if trace.spectral_radius > RIM:
            far = _("◇ lie farther out, up to {radius}, and are drawn at {rim}")
            head += " · " + far.format(radius=number(trace.spectral_radius, 2), rim=f"{RIM:g}")
        said = [head, first, second]
        lines.append(["<br>".join(wrapped(line, LETTERS) for line in said)] if narrow else said)
    if narrow:
        still |= {"x": [0], "y": [area], "textposition": "bottom right"}
    return FilmTrace(still, lambda k: {"text": lines[k]})


def _plane(every: list[JacobianTrace]) -> list[FilmTrace]:
    """The unit circle, the eigenvalues within it, and those outside."""
    angle = np.linspace(0, 2 * np.pi, 97)
    circle: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": drawn(np.cos(angle)), "y": drawn(np.sin(angle))}
    circle |= {"line": {"color": QUIET, "width": 3}, "hoverinfo": "skip"}
    marks = {"type": "scatter", "mode": "markers", "hovertemplate": "%{text}<extra></extra>"}
    inside = marks | {"marker": {"color": BLUE, "symbol": "circle", "size": 10, "opacity": 0.85}}
    outside = marks | {"marker": {"color": HIGHLIGHT, "size": 12, "opacity": 0.9, "line": {"width": 2}}}

    def chosen(k: int, out: bool) -> dict[str, Any]:
        values = every[k].eigenvalues[(np.abs(every[k].eigenvalues) > 1) == out]
        sizes = np.abs(values)
        at = values * np.minimum(1, RIM / np.maximum(sizes, 1e-300))
        points = {"x": drawn(at.real), "y": drawn(at.imag), "text": [_eigenvalue(value) for value in values]}
        symbols = ["diamond-open" if far > RIM else "diamond" for far in sizes]
        return points | ({"marker": {"symbol": symbols}} if out else {})

    return [
        FilmTrace(circle),
        FilmTrace(inside, lambda k: chosen(k, False)),
        FilmTrace(outside, lambda k: chosen(k, True)),
    ]


def _eigenvalue(value: complex) -> str:
    text = _("eigenvalue {real} {sign} {imaginary} i, absolute value {size}")
    sign, imaginary = ("−" if value.imag < 0 else "+"), number(abs(value.imag))
    return text.format(real=number(value.real), sign=sign, imaginary=imaginary, size=number(abs(value)))


def _singular(every: list[JacobianTrace]) -> list[FilmTrace]:
    """The largest, the median and the smallest singular value of each step; one line where there is one unit."""
    lines = {
        _("largest"): (lambda s: s[:, 0], HIGHLIGHT, "solid", 3),
        _("median"): (lambda s: np.median(s, axis=1), BLUE, "dash", 2),
        _("smallest"): (lambda s: s[:, -1], SKY, "dot", 2),
    }
    if every[0].singular_values.shape[1] == 1:
        lines = dict(list(lines.items())[:1])
    text = _("step {step}, {line} singular value: {value}")
    text = text.format(step="%{x}", line="%{fullData.name}", value="%{y:.3g}") + "<extra></extra>"
    parts = []
    for name, (chosen, colour, dash, width) in lines.items():
        still: dict[str, Any] = {
            "type": "scatter",
            "x": list(range(1, len(every[0].reach) + 1)),
            "name": name,
            "hovertemplate": text,
        }
        still |= {"line": {"color": colour, "dash": dash, "width": width}, "xaxis": "x2", "yaxis": "y2"}
        still |= {"mode": "lines+markers" if len(every[0].reach) < 3 else "lines"}
        parts.append(FilmTrace(still, _heights([chosen(trace.singular_values) for trace in every])))
    return parts


def _reach(every: list[JacobianTrace]) -> list[FilmTrace]:
    text = _("from step {step} to the last: {value} times").format(step="%{x}", value="%{y:.3g}") + "<extra></extra>"
    steps = len(every[0].reach)
    still: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(1, steps + 1)),
        "hovertemplate": text,
    }
    still |= {"line": {"color": GREEN, "width": 3}, "marker": {"size": 6 if steps <= 60 else 1, "color": GREEN}}
    return [FilmTrace(still | {"xaxis": "x3", "yaxis": "y3"}, _heights([trace.reach for trace in every]))]


def _heights(courses: list[np.ndarray]) -> Callable[[int], dict[str, Any]]:
    """Of each picture, how high its points stand."""
    drawn_once = [_positive(values) for values in courses]
    return lambda k: {"y": drawn_once[k]}


def _positive(values: np.ndarray) -> list[float | None]:
    """The values for a logarithmic axis: None for 0 and for what is no number."""
    return [y if y and y > 0 else None for y in drawn(values)]


def _place(figure: go.Figure, every: list[JacobianTrace], panels: PlotAreas, steps: int) -> None:
    """The axes of all panels, the names above the plots, and a line at 1 in each of them."""
    area, on_plane, singular_at, reach_at = panels
    edge = 1.12 * min(max([1.0, *(trace.spectral_radius for trace in every)]), RIM)
    common = {"fixedrange": True, "automargin": False}
    small = {"tickfont": {"size": SMALL}, "gridcolor": GRID, "zeroline": False}
    plane = common | {
        "range": [-edge, edge],
        "zeroline": True,
        "zerolinecolor": QUIET,
        "zerolinewidth": 1,
        "nticks": 7,
    }
    figure.update_layout(
        xaxis=plane | {"domain": on_plane.across, "constrain": "domain"},
        yaxis=plane | {"domain": on_plane.up, "scaleanchor": "x", "constrain": "domain"},
    )
    figure.update_layout(xaxis={"title": {"text": _("real part"), "standoff": 4}})
    figure.update_layout(yaxis={"title": {"text": _("imaginary part"), "standoff": 4}})
    along = (
        common
        | small
        | {"domain": reach_at.across, "range": [0.5, steps + 0.5], "showgrid": False}
        | step_ticks(steps, 6)
    )
    log = common | small | {"type": "log"}
    # The largest and the median set the range: the smallest ones may be smaller by many orders of magnitude.
    singular = np.concatenate([trace.singular_values[:, : 1 + len(trace.eigenvalues) // 2].ravel() for trace in every])
    reach = np.concatenate([trace.reach for trace in every])
    figure.update_layout(
        xaxis2=along | {"anchor": "y2", "showticklabels": False},
        yaxis2=log | {"anchor": "x2", "domain": singular_at.up, **_around_one(singular, SINGULAR_DECADES)},
        xaxis3=along | {"anchor": "y3", "title": {"text": _("step"), "standoff": 4}},
        yaxis3=log | {"anchor": "x3", "domain": reach_at.up, **_around_one(reach, REACH_DECADES)},
        xaxis4={"visible": False, "range": [0, 1], "domain": [0, 1], "anchor": "y4", "fixedrange": True},
        yaxis4={"visible": False, "range": [0, area], "domain": [0, 1], "anchor": "x4", "fixedrange": True},
    )
    for text, panel in (
        (_("<b>singular values of the step</b>: largest, median, smallest"), singular_at),
        (_("<b>reach</b>: how large a change at step t is at the end"), reach_at),
    ):
        place = {"x": panel.across[0], "y": panel.up[1]}
        figure.add_annotation(note(text, **place, xanchor="left", yanchor="bottom", yshift=4))
    for axis in ("y2", "y3"):
        line = {"type": "line", "xref": f"x{axis[1]} domain", "yref": axis, "x0": 0, "x1": 1, "y0": 1, "y1": 1}
        figure.add_shape(**line, line={"color": QUIET, "width": 1.5, "dash": "dash"}, layer="below")


def _around_one(values: np.ndarray, decades: float) -> dict[str, Any]:
    """The range and ticks of a logarithmic axis that holds 1 and these values, as far as ``decades`` go."""
    low, high = log_range(np.append(values, 1.0), depth=1e-300, least=2)
    between = [max(low, -decades), min(high, decades)]
    return {"range": between} | log_ticks(between)
