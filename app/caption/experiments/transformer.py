"""A Transformer beside the GRU: the same photo captioned by both, with what each says, and what that takes."""

import time
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.caption.code import show_code
from app.caption.photos import Photo
from app.caption.settings import search_in_words
from app.caption.shown import Shown
from app.charts.caption.word_chances import Said, word_chances
from app.export.word_chances import chances_csv
from app.i18n import _, translate_error
from app.models import captioner, captioner_megabytes, transformer
from app.scripts import caption as scripts
from app.scripts.script import Made
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from app.ui.markdown import literal
from model.captioner import SearchSettings, hub
from model.errors import UserError
from model.traces import CaptionTrace, TransformerCaption


class Timed(NamedTuple):
    """This page's own captioner at the same photo, from the picture to the caption."""

    trace: CaptionTrace
    seconds: float


def show(shown: Shown) -> None:
    shown.introduce(
        _(
            "Today's captioners are Transformers. Here one captions the same photo beside this page's GRU: what each "
            "of them says, how sure it is of each word, and what that takes."
        )
    )
    other = _its_caption(shown.photo, shown.settings)
    own = _own_caption(shown.photo, shown.settings)
    rows = [Said(_("This page's GRU"), own.trace.words, own.trace.log_probs)]
    if other:
        rows.append(Said(other.name, other.tokens, other.log_probs))
        _side_by_side(shown.photo, shown.settings, own, other)
    st.markdown(
        _(
            "How sure was it of each word? A bar a word: the probability that it had, given the photo and the words "
            "before."
        )
    )
    draw(partial(word_chances, rows), "caption_chart_transformer")
    if other and any(token.startswith("##") for token in other.tokens):
        st.caption(_("It writes rare words in pieces: ## goes on with the word before."))
    _difference(own.trace)
    download("caption", _("These probabilities (CSV)"), "word-chances.csv", lambda: chances_csv(rows))
    folder = Made("'path/to/folder'", remark="the Transformer's folder") if other else None
    show_code(shown, _("A Transformer beside it"), scripts.word_chances, settings=shown.settings, folder=folder)


def _its_caption(photo: Photo, settings: SearchSettings) -> TransformerCaption | None:
    """The Transformer's caption; where there is no Transformer, how to get one."""
    try:
        found = hub.find_transformer()
        if found is None:
            _how_to_get_one()
            return None
        with st.spinner(_("Waking the Transformer …"), show_time=True):
            other = transformer(str(found.folder), found.name)
        captions: LruStore[TransformerCaption] = LruStore.of_session("caption_transformer", 20)
        with st.spinner(_("The Transformer is looking at the photo …"), show_time=True):
            return captions.get(
                (photo.key, settings.beam, str(found.folder)), lambda: other.caption(photo.image, settings.beam)
            )
    except UserError as error:
        st.error(translate_error(error), icon=":material/error:")
        return None


def _own_caption(photo: Photo, settings: SearchSettings) -> Timed:
    """The same way for this page's captioner. The page has captioned before: nothing is to be loaded."""

    def describe() -> Timed:
        begun = time.perf_counter()
        trace = captioner().describe(captioner().look(photo.image), settings)
        return Timed(trace, time.perf_counter() - begun)

    timed: LruStore[Timed] = LruStore.of_session("caption_transformer_own", 20)
    return timed.get((photo.key, settings), describe)


def _how_to_get_one() -> None:
    size = {"name": hub.SUGGESTED.repository, "size": f"{hub.SUGGESTED.megabytes / 1000:.1f}"}
    st.info(
        _(
            "There is no Transformer on this computer yet. With one, its caption, its time and its size stand here "
            "beside the GRU's, and its words in the figure below."
        ),
        icon=":material/download:",
    )
    if hub.is_downloading():
        st.info(
            _("It is being downloaded already. Please load this page again in some minutes."),
            icon=":material/hourglass:",
        )
        return
    if hub.may_download():
        pressed = st.button(
            _("Download {name} ({size} GB) from huggingface.co").format(**size),
            key="caption_transformer_download",
            icon=":material/download:",
        )
        if pressed:
            with st.spinner(_("Downloading; this takes minutes …"), show_time=True):
                hub.download()
            st.rerun()
        return
    st.markdown(
        _(
            "Whoever runs this page gets **{name}** by this command, once ({size} GB from huggingface.co), and loads "
            "the page again:"
        ).format(**size)
    )
    st.code(f".venv/bin/{hub.command()}", language="bash", wrap_lines=True)
    st.markdown(
        _(
            "Or start the page with the folder of another captioning model of the Hub (BLIP, GIT or ViT-GPT2, with "
            "weights in safetensors):"
        )
    )
    st.code(f"{hub.FOLDER}=path/to/folder make app", language="bash", wrap_lines=True)


def _side_by_side(photo: Photo, settings: SearchSettings, own: Timed, other: TransformerCaption) -> None:
    seen, *said = st.columns([2, 3, 3], gap="large")
    seen.image(photo.image, alt=_("The photo"), width="stretch")
    captions = {_("This page's GRU"): own.trace.caption, other.name: other.caption}
    for column, (name, caption) in zip(said, captions.items(), strict=True):
        column.caption(literal(name))
        column.markdown(f"#### “{literal(caption)}”" if caption else _("It said nothing."))
    parameters = captioner().network.num_parameters()
    ratio = other.parameters / parameters
    rows = {
        _("Time for this photo"): (_seconds(own.seconds), _seconds(other.seconds)),
        _("Parameters"): (f"{parameters:,}", f"{other.parameters:,}"),
        _("Weights on the disk"): (_megabytes(captioner_megabytes()), _megabytes(other.megabytes)),
        _("Remembers of its words"): (
            _("{count} numbers, however many words").format(count=f"{own.trace.hidden.shape[1]:,}"),
            _("{count} numbers for each token").format(count=f"{other.kept_per_token:,}"),
        ),
        _("Search"): (search_in_words(settings), search_in_words(replace(settings, sample=None))),
    }
    st.table(pd.DataFrame(rows.values(), index=list(rows), columns=[_("This page's GRU"), literal(other.name)]))
    st.caption(
        _(
            "Times were measured just now, on this computer, from the picture to the caption; loading the weights is "
            "not counted. This is no race of GRU against Transformer: the Transformer here has {ratio} times as many "
            "parameters, and the two need not have learned from the same photos."
        ).format(ratio=f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}")
    )
    if other.name == hub.SUGGESTED.repository:
        st.caption(
            _(
                "BLIP learned from 129 million pictures with text, most of them from the web, then from the described "
                "photos of MS-COCO (Li and others 2022)."
            )
        )


def _difference(trace: CaptionTrace) -> None:
    st.markdown(
        _(
            "**What is different at heart.** The GRU carries all it has said in one memory of {units} numbers, which "
            "each word rewrites: a word costs the same however long the caption is. The Transformer keeps a key and a "
            "value of every token so far and looks back at all of them by attention: each token costs a little more "
            "than the one before."
        ).format(units=trace.hidden.shape[1])
    )
    with st.expander(_("Think! A caption twice as long: how much more must each of them keep?")):
        st.markdown(
            _(
                "The GRU nothing: its memory stays {units} numbers, so something older has to fade to make room. The "
                "Transformer twice as much: it keeps every token as it was, and pays for it in room and in time."
            ).format(units=trace.hidden.shape[1])
        )


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _megabytes(megabytes: float) -> str:
    return f"{megabytes:,.1f} MB" if megabytes < 100 else f"{megabytes:,.0f} MB"
