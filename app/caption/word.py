"""The choice of one word of a caption, for views that look into one word at a time."""

import streamlit as st

from app.charts.caption.captions import by_unit, told_apart
from app.i18n import _
from app.ui.settings import Code
from model.captioner.languages import LANGUAGES
from model.traces import CaptionTrace


def choose_word(trace: CaptionTrace, setting: Code, default: int | None = None) -> int:
    """The word's place, chosen by pills; in the URL the setting counts from 1."""
    place = place_of_word(trace, setting, default)
    names = told_apart(trace.words)
    st.pills(
        by_unit(trace.lang, _("A word of the caption"), _("A character of the caption")),
        range(len(trace.words)),
        format_func=names.__getitem__,
        key=f"{setting.key}_shown",
        on_change=remember_word,
        args=(setting,),
        required=True,
    )
    return place


def place_of_word(trace: CaptionTrace, setting: Code, default: int | None = None) -> int:
    """What the URL says, and the widget that has ``_shown`` behind the setting's key is to show. By itself it is the
    ``default``, or without one the word with the sharpest look, of those that name something."""
    asked = setting.asked()
    known = {str(place + 1): place for place in range(len(trace.words))}
    place = known.get(asked, telling_word(trace) if default is None else default)
    st.session_state[f"{setting.key}_shown"] = place
    return place


def telling_word(trace: CaptionTrace) -> int:
    """The place of the word with the sharpest look, of those that name something."""
    if not trace.words:
        return 0
    naming = _naming(trace)
    return _sharpest(trace, naming if any(naming) else [True] * len(naming))


def counterpart(trace: CaptionTrace, other: CaptionTrace, place: int) -> int:
    """The place of a word that could stand in the ``other`` caption at that place: of those that name something, the
    one with the sharpest look that follows the same word as there; where none does, any."""
    before = other.words[place - 1] if place else ""
    follows = ("", *trace.words[:-1])
    fitting = [named and word == before for named, word in zip(_naming(trace), follows, strict=True)]
    return _sharpest(trace, fitting) if any(fitting) else telling_word(trace)


def _naming(trace: CaptionTrace) -> list[bool]:
    """Which words name something."""
    return [word not in LANGUAGES[trace.lang].function_words for word in trace.words]


def _sharpest(trace: CaptionTrace, among: list[bool]) -> int:
    """The place of the word with the sharpest look, of those that are ``among``."""
    return int((trace.attention.max(axis=(1, 2)) * among).argmax())


def remember_word(setting: Code) -> None:
    """Put what the setting's widget shows into the URL; its callback."""
    setting.put(str(st.session_state[f"{setting.key}_shown"] + 1))
