"""Fixed and slow points of a larger network, on the plane of its runs' first two principal axes."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import size
from app.charts.kit.style import BLUE, GREEN, LOOKS, PINK, QUIET, note, styled
from app.charts.sequence.drawn import drawn
from app.charts.sequence.landscape import KINDS, counted, in_words, marks
from app.charts.sequence.texts import plain_name, symbol_text
from app.i18n import _, ngettext
from model.traces import FixedPoint, HiddenBasis, LoopTrace, SequenceTrace

#: Up to so much a step, in speed, a point stands still; above it is a slow one.
MAX_FIXED_SPEED = 1e-6
#: The most runs that are drawn, and the most points that are told in words.
RUNS, TOLD = 12, 3


@chart
def fixed_points_plane(
    traces: Sequence[SequenceTrace],
    basis: HiddenBasis,
    points: Sequence[FixedPoint],
    reading: LoopTrace | None = None,
    alone: LoopTrace | None = None,
    *,
    narrow: bool = False,
) -> Chart:
    """The paths of the runs (the first one in blue, the others pale), their states coloured by the right answer where
    those are of a few kinds, and the points by kind; a slow point is smaller than a fixed one. Of a network that
    continues a wave, also where its state goes while it is ``reading`` one for long, and when it is left ``alone``.
    A ``narrow`` figure has more room above, where names take more lines."""
    figure = go.Figure([*_runs(traces, basis), *_loops(basis, reading, alone), *_points(basis, points)])
    styled(
        figure,
        height=520,
        margin={"l": 66, "r": 10, "t": 96 if narrow else 66, "b": 56},
        hovermode="closest",
        dragmode="pan",
    )
    marked = {"stable": "●", "saddle": "✕", "unstable": "○", "marginal": "◇"}
    legend = _(", ").join(f"{sign} {_(KINDS[kind][2])}" for kind, sign in marked.items())
    figure.add_annotation(
        note(
            _("Points: {legend}; small: slow").format(legend=legend),
            x=0,
            y=1,
            xanchor="left",
            yanchor="bottom",
            yshift=60 if narrow else 32,
        )
    )
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"})
    title = _("axis {number} ({share})")
    axes = [title.format(number=k + 1, share=f"{share:.1%}") for k, share in enumerate(basis.explained[:2])]
    figure.update_xaxes(title_text=axes[0])
    figure.update_yaxes(title_text=axes[1] if len(axes) > 1 else "", scaleanchor="x", scaleratio=1)
    told = [_rounds(reading, alone)] if reading and alone else []
    return Chart(figure, " ".join([*told, _in_sentences(traces, basis, points)]))


def _runs(traces: Sequence[SequenceTrace], basis: HiddenBasis) -> list[go.Scatter]:
    """The runs' paths, the first above the others, and the names of the right answers' looks."""
    kinds = sorted({answer for trace in traces for answer in trace.answers} - {""})
    looks = dict(zip(kinds, LOOKS, strict=False)) if 2 <= len(kinds) <= len(LOOKS) else {}
    paths = []
    for place, trace in reversed(list(enumerate(traces[:RUNS]))):
        at = places(basis, trace.full_states)
        line = {"color": BLUE if place == 0 else QUIET, "width": 2 if place == 0 else 0.7}
        answers = trace.answers or ("",) * len(trace.hidden)
        colours = [QUIET, *(looks[answer][0] if answer in looks else line["color"] for answer in answers)]
        symbols = ["star", *(looks[answer][2] if answer in looks else "circle" for answer in answers)]
        paths.append(
            go.Scatter(
                x=drawn(at[:, 0]),
                y=drawn(at[:, 1]),
                mode="lines+markers",
                line=line,
                marker={"color": colours, "symbol": symbols, "size": [11, *[6 if place == 0 else 4] * len(answers)]},
                opacity=1 if place == 0 else 0.55,
                hovertext=_stories(trace),
                hovertemplate="%{hovertext}<extra></extra>",
                showlegend=False,
            )
        )
    name = _("right answer: {answer}")
    names = [
        go.Scatter(
            x=[None],
            y=[None],
            mode="markers",
            name=name.format(answer=symbol_text(answer)),
            marker={"color": colour, "symbol": symbol},
        )
        for answer, (colour, _dash, symbol) in looks.items()
    ]
    return [*paths, *names]


def _loops(basis: HiddenBasis, reading: LoopTrace | None, alone: LoopTrace | None) -> list[go.Scatter]:
    """Where the state goes while the network reads for long, and when it is left alone."""
    looks = (
        (reading, _("reading a wave for long"), {"color": GREEN, "width": 4}),
        (alone, _("left alone: each answer is its next input"), {"color": PINK, "width": 2, "dash": "dot"}),
    )
    paths = [(places(basis, loop.states), name, line) for loop, name, line in looks if loop]
    return [
        go.Scatter(x=drawn(at[:, 0]), y=drawn(at[:, 1]), mode="lines", line=line, name=name, hoverinfo="name")
        for at, name, line in paths
    ]


def _points(basis: HiddenBasis, points: Sequence[FixedPoint]) -> list[go.Scatter]:
    """The points on the plane; the pointer shows how far each lies from it."""
    if not points:
        return []
    drawing = marks(points, places(basis, np.stack([point.state for point in points])))
    more = _("{point}<br>{distance} away from this plane")
    drawing["hovertext"] = [
        more.format(point=told, distance=size(far))
        for told, far in zip(drawing["hovertext"], away(basis, points).tolist(), strict=True)
    ]
    drawing["marker"]["size"] = [16 if point.speed <= MAX_FIXED_SPEED else 9 for point in points]
    return [go.Scatter(drawing | {"showlegend": False})]


def _in_sentences(traces: Sequence[SequenceTrace], basis: HiddenBasis, points: Sequence[FixedPoint]) -> str:
    """How much the plane shows, how many points of each kind there are, how far from the plane they lie, how fast the
    slow ones still move, and what the linear part says of the stillest."""
    # What the axes' titles come to: their decimals are the same.
    shown, units = f"{sum(round(float(share), 3) for share in basis.explained[:2]):.1%}", basis.components.shape[1]
    text = _("The plane shows {share} of the variance of the runs' states of {units} numbers.")
    sentences = [text.format(share=shown, units=units)]
    fixed = [point for point in points if point.speed <= MAX_FIXED_SPEED]
    slow = [point for point in points if point.speed > MAX_FIXED_SPEED]
    if fixed or not slow:
        sentences.append(counted(fixed))
    usual = usual_speed(traces)
    if slow:
        text = _(
            "Slow points: {count}; a step moves them by {least} to {most}, where it usually moves the state by {usual}."
        )
        least, most = (size(one) for one in (slow[0].speed, slow[-1].speed))
        sentences.append(text.format(count=len(slow), least=least, most=most, usual=size(usual)))
    if points:
        distances = away(basis, points)
        text = _(
            "They lie {least} to {most} away from the plane; the runs' states lie {usual} away from it on average."
        )
        states = np.concatenate([trace.full_states for trace in traces])
        mean = float(np.linalg.norm(off_plane(basis, states), axis=1).mean())
        sentences.append(
            text.format(least=size(float(distances.min())), most=size(float(distances.max())), usual=size(mean))
        )
    if len(points) > 1 and (told := _groups(traces[0], points)):
        sentences.append(told)
    for place, point in enumerate(points[:TOLD]):
        text = _("Point {number}, {kind} ({speed} a step): {words}")
        kind = _(KINDS[point.kind][2])
        sentences.append(text.format(number=place + 1, kind=kind, speed=size(point.speed), words=in_words(point)))
    return " ".join(sentences)


def _rounds(reading: LoopTrace, alone: LoopTrace) -> str:
    """Whether it goes round while it reads, and when it is left alone, and in how many steps."""
    if reading.period is None:
        read = _("While it reads, its state goes round no loop.")
    else:
        read = _("While it reads a wave, its state goes round a loop, once in {steps} steps.")
        read = read.format(steps=f"{reading.period:.1f}")
    if alone.period is None:
        left = _(
            "Left alone, with its own answers as its inputs, it does not go on so: after {steps} steps a step moves it "
            "by {speed}. The loop was the wave's, not its own."
        )
        left = left.format(steps=len(alone.states) - 1, speed=size(alone.speed))
    else:
        left = _("Left alone, with its own answers as its inputs, it goes on so, once in {steps} steps.")
        left = left.format(steps=f"{alone.period:.1f}")
    return f"{read} {left}"


def places(basis: HiddenBasis, states: np.ndarray) -> np.ndarray:
    """Where states (N, S) are on the plane, (N, 2); a state of one number lies on a line."""
    seen = basis.project(states)[:, :2]
    return np.pad(seen, ((0, 0), (0, 2 - seen.shape[1])))


def usual_speed(traces: Sequence[SequenceTrace]) -> float:
    """How far a step of the runs moves the state, in the median."""
    return float(np.median(np.concatenate([_moves(trace) for trace in traces])))


def away(basis: HiddenBasis, points: Sequence[FixedPoint]) -> np.ndarray:
    """How far each point is from the plane, (N,)."""
    return np.linalg.norm(off_plane(basis, np.stack([point.state for point in points])), axis=1)


def off_plane(basis: HiddenBasis, states: np.ndarray) -> np.ndarray:
    """What of the states (N, S) the plane does not show, (N, S)."""
    axes = basis.components[:2]
    centred = states - basis.mean
    return centred - centred @ axes.T @ axes


def _moves(trace: SequenceTrace) -> np.ndarray:
    return np.linalg.norm(np.diff(trace.full_states, axis=0), axis=1)


def _groups(trace: SequenceTrace, points: Sequence[FixedPoint]) -> str:
    """At which symbols the first run jumps from the neighbourhood of one point to another's."""
    states = np.stack([point.state for point in points])
    nearest = np.linalg.norm(trace.full_states[:, None] - states, axis=2).argmin(axis=1)
    turns = np.flatnonzero(np.diff(nearest)).tolist()
    if not turns or not trace.symbols:
        return ""
    at = _(", ").join(f"{t + 1} “{plain_name(trace.symbols[t])}”" for t in turns[:6])
    text = ngettext(
        "The first run comes nearest to another point once, at step {at}.",
        "The first run comes nearest to another point {count} times, at first at the steps {at}.",
        len(turns),
    )
    return text.format(count=len(turns), at=at)


def _stories(trace: SequenceTrace) -> list[str]:
    text = _("after step {step}, “{symbol}”")
    symbols = trace.symbols or ("x",) * len(trace.hidden)
    told = [text.format(step=t + 1, symbol=symbol_text(symbol)) for t, symbol in enumerate(symbols)]
    return [_("before the first step"), *told]
