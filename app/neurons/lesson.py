"""What the views of synapses, learning and memory share: sliders with a place in the URL, presets, sources."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from app.i18n import _
from app.neurons.models import Range
from app.neurons.sources import SOURCES, Source
from app.shell import controls

#: The largest seed that the page offers.
LARGEST_SEED = 9999

#: Publications beside those of the table.
MORE = {
    "brette": Source(
        "Brette et al. 2007",
        "Simulation of networks of spiking neurons. Journal of Computational Neuroscience 23, 349–398",
        "https://doi.org/10.1007/s10827-007-0038-6",
    ),
    "brunel": Source(
        "Brunel & Wang 2001",
        "Effects of neuromodulation in a cortical network model of object working memory dominated by recurrent "
        "inhibition. Journal of Computational Neuroscience 11, 63–85",
        "https://doi.org/10.1023/A:1011204814320",
    ),
    "bi_wang": Source(
        "Bi & Wang 2002",
        "Temporal asymmetry in spike timing-dependent synaptic plasticity. Physiology & Behavior 77, 551–555",
        "https://doi.org/10.1016/S0031-9384(02)00933-2",
    ),
    "compte": Source(
        "Compte et al. 2000",
        "Synaptic mechanisms and network dynamics underlying spatial working memory in a cortical network model. "
        "Cerebral Cortex 10, 910–923",
        "https://doi.org/10.1093/cercor/10.9.910",
    ),
    "hebb": Source("Hebb 1949", "The Organization of Behavior, Wiley"),
    "koch": Source(
        "Koch, Poggio & Torre 1983",
        "Nonlinear interactions in a dendritic tree: localization, timing, and role in information processing. "
        "PNAS 80, 2799–2802",
        "https://doi.org/10.1073/pnas.80.9.2799",
    ),
    "song": Source(
        "Song, Miller & Abbott 2000",
        "Competitive Hebbian learning through spike-timing-dependent synaptic plasticity. Nature Neuroscience 3, "
        "919–926",
        "https://doi.org/10.1038/78829",
    ),
    "vogels": Source(
        "Vogels & Abbott 2005",
        "Signal propagation and logic gating in networks of integrate-and-fire neurons. Journal of Neuroscience 25, "
        "10786–10795",
        "https://doi.org/10.1523/JNEUROSCI.3508-05.2005",
    ),
}


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
    every = SOURCES | MORE
    links = (
        f'[{one.short}]({one.link} "{one.full}")' if one.link else f"{one.short}: {one.full}"
        for one in (every[name] for name in names)
    )
    st.caption(_("Sources: {papers}.").format(papers="; ".join(links)))
