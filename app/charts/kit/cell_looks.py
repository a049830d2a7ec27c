"""What a cell leaves of each step, as charts show it: its name, and a line's colour, dash, marker and width."""

from collections.abc import Iterable
from itertools import chain, cycle

from app.charts.kit.style import BLUE, GREEN, ORANGE, PINK, SKY, VERMILLION
from app.i18n import _
from model.cells import CELLS
from model.cells.cell import HIDDEN, Quantity

#: Each line of a unit's course: colour, dash, marker, width.
Look = tuple[str, str, str, float]
LOOKS: dict[str, Look] = {
    "hidden": (BLUE, "solid", "circle", 4),
    "candidate": (VERMILLION, "dash", "diamond", 2.5),
    "cell": (PINK, "longdash", "star", 3),
    "pre_activation": (VERMILLION, "dash", "diamond", 2.5),
    "input_gate": (GREEN, "dot", "square", 2.5),
    "forget_gate": (ORANGE, "dashdot", "triangle-up", 2.5),
    "output_gate": (SKY, "longdashdot", "cross", 2.5),
    "update_gate": (GREEN, "dot", "square", 2.5),
    "reset_gate": (ORANGE, "dashdot", "triangle-up", 2.5),
}
#: What a cell may have beside these takes the looks that are left, and then these.
FURTHER: tuple[Look, ...] = (
    (VERMILLION, "2px,6px", "x", 2.5),
    (GREEN, "12px,3px", "hexagon", 2.5),
    (SKY, "9px,3px,2px,3px", "pentagon", 2.5),
    (ORANGE, "2px,2px", "bowtie", 2.5),
)


def quantities_of(cell: str) -> dict[str, Quantity]:
    """The state, then what the cell leaves beside it, by name."""
    return {"hidden": HIDDEN, **CELLS[cell].quantities}


def name_of(cell: str, quantity: str) -> str:
    """What a reader calls it: ``update gate``."""
    return _(quantities_of(cell)[quantity].words)


def name_and_letter(cell: str, quantity: str) -> str:
    """The same with its letter: ``update gate z``."""
    return f"{name_of(cell, quantity)} {quantities_of(cell)[quantity].letter}"


def looks_of(names: Iterable[str]) -> dict[str, Look]:
    """A look for each of these quantities, no two of up to ten alike."""
    looks = {name: LOOKS.get(name) for name in names}
    taken = {look[1] for look in looks.values() if look}
    free = [look for look in {look[1]: look for look in (*LOOKS.values(), *FURTHER)}.values() if look[1] not in taken]
    left = chain(free, cycle(FURTHER))
    return {name: look or next(left) for name, look in looks.items()}
