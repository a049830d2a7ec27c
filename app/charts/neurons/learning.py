"""How a synapse learns from the times of spikes, beside how a weight learns from a target."""

from typing import Any

import numpy as np

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import signed
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, ORANGE, PINK, QUIET, SMALL, escape
from app.charts.neurons.course import around, level, line
from app.charts.neurons.panels import Column, Plot, two_columns
from app.i18n import _
from model.traces import DescentTrace, PlasticityTrace

#: Pixels: what goes in, the rule, what becomes of the weight.
HEIGHTS = (74, 190, 170)
#: The colours and dashes of the weights of a unit's inputs.
WEIGHTS = ((GREEN, "solid"), (PINK, "dash"))


@chart
def two_rules(
    synapse: PlasticityTrace,
    window: tuple[np.ndarray, np.ndarray],
    unit: DescentTrace,
    valley: tuple[np.ndarray, np.ndarray],
) -> Chart:
    """Left, a synapse: the two spikes, the window W(Δt) with this pair's place on it, the weight over pairings. Right,
    a sigmoid unit: its output and its target, the error over its first weight with the slope there, the weights over
    steps.

    ``window`` is Δt (ms) and W; ``valley`` the first weight and the error E, all else as before the first step.
    """
    left = Column(
        _("Synapse: spike-timing-dependent plasticity"),
        [_spikes(synapse), _window(synapse, window), _weight(synapse)],
    )
    right = Column(
        _("Artificial neuron: a step down the gradient"),
        [_target(unit), _valley(unit, valley), _weights(unit)],
    )
    return Chart(two_columns(left, right, HEIGHTS), _describe_two_rules(synapse, unit), wide=True)


def _describe_two_rules(synapse: PlasticityTrace, unit: DescentTrace) -> str:
    """What one pairing and one step change, and where many lead."""
    delay = _delay(synapse)
    text = _(
        "Synapse: Δt = {delay} ms, so one pairing changes the weight by {change}; in {count} pairings it goes from "
        "{first} to {last}."
    )
    numbers = {"delay": signed(delay, 0), "change": signed(synapse.change, 4), "count": len(synapse.weights) - 1}
    said = text.format(first=f"{synapse.weights[0]:.2f}", last=f"{synapse.weights[-1]:.2f}", **numbers)
    text = _(
        "Unit: the output is {output}, the target {target}, the slope dE/dw₁ {slope}; after {count} steps the output "
        "is {last}."
    )
    numbers = {"output": f"{unit.output[0]:.2f}", "target": f"{unit.target:.2f}", "last": f"{unit.output[-1]:.2f}"}
    slope = signed(unit.gradient[0, 0], 3)
    sentences = [said, text.format(slope=slope, count=len(unit.output) - 1, **numbers)]
    if crossing := _crossings(unit):
        text = _("Weight {weights} changed its sign, which no synapse does.")
        sentences.append(text.format(weights=", ".join(crossing)))
    return " ".join(sentences)


def _delay(trace: PlasticityTrace) -> float:
    return float(trace.post[0] - trace.pre[0])


def _crossings(trace: DescentTrace) -> list[str]:
    first, last = np.sign(trace.weights[0]), np.sign(trace.weights[-1])
    return [f"w{'₁₂'[k]}" for k in range(len(first)) if first[k] * last[k] < 0]


def _spikes(trace: PlasticityTrace) -> Plot:
    parts = []
    rows = ((trace.pre, 1, ORANGE, _("presynaptic")), (trace.post, 0, BLUE, _("postsynaptic")))
    for times, y, colour, name in rows:
        hover = _("{name} spike at {time} ms").format(name=name, time="%{x:.0f}")
        parts.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": times.astype(np.float32),
                "y": np.full(len(times), y),
                "marker": {"symbol": "line-ns", "size": 24, "line": {"color": colour, "width": 4}},
                "hovertemplate": hover + "<extra></extra>",
            }
        )
    axis = {"range": [-0.6, 1.6], "tickvals": [0, 1], "ticktext": [_("post"), _("pre")], "showgrid": False}
    title = _("spikes before and behind it, Δt = {delay} ms")
    x = {"range": [0, 100], "title": _("time (ms)")}
    return Plot(title.format(delay=signed(_delay(trace), 0)), parts, x, axis)


def _window(trace: PlasticityTrace, window: tuple[np.ndarray, np.ndarray]) -> Plot:
    delays, changes = window
    hover = _("Δt = {delay} ms: {change}").format(delay="%{x:.0f}", change="%{y:+.4f}")
    parts = [
        level((delays[0], delays[-1]), 0.0, QUIET),
        *(
            line(delays[side], changes[side], BLUE, hover, line={"width": 3})
            for side in (delays < 0, delays > 0)  # it jumps at 0
        ),
        {
            "type": "scatter",
            "mode": "markers",
            "x": [_delay(trace)],
            "y": [trace.change],
            "marker": {"size": 14, "color": HIGHLIGHT},
            "hovertemplate": hover + "<extra></extra>",
        },
    ]
    low, high = around(changes, room=0.12)
    title = _("the rule: change of weight by one pair")
    x = {"range": [delays[0], delays[-1]], "title": _("Δt = post − pre (ms)")}
    return Plot(title, parts, x, {"range": [low, high], "tickformat": ".3~f"})


def _weight(trace: PlasticityTrace) -> Plot:
    count = len(trace.weights) - 1
    hover = _("after {count} pairings: {weight}").format(count="%{x}", weight="%{y:.3f}")
    parts = [line(np.arange(count + 1), trace.weights, BLUE, hover, line={"width": 3})]
    low, high = min(0.0, trace.weights.min()), max(1.0, 1.1 * trace.weights.max())
    parts.insert(0, level((0, count), 0.0, QUIET))
    title = _("the weight: never below 0")
    x = {"range": [0, count], "title": _("pairings")}
    return Plot(title, parts, x, {"range": [low - 0.06 * high, 1.04 * high]})


def _target(trace: DescentTrace) -> Plot:
    y, target = float(trace.output[0]), trace.target
    parts: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [y, target],
            "y": [0, 0],
            "line": {"color": HIGHLIGHT, "width": 4},
            "hovertext": _("error y − target = {error}").format(error=signed(y - target, 2)),
            "hoverinfo": "text",
        }
    ]
    # Where the two are close, one text goes to the left and one to the right.
    sides = ("top right", "top left") if y > target else ("top left", "top right")
    marks = ((y, GREEN, "circle", _("output y")), (target, QUIET, "diamond", _("target")))
    for (x, colour, symbol, name), side in zip(marks, sides, strict=True):
        edge = "top right" if x < 0.2 else "top left" if x > 0.8 else side
        parts.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [x],
                "y": [0],
                "text": [f"<b>{escape(name)}</b>"],
                "textposition": edge,
                "textfont": {"size": SMALL, "color": colour} if colour != QUIET else {"size": SMALL},
                "marker": {"size": 15, "color": colour, "symbol": symbol},
                "hovertemplate": f"{escape(name)} = %{{x:.2f}}<extra></extra>",
                "cliponaxis": False,
            }
        )
    title = _("output and target, error {error}").format(error=signed(y - target, 2))
    axis = {"range": [-0.6, 1.6], "showticklabels": False, "showgrid": False}
    return Plot(title, parts, {"range": [-0.03, 1.03], "title": "y"}, axis)


def _valley(trace: DescentTrace, valley: tuple[np.ndarray, np.ndarray]) -> Plot:
    weights, errors = valley
    at, error, slope = float(trace.weights[0, 0]), float(trace.error[0]), float(trace.gradient[0, 0])
    hover = _("w₁ = {weight}: error {error}").format(weight="%{x:.2f}", error="%{y:.3f}")
    reach = (weights[-1] - weights[0]) / 5
    tangent = np.array([at - reach, at + reach])
    parts = [
        line(weights, errors, GREEN, hover, line={"width": 3}),
        {
            "type": "scatter",
            "mode": "lines",
            "x": tangent,
            "y": error + slope * (tangent - at),
            "line": {"color": HIGHLIGHT, "width": 2, "dash": "dash"},
            "hovertext": _("slope dE/dw₁ = {slope}").format(slope=signed(slope, 3)),
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [at],
            "y": [error],
            "marker": {"size": 14, "color": HIGHLIGHT},
            "hovertemplate": hover + "<extra></extra>",
        },
    ]
    low, high = around(errors, np.zeros(1), room=0.12)
    title = _("the rule: error over w₁, slope {slope}").format(slope=signed(slope, 3))
    x = {"range": [weights[0], weights[-1]], "title": _("weight w₁")}
    return Plot(title, parts, x, {"range": [low, high], "tickformat": ".2~f"})


def _weights(trace: DescentTrace) -> Plot:
    count = len(trace.output) - 1
    parts = [level((0, count), 0.0, QUIET)]
    names = []
    for k, (colour, dash) in enumerate(WEIGHTS[: trace.weights.shape[1]]):
        name = f"w{'₁₂'[k]}"
        hover = _("after {count} steps: {name} = {weight}").format(count="%{x}", name=name, weight="%{y:.3f}")
        parts.append(line(np.arange(count + 1), trace.weights[:, k], colour, hover, line={"width": 3, "dash": dash}))
        names.append(f'<span style="color:{colour}">{"━" if dash == "solid" else "╍"} <b>{name}</b></span>')
    low, high = around(trace.weights, np.array([-0.5, 1.0]))
    title = _("the weights {weights}: free to cross 0").format(weights=" ".join(names))
    return Plot(title, parts, {"range": [0, count], "title": _("steps")}, {"range": [low, high]})
