"""The way to a room from every page; nothing of rooms is loaded for those who do not take it."""

from typing import Any

import streamlit as st

from app.i18n import _
from app.ui.shell import controls, go_to


def room_button(page: str) -> None:
    """The group ``room``: opens a room, or leads back to the one that this session teaches. Not on its own page."""
    if page == "class":
        return
    teacher = st.session_state.get("class_teacher")
    label = _("Room {code}").format(code=teacher.code) if teacher else _("Open a room")
    with controls("room", width="content"):
        if st.button(label, key="share_room", icon=":material/co_present:"):
            st.session_state["class_open_wanted"] = teacher is None
            if page == "caption" and (sample := st.session_state.get("caption_sample")):
                st.session_state["class_photo"] = sample  # the one that is looked at comes along
            go_to("class_room")


def ask_the_class(values: dict[str, Any]) -> None:
    """On the neurons' page: a button that asks the room that this session teaches about the neuron as it is set."""
    if "class_teacher" in st.session_state:
        from app.rooms.fire import ask_button

        ask_button(values)
