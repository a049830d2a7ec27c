"""What the views of synapses, learning and memory share: sliders with a place in the URL, and presets, beside what they
set."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.i18n import _
from app.neurons.models import Range
from app.neurons.presets import NeuronPreset
from app.ui.settings import Number, Setting
from app.ui.sheet import settings_beside
from app.ui.shell import controls


def key_of(part: str, name: str) -> str:
    """The widget, and the URL's parameter, of a view's setting."""
    return f"neurons_{part}_{name}"


def number_settings(part: str, ranges: Mapping[str, Range]) -> dict[str, Number]:
    """The settings of a view that are numbers, by name."""
    return {name: Number(key_of(part, name), *each) for name, each in ranges.items()}


def first_values(settings: Mapping[str, Setting]) -> dict[str, Any]:
    """What the settings are at first, by name."""
    return {name: setting.default for name, setting in settings.items()}


def setting_slider(setting: Number, label: str, **shown: Any) -> Any:
    """A setting's slider, with no more digits than it takes."""
    return setting.slider(label, **({"format": "%g"} if isinstance(setting.step, float) else {}), **shown)


def preset_of(presets: Mapping[str, NeuronPreset], settings: Mapping[str, Setting], values: Mapping[str, Any]) -> str:
    """The preset whose settings the widgets have; ``""`` where they are nobody's."""
    first = first_values(settings)
    return next((code for code, one in presets.items() if {**first, **one.settings} == dict(values)), "")


def settings_and_column(
    part: str,
    presets: Mapping[str, NeuronPreset],
    settings: Mapping[str, Setting],
    choose: Callable[[], dict[str, Any]],
) -> tuple[DeltaGenerator, dict[str, Any], str]:
    """The settings that ``choose`` asks for on the left, a choice of presets above them.

    Returns the column beside them, the settings, and which preset they are, ``""`` where they are nobody's.
    """
    left, right = settings_beside("neurons")
    with left:
        # The choice of a preset comes first, and shows which one is set: that is known after the others.
        above = st.container()
        values = choose()
    preset = preset_of(presets, settings, values)
    with above:
        choose_preset(part, presets, settings, preset)
    return right, values, preset


def choose_preset(part: str, presets: Mapping[str, NeuronPreset], settings: Mapping[str, Setting], shown: str) -> None:
    """The group ``preset``: picking a preset sets all widgets of the view. It has no place in the URL, its settings
    have."""
    names = {"": _("My own settings")} | {code: _(one.name) for code, one in presets.items()}
    key = key_of(part, "preset")

    def take() -> None:
        code = st.session_state[key]
        if code in presets:
            for name, value in (first_values(settings) | presets[code].settings).items():
                settings[name].put(value)

    st.session_state[key] = shown
    with controls("preset"):
        st.selectbox(_("For a class"), list(names), format_func=names.__getitem__, key=key, on_change=take)
