"""What the views of synapses, learning and memory share: sliders with a place in the URL, presets, sources."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import _
from app.neurons.models import Range
from app.neurons.sources import SOURCES
from app.shell import controls

#: The largest seed that the page offers.
LARGEST_SEED = 9999


class Lesson(NamedTuple):
    """Settings for a class: a name and a question, marked for translation, and what differs from the first settings."""

    name: str
    question: str
    settings: dict[str, Any]


def key_of(part: str, name: str) -> str:
    """The widget, and the URL's parameter, of a view's setting."""
    return f"neurons_{part}_{name}"


def slider(part: str, name: str, label: str, offered: Range, **settings: Any) -> Any:
    """A slider whose value stands in the URL."""
    least, most, default, step = offered
    shown = {"format": "%g"} if isinstance(step, float) else {}
    return st.slider(
        label, least, most, default, step, key=key_of(part, name), bind="query-params", **shown, **settings
    )


def lesson_of(lessons: Mapping[str, Lesson], first: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The lesson whose settings the widgets have; ``""`` where they are nobody's."""
    return next((code for code, one in lessons.items() if {**first, **one.settings} == dict(values)), "")


def beside_settings(
    part: str, lessons: Mapping[str, Lesson], first: Mapping[str, Any], choose: Callable[[], dict[str, Any]]
) -> tuple[DeltaGenerator, dict[str, Any], str]:
    """The settings that ``choose`` asks for on the left, a choice of lessons above them.

    Returns the column beside them, the settings, and which lesson they are, ``""`` where they are nobody's.
    """
    left, right = st.columns([2, 5], gap="large")
    with left:
        # The choice of a lesson comes first, and shows which one is set: that is known after the others.
        above = st.container()
        values = choose()
    lesson = lesson_of(lessons, first, values)
    with above:
        choose_lesson(part, lessons, first, lesson)
    return right, values, lesson


def choose_lesson(part: str, lessons: Mapping[str, Lesson], first: Mapping[str, Any], shown: str) -> None:
    """The group ``preset``: picking a lesson sets all widgets of the view. It has no place in the URL, its settings
    have."""
    names = {"": _("My own settings")} | {code: _(one.name) for code, one in lessons.items()}
    key = key_of(part, "preset")

    def take() -> None:
        code = st.session_state[key]
        if code in lessons:
            for name, value in {**first, **lessons[code].settings}.items():
                st.session_state[key_of(part, name)] = value

    st.session_state[key] = shown
    with controls("preset"):
        st.selectbox(_("For a class"), list(names), format_func=names.get, key=key, on_change=take)


def cite(*names: str) -> None:
    """A line with the sources of what a view says, each a link to the paper."""
    links = (
        f'[{one.short}]({one.link} "{one.full}")' if one.link else f"{one.short}: {one.full}"
        for one in (SOURCES[name] for name in names)
    )
    st.caption(_("Sources: {papers}.").format(papers="; ".join(links)))
