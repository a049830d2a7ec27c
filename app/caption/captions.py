"""Captions of this session: a trace for each photo, setting and start, computed once."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app.caption.photos import Photo
from app.i18n import translate_error
from app.models import captioner
from app.ui.lru_store import LruStore
from model.captioner import SearchSettings
from model.captioner.tokenizer import split_words
from model.errors import UserError
from model.traces import CaptionTrace


def caption_of(photo: Photo, settings: SearchSettings) -> CaptionTrace:
    """The caption of ``photo``; remembered for this session, a sample's for all."""
    ours = photo.everybodys and not settings.prefix
    traces: LruStore[CaptionTrace] = _of_samples() if ours else LruStore.of_session("caption_traces", 40)
    return traces.get((photo.key, settings), lambda: captioner().describe(photo.regions, settings))


@st.cache_resource(show_spinner=False)
def _of_samples() -> LruStore[CaptionTrace]:
    return LruStore(200)


def words_of(typed: str, lang: str) -> list[str]:
    """What the user typed, as words the captioner knows; where it does not know one, a sentence says so."""
    try:
        return captioner().known_words(split_words(typed, captioner().tokenizers[lang]), lang)
    except UserError as error:
        st.warning(translate_error(error), icon=":material/help:")
        return []


def steered(photo: Photo, settings: SearchSettings, start: Sequence[str]) -> CaptionTrace | None:
    """The caption that starts with ``start``, or None where there is no start or it cannot be used."""
    if not start:
        return None
    try:
        return caption_of(photo, replace(settings, prefix=start))
    except UserError as error:
        st.warning(translate_error(error), icon=":material/help:")
        return None


def says_again(settings: SearchSettings, before: Sequence[str], words: Sequence[str]) -> bool:
    """Whether ``words`` would say a thing twice, after the words ``before``; see ``model.captioner.repetition``."""
    speaker = captioner().speakers[settings.lang]
    repeats = speaker.repetition.repeats(speaker.tokens_of((*before, *words)))
    return any(place >= len(before) for place in repeats)


def chance_of(photo: Photo, settings: SearchSettings, before: Sequence[str], word: str) -> float:
    """log p(word | photo, words before), for the class's guess.

    Raises:
        WordError: when the captioner does not know the word.
    """
    known = captioner().known_words([word], settings.lang)
    one_more = replace(settings, beam=1, prefix=(*before, *known), sample=None, max_words=len(before) + 1)
    return float(caption_of(photo, one_more).log_probs[-1])
