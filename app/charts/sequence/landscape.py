"""The plane of a system of two variables as a field of arrows, with where it stands still and where it falls to."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number, size
from app.charts.kit.player import BUTTONS, PLAYER, FilmTrace, film, player
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, ORANGE, PINK, QUIET, SKY, SMALL, note, styled
from app.charts.sequence.drawn import drawn
from app.charts.sequence.texts import plain_name
from app.i18n import N_, _, ngettext
from model.traces import FixedPoint, LandscapeTrace

#: Pixels: above the plane, the plane, and its axis below.
HEAD, PLANE, AXIS = 58, 420, 52
#: Arrows along each axis, and how much of its cell the longest one crosses.
ARROWS, MAX_ARROW = 15, 0.9
#: Every so many states of the field along each axis, one can be clicked at.
TARGET = 2
#: A falling state trails so many of those before it.
TRAIL = 8
#: The most pictures of a film; of more states every second, third, ... is drawn.
PICTURES = 80
#: How each kind of point looks, in colour and symbol, and what it is called.
KINDS = {
    "stable": (HIGHLIGHT, "circle", N_("stable")),
    "saddle": (HIGHLIGHT, "x-thin-open", N_("saddle")),
    "unstable": (HIGHLIGHT, "circle-open", N_("unstable")),
    "marginal": (HIGHLIGHT, "diamond-open", N_("on the border")),
}


class PlaneLabels(NamedTuple):
    """What the two variables are, and how their time runs."""

    title: str
    #: What stands at the axes.
    x: str
    y: str
    #: Whether time goes in steps, and both have one scale, as units do.
    steps: bool = True


@chart
def landscape(trace: LandscapeTrace, plane: PlaneLabels) -> Chart:
    """The field, the two nullclines (green where the first variable stands still, orange where the second does), the
    fixed points, and as a film the fall from the start and, where there is one, the path of a sequence.

    An arrow points to where the state goes; the longer, the faster: the square root of the speed, so that slow ones are
    still seen. Where time goes in steps, a click chooses where the fall begins.
    """
    falling = _places(len(trace.fall))
    pictures = max(len(falling), len(trace.path), 1)
    parts = [FilmTrace(_arrows(trace)), *_nullclines(trace), *([FilmTrace(_targets(trace))] if plane.steps else [])]
    parts += [*_fall(trace, falling), *_path(trace), *_points(trace.points)]
    # It starts at the end: what one sees before pressing play is where it goes.
    figure = film(parts, pictures, start=pictures - 1)
    below = AXIS + PLAYER
    margin = {"l": BUTTONS, "r": 12, "t": HEAD, "b": below}
    styled(figure, height=HEAD + PLANE + below, margin=margin, hovermode="closest", dragmode=False, showlegend=False)
    common = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": False}
    figure.update_xaxes(common, range=_ends(trace.x), title={"text": plane.x, "standoff": 4})
    figure.update_yaxes(common, range=_ends(trace.y), title={"text": plane.y, "standoff": 2})
    if plane.steps:
        figure.update_xaxes(constrain="domain")
        figure.update_yaxes(scaleanchor="x", constrain="domain")
    legend = _("{first} {x} stands still, {second} {y} does").format(
        first=_ink(GREEN, "━"), x=plane.x, second=_ink(ORANGE, "╍"), y=plane.y
    )
    figure.add_annotation(note(f"<b>{plane.title}</b><br>{legend}", x=0, y=1, xanchor="left", yanchor="bottom"))
    figure.update_layout(player(pictures, top=-AXIS / PLANE, start=pictures - 1))
    return Chart(figure, _in_sentences(trace, plane.steps))


def _in_sentences(trace: LandscapeTrace, steps: bool) -> str:
    """Which fixed points there are and of what kind, where the fall ends, and what a sequence did; and where time goes
    in steps, what the linear part says of that end."""
    sentences = [counted(trace.points)]
    end = trace.falls_to
    if end is not None:
        where, kind = _at(trace.points[end].state), _(KINDS[trace.points[end].kind][2])
        sentences.append(_("From the start it falls to ({where}), which is {kind}.").format(where=where, kind=kind))
    else:
        sentences.append(_("From the start it does not come to rest in the time shown."))
    if steps and end is not None:
        sentences.append(in_words(trace.points[end]))
    if len(trace.path) and any(point.kind == "stable" for point in trace.points):
        sentences.append(_visits(trace))
    return " ".join(sentences)


def counted(points: Sequence[FixedPoint]) -> str:
    """How many points of each kind."""
    if not points:
        return _("No fixed point was found: nowhere can it stand still.")
    kinds = [kind for kind in KINDS if any(point.kind == kind for point in points)]
    text = _("{count} {kind}")
    listed = _(", ").join(
        text.format(count=sum(point.kind == kind for point in points), kind=_(KINDS[kind][2])) for kind in kinds
    )
    return _("Fixed points found: {listed}.").format(listed=listed)


def in_words(point: FixedPoint) -> str:
    """What the linear part says of the slowest or fastest growing direction at a point: its time, and its turning."""
    absolute = float(np.abs(point.eigenvalues[0]))
    time, turns = float(point.time_constants[0]), float(point.frequencies[0])
    if absolute < 1e-9:
        text = _("Near it, a change is gone after one step.")
    elif not np.isfinite(time) or abs(time) > 1e6:
        text = _("Near it, there is a direction in which a change neither fades nor grows: |λ| = 1.")
    elif time > 0:
        text = _("Near it, the slowest change fades to 1/e in {steps} steps (|λ| = {size}).")
    else:
        text = _("Near it, the fastest change grows e times in {steps} steps (|λ| = {size}).")
    text = text.format(steps=size(abs(time)), size=number(absolute))
    # What turns much more slowly than it fades is not seen to turn.
    if turns < 0.4999 and turns * min(abs(time), 1e6) > 0.05:
        text += " " + _("It turns once in {steps} steps (arg λ / 2π = {turns}).").format(
            steps=size(1 / turns), turns=number(turns)
        )
    elif turns >= 0.4999 and absolute > 1e-9:
        text += " " + _("It jumps from side to side at each step.")
    return text


def _visits(trace: LandscapeTrace) -> str:
    """Which of the resting places the sequence was nearest to, and at which symbols it went over to another. A state
    that is nearer to a point where nothing rests is at none of them."""
    states = np.stack([point.state for point in trace.points])
    nearest = np.linalg.norm(trace.path[:, None] - states, axis=2).argmin(axis=1)
    at_rest = np.flatnonzero([trace.points[place].kind == "stable" for place in nearest])
    nearest = nearest[at_rest]
    turns = at_rest[1:][np.diff(nearest) != 0] - 1
    text = ngettext(
        "The sequence of {count} steps was near {visited} of the resting places, and changed once.",
        "The sequence of {count} steps was near {visited} of the resting places, and changed {turns} times.",
        len(turns),
    )
    text = text.format(count=len(trace.path) - 1, visited=len(set(nearest.tolist())), turns=len(turns))
    if len(turns) and trace.symbols:
        at = _(", ").join(f"{t + 1} “{plain_name(trace.symbols[t])}”" for t in turns[:8].tolist())
        text += " " + ngettext("That was at step {at}.", "That was at the steps {at}.", len(turns)).format(at=at)
    return text


def _ink(colour: str, sign: str) -> str:
    return f'<span style="color:{colour}">{sign}</span>'


def _at(state: np.ndarray) -> str:
    return ", ".join(number(float(one), 2) for one in state)


def _ends(axis: np.ndarray) -> list[float]:
    return [float(axis[0]), float(axis[-1])]


def _places(count: int) -> np.ndarray:
    """Which states of a long fall the film stops at; the first and the last are among them."""
    return np.unique(np.linspace(0, count - 1, min(count, PICTURES)).round().astype(int))


def _arrows(trace: LandscapeTrace) -> dict[str, Any]:
    """One trace: each arrow is a line of two points and a gap."""
    columns = _centres(len(trace.x))
    rows = _centres(len(trace.y))
    x, y = np.meshgrid(trace.x[columns], trace.y[rows])
    change = trace.change[np.ix_(rows, columns)]  # (R, C, 2)
    # As shares of the plane, so that mV and what is not mV weigh alike.
    extent = np.array([np.ptp(trace.x), np.ptp(trace.y)])
    shares = change / extent
    speeds = np.linalg.norm(shares, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        lengths = np.sqrt(speeds / speeds.max()) * MAX_ARROW / ARROWS
        ahead = np.nan_to_num(shares / speeds * lengths) * extent
    gap = np.full(x.shape, np.nan)
    still = {"type": "scatter", "mode": "lines+markers", "hoverinfo": "skip", "line": {"color": QUIET, "width": 1.2}}
    still["x"] = drawn(np.stack([x, x + ahead[..., 0], gap], axis=-1).ravel())
    still["y"] = drawn(np.stack([y, y + ahead[..., 1], gap], axis=-1).ravel())
    sizes = [0, 7, 0] * x.size
    still["marker"] = {"symbol": "arrow", "angleref": "previous", "size": sizes, "color": QUIET, "line": {"width": 0}}
    return still


def _centres(count: int) -> np.ndarray:
    return np.linspace(0, count - 1, 2 * ARROWS + 1).round().astype(int)[1::2]


def _nullclines(trace: LandscapeTrace) -> list[FilmTrace]:
    parts = []
    for k, (colour, dash) in enumerate(((GREEN, "solid"), (ORANGE, "dash"))):
        border = {"start": 0, "end": 0, "size": 1, "coloring": "none"}
        field = {"x": trace.x.astype(np.float32), "y": trace.y.astype(np.float32)}
        # Only where it is 0 is drawn: far away, single precision needs no larger numbers.
        field["z"] = np.nan_to_num(trace.change[..., k]).clip(-1e6, 1e6).astype(np.float32)
        line = {"color": colour, "width": 2.5, "dash": dash, "smoothing": 0.6}
        drawing = {"contours": border, "line": line, "showscale": False, "hoverinfo": "skip"}
        parts.append(FilmTrace({"type": "contour", **field, **drawing}))
    return parts


def _targets(trace: LandscapeTrace) -> dict[str, Any]:
    """Unseen points all over the plane to be clicked at, with ``customdata`` = the state there: let it fall from it."""
    x, y = (grid.ravel() for grid in np.meshgrid(trace.x[::TARGET], trace.y[::TARGET]))
    unseen = {"marker": {"opacity": 0}}
    still = {"type": "scatter", "mode": "markers", "x": x.astype(np.float32), "y": y.astype(np.float32)}
    still |= {"marker": {"size": 16, "opacity": 0}, "selected": unseen, "unselected": unseen}
    hint = _("click: fall from here ({x}, {y})").format(x="%{x:.2f}", y="%{y:.2f}")
    # As lists: of an array's rows a click would give back objects, not numbers in their order.
    return still | {"customdata": np.stack([x, y], axis=1).round(3).tolist(), "hovertemplate": f"{hint}<extra></extra>"}


def _fall(trace: LandscapeTrace, places: np.ndarray) -> list[FilmTrace]:
    """The whole fall, pale, from a star on; its last steps, thick; and where it is."""
    x, y = drawn(trace.fall[:, 0]), drawn(trace.fall[:, 1])
    whole = {"type": "scatter", "mode": "lines+markers", "x": x, "y": y, "hoverinfo": "skip", "opacity": 0.75}
    marks = [12, *[4 if len(x) <= 100 else 0] * (len(x) - 1)]
    whole |= {"line": {"color": PINK, "width": 1.5}}
    whole["marker"] = {"color": PINK, "size": marks, "symbol": ["star", *["circle"] * (len(x) - 1)], "opacity": 1}
    stretch = max(1, len(trace.fall) // PICTURES)

    def last(k: int) -> dict[str, Any]:
        place = places[min(k, len(places) - 1)]
        first = max(place - TRAIL * stretch, 0)
        tail = len(x[first : place + 1])
        return {"x": x[first : place + 1], "y": y[first : place + 1], "marker": {"size": [0] * (tail - 1) + [14]}}

    trail = {"type": "scatter", "mode": "lines+markers", "line": {"color": PINK, "width": 4}, "hoverinfo": "skip"}
    trail["marker"] = {"color": PINK, "opacity": 1, "line": {"width": 0}}
    return [FilmTrace(whole), FilmTrace(trail, last)]


def _path(trace: LandscapeTrace) -> list[FilmTrace]:
    """The path of the sequence: all of it, thin; its last steps as arrows; where it is, with the symbol read."""
    if not len(trace.path):
        return []
    x, y = drawn(trace.path[:, 0]), drawn(trace.path[:, 1])
    text = _("after step {step}, “{symbol}”")
    symbols = trace.symbols or ("",) * (len(x) - 1)
    stories = [_("before the first step")]
    stories += [text.format(step=t + 1, symbol=plain_name(symbol)) for t, symbol in enumerate(symbols)]
    whole: dict[str, Any] = {"type": "scatter", "mode": "lines+markers", "x": x, "y": y, "hovertext": stories}
    whole |= {"hovertemplate": "%{hovertext}<extra></extra>", "line": {"color": SKY, "width": 2}, "opacity": 0.9}
    whole["marker"] = {"color": BLUE, "size": 5}

    def last(k: int) -> dict[str, Any]:
        place = min(k, len(x) - 1)
        first = max(place - 3, 0)
        tail = place + 1 - first
        name = plain_name(symbols[place - 1]) if place else ""
        marker = {"size": [0, *[9] * (tail - 1)][:tail] if tail > 1 else [9]}
        return {
            "x": x[first : place + 1],
            "y": y[first : place + 1],
            "marker": marker,
            "text": [""] * (tail - 1) + [name],
        }

    trail = {"type": "scatter", "mode": "lines+markers+text", "line": {"color": BLUE, "width": 3}}
    trail |= {"textposition": "top center", "textfont": {"size": SMALL}, "hoverinfo": "skip"}
    trail["marker"] = {"color": BLUE, "symbol": "arrow", "angleref": "previous", "opacity": 1, "line": {"width": 0}}
    return [FilmTrace(whole), FilmTrace(trail, last)]


def _points(points: Sequence[FixedPoint]) -> list[FilmTrace]:
    if not points:
        return []
    return [FilmTrace(marks(points, np.stack([point.state for point in points])))]


def marks(points: Sequence[FixedPoint], at: np.ndarray) -> dict[str, Any]:
    """The points at these places (N, 2): the kind as a symbol, what else is known under the pointer."""
    colours, symbols, _names = zip(*(KINDS[point.kind] for point in points), strict=True)
    marker = {"color": colours, "symbol": symbols, "size": 15, "opacity": 1, "line": {"width": 3, "color": HIGHLIGHT}}
    place = {"x": drawn(at[:, 0]), "y": drawn(at[:, 1]), "mode": "markers", "type": "scatter", "marker": marker}
    return place | {"hovertext": [story(point) for point in points], "hovertemplate": "%{hovertext}<extra></extra>"}


def story(point: FixedPoint) -> str:
    """A point in a line or two: its kind, its speed, its first eigenvalues."""
    first = ", ".join(_eigenvalue(value) for value in point.eigenvalues[:3])
    text = _("{kind}, speed {speed}<br>eigenvalues {eigenvalues}")
    more = "" if len(point.eigenvalues) <= 3 else ", …"
    return text.format(kind=_(KINDS[point.kind][2]), speed=size(point.speed), eigenvalues=first + more)


def _eigenvalue(value: complex) -> str:
    if abs(value.imag) < 1e-9:
        return number(value.real)
    return f"{number(value.real)} {'−' if value.imag < 0 else '+'} {number(abs(value.imag))} i"
