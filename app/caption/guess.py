"""Guess the next word first: the class sees photo and words so far, guesses, and uncovers the next word."""

import math
from functools import partial

import streamlit as st

from app.caption.captions import chance_of, words_of
from app.caption.photos import Photo
from app.charts.caption.alternatives import nearly_said
from app.i18n import _, translate_error
from app.ui.drawing import draw, show_photo
from app.ui.markdown import literal
from app.ui.settings import Flag
from app.ui.shell import controls
from model.captioner import SearchSettings
from model.captioner.languages import LANGUAGES
from model.errors import UserError
from model.traces import CaptionTrace

GUESS = Flag("caption_guess")


def guessing() -> bool:
    """The group ``guess``: the switch."""
    with controls("guess"):
        return GUESS.toggle(
            _("Guess the next word first"), help=_("Hides the caption, so that the class can guess it word by word.")
        )


def guess(photo: Photo, settings: SearchSettings, trace: CaptionTrace) -> None:
    """The photo, the words uncovered so far, a field for the class's guess, and a button that uncovers the next."""
    # How far this caption is uncovered; another one starts covered.
    if st.session_state.get("caption_uncovering") != (photo.key, trace.words):
        st.session_state["caption_uncovering"] = (photo.key, trace.words)
        st.session_state["caption_uncovered"] = 0
    uncovered = st.session_state["caption_uncovered"]

    def uncover(words: int) -> None:
        st.session_state["caption_uncovered"] = min(uncovered + words, len(trace.words))
        st.session_state["caption_word_guess"] = ""

    left, right = st.columns([1, 1], gap="large")
    with left:
        show_photo(photo.image, _("The photo"), 1200)
    with right:
        covered = len(trace.words) - uncovered
        shown = [*trace.words[:uncovered], *(["▢"] if covered else [])]
        st.subheader(LANGUAGES[trace.lang].write_out(shown), anchor=False)
        if not covered:
            st.success(_("That is the whole caption. Turn off guessing to see how it came about."))
        else:
            typed = st.text_input(_("The class's guess"), key="caption_word_guess", max_chars=40)
            if typed:
                _judge(photo, settings, trace, uncovered, typed)
            with st.container(horizontal=True):
                st.button(_("Uncover the next word"), key="caption_uncover", on_click=uncover, args=(1,))
                st.button(_("Uncover all"), key="caption_uncover_all", on_click=uncover, args=(covered,))
    draw(partial(nearly_said, trace, hide_from=uncovered), "caption_chart_guess")


def _judge(photo: Photo, settings: SearchSettings, trace: CaptionTrace, place: int, typed: str) -> None:
    """How likely the network found the guess; not whether it is right, which uncovering shows."""
    words = words_of(typed, settings.lang)
    if not words:
        return
    try:
        chance = math.exp(chance_of(photo, settings, trace.words[:place], words[0]))
    except UserError as error:
        st.warning(translate_error(error), icon=":material/help:")
        return
    st.info(
        _("The network gives “{word}” a chance of {chance}. Uncover the next word to see what it said.").format(
            word=literal(words[0]), chance=f"{chance:.1%}"
        )
    )
