"""A gated cell drawn as a circuit: what is read, what the gates let through, and what is carried on, with one unit's
numbers at each step on a scrubber. The numbers are those of ``model.cells``."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, NamedTuple

from app.charts.kit.cell_looks import name_of
from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.player import BUTTONS, PLAYER, FilmTrace, film, inside_on_phone, player
from app.charts.kit.style import HIGHLIGHT, NORMAL, QUIET, SMALL, styled
from app.charts.sequence.texts import cell_name, names_of, symbol_text
from app.i18n import _
from model.cells import CELLS
from model.traces import SequenceTrace

#: Pixels of the circuit; its coordinates are 0 to 10 across and 0 to 6 up. On a phone it is turned: 0 to 10 down.
HEIGHT, PHONE_HEIGHT = 350, 690
#: How high the wire lies that feeds the gates.
FLOOR = 0.3
#: A gate that lets so much through is drawn wide open; its line's width at that, and at 0.
OPEN, SHUT = 9.0, 1.0
INK = "#1B2733"
#: The grounds of what is carried or read, of a gate, and of an operation.
GROUNDS = {"value": "#E4EAF0", "gate": "#CFE6D8", "proposal": "#F6E3C1", "operation": "#FFFFFF"}


class CircuitBox(NamedTuple):
    """A box of the circuit: where, what it is called (HTML), its kind in ``GROUNDS``, and what stands in it at each
    step: its number, or for the input its symbol."""

    x: float
    y: float
    name: str
    kind: str
    value: Callable[[int], float | str] | None = None


class Wire(NamedTuple):
    """A line through these points, and the gate whose number is its width, if it is behind one."""

    points: tuple[tuple[float, float], ...]
    gate: Callable[[int], float] | None = None


#: A trace of a cell that has a picture.
Gated = Annotated[SequenceTrace, "of an LSTM or a GRU"]


@chart
def cell_picture(trace: Gated, unit: int, *, narrow: bool = False) -> Chart:
    """An LSTM's or a GRU's unit at each step: boxes with numbers, and wires as wide as their gate is open. A ``narrow``
    figure is turned by a quarter, so that time runs down."""
    nodes, wires = {"lstm": _lstm, "gru": _gru}[trace.cell](trace, unit)
    ends = [wire.points[-1] for wire in wires if wire.points[-1][1] != FLOOR]
    if narrow:
        nodes = [node._replace(x=node.y, y=-node.x) for node in nodes]
        wires = [wire._replace(points=_turned(wire.points)) for wire in wires]
        ends = list(_turned(ends))
    plain = [wire for wire in wires if wire.gate is None]
    parts = [_plain_wires(plain)]
    parts += [_gated_wire(wire, wire.gate) for wire in wires if wire.gate is not None]
    parts += [_heads(ends)]
    for kind, ground in GROUNDS.items():
        chosen = [node for node in nodes if node.kind == kind]
        if chosen:
            parts.append(_boxes(chosen, ground))
    parts.append(_headline(trace, (-0.5, 1.0) if narrow else (-0.3, 6.35)))
    figure = film(parts, len(trace.hidden))
    area = PHONE_HEIGHT if narrow else HEIGHT
    margin = {"l": 12 if narrow else BUTTONS, "r": 12, "t": 8, "b": PLAYER + 14}
    styled(figure, height=area + PLAYER + 22, margin=margin, showlegend=False, hovermode="closest")
    figure.update_layout(dragmode=False)
    across, up = ([-0.6, 6.0], [-10.7, 1.3]) if narrow else ([-0.5, 10.8], [-0.5, 6.6])
    figure.update_xaxes(visible=False, range=across, fixedrange=True)
    figure.update_yaxes(visible=False, range=up, fixedrange=True)
    inside = inside_on_phone(margin) if narrow else 0
    figure.update_layout(player(len(trace.hidden), top=-8 / area, inside=inside))
    return Chart(figure, _describe_cell_picture(trace, unit), wide=not narrow)


def _describe_cell_picture(trace: SequenceTrace, unit: int) -> str:
    """What the unit's gates did where they were most open and most shut."""
    keeps = CELLS[trace.cell].keeps
    assert keeps is not None, "a gated cell has such a gate"
    gate = keeps.row
    values = trace.gates[gate][:, unit]
    text = _(
        "{cell}, unit {unit}: its {gate}, which keeps the old memory at 1, goes from {least} (step {low}) to {most} "
        "(step {high}). It ends with h = {end}."
    )
    return text.format(
        cell=cell_name(trace.cell),
        unit=unit,
        gate=name_of(trace.cell, gate),
        least=number(values.min(), 2),
        low=int(values.argmin()) + 1,
        most=number(values.max(), 2),
        high=int(values.argmax()) + 1,
        end=number(trace.hidden[-1, unit], 2),
    )


def _lstm(trace: SequenceTrace, unit: int) -> tuple[list[CircuitBox], list[Wire]]:
    of = _reader(trace, unit)
    f, i, g, o = (of(name) for name in ("forget_gate", "input_gate", "candidate", "output_gate"))
    cell, old_cell = of("cell"), _at(trace.cell_before, unit)
    hidden, old = _at(trace.hidden, unit), _at(trace.before, unit)
    nodes = [
        CircuitBox(0, 5, "c<sub>t−1</sub>", "value", old_cell),
        CircuitBox(0, FLOOR, "h<sub>t−1</sub>", "value", old),
        CircuitBox(1.36, FLOOR, "x<sub>t</sub>", "value", _read(trace)),
        CircuitBox(2.4, 2.2, _gate(_("forget"), "f"), "gate", f),
        CircuitBox(4.2, 2.2, _gate(_("input"), "i"), "gate", i),
        CircuitBox(5.9, 2.2, _gate(_("proposal"), "c̃"), "proposal", g),
        CircuitBox(7.7, 2.2, _gate(_("output"), "o"), "gate", o),
        CircuitBox(2.4, 5, "×", "operation"),
        CircuitBox(5.05, 3.7, "×", "operation"),
        CircuitBox(5.05, 5, "+", "operation"),
        CircuitBox(7.7, 5, "c<sub>t</sub>", "value", cell),
        CircuitBox(8.9, 3.7, "× tanh", "operation"),
        CircuitBox(10, 3.7, "h<sub>t</sub>", "value", hidden),
    ]
    wires = [
        Wire(((0, 5), (2.4, 5))),
        Wire(((2.4, 2.2), (2.4, 5))),
        Wire(((2.4, 5), (5.05, 5)), f),
        Wire(((4.2, 2.2), (4.2, 3.7), (5.05, 3.7))),
        Wire(((5.9, 2.2), (5.9, 3.7), (5.05, 3.7))),
        Wire(((5.05, 3.7), (5.05, 5)), i),
        Wire(((5.05, 5), (7.7, 5))),
        Wire(((7.7, 5), (8.9, 5), (8.9, 3.7))),
        Wire(((7.7, 2.2), (8.9, 2.2), (8.9, 3.7))),
        Wire(((8.9, 3.7), (10, 3.7)), o),
        *_feeding((2.4, 4.2, 5.9, 7.7)),
    ]
    return nodes, wires


def _gru(trace: SequenceTrace, unit: int) -> tuple[list[CircuitBox], list[Wire]]:
    of = _reader(trace, unit)
    z, r, n = (of(name) for name in ("update_gate", "reset_gate", "candidate"))
    hidden, old = _at(trace.hidden, unit), _at(trace.before, unit)
    nodes = [
        CircuitBox(0, 5, "h<sub>t−1</sub>", "value", old),
        CircuitBox(0, FLOOR, "h<sub>t−1</sub>", "value", old),
        CircuitBox(1.36, FLOOR, "x<sub>t</sub>", "value", _read(trace)),
        CircuitBox(2.4, 2.2, _gate(_("update"), "z"), "gate", z),
        CircuitBox(4.4, 2.2, _gate(_("reset"), "r"), "gate", r),
        CircuitBox(6.4, 2.2, _gate(_("proposal"), "n"), "proposal", n),
        CircuitBox(2.4, 5, "× z", "operation"),
        CircuitBox(6.4, 3.7, "× (1−z)", "operation"),
        CircuitBox(6.4, 5, "+", "operation"),
        CircuitBox(10, 5, "h<sub>t</sub>", "value", hidden),
    ]
    wires = [
        Wire(((0, 5), (2.4, 5))),
        Wire(((2.4, 2.2), (2.4, 5))),
        Wire(((2.4, 5), (6.4, 5)), z),
        Wire(((4.4, 2.2), (6.4, 2.2)), r),
        Wire(((6.4, 2.2), (6.4, 3.7))),
        Wire(((2.4, 3.7), (6.4, 3.7))),
        Wire(((6.4, 3.7), (6.4, 5)), lambda t: 1 - z(t)),
        Wire(((6.4, 5), (10, 5))),
        *_feeding((2.4, 4.4, 6.4)),
    ]
    return nodes, wires


def _feeding(across: tuple[float, ...]) -> list[Wire]:
    """The wires from x_t and h_{t-1}, on a line below, into each gate."""
    return [Wire(((0, FLOOR), (across[-1], FLOOR))), *(Wire(((x, FLOOR), (x, 2.2))) for x in across)]


def _turned(points: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """By a quarter, clockwise."""
    return tuple((y, -x) for x, y in points)


def _read(trace: SequenceTrace) -> Callable[[int], str]:
    return lambda t: names_of(trace)[t]


def _reader(trace: SequenceTrace, unit: int) -> Callable[[str], Callable[[int], float]]:
    return lambda name: _at(trace.gates[name], unit)


def _at(values, unit: int) -> Callable[[int], float]:
    return lambda t: float(values[t, unit])


def _plain_wires(wires: list[Wire]) -> FilmTrace:
    x, y = [], []
    for wire in wires:
        x += [point[0] for point in wire.points] + [None]
        y += [point[1] for point in wire.points] + [None]
    line = {"color": QUIET, "width": 2}
    return FilmTrace({"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"})


def _gated_wire(wire: Wire, gate: Callable[[int], float]) -> FilmTrace:
    x, y = ([point[axis] for point in wire.points] for axis in (0, 1))
    still = {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip"}
    return FilmTrace(still, lambda t: {"line": {"color": HIGHLIGHT, "width": SHUT + (OPEN - SHUT) * abs(gate(t))}})


def _heads(ends: list[tuple[float, float]]) -> FilmTrace:
    """Where the wires end, a mark just before the box."""
    x, y = ([point[axis] for point in ends] for axis in (0, 1))
    marker = {"symbol": "circle", "size": 7, "color": QUIET}
    return FilmTrace({"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "hoverinfo": "skip"})


def _boxes(nodes: list[CircuitBox], ground: str) -> FilmTrace:
    operation = ground == GROUNDS["operation"]
    marker: dict[str, Any] = {
        "symbol": "circle" if operation else "square",
        "size": 46 if operation else 70,
        "color": ground,
    }
    marker |= {"line": {"width": 1.5, "color": QUIET}, "opacity": 1}
    still = {"type": "scatter", "mode": "markers+text", "marker": marker, "hoverinfo": "skip", "cliponaxis": False}
    still |= {"x": [node.x for node in nodes], "y": [node.y for node in nodes]}
    still |= {"textfont": {"size": SMALL, "color": INK}, "textposition": "middle center"}

    def texts(t: int) -> list[str]:
        return [f"{node.name}<br><b>{_shown(node.value(t))}</b>" if node.value else node.name for node in nodes]

    if all(node.value is None for node in nodes):
        return FilmTrace(still | {"text": texts(0)})
    return FilmTrace(still, lambda t: {"text": texts(t)})


def _gate(name: str, letter: str) -> str:
    return f"{name}<br>{letter}<sub>t</sub>"


def _shown(value: float | str) -> str:
    return f"“{symbol_text(value, 5)}”" if isinstance(value, str) else number(value, 2)


def _headline(trace: SequenceTrace, at: tuple[float, float]) -> FilmTrace:
    still: dict[str, Any] = {"type": "scatter", "mode": "text", "x": [at[0]], "y": [at[1]], "hoverinfo": "skip"}
    still |= {"textposition": "middle right", "textfont": {"size": NORMAL}, "cliponaxis": False}
    names = names_of(trace)
    text = _("<b>Step {step} of {steps}</b>: it reads “{symbol}”.")
    return FilmTrace(
        still, lambda t: {"text": [text.format(step=t + 1, steps=len(names), symbol=symbol_text(names[t]))]}
    )
