"""Two units by hand: W's four numbers, the input that stays, where to start, and pulses to read."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from app.i18n import N_, _
from app.sequence.settings import only_if
from app.ui.settings import Number, Text
from app.ui.shell import controls
from model.recurrent import trace_sequence
from model.recurrent.landscape import MOST_PULSES, WEIGHTS, landscape, read_pulses, two_units
from model.traces import LandscapeTrace

#: What the choices of W are called.
NAMES = {"one": N_("One place to fall to"), "bit": N_("Two: a memory of one bit"), "ring": N_("A ring: it goes round")}
FIRST_WEIGHTS = "bit"
#: W's numbers in the order of its rows: to unit 0 from both, then to unit 1.
ENTRIES = ("w00", "w01", "w10", "w11")
#: The least, the most and the step of a weight, of an input, and of a start.
WEIGHT, INPUT, START = (-4.0, 4.0, 0.05), (-3.0, 3.0, 0.05), (-10.0, 10.0, 0.1)
#: Where the fall begins, and the pulses that are read, at first.
FIRST_START, FIRST_PULSES = (0.9, -0.4), "...+.....-.....+....."


W = [
    Number(f"sequence_{entry}", *WEIGHT[:2], first, WEIGHT[2])
    for entry, first in zip(ENTRIES, WEIGHTS[FIRST_WEIGHTS], strict=True)
]
X = [Number(f"sequence_x{unit}", *INPUT[:2], 0.0, INPUT[2]) for unit in range(2)]
BEGIN = [Number(f"sequence_start{unit}", *START[:2], first, START[2]) for unit, first in enumerate(FIRST_START)]
TYPED = Text("sequence_pulses", MOST_PULSES, FIRST_PULSES)


class TwoUnits(NamedTuple):
    """All that is set by hand."""

    weights: tuple[float, ...]
    inputs: tuple[float, ...]
    start: tuple[float, ...]
    pulses: str

    def trace(self) -> LandscapeTrace:
        """The plane, with the path that the pulses drive the state along.

        Raises:
            SettingError: when the pulses cannot be read.
        """
        module, pushes = two_units(self.weights), read_pulses(self.pulses)
        read = trace_sequence(module, self.inputs + pushes[:, None]) if len(pushes) else None
        return landscape(module, self.inputs, self.start, read, tuple("".join(self.pulses.split())))


def choose_two_units(shown: bool) -> TwoUnits:
    """The group ``by_hand``. What a view does not need is out of sight, but stays in the URL."""
    with only_if(shown, "by-hand"), controls("by_hand"):
        above = st.container()
        columns = st.columns(2)
        weights = []
        for place, one in enumerate(W):
            with columns[place % 2]:
                label = _("W: unit {source} to {target}").format(source=place % 2, target=place // 2)
                weights.append(one.slider(label, format="%g"))
        with above:
            _choose_weights(weights)
        inputs = []
        for unit, column in enumerate(st.columns(2)):
            with column:
                inputs.append(X[unit].slider(_("Input to unit {unit}").format(unit=unit), format="%g"))
        pulses = TYPED.field(_("Pulses to both units"), help=_("+ pushes both units up, - down, . leaves them alone."))
    return TwoUnits(tuple(weights), tuple(inputs), (), pulses)


def choose_start(shown: bool) -> tuple[float, float]:
    """The group ``start``: where the fall begins."""
    with only_if(shown, "start"), controls("start"):
        start = []
        for unit, column in enumerate(st.columns(2)):
            with column:
                start.append(BEGIN[unit].field(_("Start: unit {unit}").format(unit=unit), format="%g"))
        st.caption(_("Or click into the plane: the state falls from there."))
    return start[0], start[1]


def put_start(place: Sequence[float]) -> None:
    """Let the fall begin there; call it in a callback."""
    for setting, number in zip(BEGIN, place, strict=True):
        setting.put(round(float(number), 3))


def _choose_weights(weights: list[float]) -> None:
    """Picking one sets the four sliders; it has no place in the URL, they have."""

    def put() -> None:
        if code := st.session_state["sequence_weights"]:
            for one, weight in zip(W, WEIGHTS[code], strict=True):
                one.put(weight)

    st.session_state["sequence_weights"] = next(
        (code for code, known in WEIGHTS.items() if np.allclose(known, weights)), None
    )
    st.pills(
        _("What two units can do"),
        list(WEIGHTS),
        format_func=lambda code: _(NAMES[code]),
        key="sequence_weights",
        on_change=put,
    )
