"""Which step carries a word: how far each part of each step of B's run brings A to B's word."""

from collections.abc import Callable
from typing import Any

import numpy as np
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import SMALL, escape, percent, shortened, styled, wrapped
from app.i18n import _
from model.traces import PatchingTrace
from model.traces.editing import PARTS

#: The height of a row of cells in pixels, that of a panel's title, and of the words under the lowest.
ROW, HEAD, FOOT = 46, 40, 120
#: On a phone: above each panel, under all, and in Latin letters how wide a column is.
PHONE_HEAD, PHONE_FOOT, LETTERS = 100, 76, 9


@chart
def recovered(trace: PatchingTrace, *, narrow: bool = False) -> Chart:
    """A row for memory, look and word before, a column a step; blue is away from B's word, red towards it, the number
    is the share of the way. Below, on the same scale, the same with other photos' values.

    In a ``narrow`` figure the maps are turned: a row a step."""
    panels = [(_("from B"), trace.recovered)]
    if len(trace.log_probs_others):
        panels.append((_("from other photos, the mean"), trace.baseline))
    titles = [f"<b>{escape(title)}</b>" for title, _values in panels]
    names = list(part_names().values())
    steps = _columns(trace)
    head, foot, rows = (PHONE_HEAD, PHONE_FOOT, len(steps)) if narrow else (HEAD, FOOT, len(PARTS))
    between = head / (rows * ROW * len(panels) + head * (len(panels) - 1))
    figure = make_subplots(len(panels), 1, shared_xaxes=not narrow, subplot_titles=titles, vertical_spacing=between)
    places = list(range(len(steps)))
    across, down = ([wrapped(name, LETTERS) for name in names], places) if narrow else (places, names)
    for row, (_title, values) in enumerate(panels, start=1):
        figure.add_heatmap(
            z=_turned(_cells(values, float, None), narrow),
            y=down,
            x=across,
            text=_turned(_cells(values, lambda share: number(float(share), 2), ""), narrow),
            texttemplate="%{text}",
            textfont={"size": SMALL},
            customdata=_turned([steps] * len(names), narrow),
            hovertemplate=_("{part} of step {step}: {share} of the way").format(
                part="%{x}" if narrow else "%{y}", step="%{customdata}", share="%{text}"
            )
            + "<extra></extra>",
            hoverongaps=False,
            xgap=2,
            ygap=2,
            coloraxis="coloraxis",
            row=row,
            col=1,
        )
    height = head * len(panels) + ROW * rows * len(panels) + foot
    styled(
        figure,
        height=height,
        margin={"l": 100 if narrow else 130, "r": 10, "t": head, "b": foot},
        dragmode=False,
        coloraxis={
            "cmin": -1,
            "cmax": 1,
            "colorscale": "RdBu_r",
            "colorbar": _bar(narrow, foot / (height - head - foot)),
        },
    )
    figure.update_xaxes(showgrid=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True)
    ticks = {"tickvals": list(range(len(steps))), "ticktext": steps}
    if narrow:
        figure.update_xaxes(side="top", tickangle=0, automargin=False)
        figure.update_yaxes(ticks, automargin=False)
        figure.update_annotations(yshift=52)  # above the names of the columns
    else:
        figure.update_xaxes(ticks, tickangle=-40, row=len(panels), col=1)
    return Chart(figure, _describe_recovered(trace), wide=not narrow)


def _bar(below: bool, foot: float) -> dict[str, Any]:
    """The scale, beside the maps or ``below`` them, where ``foot`` of the plot's height is free."""
    bar: dict[str, Any] = {"thickness": 14, "tickvals": [-1, 0, 1], "tickfont": {"size": SMALL}}
    bar["ticktext"] = [_("−1 or less"), "0", _("1 or more")]
    title = {"text": _("share of the way"), "side": "top" if below else "right"}
    if below:
        bar |= {"orientation": "h", "lenmode": "pixels", "len": 240, "x": 0.5, "xanchor": "center"}
        bar |= {"y": -0.1 * foot, "yanchor": "top"}
    return bar | {"title": title}


def _turned(cells: list[list[Any]], turned: bool) -> list[list[Any]]:
    return [list(column) for column in zip(*cells, strict=True)] if turned else cells


def _cells(values: np.ndarray, say: Callable[[float], float | str], none: str | None) -> list[list[float | str | None]]:
    """Each number (3, P) as ``say`` has it; ``none`` where there is none."""
    return [[say(value) if np.isfinite(value) else none for value in row] for row in values]


def part_names() -> dict[str, str]:
    """What is replaced, by its code."""
    return {"hidden": _("the memory"), "context": _("the look"), "previous": _("the word before")}


def _describe_recovered(trace: PatchingTrace) -> str:
    """The farthest that anything carried, and how far other photos' values carried there."""
    shares = np.where(np.isfinite(trace.recovered), trace.recovered, -np.inf)
    p, k = np.unravel_index(int(shares.argmax()), shares.shape)
    names, columns = part_names(), _columns(trace)
    text = _(
        "A gives B's word “{word}” {before}, B gives it {after}. Farthest carries {part} of step {step}: {share} "
        "of the way."
    ).format(
        word=trace.word,
        before=percent(float(np.exp(trace.log_prob_a))),
        after=percent(float(np.exp(trace.log_prob_b))),
        part=names[PARTS[p]],
        step=columns[k].replace("<br>", " / "),
        share=number(float(shares[p, k]), 2),
    )
    if len(trace.log_probs_others) and np.isfinite(trace.baseline[p, k]):
        other = _("The same from other photos: {share}.").format(share=number(float(trace.baseline[p, k]), 2))
        text = f"{text} {other}"
    return text


def too_near(trace: PatchingTrace) -> str:
    """Why there is no map."""
    return _(
        "A gives B's word “{word}” {before} here, and B gives it {after}: too near for a share of the way between "
        "them. Choose other words."
    ).format(
        word=trace.word,
        before=percent(float(np.exp(trace.log_prob_a))),
        after=percent(float(np.exp(trace.log_prob_b))),
    )


def _columns(trace: PatchingTrace) -> list[str]:
    """Each step by the word that A says there, and under it the one that B says at its own."""

    def said(words: tuple[str, ...], step: int) -> str:
        return escape(shortened(words[step], 14)) if step >= 0 else _("(start)")

    text = _("A: {a}<br>B: {b}")
    pairs = zip(trace.steps_a.tolist(), trace.steps_b.tolist(), strict=True)
    return [
        text.format(a=said(trace.words_a, step), b=said(trace.words_b, theirs)) if theirs >= -1 else ""
        for step, theirs in pairs
    ]
