"""What remains when a stimulus is gone: in a circuit of spiking neurons, and in a recurrent unit."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, ORANGE, QUIET
from app.charts.neurons.course import around, level, line
from app.charts.neurons.panels import Column, Plot, label, two_columns
from app.i18n import _
from model.traces import CircuitTrace, UnitTrace

#: Pixels: the stimulus, the raster beside the unit's state, the rates beside the map.
HEIGHTS = (44, 190, 150)
#: Of each group, so many neurons are drawn.
DRAWN = (24, 24, 12, 12)
#: The groups' looks: told apart by colour and by dash, the two that remember also by their sign in a title.
COLOURS = (BLUE, ORANGE, QUIET, HIGHLIGHT)
DASHES = ("solid", "dash", "solid", "dot")
SIGNS = ("━", "╍")
#: The time of a flash.
FLASHED = "rgba(128, 128, 128, 0.18)"
#: A rate from which on a group counts as active, Hz: rest is near 3 Hz, a memory at 15 Hz and more.
ACTIVE = 8.0
#: What of the end is looked at, ms.
LATE = 400.0
#: |h| from which on a unit remembers.
HELD = 0.2
#: How far from a level's line its name stands, in units of h.
CLEAR_OF_LINE = 0.06


@chart
def circuit_and_unit(
    circuit: CircuitTrace,
    unit: UnitTrace,
    *,
    step: float,
    points: Sequence[tuple[float, bool]],
    response: tuple[np.ndarray, np.ndarray],
) -> Chart:
    """Left, the circuit: its stimulus, which neurons fire when, and the groups' rates. Right, a tanh unit, a step of
    which lasts ``step`` ms: its input, its state h with its fixed points ``points`` (value, stable) as lines, and the
    map from one h to the next without input, ``response``, with the same points where it crosses the diagonal."""
    left = Column(_("Circuit of {count} spiking neurons").format(count=f"{sum(circuit.sizes):,}"), _circuit(circuit))
    right = Column(
        _("Recurrent unit: h<sub>t</sub> = tanh(w h<sub>t−1</sub> + x<sub>t</sub> + b)"),
        _unit(unit, step, points, response),
    )
    figure = two_columns(left, right, HEIGHTS, margin=92)
    return Chart(figure, _describe_circuit_and_unit(circuit, unit, points), wide=True)


def held_by_circuit(trace: CircuitTrace) -> tuple[bool, bool]:
    """Whether group A, and B, fires at the end as no group at rest does."""
    late = trace.rates(LATE)[-1, :2]
    return bool(late[0] > ACTIVE), bool(late[1] > ACTIVE)


def _describe_circuit_and_unit(circuit: CircuitTrace, unit: UnitTrace, points: Sequence[tuple[float, bool]]) -> str:
    """What both remember at the end."""
    return f"{_said_of_circuit(circuit)} {_said_of_unit(unit, points)}"


def _said_of_circuit(trace: CircuitTrace) -> str:
    a, b = held_by_circuit(trace)
    shown = np.any(trace.stimulus, axis=0)
    late = trace.rates(LATE)[-1]
    if (a and not shown[0]) or (b and not shown[1]):
        text = _("Circuit: a group is active that nothing showed. At the end, A fires at {a} Hz, group B at {b} Hz.")
    else:
        text = {
            (True, False): _("Circuit: it remembers A. At the end, group A fires at {a} Hz, group B at {b} Hz."),
            (False, True): _("Circuit: it remembers B. At the end, group A fires at {a} Hz, group B at {b} Hz."),
            (False, False): _("Circuit: nothing remains. At the end, group A fires at {a} Hz, group B at {b} Hz."),
            (True, True): _("Circuit: both groups are active. At the end, A fires at {a} Hz, group B at {b} Hz."),
        }[a, b]
    return text.format(a=f"{late[0]:.0f}", b=f"{late[1]:.0f}")


def _said_of_unit(trace: UnitTrace, points: Sequence[tuple[float, bool]]) -> str:
    """With a single place to stay, where it ends says nothing of what came; nor does it where nothing came."""
    h = float(trace.output[-1])
    if len(points) == 1 and abs(h) > HELD:
        text = _("Unit: whatever came, it ends at h = {h}.")
    elif abs(h) > HELD and not trace.inputs.any():
        text = _("Unit: nothing came, and it went to h = {h} by its bias alone.")
    elif h > HELD:
        text = _("Unit: it remembers A; at the end h = {h}.")
    elif h < -HELD:
        text = _("Unit: it remembers B; at the end h = {h}.")
    else:
        text = _("Unit: nothing remains; at the end h = {h}.")
    return text.format(h=number(h, 2))


def _circuit(trace: CircuitTrace) -> list[Plot]:
    end = float(trace.time[-1] + trace.time[1])
    span = {"range": [0, end]}
    every = max(1, len(trace.time) // 800)
    groups = (_("A"), _("B"), _("others"), _("inhibitory"))

    stimulus = []
    for group in range(2):
        hover = _("{time} ms: stimulus {group}, {value} more spikes a second for each neuron")
        text = hover.format(time="%{x:.0f}", group=groups[group], value="%{y:.0f}")
        style = {"dash": DASHES[group]}
        stimulus.append(line(trace.time, trace.stimulus[:, group], COLOURS[group], text, line=style, fill="tozeroy"))
    most = max(float(trace.stimulus.max()), 1.0) * 1.15
    plots = [Plot(_("stimulus (Hz)"), stimulus, span, {"range": [0, most], "nticks": 3})]

    spikes, middles, floor = [], [], 0
    first = np.concatenate([[0], np.cumsum(trace.sizes)])
    for group, (name, count) in enumerate(zip(groups, DRAWN, strict=True)):
        count = min(count, trace.sizes[group])
        shown = (trace.spike_neurons >= first[group]) & (trace.spike_neurons < first[group] + count)
        hover = _("{group}: a spike at {time} ms").format(group=name, time="%{x:.0f}")
        spikes.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": trace.spike_times[shown].astype(np.float32),
                "y": (floor + trace.spike_neurons[shown] - first[group]).astype(np.float32),
                "marker": {"size": 3.5, "color": COLOURS[group]},
                "hovertemplate": hover + "<extra></extra>",
            }
        )
        middles.append(floor + count / 2)
        floor += count + 4
    spikes.insert(0, _flashed(trace.time, np.any(trace.stimulus, axis=1), (-4, floor)))
    axis = {"range": [floor, -4], "tickvals": middles, "ticktext": list(groups), "showgrid": False}
    timed = span | {"title": _("time (ms)")}
    plots.append(Plot(_("each dot a spike, each row a neuron"), spikes, timed, axis))

    rates = trace.rates()
    lines = []
    for group in (3, 2, 1, 0):
        hover = _("{time} ms: {group} at {value} Hz")
        text = hover.format(time="%{x:.0f}", group=groups[group], value="%{y:.1f}")
        look = {"width": 3 if group < 2 else 1.5, "dash": DASHES[group]}
        lines.append(line(trace.time[::every], rates[::every, group], COLOURS[group], text, line=look))
    top = max(30.0, 1.1 * float(rates.max()))
    lines.insert(0, _flashed(trace.time, np.any(trace.stimulus, axis=1), (0, top)))
    named = [f'<span style="color:{COLOURS[k]}">{SIGNS[k]} <b>{groups[k]}</b></span>' for k in range(2)]
    title = _("firing rates (Hz): {a}, {b}, the rest").format(a=named[0], b=named[1])
    plots.append(Plot(title, lines, timed, {"range": [0, top]}))
    return plots


def _unit(
    trace: UnitTrace, step: float, points: Sequence[tuple[float, bool]], response: tuple[np.ndarray, np.ndarray]
) -> list[Plot]:
    end = len(trace.output) * step
    times = np.arange(len(trace.output) + 1) * step
    span = {"range": [0, end]}
    held = {"line": {"shape": "hv"}}

    def last_held(values: np.ndarray) -> np.ndarray:
        return np.append(values, values[-1])

    x = last_held(trace.inputs[:, 0])
    hover = _("{time} ms: x = {value}").format(time="%{x:.0f}", value="%{y:.1f}")
    most = 1.15 * max(1.0, float(np.abs(x).max()))
    plots = [
        Plot(
            _("input x: A is positive, B negative"),
            [level((0, end), 0.0, QUIET), line(times, x, QUIET, hover, **held)],
            span,
            {"range": [-most, most], "nticks": 3},
        )
    ]
    hover = _("{time} ms: h = {value}").format(time="%{x:.0f}", value="%{y:.3f}")
    lines = [
        level((0, end), value, GREEN if stable else HIGHLIGHT, "dash" if stable else "dot") for value, stable in points
    ]
    lines.insert(0, _flashed(times, x != 0, (-1.08, 1.08)))
    stays = [value for value, stable in points if stable]
    names = (_("can stay: B"), _("can stay: A")) if len(stays) == 2 else (_("ends here"),)
    for name, value in zip(names, stays, strict=True):
        towards_zero = "bottom left" if value > 0 else "top left"  # where no other line runs
        lines.append(label(name, end, value - math.copysign(CLEAR_OF_LINE, value), GREEN, towards_zero))
    title = _("state h, a step each {step} ms").format(step=f"{step:g}")
    state = line(times, last_held(trace.output), GREEN, hover, line={"shape": "hv", "width": 3})
    plots.append(Plot(title, [*lines, state], span | {"title": _("time (ms)")}, {"range": [-1.08, 1.08]}))

    before, after = response
    hover = _("from h = {before} to {after}").format(before="%{x:.2f}", after="%{y:.2f}")
    parts = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [-1, 1],
            "y": [-1, 1],
            "line": {"color": QUIET, "width": 1.5, "dash": "dot"},
            "hoverinfo": "skip",
        },
        line(before, after, GREEN, hover, line={"width": 3}),
    ]
    for value, stable in points:
        kind = _("stable: it comes back here") if stable else _("unstable: it leaves here")
        parts.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [value],
                "y": [value],
                "marker": {
                    "size": 13,
                    "color": GREEN if stable else HIGHLIGHT,
                    "symbol": "circle" if stable else "circle-open",
                    "line": {"width": 3, "color": GREEN if stable else HIGHLIGHT},
                },
                "hovertemplate": f"h = %{{x:.3f}}, {kind}<extra></extra>",
            }
        )
    low, high = around(np.array([-1.0, 1.0]), room=0.05)
    title = _("the next h over h, when x = 0")
    plots.append(Plot(title, parts, {"range": [low, high], "title": "h"}, {"range": [low, high]}))
    return plots


def _flashed(times: np.ndarray, on: np.ndarray, between: tuple[float, float]) -> dict[str, Any]:
    """A grey band wherever a stimulus is on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(int), [0]])))
    x: list[float | None] = []
    y: list[float | None] = []
    for start, stop in edges.reshape(-1, 2):
        first, last = float(times[start]), float(times[min(stop, len(times) - 1)])
        x += [first, last, last, first, None]
        y += [between[0], between[0], between[1], between[1], None]
    band = {"type": "scatter", "mode": "lines", "x": x, "y": y, "fill": "toself", "fillcolor": FLASHED}
    return band | {"line": {"width": 0}, "hoverinfo": "skip"}
