"""Steering: a caption that starts with the user's words, beside the one that the model would write by itself.

The words stand in the URL as ``caption_start``. What they were before is kept in the session, for undo.
"""

from collections.abc import Sequence

import streamlit as st

from app.i18n import _
from app.ui.settings import Text
from app.ui.shell import controls
from model.captioner.languages import LANGUAGES

START = Text("caption_start")
_HISTORY, _LAST = "caption_start_before", "caption_start_last"


def steer(words: Sequence[str], lang: str = "en") -> None:
    """Let the caption start with ``words`` from the next run on; call it in a callback."""
    st.session_state.setdefault(_HISTORY, []).append(START.value)
    START.put(LANGUAGES[lang].write_out(words)[: START.longest])


def choose_start(lang: str) -> str:
    """The group ``steer``: the words that the caption shall start with, as typed."""

    def undo() -> None:
        history = st.session_state.get(_HISTORY, [])
        START.put(history.pop() if history else "")

    def remember() -> None:
        st.session_state.setdefault(_HISTORY, []).append(st.session_state.get(_LAST, ""))

    def back() -> None:
        steer(())

    with controls("steer"):
        start = START.field(
            _("Make it start with these words"),
            placeholder=_("for example: {words}").format(words=LANGUAGES[lang].example),
            on_change=remember,
        )
        st.session_state[_LAST] = start
        if start or st.session_state.get(_HISTORY):
            with st.container(horizontal=True):
                st.button(_("Undo"), icon=":material/undo:", key="caption_undo", on_click=undo)
                if start:
                    st.button(_("Back to its own"), icon=":material/close:", key="caption_own", on_click=back)
    return start
