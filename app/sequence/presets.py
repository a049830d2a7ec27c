"""The trained networks that come with the project, so that there is something to see before any training."""

import streamlit as st

from app.i18n import _
from app.sequence.settings import cell_names, task_titles
from model.recurrent.saving import Saved


@st.cache_resource(show_spinner=False)
def presets() -> dict[str, Saved]:
    """By name. They are one for all sessions: nothing here is ever trained or changed."""
    try:
        from model.recurrent import PRESETS, load_preset
    except ModuleNotFoundError:
        return {}
    return {name: load_preset(name) for name in PRESETS}


def preset_names() -> dict[str, str]:
    """What a reader calls them: the task and the cell."""
    text = _("{task} ({cell})")
    return {
        name: text.format(task=task_titles()[one.task.name], cell=cell_names()[one.settings.cell])
        for name, one in presets().items()
    }
