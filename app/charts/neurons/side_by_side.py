"""One stimulus, two models: a living neuron's course beside an artificial one's, on one time axis and one player."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.player import BUTTONS, PLAYER, FilmTrace, Panel, film, player
from app.charts.kit.style import GREEN, GRID, HIGHLIGHT, NORMAL, SMALL, escape, note, styled
from app.charts.neurons.course import CoursePanel, around, at
from app.charts.neurons.phase import Nullclines, phase_plane, phase_plane_in_words
from app.charts.neurons.unit import activation_names, formula, unit_courses, unit_in_words, unit_times
from app.charts.neurons.voltage import neuron_courses, voltage_in_words
from app.i18n import _
from model.traces import NeuronTrace, UnitTrace

# Heights in pixels: the two headings, a panel's title above it, the three rows, the time axis, the plane's row.
HEAD, TITLE, ROWS, AXIS, PLANE = 78, 30, (170, 96, 70), 52, 250
#: Where the two columns stand, in shares of the width.
COLUMNS = ((0.0, 0.465), (0.555, 1.0))
#: f for arrays.
Activation = Callable[[np.ndarray], np.ndarray]
#: The film has so many pictures at most, each for so many milliseconds.
PICTURES, PACE = 100, 110


class Planes(NamedTuple):
    """What the second row needs."""

    #: The neuron's nullclines.
    nullclines: Nullclines
    #: The unit's f.
    activation: Activation
    #: The current under which it is said whether the nullclines cross, such as the stimulus's peak.
    current: float


#: Pixels from an axis to its numbers: the moment's dots stand on it at the beginning.
CLEAR_OF_DOTS = 7


@chart
def side_by_side(
    neuron: NeuronTrace,
    unit: UnitTrace,
    *,
    step: float,
    name: str,
    unit_current: str,
    planes: Planes | None = None,
    moment: float = 0.0,
) -> Chart:
    """Left the model neuron called ``name``: voltage, inner state, current. Right the unit, one step of which lasts
    ``step`` ms: output, weighted sum, input. A film moves through both at once, in the browser,
    from the picture closest to ``moment``, ms.

    ``unit_current`` says which current is x = 1. With ``planes`` a second row shows the neuron's path in its phase
    plane, and the unit's point on its activation.
    """
    end = len(unit.output) * step
    moments = np.linspace(0, end, min(PICTURES, len(unit.output)), endpoint=False)
    left = neuron_courses(neuron)
    right = unit_courses(unit, step=step, of=escape(unit_current))
    rows = sum(ROWS) + TITLE * len(ROWS)
    plane = TITLE + PLANE + AXIS if planes else 0
    area = HEAD + rows + AXIS + PLAYER + plane
    up: Callable[[float], float] = lambda pixels: max(0.0, 1 - pixels / area)  # noqa: E731

    parts: list[FilmTrace] = []
    figure_axes: dict[str, dict] = {}
    texts: list[dict] = []
    place = 1
    for column, courses in zip(COLUMNS, (left, right), strict=True):
        top = HEAD
        for row, (course, height) in enumerate(zip(courses, ROWS, strict=True)):
            top += TITLE
            parts += _on(place, [*map(FilmTrace, course.parts), _cursor(course, moments)])
            domain = [up(top + height), up(top)]
            last = row == len(ROWS) - 1
            figure_axes |= _axes(place, column, domain, course.between, end, ticks=last)
            texts.append(_title(course.title, column, domain))
            place += 1
            top += height
    parts += _on(place, [_words(neuron, unit, step, moments, area)])
    figure_axes |= _unseen(place, area)
    place += 1
    if planes:
        top = HEAD + rows + AXIS + PLAYER + TITLE
        panels = (phase_plane(neuron, planes.nullclines, moments), _activation(unit, planes.activation, step, moments))
        for column, panel in zip(COLUMNS, panels, strict=True):
            parts += _on(place, panel.parts)
            domain = [up(top + PLANE), up(top)]
            figure_axes |= _plane_axes(place, column, domain, panel)
            texts.append(_title(panel.title, column, domain))
            place += 1

    start = int(np.abs(moments - moment).argmin())
    figure = film(parts, len(moments), start=start)
    styled(figure, height=area + 16, margin={"l": BUTTONS, "r": 16, "t": 8, "b": 8, "pad": 0})
    figure.update_layout(showlegend=False, hovermode="closest", dragmode=False, **figure_axes)
    headings = (_("Model neuron: {name}"), _("Artificial neuron: {name}"))
    names = (escape(name), activation_names()[unit.activation])
    for heading, named, column in zip(headings, names, COLUMNS, strict=True):
        text = f"<b>{heading.format(name=named)}</b>"
        texts.append(note(text, x=column[0], y=1, xanchor="left", yanchor="top", font={"size": NORMAL}))
    figure.update_layout(annotations=texts)
    figure.update_layout(player(len(moments), top=up(HEAD + rows + AXIS - 8), start=start, pace=PACE))
    return Chart(figure, _describe_side_by_side(neuron, unit, planes), wide=True)


def _describe_side_by_side(neuron: NeuronTrace, unit: UnitTrace, planes: Planes | None) -> str:
    """What the neuron did, whether it may rest, and what the unit did."""
    sentences = [voltage_in_words(neuron), unit_in_words(unit)]
    if planes:
        sentences.insert(1, phase_plane_in_words(neuron, planes.nullclines, planes.current))
    return " ".join(sentences)


def _on(place: int, parts: list[FilmTrace]) -> list[FilmTrace]:
    axes = {"xaxis": f"x{place}", "yaxis": f"y{place}"}
    return [FilmTrace(part.still | axes, part.at) for part in parts]


def _cursor(course: CoursePanel, moments: np.ndarray) -> FilmTrace:
    """A line through a panel at the moment, with dots where it meets the panel's lines.

    Each panel has one of its own: where nothing moves, Plotly would drop a panel's lines while the film plays.
    """
    still = {
        "type": "scatter",
        "mode": "lines+markers",
        "hoverinfo": "skip",
        "line": {"color": HIGHLIGHT, "width": 1.5},
    }
    still |= {"marker": {"color": HIGHLIGHT, "size": [0, *[9] * len(course.marked), 0], "opacity": 1}}
    return FilmTrace(still | {"cliponaxis": False}, lambda k: course.cursor(float(moments[k])))


def _words(neuron: NeuronTrace, unit: UnitTrace, step: float, moments: np.ndarray, area: int) -> FilmTrace:
    """Under the headings: the moment, the voltage and the spikes so far; the unit's formula with its numbers."""
    times = unit_times(unit, step)
    moment, spikes = _("at {time} ms: V = {voltage} mV"), _("spikes so far: <b>{count}</b>")

    def said(k: int) -> dict:
        now = float(moments[k])
        voltage = number(at(neuron.time, neuron.voltage, now), 1)
        count = int((neuron.spikes <= now).sum())
        t = int(np.searchsorted(times, now + 1e-9, side="right")) - 1
        left = (moment.format(time=f"{now:.0f}", voltage=voltage), spikes.format(count=count))
        return {"text": [*left, *formula(unit, t)]}

    still: dict[str, Any] = {"type": "scatter", "mode": "text", "textposition": "middle right", "hoverinfo": "skip"}
    still |= {"x": [column[0] for column in COLUMNS for _line in range(2)], "y": [area - 34, area - 54] * 2}
    return FilmTrace(still | {"textfont": {"size": SMALL}, "cliponaxis": False}, said)


def _activation(unit: UnitTrace, activation: Activation, step: float, moments: np.ndarray) -> Panel:
    """All that the unit can do: one point on one curve."""
    low, high = around(unit.pre_activation, np.array([-4.0, 4.0]), room=0.05)
    a = np.linspace(low, high, 161)
    y = activation(a)
    times = unit_times(unit, step)
    curve = {"type": "scatter", "mode": "lines", "x": a.astype(np.float32), "y": y.astype(np.float32)}
    curve |= {"line": {"color": GREEN, "width": 2.5}, "hoverinfo": "skip"}
    dot = {"type": "scatter", "mode": "markers", "marker": {"size": 11, "color": HIGHLIGHT}}
    dot |= {"hovertemplate": "a = %{x:.2f}, y = %{y:.2f}<extra></extra>"}

    def moved(k: int) -> dict:
        now = float(moments[k])
        return {
            "x": [round(at(times, unit.pre_activation, now), 3)],
            "y": [round(at(times, unit.output, now), 3)],
        }

    return Panel(
        _("activation: one point on a curve is all"),
        [FilmTrace(curve), FilmTrace(dot, moved)],
        {"range": [low, high], "title": {"text": "a", "font": {"size": SMALL}}},
        {"range": list(around(y, unit.output)), "title": {"text": "y", "font": {"size": SMALL}}},
    )


def _title(title: str, column: tuple[float, float], domain: list[float]) -> dict:
    return note(title, x=column[0], y=domain[1], xanchor="left", yanchor="bottom", yshift=3)


def _axes(
    place: int,
    column: tuple[float, float],
    domain: list[float],
    between: tuple[float, float],
    end: float,
    *,
    ticks: bool,
) -> dict[str, dict]:
    common = {"gridcolor": GRID, "zeroline": False, "fixedrange": True, "automargin": False}
    common |= {"tickfont": {"size": SMALL}}
    x = {"domain": list(column), "anchor": f"y{place}", "range": [0, end], "showticklabels": ticks}
    if ticks:
        x["title"] = {"text": _("time (ms)"), "font": {"size": SMALL}, "standoff": 2}
    y = {"domain": domain, "anchor": f"x{place}", "range": list(between), "nticks": 5}
    y["ticklabelstandoff"] = CLEAR_OF_DOTS
    return {f"xaxis{place}": common | x, f"yaxis{place}": common | y}


def _plane_axes(place: int, column: tuple[float, float], domain: list[float], panel: Panel) -> dict[str, dict]:
    common = {"gridcolor": GRID, "zeroline": False, "fixedrange": True, "automargin": False}
    common |= {"tickfont": {"size": SMALL}}
    x: dict[str, Any] = common | {"domain": list(column), "anchor": f"y{place}"} | panel.x
    y: dict[str, Any] = common | {"domain": domain, "anchor": f"x{place}"} | panel.y
    y["ticklabelstandoff"] = CLEAR_OF_DOTS
    x["title"] |= {"standoff": 2}
    y["title"] |= {"standoff": 4}
    return {f"xaxis{place}": x, f"yaxis{place}": y}


def _unseen(place: int, area: int) -> dict[str, dict]:
    """Axes that are not seen, over all of the figure: shares of its width, and pixels."""
    common = {"visible": False, "fixedrange": True, "domain": [0, 1]}
    x = common | {"anchor": f"y{place}", "range": [0, 1]}
    return {f"xaxis{place}": x, f"yaxis{place}": common | {"anchor": f"x{place}", "range": [0, area]}}
