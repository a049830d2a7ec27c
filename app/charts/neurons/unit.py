"""An artificial neuron's courses: its output, its weighted sum and its input, and the formula with numbers in it."""

import numpy as np

from app.charts.kit.numbers import number
from app.charts.kit.style import GREEN, QUIET, SKY
from app.charts.neurons.course import CoursePanel, around, level, line
from app.i18n import _
from model.traces import UnitTrace

#: What the axis of y holds at least, by the activation.
OUTPUT_RANGES = {"step": (0.0, 1.0), "sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, 1.0)}


def activation_names() -> dict[str, str]:
    return {"step": _("Step"), "sigmoid": _("Sigmoid"), "tanh": "tanh", "relu": "ReLU"}


def unit_times(trace: UnitTrace, step: float) -> np.ndarray:
    """The start of each of its steps of ``step`` ms, (T,)."""
    return np.arange(len(trace.output)) * step


def unit_courses(trace: UnitTrace, *, step: float, of: str) -> list[CoursePanel]:
    """Output, weighted sum and input of a unit with one input, from top to bottom; ``step`` is in ms, ``of`` says what
    x = 1 stands for."""
    times = unit_times(trace, step)
    x = trace.inputs[:, 0]
    held = {"line": {"shape": "hv"}}
    hover = _("{time} ms: {name} = {value}")

    def course(title: str, name: str, values: np.ndarray, colour: str, between: tuple[float, float]) -> CoursePanel:
        text = hover.format(time="%{x:.0f}", name=name, value="%{y:.3f}")
        parts = [line(times, values, colour, text, **held)]
        if between[0] < 0 < between[1]:
            parts.insert(0, level((times[0], times[-1]), 0.0, QUIET))
        return CoursePanel(title, parts, between, [(times, values)])

    output = around(trace.output, np.array(OUTPUT_RANGES[trace.activation]), room=0.08)
    return [
        course(_("output y = f(a)"), "y", trace.output, GREEN, output),
        course(_("weighted sum a"), "a", trace.pre_activation, SKY, around(trace.pre_activation, least=1.0)),
        course(_("input x = I / {of}").format(of=of), "x", x, QUIET, around(x, np.zeros(1), room=0.15, least=0.1)),
    ]


def formula(trace: UnitTrace, t: int) -> tuple[str, str]:
    """The weighted sum a, and y = f(a), with the numbers of step ``t``."""
    x, a, y = trace.inputs[t, 0], trace.pre_activation[t], trace.output[t]
    own = trace.recurrent_weight
    past = f" {_added(own)}·{number(trace.output[t - 1] if t else 0.0, 2)}" if own else ""
    return (
        f"a = {number(trace.weights[0], 2)}·{number(x, 2)}{past} {_added(trace.bias)} ≈ {number(a, 2)}",
        f"y = f(a) ≈ <b>{number(y, 2)}</b>",
    )


def unit_in_words(trace: UnitTrace) -> str:
    """From where to where its output goes, and whether it remembers anything."""
    text = _("The artificial neuron's output goes from {low} to {high}.")
    sentences = [text.format(low=number(trace.output.min(), 2), high=number(trace.output.max(), 2))]
    if trace.recurrent_weight:
        sentences.append(_("It is fed its own last output, so it has a memory."))
    else:
        sentences.append(_("It has no memory: the same input gives the same output at any time."))
    return " ".join(sentences)


def _added(value: float) -> str:
    """A further part of a sum, with its sign before it."""
    return f"{'−' if value < 0 else '+'} {number(abs(value), 2)}"
