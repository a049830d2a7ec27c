"""The f-I curve beside the activation function: how a living neuron's rate and a unit's output follow the input."""

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.player import BUTTONS
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, ORANGE, QUIET, SMALL, note, styled
from app.charts.neurons.side_by_side import COLUMNS
from app.charts.neurons.unit import activation_names
from app.i18n import _
from model.traces import Excitability, NeuronTrace, RateCurve, UnitTrace

#: A first gap so many times shorter than the mean one is a burst's.
BURST = 3.0
#: The onset's rates are shown up to so many times the largest steady one.
STEEP = 4.0
HEIGHT = 330


@chart
def rates_and_activation(
    curve: RateCurve | None,
    neuron: NeuronTrace,
    unit: UnitTrace,
    response: tuple[np.ndarray, np.ndarray],
    *,
    during: tuple[float, float],
    unit_current: float,
    stale: bool = False,
    block: float | None = None,
    onset: Excitability | None = None,
) -> Chart:
    """Left, the rate under constant currents: onset (one over the first gap) and steady; right, ``response``, the
    output y at constant inputs x, over the same currents (x = I / ``unit_current``).

    Both sides mark the present run: the currents from ``during`` (ms) as a band, and a dot at their mean, where it
    fired at its mean rate and answered with its mean output. A curve that is ``stale`` belongs to earlier settings and
    is grey; None is a curve that nobody has computed yet.
    At the current ``block``, where that is known, it falls silent for good. Where lasting firing sets in (``onset``) is
    known more closely than the curve's currents lie, and the steady rate rises there.
    """
    figure = go.Figure()
    for place, column in enumerate(COLUMNS, start=1):
        axis = "" if place == 1 else str(place)
        figure.layout[f"xaxis{axis}"] = {"domain": list(column), "anchor": f"y{axis}"}
        figure.layout[f"yaxis{axis}"] = {"anchor": f"x{axis}"}
    styled(figure, height=HEIGHT, margin={"l": BUTTONS, "r": 16, "t": 64, "b": 56, "pad": 0}, hovermode="closest")
    figure.update_layout(showlegend=False, dragmode=False)
    _rates(figure, curve, stale, onset)
    x, y = response
    hover = _("x = {x}: y = {y}").format(x="%{x:.2f}", y="%{y:.3f}") + "<extra></extra>"
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": GREEN, "width": 3}, hovertemplate=hover, xaxis="x2", yaxis="y2"
    )

    low, high, mean = _currents(neuron, during)
    _mark(figure, "", (low, high), mean, mean_rate(neuron, during))
    _mark(
        figure, "2", (low / unit_current, high / unit_current), mean / unit_current, _mean_output(neuron, unit, during)
    )
    top = max(10.0, mean_rate(neuron, during))
    if curve is not None:
        seen = curve.currents <= x[-1] * unit_current
        # First gaps can be very short: they do not press the steady rates flat.
        top = max(top, min(float(curve.onset[seen].max()), STEEP * max(top, float(curve.steady[seen].max()))))
        top = max(top, float(curve.steady[seen].max()))
    most = x[-1] * unit_current
    common = {"fixedrange": True, "automargin": False, "title_font_size": SMALL, "title_standoff": 4}
    label = _("current I ({unit})").format(unit=neuron.unit) if neuron.unit else _("current I (no unit)")
    figure.update_layout(
        xaxis=common | {"range": [x[0] * unit_current, most], "title_text": label},
        yaxis=common | {"range": [-0.04 * top, 1.08 * top], "title_text": _("rate (Hz)")},
        xaxis2=common | {"range": [x[0], x[-1]], "title_text": _("input x")},
        yaxis2=common | {"range": _room(y), "title_text": _("output y")},
    )
    _titles(figure, curve, unit, stale)
    if curve is None or stale:
        return Chart(figure, _("The f-I curve is being computed."), wide=True)
    return Chart(figure, " ".join([*_about_curve(curve, neuron.unit, block, most), *_about_run(low, high)]), wide=True)


def mean_rate(neuron: NeuronTrace, during: tuple[float, float]) -> float:
    """How often it fired in a stretch of time (ms), Hz.

    Under a constant current that is counted as the curve's steady rate is: from spike to spike, in the second half. So
    the dot of a run lies on the curve. Under any other, it is the number of spikes by the time.
    """
    start, stop = during
    spikes = neuron.spikes[(neuron.spikes >= start) & (neuron.spikes < stop)]
    low, high, _mean = _currents(neuron, during)
    if high > low or len(spikes) < 2:
        return float(len(spikes)) * 1000 / max(stop - start, 1e-9)
    half = (start + stop) / 2
    early, late = spikes[spikes < half], spikes[spikes >= half]
    if not len(late):
        return 0.0
    span = late[-1] - early[-1] if len(early) else stop - half
    return float(len(late)) * 1000 / max(float(span), 1e-9)


def onset_in_words(onset: Excitability | None, *, unit: str) -> str:
    """Where lasting firing sets in, how fast it is there, and which type that is."""
    if onset is None:
        return ""
    text = {
        "I": _(
            "Type I: lasting firing sets in at I = {current}, here with {rate} Hz, and the nearer to that threshold, "
            "the slower (Hodgkin 1948)."
        ),
        "II": _("Type II: lasting firing sets in at I = {current} with {rate} Hz at once (Hodgkin 1948)."),
    }[onset.type]
    return text.format(current=f"{onset.rheobase:.3g} {unit}".strip(), rate=f"{onset.lowest_rate:.0f}")


def _about_curve(curve: RateCurve, unit: str, block: float | None, most: float) -> list[str]:
    """Whether it fires at all, without a current, in bursts; and whether it falls silent again: its peaks shrink before
    they are gone for good, at the current ``block`` where that is known. The axis ends at the current ``most``."""
    fires = np.flatnonzero(curve.steady > 0)
    if not len(fires):
        return [_("At no current does it go on firing.")]
    first, last = int(fires[0]), int(fires[-1])
    sentences = []
    if not first:
        text = _("It fires at {rate} Hz without any current.")
        sentences.append(text.format(rate=f"{curve.steady[0]:.0f}"))
    if curve.onset[first] > BURST * curve.steady[first]:
        sentences.append(_("It fires in bursts from the beginning: one rate says little here."))
    if last < len(curve.currents) - 1:
        text = _("Above about I = {current} its peaks stay below 0 mV and count as spikes no more.")
        sentences.append(text.format(current=_current(curve.currents[last], unit, most)))
        if block is not None:
            text = _("They go on shrinking, and above about {current} the voltage stands still: depolarisation block.")
            sentences.append(text.format(current=_current(block, unit, most)))
        sentences.append(_("The activations here never fall; Swish and GELU do, but only below 0."))
    return sentences


def _current(value: float, unit: str, most: float) -> str:
    """A current, and whether it lies where the axis, which ends at ``most``, does not reach."""
    text = f"{value:.3g} {unit}".strip()
    return text if value <= most else _("{current} (off this axis)").format(current=text)


def _about_run(low: float, high: float) -> list[str]:
    """What marks the present run, with currents from ``low`` to ``high``."""
    sentences = [_("The dot is this run: the stimulus's mean current, and what came of it on average.")]
    if high > low:
        sentences.append(_("The red band holds all its currents."))
    return sentences


def _rates(figure: go.Figure, curve: RateCurve | None, stale: bool, onset: Excitability | None) -> None:
    if curve is None:
        return
    currents, steady = curve.currents, curve.steady
    if onset is not None:
        place = int(np.flatnonzero(steady)[0])
        currents = np.insert(currents, place, [onset.rheobase, onset.rheobase])
        steady = np.insert(steady, place, [0.0, onset.lowest_rate])
    hover = _("I = {current}: {rate} Hz").format(current="%{x:.2f}", rate="%{y:.1f}") + "<extra></extra>"
    colours = (QUIET, QUIET) if stale else (ORANGE, BLUE)
    lines = ((curve.currents, curve.onset), (currents, steady))
    for (x, y), colour, dash in zip(lines, colours, ("dot", "solid"), strict=True):
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": colour, "width": 3, "dash": dash},
            opacity=0.5 if stale else 1,
            hovertemplate=hover,
        )


def _mark(figure: go.Figure, axis: str, band: tuple[float, float], x: float, y: float) -> None:
    """The present run: a band of inputs, and a dot."""
    low, high = band
    if high > low:
        shape = {"type": "rect", "xref": f"x{axis}", "yref": f"y{axis} domain", "x0": low, "x1": high, "y0": 0, "y1": 1}
        figure.add_shape(shape | {"fillcolor": HIGHLIGHT, "opacity": 0.12, "line_width": 0, "layer": "below"})
    line = {"type": "line", "xref": f"x{axis}", "yref": f"y{axis} domain", "x0": x, "x1": x, "y0": 0, "y1": 1}
    figure.add_shape(line | {"line": {"color": HIGHLIGHT, "width": 1.5, "dash": "dot"}})
    marker = {"size": 13, "color": HIGHLIGHT, "line": {"width": 2, "color": "white"}}
    text = _("now: {x}, {y}").format(x="%{x:.2f}", y="%{y:.2f}") + "<extra></extra>"
    place = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "cliponaxis": False}
    figure.add_scatter(x=[x], y=[y], mode="markers", marker=marker, hovertemplate=text, **place)


def _titles(figure: go.Figure, curve: RateCurve | None, unit: UnitTrace, stale: bool) -> None:
    rates = _("<b>f-I curve</b>: {steady} steady, {onset} at the onset")
    marks = {"steady": f'<span style="color:{BLUE}">━</span>', "onset": f'<span style="color:{ORANGE}">┅</span>'}
    lines = [rates.format(**marks)]
    if stale and curve is not None:
        lines.append(_("being computed; grey: the last settings' curve"))
    elif curve is None:
        lines.append(_("being computed …"))
    activation = _("<b>Activation</b>: {name}, from input to output").format(name=activation_names()[unit.activation])
    for text, column in zip(("<br>".join(lines), activation), COLUMNS, strict=True):
        figure.add_annotation(note(text, x=column[0], y=1, xanchor="left", yanchor="bottom", yshift=6))


def _currents(neuron: NeuronTrace, during: tuple[float, float]) -> tuple[float, float, float]:
    """The least, the most and the mean current in a stretch of time."""
    there = neuron.current[(neuron.time >= during[0] - 1e-9) & (neuron.time < during[1] - 1e-9)]
    there = there if len(there) else neuron.current
    return float(there.min()), float(there.max()), float(there.mean())


def _mean_output(neuron: NeuronTrace, unit: UnitTrace, during: tuple[float, float]) -> float:
    """The unit's mean output in a stretch of the neuron's time."""
    whole = (neuron.time[1] - neuron.time[0]) * len(neuron.time)
    steps = len(unit.output)
    first, last = (min(max(round(time / whole * steps), 0), steps) for time in during)
    part = unit.output[first:last]
    return float((part if len(part) else unit.output).mean())


def _room(y: np.ndarray) -> list[float]:
    low, high = float(y.min()), float(y.max())
    spare = max(high - low, 1e-3) * 0.08
    return [low - spare, high + spare]
