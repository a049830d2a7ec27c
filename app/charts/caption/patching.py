"""Which step carries a word: how far each part of each step of B's run brings A to B's word."""

from collections.abc import Callable

import numpy as np
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import SMALL, escape, percent, shortened, styled
from app.i18n import _
from model.traces import PatchingTrace
from model.traces.editing import PARTS

#: The height of a row of cells in pixels, that of a panel's title, and of the words under the lowest.
ROW, HEAD, FOOT = 46, 40, 120


@chart
def recovered(trace: PatchingTrace) -> Chart:
    """A row for memory, look and word before, a column a step; blue is away from B's word, red towards it, the number
    is the share of the way. Below, on the same scale, the same with other photos' values."""
    panels = [(_("from B"), trace.recovered)]
    if len(trace.log_probs_others):
        panels.append((_("from other photos, the mean"), trace.baseline))
    titles = [f"<b>{escape(title)}</b>" for title, _values in panels]
    between = HEAD / (len(PARTS) * ROW * len(panels) + HEAD * (len(panels) - 1))
    figure = make_subplots(len(panels), 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=between)
    names = list(part_names().values())
    columns = _columns(trace)
    for row, (_title, values) in enumerate(panels, start=1):
        figure.add_heatmap(
            z=_cells(values, float, None),
            y=names,
            x=list(range(len(columns))),
            text=_cells(values, lambda share: number(float(share), 2), ""),
            texttemplate="%{text}",
            textfont={"size": SMALL},
            customdata=[columns] * len(names),
            hovertemplate=_("{part} of step {step}: {share} of the way").format(
                part="%{y}", step="%{customdata}", share="%{text}"
            )
            + "<extra></extra>",
            hoverongaps=False,
            xgap=2,
            ygap=2,
            coloraxis="coloraxis",
            row=row,
            col=1,
        )
    height = HEAD * len(panels) + ROW * len(PARTS) * len(panels) + FOOT
    styled(figure, height=height, margin={"l": 130, "r": 10, "t": HEAD, "b": FOOT}, dragmode=False)
    bar = {"title": {"text": _("share of the way"), "side": "right"}, "thickness": 16, "tickvals": [-1, 0, 1]}
    figure.update_layout(
        coloraxis={"cmin": -1, "cmax": 1, "colorscale": "RdBu_r", "colorbar": bar | {"tickfont": {"size": SMALL}}}
    )
    figure.update_xaxes(showgrid=False, fixedrange=True)
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=columns, tickangle=-40, row=len(panels), col=1)
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True)
    return Chart(figure, _describe_recovered(trace), wide=True)


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
