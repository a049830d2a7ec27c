"""Training runs as curves: loss, accuracy and the gradient's norm, one run or several side by side.

These are drawn once a second while a network trains. Where a run has more than ``POINTS`` steps, each point stands for
a group of steps in a row, all groups of one size: their mean for loss and accuracy, their largest for the gradient's
norm, because there a single peak is what breaks a run. Each figure says so.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import size
from app.charts.kit.style import HIGHLIGHT, LOOKS, QUIET, escape, message, note, percent, shortened, styled
from app.charts.sequence.drawn import drawn
from app.charts.sequence.lines import APART, Label, end_labels, labels_below, log_range, log_ticks
from app.i18n import _
from model.traces import TrainingTrace

#: A line has no more points.
POINTS = 800
#: The height of a figure and what of it is not plot, and the margin for the names of runs and references, in
#: pixels.
HEIGHT, TOP, BOTTOM, NAMES = 330, 34, 52, 150
PLOT = HEIGHT - TOP - BOTTOM
#: A linear loss axis ends at so many times the highest reference line: the first steps may lie far above it.
CEILING = 4.0

#: At most so many checks on fresh sequences are marked; a run's latest value is the mean of so many steps.
CHECKS, LATEST = 40, 20

Runs = Mapping[str, TrainingTrace]


class TrainingCurve(NamedTuple):
    """What of each run is drawn against its steps."""

    title: str
    values: Callable[[TrainingTrace], np.ndarray]
    #: The same on fresh sequences, where that is known.
    checks: Callable[[TrainingTrace], np.ndarray] | None
    #: What of a group of steps a point stands for, such as their mean.
    join: Callable
    #: A value as text.
    text: Callable[[float], str]


@chart
def loss_curves(runs: Runs, *, shown: int | None = None, narrow: bool = False) -> Chart:
    """The loss of each step's batch as a line, that on fresh sequences as markers, and the task's references (chance,
    optimum, entropies) as dashed lines. Losses are in nats for classes, squared errors for numbers. A dotted line marks
    the step that is ``shown``, where one has rewound to it. In a ``narrow`` figure all names stand below, here as in
    the next two charts.

    The axis starts at 0 and leaves out what is far above all references, such as the first steps of a wild run.
    """
    if not _begun(runs):
        return _nothing()
    references = _references(runs)
    losses = np.concatenate([np.concatenate([run.loss, run.check_loss]) for run in runs.values()])
    latest = max((latest_loss(run) for run in runs.values() if len(run.loss)), default=0.0)
    axis = {"range": [0, _top(losses, list(references.values()), latest)]}
    course = TrainingCurve(_("loss"), lambda run: run.loss, lambda run: run.check_loss, np.mean, size)
    figure = _curves(runs, course, axis, references, narrow=narrow)
    if shown is not None:
        figure.add_vline(shown, line_width=2, line_dash="dot", line_color=HIGHLIGHT)
    return Chart(figure, _describe_loss_curves(runs))


@chart
def accuracy_curves(runs: Runs, *, chance: float | None = None, solved: float = 0.99, narrow: bool = False) -> Chart:
    """The share of right answers in each step's batch as a line, that on fresh sequences as markers; dashed lines for
    guessing (``chance``) and for what counts as ``solved``; a star where a run got there."""
    if not _begun(runs):
        return _nothing()
    course = TrainingCurve(
        _("right answers"), lambda run: run.accuracy, lambda run: run.check_accuracy, np.mean, percent
    )
    axis = {"range": [0, 1.03], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}
    lines = {"solved": solved} | ({} if chance is None else {"chance": chance})
    figure = _curves(runs, course, axis, lines, narrow=narrow)
    for (colour, _dash, _symbol), run in zip(_looks(runs), runs.values(), strict=True):
        if run.solved_at is not None:
            figure.add_scatter(
                x=[run.solved_at],
                y=drawn(run.check_accuracy[run.check_steps == run.solved_at]),
                mode="markers",
                marker={"symbol": "star", "size": 20, "color": colour, "line": {"width": 1, "color": QUIET}},
                hovertext=_("solved at step {step}").format(step=run.solved_at),
                hovertemplate="%{hovertext}<extra></extra>",
                showlegend=False,
            )
    return Chart(figure, _describe_accuracy_curves(runs))


@chart
def gradient_norm_curves(runs: Runs, *, clip: float = 0.0, narrow: bool = False) -> Chart:
    """The norm of the whole gradient before clipping, on a logarithmic axis; a line at ``clip``, above which it is
    scaled down (0 is off)."""
    if not _begun(runs):
        return _nothing()
    norms = np.concatenate([run.gradient_norm for run in runs.values()])
    course = TrainingCurve(_("gradient norm"), lambda run: run.gradient_norm, None, np.max, size)
    axis = {"type": "log", "range": log_range(np.append(norms, clip))}
    figure = _curves(runs, course, axis, {"clip": clip} if clip > 0 else {}, dashes=HIGHLIGHT, narrow=narrow)
    return Chart(figure, _describe_gradient_norm_curves(runs, clip))


def _describe_loss_curves(runs: Runs) -> str:
    """From what loss to what each run came, beside the references."""
    text = _("{run}: the loss went from {first} to {last} in {steps} steps (here as everywhere, the mean of {count}).")
    sentences = [
        text.format(
            run=name,
            first=size(float(run.loss[:LATEST].mean())),
            last=size(latest_loss(run)),
            steps=int(run.steps[-1]),
            count=min(LATEST, len(run.steps)),
        )
        for name, run in runs.items()
        if len(run.steps)
    ]
    names = _reference_names()
    references = _references(runs)
    if references:
        listed = _(", ").join(f"{names.get(name, name)} {size(value)}" for name, value in references.items())
        sentences.append(_("To compare with: {references}.").format(references=listed))
    return " ".join(sentences)


def latest_loss(run: TrainingTrace) -> float:
    """The loss that chart, table and sentence name: the mean of the last ``LATEST`` steps' batches."""
    return float(run.loss[-LATEST:].mean())


def _describe_accuracy_curves(runs: Runs) -> str:
    """How often each run is right on fresh sequences, and when it solved its task."""
    sentences = []
    for name, run in runs.items():
        if run.solved_at is not None:
            text = _("{run}: solved at step {step}.")
            sentences.append(text.format(run=name, step=run.solved_at))
        elif len(run.check_steps):
            text = _("{run}: not solved; {share} right on fresh sequences at step {step}.")
            share = percent(run.check_accuracy[-1])
            sentences.append(text.format(run=name, share=share, step=int(run.check_steps[-1])))
        elif len(run.steps):
            text = _("{run}: {share} right in the last batch, step {step}.")
            sentences.append(text.format(run=name, share=percent(run.accuracy[-1]), step=int(run.steps[-1])))
    return " ".join(sentences)


def _describe_gradient_norm_curves(runs: Runs, clip: float) -> str:
    """The median and the largest norm of each run, and how often clipping acted."""
    sentences = []
    for name, run in runs.items():
        if not len(run.steps):
            continue
        norms = run.gradient_norm
        text = _("{run}: the gradient's norm is {median} as a rule, {largest} at most (step {step}).")
        step = int(run.steps[norms.argmax()])
        sentences.append(
            text.format(run=name, median=size(float(np.median(norms))), largest=size(float(norms.max())), step=step)
        )
        if clip > 0:
            text = _("Clipping at {clip} acted in {share} of its steps.")
            sentences.append(text.format(clip=size(clip), share=percent(float((norms > clip).mean()))))
    return " ".join(sentences)


def thinned(steps: np.ndarray, values: np.ndarray, join: Callable, group: int) -> tuple[np.ndarray, np.ndarray]:
    """Each ``group`` of steps as one point, at the last of them; the last group may be smaller."""
    if group == 1:
        return steps, values
    whole = len(values) // group * group
    joined = join(values[:whole].reshape(-1, group), axis=1)
    ends = steps[group - 1 : whole : group]
    if whole < len(values):
        joined, ends = np.append(joined, join(values[whole:])), np.append(ends, steps[-1])
    return ends, joined


def _begun(runs: Runs) -> bool:
    return any(len(run.steps) for run in runs.values())


def _nothing() -> go.Figure:
    return message(_("Training has not begun."))


def _looks(runs: Runs) -> list[tuple[str, str, str]]:
    return [LOOKS[place % len(LOOKS)] for place in range(len(runs))]


def _curves(
    runs: Runs,
    course: TrainingCurve,
    axis: dict[str, Any],
    references: Mapping[str, float],
    *,
    dashes: str = QUIET,
    narrow: bool,
) -> go.Figure:
    """The lines of all runs, the markers of their checks, and dashed lines for the references; beside the plot (or
    below it), where no line is, the name and value of each, a run's latest."""
    look = {"color": dashes, "width": 2, "dash": "dash"}
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below", "line": look}
    names = _short_names()
    group = max(1, -(-max(len(run.steps) for run in runs.values()) // POINTS))
    lines = []
    ends = []
    for (colour, _dash, symbol), (name, run) in zip(_looks(runs), runs.items(), strict=True):
        if not len(run.steps):
            continue
        lines.append(_line(name, run, course, group, colour))
        if course.checks and len(run.check_steps):
            lines.append(_checks(name, run, course.checks(run), colour, symbol))
        latest = float(np.mean(course.values(run)[-LATEST:]))
        ends.append(Label(f"{escape(shortened(name, 12))} {course.text(latest)}", latest, colour, symbol))
    ends += [
        Label(f"{names.get(name, escape(name))} {course.text(value)}", value, dashes, "dash")
        for name, value in references.items()
    ]
    below = APART * len(ends) + 8 if narrow else 0
    last = max(int(run.steps[-1]) for run in runs.values() if len(run.steps))
    return styled(
        go.Figure(data=lines),
        height=HEIGHT + below,
        margin={"l": 64, "r": 16 if narrow else NAMES, "t": TOP, "b": BOTTOM + below},
        hovermode="closest",
        dragmode="zoom",
        # What the reader zoomed to stays while the run goes on.
        uirevision="training",
        xaxis={"title": {"text": _("training step"), "standoff": 4}, "range": [0, last * 1.01 + 1], "showgrid": False},
        yaxis={"automargin": False} | axis | (log_ticks(axis["range"]) if axis.get("type") == "log" else {}),
        shapes=[across | {"y0": value, "y1": value} for value in references.values()],
        annotations=[
            note(_header(course, group), x=0, y=1, xanchor="left", yanchor="bottom", yshift=6),
            *(labels_below(ends, first=BOTTOM) if narrow else end_labels(ends, axis, height=PLOT)),
        ],
    )


def _line(name: str, run: TrainingTrace, course: TrainingCurve, group: int, colour: str) -> dict[str, Any]:
    x, y = thinned(run.steps, course.values(run), course.join, group)
    text = _("{run}, step {step}: {value}").format(run="%{fullData.name}", step="%{x}", value="%{y:.4g}")
    look = {"mode": "lines", "line": {"color": colour, "width": 2}, "opacity": 0.75 if course.checks else 1}
    if len(x) == 1:
        look = {"mode": "markers", "marker": {"color": colour, "size": 7}}
    shown = {"name": escape(shortened(name, 24)), "showlegend": False, "hovertemplate": text + "<extra></extra>"}
    return {"type": "scatter", "x": x.tolist(), "y": drawn(y)} | shown | look


def _checks(name: str, run: TrainingTrace, values: np.ndarray, colour: str, symbol: str) -> dict[str, Any]:
    """At most ``CHECKS`` markers, evenly, the latest among them."""
    every = -(-len(run.check_steps) // CHECKS)
    chosen = slice((len(run.check_steps) - 1) % every, None, every)
    text = _("{run}, step {step}, fresh sequences: {value}")
    text = text.format(run="%{fullData.name}", step="%{x}", value="%{y:.4g}") + "<extra></extra>"
    points = {"x": run.check_steps[chosen].tolist(), "y": drawn(values[chosen])}
    marker = {"symbol": symbol, "size": 9, "color": colour, "opacity": 1}
    shown = {"name": escape(shortened(name, 24)), "showlegend": False, "hovertemplate": text}
    return {"type": "scatter", "mode": "markers", "marker": marker} | shown | points


def _header(course: TrainingCurve, group: int) -> str:
    if group == 1:
        return f"<b>{course.title}</b>"
    text = _("<b>{title}</b>, each point the mean of {count} steps")
    if course.join is np.max:
        text = _("<b>{title}</b>, each point the largest of {count} steps")
    return text.format(title=course.title, count=group)


def _references(runs: Runs) -> dict[str, float]:
    return {name: value for run in runs.values() for name, value in run.references.items()}


def _short_names() -> dict[str, str]:
    """What stands beside a plot; the sentence under it says more."""
    short = {"uniform": _("chance"), "unigram": _("single symbols"), "bigram": _("pairs of symbols")}
    return _reference_names() | short | {"last_value": _("last value"), "variance": _("variance")}


def _reference_names() -> dict[str, str]:
    return {
        "chance": _("chance"),
        "optimum": _("optimum"),
        "uniform": _("chance (all symbols alike)"),
        "unigram": _("entropy of single symbols"),
        "bigram": _("entropy given one symbol before"),
        "last_value": _("repeating the last value"),
        "variance": _("variance (chance and optimum)"),
        "clip": _("clipped to"),
        "solved": _("solved"),
    }


def _top(losses: np.ndarray, references: list[float], latest: float) -> float:
    """The end of a linear loss axis: it may leave out where a run came from, but not where it is."""
    highest = float(losses.max())
    if not references or max(references) <= 0:
        return 1.08 * highest or 1.0
    return 1.08 * min(highest, max(CEILING * max(references), latest)) or 1.0
