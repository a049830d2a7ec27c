"""Two patterns of input spikes, with the same counts and other timing, and what three machines make of each."""

from typing import NamedTuple

import numpy as np

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import minus
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, QUIET, escape
from app.charts.neurons.course import around, level, line
from app.charts.neurons.panels import Column, Plot, label, two_columns
from app.i18n import _
from model.traces import SynapseTrace, UnitTrace

#: Pixels: an input's row, the voltage, the recurrent unit.
ROW, VOLTAGE, UNIT = 26, 190, 100


class Pattern(NamedTuple):
    """One pattern, by a reader's name for it, and its three answers."""

    name: str
    neuron: SynapseTrace
    #: The unit without memory: one step.
    unit: UnitTrace
    #: The recurrent unit: a step a bin.
    recurrent: UnitTrace

    @property
    def way(self) -> float:
        """From rest to threshold, mV: what both units must reach."""
        return self.neuron.threshold - self.neuron.rest

    @property
    def answers(self) -> tuple[bool, bool, bool]:
        """Whether the unit without memory, the neuron, and the recurrent unit fire."""
        return bool(self.unit.output[0]), bool(len(self.neuron.spikes)), bool(self.recurrent.output.max() >= self.way)


@chart
def two_patterns(one: Pattern, other: Pattern, *, bin: float) -> Chart:
    """A column a pattern: its input spikes, the membrane's voltage (dashed: the plain sum of what each spike does
    alone), and the recurrent unit's output in bins of ``bin`` ms. Both columns have the same axes."""
    end = float(one.neuron.time[-1]) + float(one.neuron.time[1])
    traces = [pattern.neuron for pattern in (one, other)]
    between = around(*(each for trace in traces for each in (trace.voltage, trace.linear)), room=0.1)
    between = min(between[0], traces[0].rest - 3), max(between[1], traces[0].threshold + 4)
    most = max(*(pattern.recurrent.output.max() for pattern in (one, other)), one.way) * 1.2
    left, right = (
        Column(
            escape(pattern.name),
            [_inputs(pattern.neuron, end), _voltage(pattern.neuron, end, between), _unit(pattern, end, most, bin)],
            [_answered(pattern)],
        )
        for pattern in (one, other)
    )
    figure = two_columns(left, right, [ROW * max(len(one.neuron.arrivals), 2), VOLTAGE, UNIT], margin=92)
    return Chart(figure, _describe_two_patterns(one, other), wide=True)


def _describe_two_patterns(one: Pattern, other: Pattern) -> str:
    """What each machine answers to each pattern, and which of them tell the two apart."""
    names = machine_names()
    sentences = []
    for place, name in enumerate(names):
        text = (
            _("{machine} tells the two patterns apart.")
            if one.answers[place] != other.answers[place]
            else _("{machine} answers both in the same way.")
        )
        sentences.append(text.format(machine=name))
    text = _("{pattern}: the voltage reached {top} mV, the threshold is {threshold} mV; spikes: {count}.")
    for pattern in (one, other):
        trace = pattern.neuron
        numbers = {"top": f"{trace.voltage.max():.1f}", "threshold": f"{trace.threshold:.0f}"}
        said = text.format(pattern=pattern.name, count=len(trace.spikes), **numbers)
        sentences.append(minus(said))
    return " ".join(sentences)


def machine_names() -> tuple[str, str, str]:
    """What a reader calls the three, in the order of ``Pattern.answers``."""
    return _("The weighted sum"), _("The spiking neuron"), _("The recurrent unit")


def _answered(pattern: Pattern) -> str:
    said = {True: _("fires"), False: _("silent")}
    text = _("neuron: {neuron}; recurrent unit: {recurrent}; w·x + b: {unit}")
    unit, neuron, recurrent = (
        f'<span style="color:{HIGHLIGHT}"><b>{said[fires]}</b></span>' if fires else f"<b>{said[fires]}</b>"
        for fires in pattern.answers
    )
    return text.format(neuron=neuron, recurrent=recurrent, unit=unit)


def _inputs(trace: SynapseTrace, end: float) -> Plot:
    parts, names = [], []
    for k, (arrivals, reversal) in enumerate(zip(trace.arrivals, trace.reversal, strict=True)):
        excites = reversal > trace.threshold
        colour = BLUE if excites else HIGHLIGHT
        name = _("input {number}").format(number=k + 1) if excites else _("inhibition")
        names.append(name)
        hover = _("{name}: a spike at {time} ms").format(name=name, time="%{x:.1f}")
        parts.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": arrivals.astype(np.float32),
                "y": np.full(len(arrivals), k),
                "marker": {"symbol": "line-ns", "size": 16, "line": {"color": colour, "width": 3}},
                "hovertemplate": hover + "<extra></extra>",
            }
        )
    rows = list(range(len(names)))
    y = {"range": [max(len(names), 2) - 0.4, -0.6], "tickvals": rows, "ticktext": names, "showgrid": False}
    return Plot(_("spikes of the inputs"), parts, {"range": [0, end]}, y)


def _voltage(trace: SynapseTrace, end: float, between: tuple[float, float]) -> Plot:
    span = (0.0, end)
    hover, alone = _("{time} ms: {value} mV"), _("{time} ms: each alone would add up to {value} mV")
    spot = {"time": "%{x:.1f}", "value": "%{y:.1f}"}
    parts = [
        level(span, trace.threshold, QUIET),
        line(trace.time, trace.linear, QUIET, alone.format(**spot), line={"dash": "dash", "width": 2}),
        line(trace.time, trace.voltage, BLUE, hover.format(**spot)),
        {
            "type": "scatter",
            "mode": "markers",
            "x": trace.spikes.astype(np.float32),
            "y": np.full(len(trace.spikes), trace.threshold, np.float32),
            "marker": {"symbol": "star", "size": 15, "color": HIGHLIGHT},
            "hovertemplate": _("spike at {time} ms").format(time="%{x:.2f}") + "<extra></extra>",
        },
    ]
    parts.append(label(_("threshold"), end, trace.threshold))
    if trace.linear.max() - trace.voltage.max() > 0.5:
        top = int(trace.linear.argmax())
        fallen = trace.linear[top:] < trace.rest + 0.7 * (trace.linear[top] - trace.rest)
        at = top + int(fallen.argmax())
        name = _("plain sum")
        parts.append(label(f"&nbsp;{name}", trace.time[at], trace.linear[at], QUIET, "top right"))
    return Plot(_("membrane voltage (mV), ★ a spike"), parts, {"range": [0, end]}, {"range": list(between)})


def _unit(pattern: Pattern, end: float, most: float, bin: float) -> Plot:
    output = pattern.recurrent.output
    hover = _("{time} ms: y = {value}").format(time="%{x:.0f}", value="%{y:.1f}")
    times = np.arange(len(output) + 1) * bin
    held = np.append(output, output[-1])
    parts = [
        level((0.0, end), pattern.way, QUIET),
        line(times, held, GREEN, hover, line={"shape": "hv"}, fill="tozeroy", fillcolor="rgba(0, 158, 115, 0.2)"),
    ]
    parts.append(label(_("threshold"), end, pattern.way))
    title = _("recurrent unit's output y, a step each {bin} ms").format(bin=f"{bin:g}")
    return Plot(title, parts, {"range": [0, end], "title": _("time (ms)")}, {"range": [0, most]})
