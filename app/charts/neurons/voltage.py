"""A model neuron's courses: the membrane's voltage with its spikes, what goes on inside, and the current."""

import numpy as np

from app.charts.neurons.course import Course, around, level, line
from app.charts.style import BLUE, GREEN, ORANGE, PINK, QUIET
from app.i18n import _
from model.traces import NeuronTrace

#: The least that the axis of the voltage holds, mV, so that rest looks like rest.
LEAST = (-80.0, -40.0)
#: The gates' colours and dashes.
GATES = {"m": (ORANGE, "solid"), "h": (PINK, "dash"), "n": (GREEN, "dot")}


def neuron_courses(trace: NeuronTrace, *, unit: str, threshold: float | None = None) -> list[Course]:
    """Voltage, inner state and current of one neuron, from top to bottom. ``unit`` is the current's, ``""`` for none;
    ``threshold`` (mV) is drawn where the model has one."""
    return [_voltage(trace, threshold), _inside(trace), _current(trace, unit)]


def describe_voltage(trace: NeuronTrace) -> str:
    """How many spikes, when the first, how fast at the beginning and at the end; or how far the voltage went."""
    count = len(trace.spikes)
    if not count:
        text = _("No spike: the voltage stayed between {low} and {high} mV.")
        return text.format(low=f"{trace.voltage.min():.1f}", high=f"{trace.voltage.max():.1f}")
    if count == 1:
        return _("One spike, at {first} ms.").format(first=f"{trace.spikes[0]:.1f}")
    gaps = np.diff(trace.spikes)
    text = _("{count} spikes, the first at {first} ms; the first gap lasts {begin} ms, the last {end} ms.")
    numbers = {"first": trace.spikes[0], "begin": gaps[0], "end": gaps[-1]}
    return text.format(count=count, **{name: f"{value:.1f}" for name, value in numbers.items()})


def _voltage(trace: NeuronTrace, threshold: float | None) -> Course:
    low, high = around(trace.voltage, np.array(LEAST), room=0.04)
    top = high + 0.14 * (high - low)
    hover = _("{time} ms: {value} mV").format(time="%{x:.1f}", value="%{y:.1f}")
    parts = [line(trace.time, trace.voltage, BLUE, hover)]
    if threshold is not None:
        parts.append(level((trace.time[0], trace.time[-1]), threshold, QUIET))
    spikes = {
        "type": "scatter",
        "mode": "markers",
        "x": trace.spikes.astype(np.float32),
        "y": np.full(len(trace.spikes), high + 0.07 * (high - low), np.float32),
        "marker": {"symbol": "line-ns", "size": 11, "line": {"color": BLUE, "width": 2.5}},
        "hovertemplate": _("spike at {time} ms").format(time="%{x:.2f}") + "<extra></extra>",
    }
    title = _("membrane voltage V (mV); above, the spikes")
    if threshold is not None:
        title = _("membrane voltage V (mV), threshold dotted")
    return Course(title, [*parts, spikes], (low, top), [(trace.time, trace.voltage)])


def _inside(trace: NeuronTrace) -> Course:
    if trace.model == "hodgkin_huxley":
        hover = _("{time} ms: {name} = {value}")
        parts = [
            line(
                trace.time,
                trace.state[name],
                colour,
                hover.format(time="%{x:.1f}", name=name, value="%{y:.3f}"),
                line={"dash": dash},
            )
            for name, (colour, dash) in GATES.items()
        ]
        title = _("gates: {m} {h} of sodium, {n} of potassium")
        marks = {"m": "━", "h": "╍", "n": "┅"}
        named = {
            name: f'<span style="color:{colour}">{marks[name]} <b>{name}</b></span>'
            for name, (colour, _dash) in GATES.items()
        }
        marked = [(trace.time, trace.state[name]) for name in GATES]
        return Course(title.format(**named), parts, (-0.05, 1.05), marked)
    name, title, hover = {
        "izhikevich": ("u", _("recovery u"), _("{time} ms: u = {value}")),
        "lif": ("refractory", _("refractory time left (ms)"), _("{time} ms: {value} ms left")),
    }[trace.model]
    values = trace.state[name]
    part = line(trace.time, values, ORANGE, hover.format(time="%{x:.1f}", value="%{y:.1f}"))
    return Course(title, [part], around(values, least=1.0), [(trace.time, values)])


def _current(trace: NeuronTrace, unit: str) -> Course:
    title = _("current I ({unit})").format(unit=unit) if unit else _("current I (no unit)")
    hover = _("{time} ms: I = {value}").format(time="%{x:.1f}", value="%{y:.2f}")
    part = line(trace.time, trace.current, QUIET, hover, line={"shape": "hv"})
    return Course(
        title, [part], around(trace.current, np.zeros(1), room=0.15, least=0.1), [(trace.time, trace.current)]
    )
