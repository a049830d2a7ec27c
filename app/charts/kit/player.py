"""Figures as films: play, pause and a slider that the browser runs alone, changing only what changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from app.charts.kit.style import CLEAR, HIGHLIGHT, NORMAL, ON_PHONE, QUIET

#: Pixels left of the plot that the two buttons take.
BUTTONS = 92
#: Pixels that they and the slider take.
PLAYER = 46
#: Plotly's slider keeps its handle this far from its ends.
INSET = 10

#: A film takes about so long, but no picture stays longer or shorter than this, all in milliseconds.
WHOLE, SLOWEST, FASTEST = 24_000, 900, 150


class FilmTrace(NamedTuple):
    """One Plotly trace of a film."""

    #: What stays: the trace as a dict with its ``type``.
    still: dict[str, Any]
    #: What changes: the attributes at picture 0, 1, ...; None where nothing does.
    at: Callable[[int], dict[str, Any]] | None = None


class Panel(NamedTuple):
    """A part of a film with axes of its own."""

    #: What stands above it.
    title: str
    parts: list[FilmTrace]
    #: The layout of its x axis and of its y axis; ``scaleanchor`` is set where both have one scale.
    x: dict[str, Any]
    y: dict[str, Any]


def film(
    parts: Sequence[FilmTrace], count: int, *, start: int = 0, layout_at: Callable[[int], dict[str, Any]] | None = None
) -> go.Figure:
    """A figure of all parts at picture ``start``, with frames for ``count`` pictures, named "0", "1", ...

    A frame holds what changes and nothing else, each time as a whole, so that any may follow any. On each pair of axes
    something must move: Plotly drops the lines of the others while it plays.
    """
    moving = [(place, part.at) for place, part in enumerate(parts) if part.at]
    figure = go.Figure(data=[part.still for part in parts])
    for place, at in moving:
        figure.data[place].update(at(start))
    if layout_at:
        figure.update_layout(layout_at(start))
    if count > 1:
        figure.frames = [
            {
                "name": str(k),
                "data": [{"type": parts[place].still["type"]} | at(k) for place, at in moving],
                "traces": [place for place, _at in moving],
            }
            # Without need, not even an empty layout: Plotly would take long over a hundred of them.
            | ({"layout": layout_at(k)} if layout_at else {})
            for k in range(count)
        ]
    return figure


def inside_on_phone(margin: Mapping[str, int]) -> float:
    """How far the buttons reach into a phone's plot, whose margin has no room for them: a share of its width."""
    return BUTTONS / (ON_PHONE - margin["l"] - margin["r"])


def player(
    count: int,
    *,
    top: float,
    start: int = 0,
    names: Sequence[str] | None = None,
    edge: float = 0.0,
    inside: float = 0.0,
    pace: float | None = None,
) -> dict[str, Any]:
    """The layout of play, pause and slider for ``count`` pictures, ``top`` of the plot's height up.

    The slider bears no text: what changes says itself where it stands; ``names``, escaped, are what it calls the
    pictures (their numbers, if None). It leaves ``edge`` of the plot's width free at both ends, and begins where the
    buttons end, which reach so far into the plot (``inside``). A picture stays for ``pace`` milliseconds. One picture
    needs no player.
    """
    if count < 2:
        return {}
    instant = {"frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}, "mode": "immediate"}
    pace = pace or min(max(WHOLE / count, FASTEST), SLOWEST)
    names = names or [str(k + 1) for k in range(count)]
    playing = instant | {"frame": {"duration": pace, "redraw": True}, "fromcurrent": True}
    buttons = {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "x": inside,
        "xanchor": "right",
        "y": top,
        "yanchor": "top",
        "pad": {"t": 6, "r": 4},
        # A button has a ground of its own, so its text has a colour of its own.
        "bgcolor": "#E4EAF0",
        "bordercolor": QUIET,
        "font": {"color": "#1B2733", "size": NORMAL},
        "buttons": [
            {"method": "animate", "label": "▶", "args": [None, playing]},
            {"method": "animate", "label": "❚❚", "args": [[None], instant]},
        ],
    }
    slider = {
        "x": inside + edge,
        "len": 1 - inside - 2 * edge,
        "y": top,
        "yanchor": "top",
        "pad": {"t": 12, "b": 0, "l": -INSET, "r": -INSET},
        "active": start,
        "currentvalue": {"visible": False},
        "font": {"color": CLEAR, "size": 1},
        "ticklen": 5,
        "minorticklen": 0,
        "tickcolor": QUIET,
        "bgcolor": QUIET,
        "activebgcolor": HIGHLIGHT,
        "bordercolor": QUIET,
        "steps": [{"label": name, "method": "animate", "args": [[str(k)], instant]} for k, name in enumerate(names)],
    }
    return {"updatemenus": [buttons], "sliders": [slider]}
