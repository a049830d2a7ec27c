"""A hidden state moving: the whole memory of a network with two units, a point in a plane, while it reads."""

import html
from typing import Annotated

from app.charts.home.film import film, keyframes, plays
from app.charts.kit.chart import Markup, chart
from app.charts.kit.style import BLUE, VERMILLION
from app.i18n import _
from model.traces import SequenceTrace

#: Seconds for each step, of which so great a share is motion; how many steps' time the end stays.
PACE, MOVING, END = 1.0, 0.45, 2
#: The axes reach so far beyond -1 and 1, the states' bounds.
REACH = 1.15
#: How the two answers look: a sign and its colour.
SIGNS = (("●", BLUE), ("■", VERMILLION))


#: A trace that fits in a plane.
TwoUnits = Annotated[SequenceTrace, "of H = 2 units, with two answers to choose from at each step"]


@chart
def state_film(trace: TwoUnits) -> Markup:
    """The film of a network with H = 2 units that chooses between two answers at each step.

    A ring moves in the plane of the two units; each state leaves the sign of the answer that the network gave there,
    and the same sign stands under the symbol read. Where nothing may move, all states are there and the ring at the
    last one.
    """
    slots = len(trace.hidden) + END
    seconds = slots * PACE
    spots = [_place(*state) for state in trace.states]
    ring, moves, marks, read = [(0.0, spots[0])], [], [], []
    for t, (symbol, answer) in enumerate(zip(trace.symbols, trace.read_out.argmax(axis=1), strict=True)):
        start, there = t / slots, (t + MOVING) / slots
        ring += [(start, spots[t]), (there, spots[t + 1])]
        moves.append(keyframes(f"read-{t}", [(0, f"opacity: {int(t == 0)}"), (start, "opacity: 1"), (1, "opacity: 1")]))
        moves.append(keyframes(f"left-{t}", [(0, "opacity: 0"), (there, "opacity: 1"), (1, "opacity: 1")]))
        sign, colour = SIGNS[answer]
        left = plays(f"left-{t}", seconds)
        marks.append(f'<i style="{spots[t + 1]}; color: {colour}; {left}">{sign}</i>')
        bit = f'<b style="{plays(f"read-{t}", seconds)}">{html.escape(symbol)}</b>'
        read.append(f'<span>{bit}<i style="color: {colour}; {left}">{sign}</i></span>')
    moves.append(keyframes("ring", [*ring, (1, spots[-1])]))
    now = f'<span class="film-now" style="{spots[-1]}; {plays("ring", seconds, "ease-in-out")}"></span>'
    titles = (
        f'<span class="film-axis" style="right: 0.5rem; bottom: 0.4rem">{_axis(0)} →</span>'
        f'<span class="film-axis" style="left: 0.4rem; top: 0.5rem; writing-mode: vertical-rl; '
        f'text-orientation: sideways; line-height: 1.3; rotate: 180deg">'
        f"{_axis(1)} →</span>"
    )
    picture = f'<div class="film-plane">{"".join(marks)}{now}</div>{titles}'
    line = f'<div class="film-bits">{"".join(read)}</div>'
    return film(picture, line, "".join(moves), _describe_state_film(trace))


def _describe_state_film(trace: SequenceTrace) -> str:
    """What is read, and where the states lie that need different answers."""
    answers = trace.read_out.argmax(axis=1)
    text = _(
        "A network with two units reads {symbols}. Its state, a point, moves at each step: on average to ({even}) "
        "where it says even, to ({odd}) where it says odd."
    )
    means = [", ".join(f"{x:.1f}" for x in trace.hidden[answers == k].mean(axis=0)) for k in (0, 1)]
    return text.format(symbols=" ".join(trace.symbols), even=means[0], odd=means[1])


def _axis(unit: int) -> str:
    return html.escape(_("unit {unit}").format(unit=unit))


def _place(x: float, y: float) -> str:
    """A state's place in the plane, as CSS."""
    across, down = (100 * (REACH + value) / (2 * REACH) for value in (x, -y))
    return f"left: {across:.1f}%; top: {down:.1f}%"
