"""The gates of a cell through a sequence: a heat map for each, and one unit's course."""

from collections.abc import Mapping

import numpy as np
from plotly.subplots import make_subplots

from app.charts.kit.cell_looks import looks_of, name_and_letter, quantities_of
from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import SMALL, styled
from app.charts.sequence.drawn import drawn, in_float32
from app.charts.sequence.texts import names_of, plain_name, symbol_axis, symbol_text
from app.i18n import _
from model.cells import CELLS
from model.cells.cell import SHARE, Quantity
from model.traces import SequenceTrace

#: Pixels of a heat map, and between two of them; Latin letters under one on a narrow page.
MAP, GAP, LETTERS = 190, 76, 44

#: Of a heat map's units at most so many are named.
TICKS = 5
#: Pixels of a unit's course.
COURSE = 300


@chart
def gate_heat_maps(trace: SequenceTrace, *, narrow: bool = False) -> Chart:
    """A heat map for each gate and for the state, a row a unit, a column a step.

    Gates go from 0 (dark) to 1 (bright); states and what is proposed from -1 (blue) to 1 (red); what has no bounds, the
    LSTM's c and a plain RNN's pre-activation, evenly around 0 to its largest value. In a ``narrow`` figure they stand
    below each other.
    """
    shown, about = _shown(trace), quantities_of(trace.cell)
    across = 1 if narrow else 2
    down = -(-len(shown) // across)
    area = down * MAP + (down - 1) * GAP
    titles = [f"<b>{name_and_letter(trace.cell, name)}</b>" for name in shown]
    figure = make_subplots(
        rows=down, cols=across, subplot_titles=titles, vertical_spacing=GAP / area, horizontal_spacing=0.14
    )
    styled(figure, height=area + 90, margin={"l": 64, "r": 60, "t": 34, "b": 56}, dragmode=False)
    text = _("step {step}, unit {unit}: {value}")
    text = text.format(step="%{x}", unit="%{y}", value="%{z:.3f}") + "<extra></extra>"
    for place, (name, values) in enumerate(shown.items()):
        row, column = place // across + 1, place % across + 1
        axis = figure.get_subplot(row, column)
        bar = {"x": axis.xaxis.domain[1], "y": sum(axis.yaxis.domain) / 2, "lenmode": "pixels", "len": MAP}
        bar |= {"thickness": 10, "tickfont": {"size": SMALL}, "outlinewidth": 0, "xpad": 6, "nticks": 5}
        heat = {"z": in_float32(values.T), "x0": 1, "dx": 1, "hovertemplate": text}
        figure.add_heatmap(**heat, **_scale(about[name], values), colorbar=bar, row=row, col=column)
        symbol_axis(figure, names_of(trace), letters=LETTERS, axis=axis.xaxis.plotly_name)
    for place in range(len(shown), across * down):
        figure.update_xaxes(visible=False, row=place // across + 1, col=place % across + 1)
        figure.update_yaxes(visible=False, row=place // across + 1, col=place % across + 1)
    for title, axis in zip(figure.layout.annotations, range(1, len(shown) + 1), strict=True):
        place = figure.layout[f"xaxis{axis if axis > 1 else ''}"].domain[0]
        title.update(font={"size": SMALL}, x=place, xanchor="left")
    units = trace.hidden.shape[1]
    ticks = {"tickvals": list(range(units))} if units <= TICKS else {"nticks": TICKS}
    figure.update_yaxes(autorange="reversed", showgrid=False, fixedrange=True, **ticks)
    figure.update_yaxes(title={"text": _("unit"), "standoff": 4}, col=1)
    return Chart(figure, _describe_gate_heat_maps(trace))


def _describe_gate_heat_maps(trace: SequenceTrace) -> str:
    """Each gate's mean, and the step at which it was highest."""
    text = _("The {gate} is {mean} on average, highest at step {step}, “{symbol}” ({high}).")
    sentences, names = [], names_of(trace)
    for name, values in _shown(trace).items():
        with np.errstate(over="ignore"):
            means = np.nan_to_num(values).mean(axis=1)
        t = int(means.argmax())
        figures = {"mean": number(float(means.mean()), 2), "high": number(float(means[t]), 2)}
        sentences.append(
            text.format(gate=name_and_letter(trace.cell, name), step=t + 1, symbol=plain_name(names[t]), **figures)
        )
    return " ".join(sentences)


@chart
def unit_course(trace: SequenceTrace, unit: int, *, narrow: bool = False) -> Chart:
    """One unit through the sequence: its state, from before the first step on, and its gates, each with a line and a
    marker of its own, from -1 to 1 (or as far as ReLU goes); below, what has no bounds: the LSTM's c and a plain RNN's
    pre-activation. A ``narrow`` figure has room for fewer symbols."""
    names = names_of(trace)
    values = {"hidden": trace.states[:, unit]} | {name: gate[:, unit] for name, gate in trace.gates.items()}
    looks, about = looks_of(values), quantities_of(trace.cell)
    unbound = [name for name in values if about[name].bounds is None]
    rows = 2 if unbound else 1
    heights = [COURSE, COURSE // 2][:rows]
    area = sum(heights) + GAP * (rows - 1)
    figure = make_subplots(rows=rows, cols=1, row_heights=heights, vertical_spacing=(GAP / area if unbound else 0))
    text = _("step {step}, “{symbol}”, {line}: {value}")
    text = text.format(step="%{x}", symbol="%{text}", line="%{fullData.name}", value="%{y:.3f}") + "<extra></extra>"
    for name, course in values.items():
        colour, dash, symbol, width = looks[name]
        first = len(names) + 1 - len(course)
        figure.add_scatter(
            x=list(range(first, len(names) + 1)),
            y=drawn(course),
            mode="lines+markers" if len(names) <= 60 else "lines",
            name=name_and_letter(trace.cell, name),
            line={"color": colour, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": 9, "color": colour},
            text=[_("(start)"), *map(symbol_text, names)][first:],
            hovertemplate=text,
            row=2 if name in unbound else 1,
            col=1,
        )
    styled(figure, height=area + 116, margin={"l": 60, "r": 16, "t": 56, "b": 60}, hovermode="closest", dragmode=False)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1 + 6 / area, "yanchor": "bottom"})
    for row in range(1, rows + 1):
        symbol_axis(
            figure, names, letters=LETTERS if narrow else 2 * LETTERS, axis=f"xaxis{row}" if row > 1 else "xaxis"
        )
    figure.update_xaxes(range=[-0.5, len(names) + 0.5])
    figure.update_yaxes(nticks=5, zeroline=True, zerolinewidth=1, fixedrange=True)
    if CELLS[trace.cell].bounded:
        figure.update_yaxes(range=[-1.05, 1.05], row=1)
    return Chart(figure, _describe_unit_course(trace, unit))


def _describe_unit_course(trace: SequenceTrace, unit: int) -> str:
    """Where one unit's state went: from, to, and its largest move."""
    course = trace.states[:, unit]
    if not np.isfinite(course).all():
        return _("Unit {unit} grew beyond all bounds.").format(unit=unit)
    t = int(np.abs(np.diff(course)).argmax())
    text = _("Unit {unit} goes from {start} to {end} and moves most at step {step}, “{symbol}”.")
    ends = {"start": number(course[0], 2), "end": number(course[-1], 2)}
    return text.format(unit=unit, step=t + 1, symbol=plain_name(names_of(trace)[t]), **ends)


def _shown(trace: SequenceTrace) -> Mapping[str, np.ndarray]:
    """The state, then the gates, each (T, H), by name."""
    return {"hidden": trace.hidden} | trace.gates


def _scale(about: Quantity, values: np.ndarray) -> dict:
    """The fixed scale of colours."""
    if about.bounds == SHARE:
        return {"zmin": 0, "zmax": 1, "colorscale": "Cividis"}
    finite = np.abs(values[np.isfinite(values)])
    top = max(1.0, float(finite.max(initial=0)))
    return {"zmin": -top, "zmax": top, "colorscale": "RdBu_r"}
