"""A model neuron's courses: the membrane's voltage with its spikes, what goes on inside, and the current."""

from itertools import cycle

import numpy as np

from app.charts.kit.style import BLUE, GREEN, ORANGE, PINK, QUIET
from app.charts.neurons.course import CoursePanel, around, level, line
from app.i18n import _
from model.traces import NeuronTrace, Variable

#: The least that the axis of the voltage holds, mV, so that rest looks like rest.
VOLTAGE_RANGE = (-80.0, -40.0)
#: The variables' colours, dashes, and marks that look like these, in the trace's order.
LOOKS = ((ORANGE, "solid", "━"), (PINK, "dash", "╍"), (GREEN, "dot", "┅"))


def neuron_courses(trace: NeuronTrace) -> list[CoursePanel]:
    """Voltage, inner state and current of one neuron, from top to bottom; the threshold where it has one."""
    return [_voltage(trace), _inside(trace), _current(trace)]


def voltage_in_words(trace: NeuronTrace) -> str:
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


def _voltage(trace: NeuronTrace) -> CoursePanel:
    low, high = around(trace.voltage, np.array(VOLTAGE_RANGE), room=0.04)
    top = high + 0.14 * (high - low)
    hover = _("{time} ms: {value} mV").format(time="%{x:.1f}", value="%{y:.1f}")
    parts = [line(trace.time, trace.voltage, BLUE, hover)]
    if trace.threshold is not None:
        parts.append(level((trace.time[0], trace.time[-1]), trace.threshold, QUIET))
    spikes = {
        "type": "scatter",
        "mode": "markers",
        "x": trace.spikes.astype(np.float32),
        "y": np.full(len(trace.spikes), high + 0.07 * (high - low), np.float32),
        "marker": {"symbol": "line-ns", "size": 11, "line": {"color": BLUE, "width": 2.5}},
        "hovertemplate": _("spike at {time} ms").format(time="%{x:.2f}") + "<extra></extra>",
    }
    title = _("membrane voltage V (mV); above, the spikes")
    if trace.threshold is not None:
        title = _("membrane voltage V (mV), threshold dotted")
    return CoursePanel(title, [*parts, spikes], (low, top), [(trace.time, trace.voltage)])


def _inside(trace: NeuronTrace) -> CoursePanel:
    """What its model says that it lives by, all on one axis."""
    if not trace.variables:
        return CoursePanel(_("no other variable"), [], (-1.0, 1.0), [])
    parts, named = [], {}
    for variable, (colour, dash, mark) in zip(trace.variables, cycle(LOOKS), strict=False):
        hover = _hover(variable)
        parts.append(line(trace.time, trace.state[variable.name], colour, hover, line={"dash": dash}))
        named[variable.name] = (f'<span style="color:{colour}">{mark}', _(variable.label))
    if trace.inside:
        marks = {name: f"{mark} <b>{name}</b></span>" for name, (mark, _label) in named.items()}
        title = _(trace.inside).format(**marks)
    elif len(named) == 1:
        title = _(trace.variables[0].label)
    else:
        title = _(", ").join(f"{mark}</span> {label}" for mark, label in named.values())
    values = [trace.state[variable.name] for variable in trace.variables]
    held = [np.array(variable.axis) for variable in trace.variables if variable.axis]
    between = around(*values, *held, room=0.05 if held else 0.08, least=1.0)
    return CoursePanel(title, parts, between, [(trace.time, each) for each in values])


def _hover(variable: Variable) -> str:
    """What the pointer reads on a variable's line."""
    value = f"%{{y:.{variable.digits}f}}"
    if variable.reading:
        return _(variable.reading).format(time="%{x:.1f}", value=value)
    value = f"{value} {variable.unit}".strip()
    return _("{time} ms: {name} = {value}").format(time="%{x:.1f}", name=variable.name, value=value)


def _current(trace: NeuronTrace) -> CoursePanel:
    title = _("current I ({unit})").format(unit=trace.unit) if trace.unit else _("current I (no unit)")
    hover = _("{time} ms: I = {value}").format(time="%{x:.1f}", value="%{y:.2f}")
    part = line(trace.time, trace.current, QUIET, hover, line={"shape": "hv"})
    return CoursePanel(
        title, [part], around(trace.current, np.zeros(1), room=0.15, least=0.1), [(trace.time, trace.current)]
    )
