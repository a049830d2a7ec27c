"""The path of the hidden state: where the memory goes while the network reads."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.player import FilmTrace, Panel
from app.charts.kit.style import BLUE, HIGHLIGHT, LOOKS, QUIET, note, percent, styled
from app.charts.sequence.drawn import drawn
from app.charts.sequence.texts import names_of, plain_name, step_ticks, symbol_text
from app.i18n import _
from model.cells import CELLS
from model.traces import HiddenBasis, SequenceTrace

#: The current step trails so many of those before it.
TRAIL = 6
#: More kinds of answers than this are not told apart by colour.
KINDS = len(LOOKS)


def places(trace: SequenceTrace, basis: HiddenBasis) -> np.ndarray:
    """Where the states are on the figure's two axes, (T + 1, 2): the first two axes of ``basis``, or for a single
    unit the step and its state."""
    with np.errstate(invalid="ignore", over="ignore"):
        seen = basis.project(trace.states)
    if seen.shape[1] == 1:
        return np.column_stack([np.arange(len(seen)), seen])
    return seen[:, :2]


def axis_titles(basis: HiddenBasis) -> tuple[str, str]:
    """What the two axes are: units themselves where there are one or two, else principal axes with their shares."""
    units = basis.components.shape[1]
    if units == 1:
        return _("step"), _("unit {unit}").format(unit=0)
    if units == 2:
        return _("unit {unit}").format(unit=0), _("unit {unit}").format(unit=1)
    title = _("axis {number} ({share})")
    first, second = (title.format(number=k + 1, share=percent(basis.explained[k])) for k in (0, 1))
    return first, second


def held(traces: Sequence[SequenceTrace], basis: HiddenBasis) -> float:
    """How much of these states' own variance the two axes show, 0 to 1; NaN where they grew beyond all bounds."""
    every = np.concatenate([trace.states for trace in traces])
    with np.errstate(invalid="ignore", over="ignore"):
        return float(basis.share_of(every)[:2].sum())


def axes_in_words(traces: Sequence[SequenceTrace], basis: HiddenBasis) -> str:
    """How much of the states' own variance the two axes show, in a sentence."""
    units, share = basis.components.shape[1], held(traces, basis)
    if not np.isfinite(share):
        return _("The states grew beyond all bounds and cannot be shown.")
    if units <= 2:
        return _("The axes are the units themselves: nothing is hidden.")
    return _("The two axes show {share} of the variance of {units} units.").format(share=percent(share), units=units)


def path_panel(trace: SequenceTrace, basis: HiddenBasis) -> Panel:
    """The whole path, thin, from a star on; the last steps, thick; and the current state, lit."""
    points = drawn(places(trace, basis))
    x, y = [point[0] for point in points], [point[1] for point in points]
    whole = _course(x, y, trace) | {"line": {"color": QUIET, "width": 1}}
    whole["marker"] = {"color": QUIET, "symbol": ["star", *["circle"] * (len(x) - 1)], "opacity": 1}
    whole["marker"] |= {"size": [13, *[5 if len(x) < 60 else 3] * (len(x) - 1)], "line": {"width": 0}}
    quiet = {"type": "scatter", "hoverinfo": "skip", "showlegend": False}
    trail = quiet | {"mode": "lines+markers", "line": {"color": BLUE, "width": 3}}
    trail["marker"] = {
        "symbol": "arrow",
        "angleref": "previous",
        "size": [0, *[10] * TRAIL],
        "color": BLUE,
        "line": {"width": 0},
    }
    current = quiet | {
        "mode": "markers",
        "marker": {"size": 15, "color": HIGHLIGHT, "opacity": 1, "line": {"width": 0}},
    }

    def last(t: int) -> dict[str, Any]:
        first = max(t + 1 - TRAIL, 0)
        return {"x": x[first : t + 2], "y": y[first : t + 2]}

    first, second = axis_titles(basis)
    share = held([trace], basis)
    title = _("path of the state")
    if basis.components.shape[1] > 2 and np.isfinite(share):
        title = _("path ({share} of variance)").format(share=percent(share))
    return Panel(
        title,
        [FilmTrace(whole), FilmTrace(trail, last), FilmTrace(current, lambda t: {"x": [x[t + 1]], "y": [y[t + 1]]})],
        {"title_text": first, **_range(trace, basis, "x")},
        {"title_text": second, **_range(trace, basis, "y")},
    )


@chart
def state_paths(traces: Sequence[SequenceTrace], basis: HiddenBasis) -> Chart:
    """The paths of one or several sequences on the same two axes, such as those of one snapshot of a training run.

    Points are coloured by the right answer at their step, where those are of a few kinds: a network that solved its
    task keeps states apart that need different answers. Pass the same ``basis`` for all snapshots, so that what moves
    is the memory and not the view.
    """
    figure = go.Figure()
    looks = _looks(traces)
    for trace in traces:
        points = drawn(places(trace, basis))
        x, y = [point[0] for point in points], [point[1] for point in points]
        line = _course(x, y, trace) | {"line": {"color": QUIET, "width": 1}, "showlegend": False}
        colours, symbols = zip(*(looks.get(answer, (QUIET, "circle")) for answer in _answers(trace)), strict=True)
        marker = {"color": [QUIET, *colours], "symbol": ["star", *symbols], "opacity": 1, "line": {"width": 0}}
        figure.add_trace(line | {"marker": marker | {"size": [14, *[8] * len(trace.hidden)]}})
    for answer, (colour, symbol) in looks.items():
        name = _("right answer: {answer}").format(answer=symbol_text(answer))
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=name, marker={"color": colour, "symbol": symbol, "size": 11}
        )
    styled(figure, height=480, margin={"l": 66, "r": 10, "t": 60, "b": 56}, hovermode="closest", dragmode="pan")
    figure.add_annotation(note(axes_in_words(traces, basis), x=0, y=1, xanchor="left", yanchor="bottom", yshift=30))
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"})
    first, second = axis_titles(basis)
    figure.update_xaxes(title_text=first, **_range(traces[0], basis, "x"))
    figure.update_yaxes(title_text=second, **_range(traces[0], basis, "y"))
    return Chart(figure, _describe_state_paths(traces, basis))


def _describe_state_paths(traces: Sequence[SequenceTrace], basis: HiddenBasis) -> str:
    """How many paths, how much of them is seen, and where the longest step is."""
    sentences = [_("Paths of the state through {count} sequences.").format(count=len(traces))]
    sentences = [*(sentences if len(traces) > 1 else []), axes_in_words(traces, basis)]
    moves = [_moves(trace) for trace in traces]
    longest = max(range(len(traces)), key=lambda k: moves[k].max())
    t = int(moves[longest].argmax())
    text = _("The memory moved most at step {step}, while reading “{symbol}”.")
    sentences.append(text.format(step=t + 1, symbol=plain_name(names_of(traces[longest])[t])))
    return " ".join(sentences)


def _moves(trace: SequenceTrace) -> np.ndarray:
    """The length of each step of the path, (T,)."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.nan_to_num(np.linalg.norm(np.diff(trace.states, axis=0), axis=1))


def _course(x: list, y: list, trace: SequenceTrace) -> dict[str, Any]:
    """The path as a line whose points name their steps."""
    text = _("after step {step}, “{symbol}”")
    stories = [_("before the first step")]
    stories += [text.format(step=t + 1, symbol=symbol_text(name)) for t, name in enumerate(names_of(trace))]
    shown = {"hovertext": stories, "hovertemplate": "%{hovertext}<extra></extra>", "showlegend": False}
    return {"type": "scatter", "x": x, "y": y, "mode": "lines+markers"} | shown


def _range(trace: SequenceTrace, basis: HiddenBasis, axis: str) -> dict[str, Any]:
    """The layout of an axis: one scale for both; all that a state can reach, where the axes are bounded units."""
    units = basis.components.shape[1]
    if units == 1:
        bounded = axis == "y" and CELLS[trace.cell].bounded
        ticks = step_ticks(len(trace.hidden), 4) if axis == "x" else {}
        return {"range": [-1.1, 1.1]} if bounded else ticks
    place = {"scaleanchor": "x", "scaleratio": 1} if axis == "y" else {}
    return place | ({"range": [-1.1, 1.1]} if units == 2 and CELLS[trace.cell].bounded else {})


def _answers(trace: SequenceTrace) -> tuple[str, ...]:
    return trace.answers or ("",) * len(trace.hidden)


def _looks(traces: Sequence[SequenceTrace]) -> dict[str, tuple[str, str]]:
    """A colour and a marker for each kind of right answer; none where there are many kinds, or one."""
    kinds = sorted({answer for trace in traces for answer in _answers(trace)} - {""})
    if not 2 <= len(kinds) <= KINDS:
        return {}
    return {kind: (colour, symbol) for kind, (colour, _dash, symbol) in zip(kinds, LOOKS, strict=False)}
