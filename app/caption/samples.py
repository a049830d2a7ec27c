"""How the captioner does on all sample photos: where it names what is to be seen, and where it fails, and how."""

import streamlit as st

from app.caption.captions import caption_of
from app.caption.photos import name_of, sample_photo
from app.i18n import _
from app.models import captioner
from app.ui.drawing import show_photo
from app.ui.settings import Flag
from app.ui.shell import controls
from model.captioner import SearchSettings
from model.captioner.gallery import Sample, samples
from model.captioner.languages import LANGUAGES
from model.captioner.tokenizer import split_words
from model.errors import WordError
from model.traces import CaptionTrace

#: Photos side by side.
COLUMNS = 5

ALL = Flag("caption_all")


def all_samples(settings: SearchSettings) -> None:
    """The group ``samples``: a switch, and every sample with its caption and whether that names what is to be seen."""
    with controls("samples"):
        shown = ALL.toggle(
            _("How it does on all samples"), help=_("Captions every sample with these settings, failures included.")
        )
    if not shown:
        return
    with st.spinner(_("Captioning all samples …")):
        captions = [(sample, caption_of(sample_photo(sample.key), settings)) for sample in samples()]
    everyday, odd = ([names_it(trace, one) for one, trace in captions if one.odd == which] for which in (False, True))
    st.markdown(
        _(
            "A word for what is to be seen stands in {named} of {all} captions of everyday samples, and in {named_odd} "
            "of {odd} that are unlike anything it learned from: these it forces into the world it knows. A caption "
            "with the word may still be wrong in all else."
        ).format(named=sum(everyday), all=len(everyday), named_odd=sum(odd), odd=len(odd))
    )
    places = [column for _row in range(-(-len(captions) // COLUMNS)) for column in st.columns(COLUMNS)]
    for place, (sample, trace) in zip(places, captions, strict=False):
        with place:
            show_photo(sample_photo(sample.key).image, name_of(sample), 480)
            st.markdown(f"**{name_of(sample)}**")
            st.text(f"“{trace.caption}”")
            st.caption(_verdict(trace, sample))


def names_it(trace: CaptionTrace, sample: Sample) -> bool:
    """Whether the caption has one of the words that name what the sample shows."""
    said = trace.caption if LANGUAGES[trace.lang].unit == "character" else trace.words
    return any(word in said for word in sample.subject[trace.lang])


def has_word_for(sample: Sample, lang: str) -> bool:
    """Whether the captioner ever learned a word for what the sample shows."""
    return _knows_one_of(tuple(sample.subject[lang]), lang)


@st.cache_data(show_spinner=False)
def _knows_one_of(words: tuple[str, ...], lang: str) -> bool:
    tokenizer = captioner().tokenizers[lang]
    for word in words:
        try:
            captioner().known_words(split_words(word, tokenizer), lang)
        except WordError:
            continue
        return True
    return False


def _verdict(trace: CaptionTrace, sample: Sample) -> str:
    if names_it(trace, sample):
        return _("✓ It says a word for it.")
    if has_word_for(sample, trace.lang):
        return _("✗ It has a word for it, and does not say it.")
    return _("✗ It never learned a word for it.")
