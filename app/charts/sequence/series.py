"""A series of numbers: what came, what the network expected one step before, and how it goes on by itself."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, QUIET, message, styled
from app.charts.sequence.answers import AS_THEY_ARE, TaskUnits
from app.charts.sequence.drawn import drawn
from app.charts.sequence.texts import step_ticks
from app.i18n import _
from model.traces import SequenceTrace


@chart
def continued_series(
    trace: SequenceTrace, continued: Sequence[float] = (), *, task_units: TaskUnits = AS_THEY_ARE
) -> Chart:
    """A series against time: the true numbers; for each, what the network expected after the one before; and the
    numbers with which it goes on, each answer read as the next input.

    ``task_units`` brings the trace's numbers into the series' own; ``continued`` is in these already.
    """
    if trace.outputs is None or trace.outputs.shape[1] != 1:
        return message(_("This network does not answer with one number a step, so there is no series to continue."))
    steps = len(trace.inputs)
    figure = go.Figure()
    text = _("step {step}, {line}: {value}").format(step="%{x}", line="%{fullData.name}", value="%{y:.4g}")
    true, expected = _true(trace, task_units), _expected(trace, task_units)
    lines = (
        (_("the series"), range(1, len(true) + 1), true, GREEN, "solid", "circle", 3),
        (_("expected one step before"), range(2, steps + 2), expected, BLUE, "dot", "diamond", 2.5),
        (
            _("continued"),
            range(steps + 1, steps + 1 + len(continued)),
            np.asarray(continued),
            HIGHLIGHT,
            "solid",
            "square",
            3,
        ),
    )
    for name, x, y, colour, dash, symbol, width in lines:
        figure.add_scatter(
            x=list(x),
            y=drawn(y),
            name=name,
            mode="lines+markers" if steps + len(continued) <= 120 else "lines",
            line={"color": colour, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": 7, "color": colour},
            hovertemplate=text + "<extra></extra>",
            visible=len(y) > 0,
        )
    styled(figure, height=380, margin={"l": 64, "r": 16, "t": 50, "b": 56}, hovermode="closest", dragmode=False)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"})
    if len(continued):
        figure.add_vline(steps + 0.5, line={"color": QUIET, "width": 1.5, "dash": "dash"})
    figure.update_xaxes(title={"text": _("step"), "standoff": 4}, showgrid=False, fixedrange=True)
    figure.update_xaxes(step_ticks(steps + len(continued), 12))
    figure.update_yaxes(fixedrange=True)
    return Chart(figure, _describe_continued_series(trace, continued, task_units))


def _describe_continued_series(trace: SequenceTrace, continued: Sequence[float], task_units: TaskUnits) -> str:
    """How long the series is, and how far off the expectations were, and between what numbers it goes on."""
    true, expected = _true(trace, task_units), _expected(trace, task_units)
    sentences = [_("A series of {count} numbers.").format(count=len(true))]
    if len(true) > 1:
        error = float(np.abs(expected[:-1] - true[1:]).mean())
        text = _("One step ahead, the network was off by {error} on average.")
        sentences.append(text.format(error=f"{error:.3g}"))
    if len(continued):
        ends = {"least": number(min(continued), 2), "most": number(max(continued), 2)}
        text = _("By itself it goes on for {count} numbers, between {least} and {most}.")
        sentences.append(text.format(count=len(continued), **ends))
    return " ".join(sentences)


def _true(trace: SequenceTrace, task_units: TaskUnits) -> np.ndarray:
    """The series that was read, (T,)."""
    return task_units.of(trace.inputs[:, 0])


def _expected(trace: SequenceTrace, task_units: TaskUnits) -> np.ndarray:
    """What was expected at steps 2 ... T + 1, (T,)."""
    return task_units.of(trace.read_out[:, 0])
