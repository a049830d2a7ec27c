"""A part of lesson 5: where a state can rest, what that has to do with a bit, and with a gradient that vanishes."""

from functools import partial

import numpy as np
import streamlit as st

from app import remembered
from app.charts.kit.numbers import number
from app.charts.sequence.landscape import PlaneLabels, landscape
from app.i18n import _
from app.sequence.two_units import FIRST_PULSES, FIRST_START, TwoUnits
from app.ui.drawing import draw
from app.ui.settings import Number
from app.ui.shell import controls
from model.recurrent.landscape import WEIGHTS
from model.traces import LandscapeTrace

#: The network whose W the slider multiplies: a memory of one bit.
BIT = WEIGHTS["bit"]
SCALE = Number("lessons_resting_scale", 0.2, 2.0, 1.0, 0.02)


def border() -> float:
    """At this factor the largest eigenvalue of W is 1, and so is that of J at 0, where tanh has the slope 1."""
    return float(1 / np.abs(np.linalg.eigvals(np.reshape(BIT, (2, 2)))).max())


def show() -> None:
    with st.container(key="lessons_resting"):
        _place_and_figure()
    st.markdown(
        _(
            "**Try it:** turn W down. Below a factor of {border}, the largest eigenvalue of W is below 1, and one "
            "place is left, at 0: whatever was read is forgotten. Above it there are two, and what stands under the "
            "figure says that |λ| is below 1 there, too. It must be: that is why the state falls back after a small "
            "disturbance, and why the bit is safe. But the same λ multiplies the gradient at each step that is spent "
            "there. **What holds a bit safely lets its gradient vanish** (Bengio et al. 1994). A gate at 1 holds in "
            "another way: there |λ| is 1, so that nothing fades, and nothing is called back either."
        ).format(border=number(border(), 2))
    )


def _place_and_figure() -> None:
    """The text and its figure, which a link may want to have in sight together."""
    st.markdown("#### " + _("Where a memory rests"))
    st.markdown(
        _(
            "The same J says what becomes of the **state** itself. Two units, $h_t = \\tanh(W h_{t-1} + x_t)$, read "
            "pulses: + pushes both up, - pushes both down, and between pulses x is 0. Left alone, the state falls to a "
            "place where it stands still. This W has two such places (discs): one is reached after +, the other after "
            "-. Which of the two it is in is **a memory of one bit**, kept as long as you like."
        )
    )
    with controls("two_units"):
        scale = SCALE.slider(_("Multiply W by"), width=320)
    trace = remembered.result(partial(plane_of, scale))
    plane = PlaneLabels(_("two units, h → tanh(W h)"), _("unit {unit}").format(unit=0), _("unit {unit}").format(unit=1))
    draw(partial(landscape, trace, plane), "lessons_chart_resting")


def plane_of(scale: float) -> LandscapeTrace:
    """The plane with W multiplied."""
    return TwoUnits(tuple(scale * weight for weight in BIT), (0.0, 0.0), FIRST_START, FIRST_PULSES).trace()
