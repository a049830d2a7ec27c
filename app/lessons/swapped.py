"""A part of lesson 6: two photos' memories are swapped, to see what is in the memory and what in the picture."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import streamlit as st

from app import remembered
from app.caption.word import telling_word
from app.charts.caption import swapping
from app.i18n import _, current_language
from app.models import captioner
from app.ui.drawing import draw
from app.ui.markdown import literal
from model.captioner import SearchSettings
from model.captioner.editing import Edit
from model.captioner.gallery import sample
from model.captioner.patching import ForcedReading
from model.captioner.swapping import swap
from model.traces import SwapTrace

#: The photos A and B, by the samples' keys.
PHOTOS = ("cat", "horse")


class Swapped(NamedTuple):
    """What came out."""

    captions: tuple[str, str]
    trace: SwapTrace
    #: How A's caption goes on with B's memory and A's photo, and with A's memory and B's photo.
    with_memory: str
    with_photo: str


def show() -> None:
    st.markdown("#### " + _("Is it in the memory, or in the picture?"))
    with st.spinner(_("Waking the captioner …")):
        lang = current_language() if current_language() in captioner().languages else captioner().languages[0]
        found = remembered.result(partial(swapped, lang))
    a, b = found.trace.words
    st.markdown(
        _(
            "The memory could be a mere note of the words so far, and the picture be looked up anew for each. So swap "
            "them. Of photo A the captioner says “{of_a}”, of photo B “{of_b}”. When A comes to its word “{a}”, its "
            "memory is replaced by the one that B had at “{b}”, while the eye stays on A; or the memory stays, and the "
            "eye goes over to B. Which of the two brings B's word?"
        ).format(**{name: literal(text) for name, text in zip(("of_a", "of_b"), found.captions, strict=True)}, a=a, b=b)
    )
    draw(partial(swapping.outcomes, found.trace), "lessons_chart_swapped")
    st.markdown(swapping.verdict(found.trace))
    st.markdown(
        _(
            "With B's memory A's caption becomes “{memory}”, with B's photo “{photo}”. One pair of photos is one case: "
            "at another word, or with other photos, it can come out otherwise. Try your own below."
        ).format(memory=literal(found.with_memory), photo=literal(found.with_photo))
    )


def swapped(lang: str) -> Swapped:
    """The two photos, each at its caption's telling word."""
    settings = SearchSettings(lang)
    regions = [captioner().look(sample(key).open()) for key in PHOTOS]
    captions = [captioner().describe(one, settings) for one in regions]
    places = [telling_word(one) for one in captions]
    speaker = captioner().speakers[lang]
    runs = [ForcedReading.of(speaker, one, caption.words) for one, caption in zip(regions, captions, strict=True)]
    before = replace(settings, prefix=captions[0].words[: places[0]])
    edits = (Edit(places[0], hidden=captions[1].hidden[places[1]]), Edit(places[0], regions=regions[1]))
    ends = [captioner().describe(regions[0], before, edit).caption for edit in edits]
    return Swapped(
        (captions[0].caption, captions[1].caption), swap(runs[0], runs[1], places[0], places[1]), ends[0], ends[1]
    )
