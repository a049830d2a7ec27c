"""What the network says at a step: the likeliest symbols, the right one marked; or its numbers and the right ones."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from app.charts.kit.numbers import number
from app.charts.kit.player import FilmTrace, Panel
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, SMALL, percent
from app.charts.sequence.drawn import drawn
from app.charts.sequence.texts import step_ticks, symbol_text
from app.i18n import _
from model.traces import SequenceTrace

#: How many of the likeliest symbols are shown.
LIKELIEST = 5
#: Of many numbers said at one step, the first ones are shown.
MOST_NUMBERS = 12
#: What stands for them in a box.
MANY_NUMBERS = "…"
RIGHT, LIKELY = "rgba(0, 158, 115, 0.5)", "rgba(86, 180, 233, 0.5)"


class TaskUnits(NamedTuple):
    """What the network's numbers are in the task's own units: ``mean + deviation * y``."""

    mean: float = 0.0
    deviation: float = 1.0

    def of(self, values: np.ndarray) -> np.ndarray:
        return self.mean + self.deviation * np.asarray(values, np.float64)


#: Where the network's numbers are already those of the task.
AS_THEY_ARE = TaskUnits()


def said(trace: SequenceTrace, task_units: TaskUnits) -> tuple[str, ...]:
    """What the network says at each step, T texts: the likeliest symbol or the number; ``MANY_NUMBERS`` for
    many."""
    if trace.outputs is None:
        return ("",) * len(trace.hidden)
    if trace.classes:
        return tuple(trace.classes[int(y.argmax())] if np.isfinite(y).all() else number(np.nan) for y in trace.outputs)
    if trace.outputs.shape[1] == 1:
        return tuple(number(y, 2) for y in task_units.of(trace.outputs[:, 0]).tolist())
    return (MANY_NUMBERS,) * len(trace.outputs)


def right_numbers(trace: SequenceTrace) -> np.ndarray:
    """The right answers of a task on numbers, read from their names, in the task's units, (T, O); NaN where there is
    none."""
    steps, outputs = trace.read_out.shape
    right = np.full((steps, outputs), np.nan)
    for t, answer in enumerate(trace.answers):
        try:
            values = [float(word) for word in answer.split()]
        except ValueError:
            continue
        if len(values) == outputs:
            right[t] = values
    return right


def answers_panel(trace: SequenceTrace, task_units: TaskUnits) -> Panel:
    """What it says at each step of a trace with outputs."""
    if trace.probabilities is not None:
        return _likeliest(trace, trace.probabilities)
    if trace.read_out.shape[1] == 1:
        return _course(trace, task_units)
    return _numbers(trace, task_units)


def _likeliest(trace: SequenceTrace, probabilities: np.ndarray) -> Panel:
    """The likeliest symbols as bars; the right one green and ticked, with a line of its own if it is not among them."""
    best = np.argsort(-trace.read_out, axis=1, kind="stable")[:, :LIKELIEST]
    shares = np.take_along_axis(probabilities, best, axis=1)
    names = [symbol_text(name, 8) for name in trace.classes]
    place = {name: k for k, name in enumerate(trace.classes)}
    answers = trace.answers or ("",) * len(best)
    lines = list(range(best.shape[1]))

    def bars(t: int) -> dict[str, Any]:
        right = place.get(answers[t])
        return {"x": drawn(shares[t]), "marker": {"color": [RIGHT if k == right else LIKELY for k in best[t]]}}

    def texts(t: int) -> dict[str, Any]:
        right = place.get(answers[t])
        written = [_line(names[k], share, k == right) for k, share in zip(best[t], shares[t], strict=True)]
        if right is not None and right not in best[t]:
            written.append(_line(names[right], probabilities[t, right], True))
        elif trace.answers and not answers[t]:
            written.append("<i>" + _("nothing is asked here") + "</i>")
        return {"y": list(range(len(written))), "text": written}

    bar = {"type": "bar", "orientation": "h", "y": lines, "width": 0.84, "marker": {"line": {"width": 0}}}
    text: dict[str, Any] = {
        "type": "scatter",
        "mode": "text",
        "x": [0.02] * (LIKELIEST + 1),
        "textposition": "middle right",
    }
    text |= {"cliponaxis": False, "textfont": {"size": SMALL}}
    quiet = {"hoverinfo": "skip", "showlegend": False}
    return Panel(
        _("what it says: the likeliest"),
        [FilmTrace(bar | quiet, bars), FilmTrace(text | quiet, texts)],
        {"range": [0, 1], "tickvals": [0, 0.5, 1], "tickformat": ".0%"},
        {"range": [LIKELIEST + 0.5, -0.5], "visible": False},
    )


def _line(name: str, share: float, right: bool) -> str:
    text = f"{name}  {percent(share) if np.isfinite(share) else number(share)}"
    return f"<b>✓ {text}</b>" if right else text


def _course(trace: SequenceTrace, task_units: TaskUnits) -> Panel:
    """One number a step: what it says and what is right, over time."""
    steps = list(range(1, len(trace.hidden) + 1))
    values, right = drawn(task_units.of(trace.read_out[:, 0])), drawn(right_numbers(trace)[:, 0])
    text = _("step {step}, {line}: {value}").format(step="%{x}", line="%{fullData.name}", value="%{y:.3f}")
    line = {"type": "scatter", "showlegend": False, "hovertemplate": text + "<extra></extra>"}
    parts = [
        FilmTrace(
            line
            | {"x": steps, "y": right, "mode": "markers", "name": _("right"), "marker": {"symbol": "diamond-open"}}
            | {"marker": {"symbol": "diamond-open", "size": 8, "color": GREEN, "opacity": 1, "line": {"width": 2}}}
        ),
        FilmTrace(
            line | {"x": steps, "y": values, "mode": "lines", "name": _("said"), "line": {"color": BLUE, "width": 2}}
        ),
        FilmTrace(
            line | {"mode": "markers", "name": _("said"), "marker": {"size": 13, "color": HIGHLIGHT, "opacity": 1}},
            lambda t: {"x": [t + 1], "y": [values[t]]},
        ),
    ]
    title = _("said (line), right (◇)")
    return Panel(title, parts, {"range": [0.5, len(steps) + 0.5], **step_ticks(len(steps), 4)}, {"nticks": 5})


def _numbers(trace: SequenceTrace, task_units: TaskUnits) -> Panel:
    """Many numbers a step: what each output says and what is right."""
    values, right = task_units.of(trace.read_out)[:, :MOST_NUMBERS], right_numbers(trace)[:, :MOST_NUMBERS]
    outputs = list(range(values.shape[1]))
    text = _("output {output}, {line}: {value}").format(output="%{y}", line="%{fullData.name}", value="%{x:.3f}")
    dots = {"type": "scatter", "mode": "markers", "y": outputs, "showlegend": False}
    dots |= {"hovertemplate": text + "<extra></extra>"}
    right_marker = {"symbol": "diamond-open", "size": 11, "color": GREEN, "opacity": 1, "line": {"width": 2}}
    said_marker = {"symbol": "circle", "size": 10, "color": BLUE, "opacity": 1}
    finite = np.concatenate([values[np.isfinite(values)], right[np.isfinite(right)], [0.0, 1.0]])
    margin = 0.08 * float(np.ptp(finite))
    return Panel(
        _("said (●), right (◇)"),
        [
            FilmTrace(dots | {"name": _("right"), "marker": right_marker}, _row(right)),
            FilmTrace(dots | {"name": _("said"), "marker": said_marker}, _row(values)),
        ],
        {"range": [float(finite.min()) - margin, float(finite.max()) + margin], "nticks": 4},
        {"range": [len(outputs) - 0.5, -0.5], "tickvals": outputs},
    )


def _row(values: np.ndarray) -> Callable[[int], dict[str, Any]]:
    return lambda t: {"x": drawn(values[t])}
