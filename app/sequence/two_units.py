"""Two units by hand: W's four numbers, the input that stays, where to start, and pulses to read."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from app.i18n import N_, _
from app.sequence.settings import only_if
from app.ui.shell import controls
from model.recurrent import trace_sequence
from model.recurrent.landscape import MOST_PULSES, WEIGHTS, landscape, read_pulses, two_units
from model.traces import LandscapeTrace

#: What the choices of W are called.
NAMES = {"one": N_("One place to fall to"), "bit": N_("Two: a memory of one bit"), "ring": N_("A ring: it goes round")}
FIRST = "bit"
#: W's numbers in the order of its rows: to unit 0 from both, then to unit 1.
ENTRIES = ("w00", "w01", "w10", "w11")
#: The least, the most and the step of a weight, of an input, and of a start.
WEIGHT, INPUT, START = (-4.0, 4.0, 0.05), (-3.0, 3.0, 0.05), (-10.0, 10.0, 0.1)
#: Where the fall begins, and the pulses that are read, at first.
FIRST_START, FIRST_PULSES = (0.9, -0.4), "...+.....-.....+....."


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
        for place, entry in enumerate(ENTRIES):
            with columns[place % 2]:
                label = _("W: unit {source} to {target}").format(source=place % 2, target=place // 2)
                weights.append(_slider(label, f"sequence_{entry}", WEIGHT, WEIGHTS[FIRST][place]))
        with above:
            _choose_weights(weights)
        inputs = []
        for unit, column in enumerate(st.columns(2)):
            with column:
                inputs.append(_slider(_("Input to unit {unit}").format(unit=unit), f"sequence_x{unit}", INPUT, 0.0))
        pulses = st.text_input(
            _("Pulses to both units"),
            FIRST_PULSES,
            key="sequence_pulses",
            bind="query-params",
            max_chars=MOST_PULSES,
            help=_("+ pushes both units up, - down, . leaves them alone."),
        )
    return TwoUnits(tuple(weights), tuple(inputs), (), pulses)


def choose_start(shown: bool) -> tuple[float, float]:
    """The group ``start``: where the fall begins."""
    with only_if(shown, "start"), controls("start"):
        start = [
            column.number_input(
                _("Start: unit {unit}").format(unit=unit),
                *(START[0], START[1], first, START[2]),
                format="%g",
                key=f"sequence_start{unit}",
                bind="query-params",
            )
            for unit, (column, first) in enumerate(zip(st.columns(2), FIRST_START, strict=True))
        ]
    return start[0], start[1]


def _slider(label: str, key: str, limits: tuple[float, float, float], first: float) -> float:
    least, most, step = limits
    return st.slider(label, least, most, first, step, key=key, bind="query-params", format="%g")


def _choose_weights(weights: list[float]) -> None:
    """Picking one sets the four sliders; it has no place in the URL, they have."""

    def put() -> None:
        if code := st.session_state["sequence_weights"]:
            for entry, weight in zip(ENTRIES, WEIGHTS[code], strict=True):
                st.session_state[f"sequence_{entry}"] = weight

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
