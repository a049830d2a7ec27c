"""Guess the next word first: the class sees photo and words so far, guesses, and uncovers the next word."""

import math
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import streamlit as st

from app.caption.captions import chance_of, says_again, words_of
from app.caption.photos import Photo
from app.charts.caption.alternatives import nearly_said
from app.charts.caption.captions import by_unit
from app.charts.kit.style import percent
from app.i18n import _, translate_error
from app.ui.drawing import draw, join_sentences, show_photo
from app.ui.markdown import literal
from app.ui.settings import Flag
from app.ui.shell import controls
from model.captioner import SearchSettings
from model.captioner.languages import BLANK, LANGUAGES
from model.errors import UserError
from model.traces import CaptionTrace

GUESS = Flag("caption_guess")
_CAPTION, _UNCOVERED, _GUESSES = "caption_uncovering", "caption_uncovered", "caption_guesses"


class Guess(NamedTuple):
    """What the class said after ``place`` words, and what the network said there; of each, how likely the network found
    it."""

    place: int
    words: tuple[str, ...]
    chance: float
    said: tuple[str, ...]
    said_chance: float
    #: Whether the guess says a thing that was said before.
    again: bool

    @property
    def right(self) -> bool:
        """Whether both said the same."""
        return self.words == self.said


def guessing() -> bool:
    """The group ``guess``: the switch."""
    with controls("guess"):
        return GUESS.toggle(
            _("Guess the next word first"), help=_("Hides the caption, so that the class can guess it word by word.")
        )


def guess(photo: Photo, settings: SearchSettings, trace: CaptionTrace) -> None:
    """The photo, the words uncovered so far, a field for the class's guess, and a button that uncovers the next."""
    # How far this caption is uncovered; another one starts covered.
    if st.session_state.get(_CAPTION) != (photo.key, trace.words):
        st.session_state[_CAPTION] = (photo.key, trace.words)
        st.session_state[_UNCOVERED], st.session_state[_GUESSES] = 0, []
    uncovered: int = st.session_state[_UNCOVERED]
    guesses: list[Guess] = st.session_state[_GUESSES]

    def uncover_next() -> None:
        """What is typed counts, whether the page has judged it yet or not."""
        typed = st.session_state["caption_word_guess"]
        made = None
        if typed:
            with suppress(UserError):
                made = _judged(photo, settings, trace, uncovered, typed)
        st.session_state[_GUESSES] = [*guesses, made] if made else guesses
        uncover(len(made.said) if made else 1)

    def uncover(words: int) -> None:
        st.session_state[_UNCOVERED] = min(uncovered + words, len(trace.words))
        st.session_state["caption_word_guess"] = ""

    left, right = st.columns([1, 1], gap="large")
    with left:
        show_photo(photo.image, _("The photo"), 1200)
    with right:
        covered = len(trace.words) - uncovered
        shown = [*trace.words[:uncovered], *([BLANK] if covered else [])]
        st.caption(_("The caption so far"))
        st.subheader(literal(LANGUAGES[trace.lang].write_out(shown)), anchor=False)
        if guesses:
            st.markdown(_compared(guesses, settings, whole=not covered))
        if not covered:
            st.success(_("That is the whole caption."))
            st.button(
                _("See how it came about"),
                icon=":material/arrow_forward:",
                key="caption_guessed",
                on_click=GUESS.put,
                args=(False,),
            )
        else:
            typed = st.text_input(
                _("The class's guess"), key="caption_word_guess", max_chars=40, placeholder=_("The next word is …")
            )
            if typed:
                _tell_chance(photo, settings, trace, uncovered, typed)
            with st.container(horizontal=True):
                next_one = by_unit(trace.lang, _("Uncover the next word"), _("Uncover the next character"))
                st.button(next_one, key="caption_uncover", on_click=uncover_next)
                st.button(_("Uncover all"), key="caption_uncover_all", on_click=uncover, args=(covered,))
    draw(partial(nearly_said, trace, hide_from=uncovered), "caption_chart_guess")


def _compared(guesses: Sequence[Guess], settings: SearchSettings, whole: bool) -> str:
    """The last guess beside what the network said, unless the ``whole`` caption stands there; and how many were the
    same so far."""
    last, write = guesses[-1], LANGUAGES[settings.lang].write_out
    if last.right:
        text = _("Both said “{word}”. The network found it {chance} likely.").format(
            word=literal(write(last.said)), chance=percent(last.said_chance)
        )
    else:
        text = _("You said “{guess}” ({chance} likely for the network), it said “{said}” ({said_chance}).").format(
            guess=literal(write(last.words)),
            chance=percent(last.chance),
            said=literal(write(last.said)),
            said_chance=percent(last.said_chance),
        )
        if last.chance > last.said_chance:
            text += f" {_why_passed_over(settings, last)}"
    right = sum(one.right for one in guesses)
    score = _("**Score: {right} of {all}.**").format(right=right, all=len(guesses))
    return score if whole else join_sentences(f"{text} {score}")


def _why_passed_over(settings: SearchSettings, guess: Guess) -> str:
    """Why the network said something else than this guess, which is likelier there."""
    if guess.place < len(settings.prefix):
        return _("Yours was likelier there, but what it said was given to it.")
    if guess.again and not settings.repeat:
        return _("Yours was likelier there, but it may not say a thing twice.")
    if settings.sample:
        return _("Yours was likelier there, but it draws its words by lot.")
    return _("Yours was likelier there, but it looks for the caption that is best as a whole.")


def _judged(photo: Photo, settings: SearchSettings, trace: CaptionTrace, place: int, typed: str) -> Guess | None:
    """The guess, of one word or several, beside what the network said there.

    A Chinese word may be several characters, each of them a step of the network's: their chances multiply.

    Raises:
        UserError: when the network does not know a word.
    """
    words = words_of(typed, settings.lang)[: len(trace.words) - place]
    if not words:
        return None
    before = trace.words[:place]
    logs = [chance_of(photo, settings, (*before, *words[:k]), word) for k, word in enumerate(words)]
    end = place + len(words)
    said_chance = math.exp(float(trace.log_probs[place:end].sum()))
    again = says_again(settings, before, words)
    return Guess(place, tuple(words), math.exp(sum(logs)), trace.words[place:end], said_chance, again)


def _tell_chance(photo: Photo, settings: SearchSettings, trace: CaptionTrace, place: int, typed: str) -> None:
    """How likely the network found the guess; not whether it is right, which uncovering shows."""
    try:
        made = _judged(photo, settings, trace, place, typed)
    except UserError as error:
        st.warning(translate_error(error), icon=":material/help:")
        return
    if made:
        text = _("The network gives “{word}” a chance of {chance}. Uncover what it said to compare.")
        word = LANGUAGES[settings.lang].write_out(made.words)
        st.info(text.format(word=literal(word), chance=percent(made.chance)))
