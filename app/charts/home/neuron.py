"""A neuron firing: its voltage as it is drawn, and a cell that flashes at each spike."""

import base64
import html
from itertools import pairwise

import numpy as np

from app.charts.home.film import film, keyframes, plays
from app.charts.kit.chart import Markup, chart
from app.charts.kit.style import BLUE, QUIET
from app.charts.neurons.course import thinned
from app.charts.neurons.voltage import voltage_in_words
from app.i18n import _
from model.traces import NeuronTrace

#: How many times slower than life it plays; seconds that the whole stays at the end; seconds that a flash lasts.
SLOWER, END, FLASH = 60, 1.5, 0.25
#: The axis of the voltage, mV, and its ticks.
BETWEEN, TICKS = (-90.0, 55.0), {40: "+40", 0: "0", -65: "−65"}


@chart
def neuron_film(trace: NeuronTrace) -> Markup:
    """The film of one neuron (N = 1). Where nothing may move, the whole voltage is there."""
    length = trace.time[-1] + trace.time[1] - trace.time[0]  # ms
    drawn = length / 1000 * SLOWER
    seconds = drawn + END
    shown = [(0, "clip-path: inset(0 100% 0 0)"), (drawn / seconds, "clip-path: inset(0)"), (1, "clip-path: inset(0)")]
    moves = keyframes("draw", shown) + keyframes("fire", _flashes(trace.spikes * SLOWER / 1000, seconds))
    course = f'<img alt="" src="{_course(trace, length)}" style="{plays("draw", seconds, "linear")}">'
    ticks = "".join(
        f'<span style="left: 0; top: {_down(value):.1f}%; translate: -115% -50%; font-size: 0.8rem">{text}</span>'
        for value, text in TICKS.items()
    )
    title = '<span class="film-axis" style="left: 0.2rem; bottom: 0.4rem">mV</span>'
    time = _("{length} ms, shown {times} times slower").format(length=f"{length:g}", times=SLOWER)
    axis = f'<span class="film-axis" style="right: 0.5rem; bottom: 0.4rem">{html.escape(time)}</span>'
    picture = f'<div class="film-plane" style="left: 2.6rem">{ticks}{course}</div>{title}{axis}'
    fire = f'<span class="film-fire" style="opacity: 0; {plays("fire", seconds)}"></span>'
    line = f'<span class="film-cell">{fire}</span> {html.escape(voltage_in_words(trace))}'
    return film(picture, line, moves, _describe_neuron_film(trace))


def _describe_neuron_film(trace: NeuronTrace) -> str:
    text = _("The voltage of a model neuron under a current. {what}")
    return text.format(what=voltage_in_words(trace))


def _flashes(times: np.ndarray, seconds: float) -> list[tuple[float, str]]:
    """On at each time, s, and off a little later, or before the next."""
    moments = [(0.0, "opacity: 0")]
    for start, following in pairwise([*times, seconds]):
        end = start + min(FLASH, (following - start) * 0.6)
        moments += [(start / seconds, "opacity: 1"), (end / seconds, "opacity: 0")]
    return [*moments, (1.0, "opacity: 0")]


def _course(trace: NeuronTrace, length: float) -> str:
    """The voltage as a line, the address of a picture that may be stretched."""
    times, values = thinned(trace.time, trace.voltage)
    points = " ".join(f"{t:.2f},{_down(v):.2f}" for t, v in zip(times, values, strict=True))
    rest = f'<line x1="0" x2="{length:g}" y1="{_down(0):.1f}" y2="{_down(0):.1f}" stroke="{QUIET}" stroke-dasharray="3"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {length:g} 100" preserveAspectRatio="none">'
        "<style>* { vector-effect: non-scaling-stroke; fill: none }</style>"
        f'{rest}/><polyline points="{points}" stroke="{BLUE}" stroke-width="2.5" stroke-linejoin="round"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _down(value: float) -> float:
    """Where a voltage lies, in per cent from the top."""
    low, high = BETWEEN
    return 100 * (high - value) / (high - low)
