"""The network unrolled along time: boxes x_t → h_t → y_t, as far as it has read, with the current step lit.

A window of steps moves along with the current one, so that boxes keep their size however long the sequence is.
"""

from typing import Any

import numpy as np

from app.charts.kit.numbers import number
from app.charts.kit.player import FilmTrace
from app.charts.kit.style import HIGHLIGHT, QUIET, SMALL
from app.charts.sequence.formulas import FROM_INPUT, FROM_STATE
from app.charts.sequence.texts import names_of, symbol_text
from app.i18n import _
from model.cells import CELLS
from model.traces import SequenceTrace

#: In pixels: a box's side, and the heights of the rows' middles; the height of all, with and without outputs.
BOX, READS, STATES, SAYS, ANSWERS = 44, 44, 118, 192, 230
WITH_OUTPUTS, WITHOUT = 244, 144
#: So many boxes stand side by side, the state before the first step among them, with room for the arrows between them
#: in a lesson's column; short sequences leave this many.
WINDOW, MIN_STEPS = 9, 7

#: A box has a ground of its own, so its text has a colour of its own.
GROUND, RIGHT, WRONG, INK, PALE_INK = "#E4EAF0", "#A9DFC9", "#F6C9A8", "#1B2733", "#FFFFFF"


def height(trace: SequenceTrace) -> int:
    """The height that the network takes, in pixels, which are the units of its y axis too."""
    return WITHOUT if trace.outputs is None else WITH_OUTPUTS


def window(trace: SequenceTrace, t: int) -> tuple[int, int]:
    """The first and the last place that is seen at step ``t`` (from 0); place 0 is the state before the first step."""
    last = len(trace.hidden)
    seen = min(last + 1, WINDOW)
    first = min(max(t + 1 - (2 * seen) // 3, 0), last + 1 - seen)
    return first, first + seen - 1


def axis_range(trace: SequenceTrace, t: int, most: int | None = None) -> list[float]:
    """The range of the network's x axis at step ``t``; with ``most``, of no more steps."""
    first, last = window(trace, t)
    if most is not None:
        first = min(max(first, t + 2 - most), max(last + 1 - most, 0))
        return [first - 0.5, first + most - 0.5]
    return [first - 0.5, max(last, first + MIN_STEPS - 1) + 0.5]


def rows(trace: SequenceTrace) -> dict[int, str]:
    """What stands in each row, by its height."""
    named = {READS: _("reads x<sub>t</sub>"), STATES: _("state h<sub>t</sub>")}
    if trace.outputs is not None:
        named[SAYS] = _("says y<sub>t</sub>")
        if any(trace.answers):
            named[ANSWERS] = _("right answer")
    return named


def bound(trace: SequenceTrace) -> float:
    """The state's scale goes from minus this to this: 1, or where it has no bound, as with ReLU, the largest state."""
    if CELLS[trace.cell].bounded:
        return 1.0
    finite = np.abs(trace.hidden[np.isfinite(trace.hidden)])
    return float(finite.max(initial=0)) or 1.0


def network(trace: SequenceTrace, said: tuple[str, ...], unit: int) -> list[FilmTrace]:
    """The boxes and arrows; ``said`` is what it says at each step, and ``unit`` the one that colours the states."""
    steps = len(trace.hidden)
    parts = [
        _waiting(trace),
        FilmTrace(_arrows(QUIET, 1.5), lambda t: _all_arrows(trace, t)),
        FilmTrace(_arrows(FROM_STATE, 4), lambda t: _path((t, STATES), (t + 1, STATES))),
        FilmTrace(_arrows(FROM_INPUT, 4), lambda t: _path((t + 1, READS), (t + 1, STATES))),
    ]
    if trace.outputs is not None:
        parts.append(FilmTrace(_arrows(HIGHLIGHT, 4), lambda t: _path((t + 1, STATES), (t + 1, SAYS))))
    inputs = _boxes(list(range(1, steps + 1)), READS, [symbol_text(name, 5) for name in names_of(trace)])
    parts += [FilmTrace(inputs), _state_boxes(trace, trace.states[:, unit])]
    if trace.outputs is not None:
        parts += _said_boxes(trace, said)
    frame = {"symbol": "square-open", "size": BOX, "color": HIGHLIGHT, "line": {"width": 4}}
    heights = [READS, STATES] if trace.outputs is None else [READS, STATES, SAYS]
    parts.append(FilmTrace(_scatter(y=heights, mode="markers", marker=frame), lambda t: {"x": [t + 1] * len(heights)}))
    return parts


def _waiting(trace: SequenceTrace) -> FilmTrace:
    """Where states and outputs will stand."""
    heights = [STATES] if trace.outputs is None else [STATES, SAYS]
    x = [place for place in range(1, len(trace.hidden) + 1) for _height in heights]
    still = {"symbol": "square-open", "size": BOX, "color": "rgba(128, 128, 128, 0.45)", "line": {"width": 1}}
    return FilmTrace(_scatter(x=x, y=heights * len(trace.hidden), mode="markers", marker=still))


def _state_boxes(trace: SequenceTrace, states: np.ndarray) -> FilmTrace:
    top = bound(trace)
    colours = {"colorscale": "RdBu_r", "cmin": -top, "cmax": top, "line": {"width": 1, "color": QUIET}}
    still = _boxes([], STATES, []) | {"marker": {"symbol": "square", "size": BOX, "opacity": 1} | colours}
    still |= {"hoverinfo": "text"}
    text = _("state after step {step}: {value}")

    def at(t: int) -> dict[str, Any]:
        first, _last = window(trace, t)
        seen = np.arange(first, t + 2)
        values = states[seen]
        strong = np.abs(np.nan_to_num(values)) > 0.6 * top
        return {
            "x": seen.tolist(),
            "y": [STATES] * len(seen),
            "text": [number(value, 2) for value in values],
            "hovertext": [text.format(step=s, value=number(v, 4)) for s, v in zip(seen, values, strict=True)],
            "marker": {"color": [round(float(v), 3) for v in np.nan_to_num(values)]},
            "textfont": {"color": [PALE_INK if dark else INK for dark in strong]},
        }

    return FilmTrace(still, at)


def _said_boxes(trace: SequenceTrace, said: tuple[str, ...]) -> list[FilmTrace]:
    """What it says, and above it the right answer; where that is one of classes, whether it was right."""
    answers = trace.answers or ("",) * len(said)
    marks = [_mark(one, answer, bool(trace.classes)) for one, answer in zip(said, answers, strict=True)]
    names = [symbol_text(one, 5) for one in said]
    texts = [
        f"{mark} {symbol_text(answer, 6)}".strip() if answer else ""
        for mark, answer in zip(marks, answers, strict=True)
    ]
    colours = {"✓": RIGHT, "✗": WRONG, "": GROUND}

    def boxes(t: int) -> dict[str, Any]:
        first = max(window(trace, t)[0], 1)
        seen = slice(first - 1, t + 1)
        places = list(range(first, t + 2))
        ground = [colours[mark] for mark in marks[seen]]
        return {"x": places, "y": [SAYS] * len(places), "text": names[seen], "marker": {"color": ground}}

    def above(t: int) -> dict[str, Any]:
        first = max(window(trace, t)[0], 1)
        return {"x": list(range(first, t + 2)), "text": texts[first - 1 : t + 1]}

    written = _scatter(y=[ANSWERS] * WINDOW, mode="text", textfont={"size": SMALL})
    return [FilmTrace(_boxes([], SAYS, []), boxes), FilmTrace(written, above)]


def _mark(said: str, answer: str, choice: bool) -> str:
    if not answer or not choice:
        return ""
    return "✓" if said == answer else "✗"


def _boxes(x: list[int], y: float, text: list[str]) -> dict[str, Any]:
    ground = {"symbol": "square", "size": BOX, "color": GROUND, "opacity": 1, "line": {"width": 1, "color": QUIET}}
    font = {"size": SMALL, "color": INK}
    return _scatter(x=x, y=[y] * len(x), mode="markers+text", marker=ground, text=text, textfont=font)


def _all_arrows(trace: SequenceTrace, t: int) -> dict[str, Any]:
    """The arrows of all steps that are seen and read so far."""
    first, _last = window(trace, t)
    ends: list[tuple[tuple[int, float], tuple[int, float]]] = []
    for place in range(max(first, 1), t + 2):
        ends.append(((place, READS), (place, STATES)))
        if place > first:
            ends.append(((place - 1, STATES), (place, STATES)))
        if trace.outputs is not None:
            ends.append(((place, STATES), (place, SAYS)))
    x = [value for (x0, _y0), (x1, _y1) in ends for value in (x0, x1, None)]
    y = [value for (_x0, y0), (_x1, y1) in ends for value in (y0, y1, None)]
    return {"x": x, "y": y}


def _path(start: tuple[int, float], end: tuple[int, float]) -> dict[str, Any]:
    return {"x": [start[0], end[0]], "y": [start[1], end[1]]}


def _arrows(colour: str, width: float) -> dict[str, Any]:
    """Lines from box to box, each with its head where the next box begins."""
    head = {"symbol": "arrow", "angleref": "previous", "standoff": BOX / 2, "color": colour, "opacity": 1}
    head |= {"size": [0, 9 + width, 0] * (3 * WINDOW), "line": {"width": 0}}
    return _scatter(mode="lines+markers", line={"color": colour, "width": width}, marker=head)


def _scatter(**more: Any) -> dict[str, Any]:
    return {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "cliponaxis": True} | more
