"""The choice of one word of a caption, for views that look into one word at a time."""

import streamlit as st

from app.charts.caption.captions import told_apart
from app.i18n import _
from app.ui.settings import Code
from model.captioner.languages import LANGUAGES
from model.traces import CaptionTrace


def choose_word(trace: CaptionTrace, setting: Code) -> int:
    """The word's place, chosen by pills; in the URL the setting counts from 1."""
    place = place_of_word(trace, setting)
    names = told_apart(trace.words)
    st.pills(
        _("A word of the caption"),
        range(len(trace.words)),
        format_func=names.__getitem__,
        key=f"{setting.key}_shown",
        on_change=remember_word,
        args=(setting,),
        required=True,
    )
    return place


def place_of_word(trace: CaptionTrace, setting: Code) -> int:
    """What the URL says, and the widget that has ``_shown`` behind the setting's key is to show. By itself it is the
    word with the sharpest look, of those that name something."""
    asked = setting.asked()
    known = {str(place + 1): place for place in range(len(trace.words))}
    place = known.get(asked, telling_word(trace))
    st.session_state[f"{setting.key}_shown"] = place
    return place


def telling_word(trace: CaptionTrace) -> int:
    """The place of the word with the sharpest look, of those that name something."""
    naming = [word not in LANGUAGES[trace.lang].function_words for word in trace.words]
    sharpness = trace.attention.max(axis=(1, 2)) * (naming if any(naming) else 1)
    return int(sharpness.argmax())


def remember_word(setting: Code) -> None:
    """Put what the setting's widget shows into the URL; its callback."""
    setting.put(str(st.session_state[f"{setting.key}_shown"] + 1))
