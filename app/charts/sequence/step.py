"""Step through a sequence: everything that happens at one step, on one scrubber that the browser runs alone."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.player import BUTTONS, PLAYER, FilmTrace, Panel, film, player
from app.charts.kit.style import GRID, HIGHLIGHT, NORMAL, SMALL, note, styled
from app.charts.sequence import unrolled
from app.charts.sequence.answers import AS_THEY_ARE, MANY_NUMBERS, TaskUnits, answers_panel, said
from app.charts.sequence.drawn import in_float32
from app.charts.sequence.formulas import formulas
from app.charts.sequence.path import axes_in_words, path_panel
from app.charts.sequence.texts import cell_name, names_of, plain_name, symbol_axis, symbol_text
from app.i18n import _
from model.traces import HiddenBasis, SequenceTrace

# Heights in pixels: the line that says what happens, a panel's title above it and its axis below, a formula.
HEADLINE, TITLE, AXIS, LINE, BOTTOM = 34, 34, 54, 24, 10
#: All of it, so that it fits a screen of 768 pixels, of which the panels take what is left, within bounds.
WHOLE, LOWEST, HIGHEST = 690, 175, 260
#: Latin letters that stand side by side under the units' heat map on a narrow page.
LETTERS = 34
#: Where the panels stand, in shares of the width: with three of them, and with two.
THREE, TWO = ((0.0, 0.37), (0.475, 0.69), (0.785, 1.0)), ((0.0, 0.56), (0.7, 1.0))
#: The type of formulas and of the line above all on a narrow page, pixels.
TINY, NARROW = 11, 12
#: There formulas begin at the figure's edge, and all else in the share of the width that its labels leave.
EDGE, LABELS = 8, 0.28
#: Where a formula's letters end and its numbers begin, in shares of the width.
MIDDLE = 0.39


#: Steps that a narrow page has room for.
FEW_STEPS = 4


@chart
def step_through(
    trace: SequenceTrace,
    basis: HiddenBasis,
    *,
    unit: int = 0,
    task_units: TaskUnits = AS_THEY_ARE,
    step: int = 0,
    narrow: bool = False,
) -> Chart:
    """One figure of a sequence of T steps, on one scrubber: the network unrolled along time, with the state of ``unit``
    in its boxes; the formula of that unit with the step's numbers put in; all units by time; what the network says and
    what is right; and the path of the state on the first two axes of ``basis``.

    ``step`` (from 0) is shown first. ``task_units`` brings a series' numbers into the task's own units. Without outputs
    there is no panel for what it says. On a ``narrow`` page the parts stand below each other.
    """
    lines = formulas(trace, unit)
    panels = [_units(trace, unit), path_panel(trace, basis)]
    if trace.outputs is not None:
        panels.insert(1, answers_panel(trace, task_units))
    network = unrolled.height(trace)
    below = PLAYER if len(trace.hidden) > 1 else 10
    formula_height = LINE * len(lines) * (2 if narrow else 1) + BOTTOM
    top = HEADLINE + network + below + formula_height + TITLE
    panel_height = min(max(WHOLE - top - AXIS, LOWEST), HIGHEST)
    rows = len(panels) if narrow else 1
    area = top + (panel_height + AXIS) * rows + TITLE * (rows - 1)
    up: Callable[[float], float] = lambda pixels: max(0.0, 1 - pixels / area)  # noqa: E731

    spoken = said(trace, task_units)
    parts = unrolled.network(trace, spoken, unit)
    parts += _on(
        2, [_headline(trace, spoken, area, narrow), *_formula_parts(lines, area - HEADLINE - network - below, narrow)]
    )
    for place, panel in enumerate(panels, start=3):
        parts += _on(place, panel.parts)

    figure = film(
        parts,
        len(trace.hidden),
        start=step,
        layout_at=lambda t: {"xaxis": {"range": unrolled.axis_range(trace, t, FEW_STEPS if narrow else None)}},
    )
    styled(figure, height=area + 16, margin={"l": EDGE if narrow else BUTTONS, "r": 16, "t": 8, "b": 8, "pad": 0})
    figure.update_layout(showlegend=False, hovermode="closest", dragmode=False)
    _place_network(figure, trace, up)
    full = {"visible": False, "fixedrange": True}
    figure.update_layout(xaxis2=full | {"range": [0, 1]}, yaxis2=full | {"range": [0, area], "domain": [0, 1]})
    columns = (((LABELS, 0.94),) * 3) if narrow else THREE if len(panels) == 3 else TWO
    labels = LABELS if narrow else 0.0
    figure.update_layout(xaxis={"domain": [labels, 1]})
    for k, (panel, across) in enumerate(zip(panels, columns, strict=False)):
        start = top + (panel_height + AXIS + TITLE) * k * narrow
        _place(figure, k + 3, panel, list(across), [up(start + panel_height), up(start)])
    symbol_axis(figure, names_of(trace), letters=LETTERS, axis="xaxis3")
    figure.update_layout(player(len(trace.hidden), top=up(HEADLINE + network), start=step, inside=labels))
    return Chart(figure, _describe_step_through(trace, basis, unit=unit, task_units=task_units), wide=not narrow)


def _describe_step_through(
    trace: SequenceTrace, basis: HiddenBasis, *, unit: int = 0, task_units: TaskUnits = AS_THEY_ARE
) -> str:
    """The cell, the sequence, how often the network was right, and where one unit and the whole state moved most."""
    names, course = names_of(trace), trace.states
    text = _("The network ({cell}) is of size {size}; the sequence has length {steps}.")
    sentences = [text.format(cell=cell_name(trace.cell), size=trace.hidden.shape[1], steps=len(names))]
    if right := _right_answers(trace, said(trace, task_units)):
        sentences.append(right)
    if not np.isfinite(course).all():
        return " ".join([*sentences, _("The states grew beyond all bounds.")])
    moves = np.abs(np.diff(course[:, unit]))
    text = _("Unit {unit} goes from {start} to {end} and moves most at step {step}, “{symbol}”.")
    t = int(moves.argmax())
    ends = {"start": number(course[0, unit], 2), "end": number(course[-1, unit], 2)}
    sentences.append(text.format(unit=unit, step=t + 1, symbol=plain_name(names[t]), **ends))
    return " ".join([*sentences, axes_in_words([trace], basis)])


def _right_answers(trace: SequenceTrace, spoken: tuple[str, ...]) -> str:
    """How often the network was right, over the whole sequence; nothing where no answer is one of a few."""
    asked = [t for t, answer in enumerate(trace.answers) if answer]
    if not trace.classes or trace.outputs is None or not asked:
        return ""
    right = sum(spoken[t] == trace.answers[t] for t in asked)
    return _("Right answers: {right} of {all}.").format(right=right, all=len(asked))


def _on(place: int, parts: list[FilmTrace]) -> list[FilmTrace]:
    axes = {"xaxis": f"x{place}", "yaxis": f"y{place}"}
    return [FilmTrace(part.still | axes, part.at) for part in parts]


def _headline(trace: SequenceTrace, spoken: tuple[str, ...], area: int, narrow: bool) -> FilmTrace:
    """One line above all: which step it is, what is read, what is said, and what is right, here and in all."""
    still: dict[str, Any] = {
        "type": "scatter",
        "mode": "text",
        "x": [0],
        "y": [area - HEADLINE / 2],
        "hoverinfo": "skip",
    }
    still |= {"textposition": "middle right", "textfont": {"size": NARROW if narrow else NORMAL}, "cliponaxis": False}

    in_all = "" if narrow else _right_answers(trace, spoken)

    def at(t: int) -> dict[str, Any]:
        text = f"{_sentence(trace, spoken, t)} {in_all}".strip().replace("。 ", "。")
        return {"text": [re.sub("</b>[:：]? ?", "</b><br>", text) if narrow else text]}

    return FilmTrace(still, at)


def _sentence(trace: SequenceTrace, spoken: tuple[str, ...], t: int) -> str:
    names, answer = names_of(trace), trace.answers[t] if trace.answers else ""
    template = _("<b>Step {step} of {steps}</b>: it reads “{symbol}”.")
    if spoken[t] == MANY_NUMBERS:
        template = _("<b>Step {step} of {steps}</b>: it reads “{symbol}” and says {count} numbers.")
    elif trace.outputs is not None and answer:
        template = _("<b>Step {step} of {steps}</b>: it reads “{symbol}” and says “{said}”; right is “{answer}”.")
    elif trace.outputs is not None:
        template = _("<b>Step {step} of {steps}</b>: it reads “{symbol}” and says “{said}”.")
    return template.format(
        step=t + 1,
        steps=len(names),
        symbol=symbol_text(names[t]),
        said=symbol_text(spoken[t]),
        answer=symbol_text(answer),
        count=0 if trace.outputs is None else trace.outputs.shape[1],
    )


def _formula_parts(lines: tuple, top: float, narrow: bool) -> list[FilmTrace]:
    """The formulas in letters, which stay, and beside them (``narrow``: beneath) with numbers, which change."""
    rows = 2 if narrow else 1
    y = [top - LINE * (rows * k + 0.5) for k in range(len(lines))]
    still: dict[str, Any] = {"type": "scatter", "mode": "text", "textposition": "middle right", "hoverinfo": "skip"}
    still |= {"textfont": {"size": TINY if narrow else SMALL}, "cliponaxis": False}
    general = still | {"x": [0] * len(lines), "y": y, "text": [line.general for line in lines]}
    numbers = still | {
        "x": [0 if narrow else MIDDLE] * len(lines),
        "y": [height - LINE * (rows - 1) for height in y],
    }
    return [FilmTrace(general), FilmTrace(numbers, lambda t: {"text": [line.numbers(t) for line in lines]})]


def _units(trace: SequenceTrace, unit: int) -> Panel:
    """All units by time, blue for below 0, red for above, with the current step framed."""
    count = trace.hidden.shape[1]
    top = unrolled.bound(trace)
    text = _("step {step}, unit {unit}: {value}").format(step="%{x}", unit="%{y}", value="%{z:.3f}")
    heat: dict[str, Any] = {
        "type": "heatmap",
        "z": in_float32(trace.hidden.T),
        "x0": 1,
        "dx": 1,
        "zmin": -top,
        "zmax": top,
    }
    heat |= {"colorscale": "RdBu_r", "hovertemplate": text + "<extra></extra>"}
    ticks = [-top, 0, top]
    # The bar stands beside its panel: its place is set with the panel's.
    heat["colorbar"] = {
        "thickness": 10,
        "tickvals": ticks,
        "ticktext": [number(x, 0 if top == 1 else 1) for x in ticks],
        "tickfont": {"size": SMALL},
        "outlinewidth": 0,
        "xpad": 4,
    }
    frame: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "hoverinfo": "skip",
        "line": {"color": HIGHLIGHT, "width": 3},
    }
    frame |= {"y": [-0.5, -0.5, count - 0.5, count - 0.5, -0.5], "cliponaxis": False}
    # Around a thin column, the frame's line must leave the column to be seen.
    around = np.array([-1, 1, 1, -1, -1]) * max(0.5, len(trace.hidden) / 80)
    return Panel(
        _("states of all units ({count})").format(count=count),
        [FilmTrace(heat), FilmTrace(frame, lambda t: {"x": (t + 1 + around).tolist()})],
        {},
        {
            "range": [count - 0.5, -0.5],
            "tickvals": [unit],
            "ticktext": [_("unit {unit} ▸").format(unit=unit)],
            "showgrid": False,
        },
    )


def _place_network(figure: go.Figure, trace: SequenceTrace, up: Callable[[float], float]) -> None:
    height = unrolled.height(trace)
    rows = unrolled.rows(trace)
    steps = list(range(1, len(trace.hidden) + 1))
    figure.update_layout(
        xaxis={"tickvals": [0, *steps], "ticktext": [_("start"), *map(str, steps)], "showgrid": False},
        yaxis={"range": [0, height], "domain": [up(HEADLINE + height), up(HEADLINE)], "showgrid": False},
    )
    # The steps' numbers stand inside the plot, under the boxes.
    figure.update_layout(xaxis={"fixedrange": True, "ticklabelposition": "inside", "ticklen": 0, "tickangle": 0})
    figure.update_layout(yaxis={"tickvals": list(rows), "ticktext": list(rows.values()), "fixedrange": True})
    figure.update_layout(yaxis={"automargin": False}, xaxis={"automargin": False})


def _place(figure: go.Figure, place: int, panel: Panel, across: list[float], domain: list[float]) -> None:
    common = {"tickfont": {"size": SMALL}, "title": {"font": {"size": SMALL}, "standoff": 4}, "gridcolor": GRID}
    common |= {"zeroline": False, "fixedrange": True, "automargin": False}
    figure.layout[f"xaxis{place}"] = common | {"domain": across, "anchor": f"y{place}"}
    figure.layout[f"yaxis{place}"] = common | {"domain": domain, "anchor": f"x{place}"}
    scale = {"scaleanchor": f"x{place}"} if "scaleanchor" in panel.y else {}
    figure.layout[f"xaxis{place}"].update(panel.x)
    figure.layout[f"yaxis{place}"].update(panel.y | scale)
    figure.add_annotation(
        note(f"<b>{panel.title}</b>", x=across[0], y=domain[1], xanchor="left", yanchor="bottom", yshift=4)
    )
    bar = {"colorbar": {"x": across[1], "y": sum(domain) / 2, "len": domain[1] - domain[0], "xanchor": "left"}}
    figure.update_traces(bar, selector={"type": "heatmap", "xaxis": f"x{place}"})
