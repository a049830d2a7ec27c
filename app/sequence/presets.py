"""The trained networks that come with the project, so that there is something to see before any training."""

import streamlit as st

from app.i18n import _, current_language
from app.sequence.settings import cell_names
from app.sequence.tasks import task_titles
from model.recurrent.presets import DIRECTORY, PRESETS, load_preset
from model.recurrent.saving import Saved

#: What is seen first: parity, whose network has two units, so that one picture shows its whole memory; in Chinese, the
#: classic. Of gradients: recall, where the RNN fails for want of them.
FIRST_PRESET, FIRST_BY_LANGUAGE = "parity-gru", {"zh": "sanzijing-gru"}
FIRST_OF_GRADIENTS = "recall-gru"


def first_preset(view: str) -> str:
    """What a view opens on."""
    if view == "gradients":
        return FIRST_OF_GRADIENTS
    return FIRST_PRESET if view == "landscape" else FIRST_BY_LANGUAGE.get(current_language(), FIRST_PRESET)


@st.cache_resource(show_spinner=False)
def presets() -> dict[str, Saved]:
    """By name. They are one for all sessions: nothing here is ever trained or changed."""
    return {name: load_preset(name) for name in PRESETS if (DIRECTORY / f"{name}.safetensors").exists()}


def preset_names() -> dict[str, str]:
    """What a reader calls them: the task and the cell."""
    text = _("{task} ({cell})")
    titles = task_titles() | {"house": _("English rhyme"), "sanzijing": _("Chinese classic")}
    return {
        name: text.format(task=titles[name.split("-")[0]], cell=cell_names()[one.settings.cell])
        for name, one in presets().items()
    }
