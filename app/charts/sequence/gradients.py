"""Gradients through time: how far back from one output, or from the loss, a network can learn."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import size
from app.charts.kit.style import LOOKS, QUIET, SMALL, escape, shortened, styled
from app.charts.sequence.drawn import drawn
from app.charts.sequence.lines import log_range, log_ticks
from app.charts.sequence.texts import symbol_axis, symbol_text
from app.i18n import _
from model.traces import GradientTrace

Named = Mapping[str, GradientTrace]

#: Pixels of each of the two plots and between them, and of the legend above for each network.
PLOT, GAP, LEGEND = 220, 58, 26
#: Latin letters under a plot on a narrow page.
LETTERS = 100


@chart
def gradient_norms(named: Named) -> Chart:
    """The norm of the gradient with respect to each state and to each input, against time, on logarithmic axes, for one
    or several networks: a straight line down to the left is a gradient that fades by the same factor at each step.

    The legend gives that factor, fitted to the states (see ``factor``). Triangles on the lower edge are zeros, and what
    is too small for the axis; those on the upper edge are infinite. The dashed line is the step whose output it is;
    what came after it has no gradient.
    """
    titles = [
        _("gradient of each state: ‖∂L/∂s<sub>t</sub>‖"),
        _("gradient of each input: ‖∂L/∂x<sub>t</sub>‖"),
    ]
    area = 2 * PLOT + GAP
    figure = make_subplots(
        rows=2, cols=1, vertical_spacing=GAP / area, subplot_titles=[f"<b>{title}</b>" for title in titles]
    )
    lines, edges = [], []
    for axis, norms_of in (("", lambda gradient: gradient.states), ("2", lambda gradient: gradient.inputs)):
        norms = [norms_of(gradient)[: _asked(gradient)] for gradient in named.values()]
        low, high = log_range(np.concatenate(norms), least=2)
        for look, (name, gradient), values in zip(_looks(named), named.items(), norms, strict=True):
            at, off = _on_axis(values, low, high)
            line = _line(name, gradient, np.where(off == 0, values, np.nan), look) | {
                "xaxis": f"x{axis}",
                "yaxis": f"y{axis}",
            }
            lines.append(line | {"showlegend": not axis})
            if off.any():
                edges.append(_edges(line, values, at, off))
        figure.layout[f"yaxis{axis}"].update(type="log", range=[low, high], **log_ticks([low, high]))
    figure.add_traces(lines + edges)
    top = LEGEND * len(named) + 40
    styled(figure, height=top + area + 60, margin={"l": 76, "r": 16, "t": top, "b": 60}, hovermode="closest")
    figure.update_annotations(font={"size": SMALL}, x=0, xanchor="left")
    place = {"orientation": "v", "x": 0, "y": 1 + 34 / area, "yanchor": "bottom"}
    figure.update_layout(legend=place, dragmode=False)
    longest = max(named.values(), key=lambda gradient: len(gradient.states))
    for axis in ("xaxis", "xaxis2"):
        symbol_axis(figure, _symbols(longest), letters=LETTERS, axis=axis)
    steps = {gradient.step for gradient in named.values() if gradient.step is not None}
    for step in steps:
        figure.add_vline(step + 1, line={"color": QUIET, "width": 2, "dash": "dash"})
    return Chart(figure, _describe_gradient_norms(named))


def factor(gradient: GradientTrace) -> float | None:
    """By how much the norm of dL/ds_t is multiplied for each step further back: exp(-b), from the least-squares line
    ln ‖dL/ds_t‖ = a + b t over the steps that L depends on. None where fewer than three of these are above 0."""
    norms = gradient.states[: _asked(gradient)]
    steps = np.flatnonzero(np.isfinite(norms) & (norms > 0))
    if len(steps) < 3:
        return None
    slope, _intercept = np.polyfit(steps, np.log(norms[steps]), 1)
    return float(np.exp(-slope))


def _describe_gradient_norms(named: Named) -> str:
    """For each network, the factor of a step back, and how much of the gradient arrives at the first step."""
    sentences = []
    for name, gradient in named.items():
        norms = gradient.states[: _asked(gradient)]
        times = factor(gradient)
        if times is not None:
            text = _("{name}: a typical step back multiplies it by {factor}.")
            sentences.append(text.format(name=name, factor=size(times)))
        if norms[-1] > 0 and np.isfinite(norms[-1]):
            text = _("{name}: from step {last} back to step 1 the gradient is multiplied by {share}.")
            sentences.append(text.format(name=name, last=len(norms), share=size(norms[0] / norms[-1])))
        else:
            sentences.append(
                _("{name}: the gradient is {value} at its last step.").format(name=name, value=size(norms[-1]))
            )
    return " ".join(sentences)


def _line(name: str, gradient: GradientTrace, values: np.ndarray, look: tuple[str, str, str]) -> dict[str, Any]:
    """One network's norms, as far as they are on the axis."""
    colour, dash, symbol = look
    text = _("{name}, step {step}, “{symbol}”: {value}")
    text = text.format(name="%{fullData.meta}", step="%{x}", symbol="%{text}", value="%{customdata}")
    return {
        "type": "scatter",
        "x": list(range(1, len(values) + 1)),
        "y": drawn(values),
        "mode": "lines+markers",
        "name": _legend(name, gradient),
        "meta": escape(name),
        "line": {"color": colour, "dash": dash, "width": 2.5},
        "marker": {"color": colour, "symbol": symbol, "size": 8 if len(values) <= 80 else 4},
        "text": [symbol_text(one) for one in _symbols(gradient)[: len(values)]],
        "customdata": [size(value) for value in values],
        "hovertemplate": text + "<extra></extra>",
    }


def _edges(line: dict[str, Any], values: np.ndarray, at: np.ndarray, off: np.ndarray) -> dict[str, Any]:
    """Triangles for what left the axis, up at its upper edge, down at the lower; the pointer tells the true value."""
    places = np.flatnonzero(off)
    marker = {"color": line["line"]["color"], "size": 11, "opacity": 1}
    marker["symbol"] = ["triangle-up" if out > 0 else "triangle-down" for out in off[places]]
    chosen = {key: [line[key][place] for place in places] for key in ("x", "text")}
    chosen |= {"y": drawn(at[places]), "customdata": [size(value) for value in values[places]]}
    return line | chosen | {"mode": "markers", "marker": marker, "showlegend": False}


def _legend(name: str, gradient: GradientTrace) -> str:
    times = factor(gradient)
    if times is None:
        return escape(shortened(name, 40))
    text = _("{name}: a step back is ×{factor}")
    return text.format(name=escape(shortened(name, 40)), factor=size(times))


def _asked(gradient: GradientTrace) -> int:
    """How many steps L can depend on."""
    return len(gradient.states) if gradient.step is None else gradient.step + 1


def _symbols(gradient: GradientTrace) -> tuple[str, ...]:
    return gradient.symbols or ("",) * len(gradient.states)


def _looks(named: Mapping) -> list[tuple[str, str, str]]:
    return [LOOKS[place % len(LOOKS)] for place in range(len(named))]


def _on_axis(values: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """The values as they can stand on a logarithmic axis, and where they left it: -1 below, 1 above, 0 else."""
    with np.errstate(divide="ignore"):
        at = np.log10(np.where(values > 0, values, 0))
    off = np.where(np.isnan(values), 0, np.where(at < low, -1, np.where(at > high, 1, 0)))
    inside = 0.03 * (high - low)
    return np.where(off < 0, 10 ** (low + inside), np.where(off > 0, 10 ** (high - inside), values)), off


def clipping_in_words(named: Named, norm: float) -> str:
    """For each network its weights' gradient, and what clipping at ``norm`` does to it; infinity is no clipping."""
    text = _("{cell}: the weights' gradient has the norm {norm}; clipping multiplies it by {scale}.")
    return " ".join(
        text.format(cell=name, norm=size(trace.weight_norm), scale=size(trace.clipping(norm)))
        for name, trace in named.items()
    )
