"""The other photo, the words in both captions, and their runs: what swapping and patching start from."""

from dataclasses import dataclass

import streamlit as st

from app.caption.captions import caption_of
from app.caption.photos import Photo, name_of, open_own, sample_photo
from app.caption.shown import Shown
from app.caption.word import choose_word, counterpart
from app.i18n import _
from app.models import captioner
from app.ui.drawing import show_photo
from app.ui.lru_store import LruStore
from app.ui.markdown import literal
from app.ui.settings import Code
from model.captioner.gallery import samples
from model.captioner.image import MAX_MEGABYTES
from model.captioner.patching import ForcedReading
from model.traces import CaptionTrace

WORD, OTHER_WORD = Code("caption_surgery_word"), Code("caption_surgery_other_word")
OTHER = Code("caption_surgery_other", "horse")


@dataclass(frozen=True)
class Side:
    """A photo with its caption, and the place of the chosen word in it."""

    photo: Photo
    caption: CaptionTrace
    place: int

    @property
    def word(self) -> str:
        return self.caption.words[self.place]

    @property
    def run(self) -> ForcedReading:
        """Its caption read to the decoder."""
        return run_of(self.photo, self.caption)


def choose_sides(shown: Shown) -> tuple[Side, Side] | None:
    """The page's photo and another, side by side, each with its word; None where the other has no caption."""
    with st.container(key="caption_surgery_sides"):
        other = _choose_other(shown.photo)
        left, right = st.columns(2, gap="large")
    sides: list[Side] = []
    for column, name, photo, key in ((left, "A", shown.photo, WORD), (right, "B", other, OTHER_WORD)):
        trace = shown.trace if name == "A" else caption_of(photo, shown.settings)
        with column:
            st.markdown(f"**{name}: “{literal(trace.caption)}”**")
            show_photo(
                photo.image, _("Photo {name}: {caption}").format(name=name, caption=trace.caption), 480, width=200
            )
            if not trace.words:
                st.info(_("The caption is empty. Please take another photo."))
                return None
            # The two words should fit the same place, or it decides between them what can be said there.
            alike = counterpart(trace, sides[0].caption, sides[0].place) if sides else None
            sides.append(Side(photo, trace, choose_word(trace, key, alike)))
    return sides[0], sides[1]


def run_of(photo: Photo, trace: CaptionTrace) -> ForcedReading:
    """A caption read to the decoder; remembered for this session, a sample's for all."""
    runs: LruStore[ForcedReading] = (
        _of_samples() if photo.everybodys else LruStore.of_session("caption_surgery_runs", 4)
    )

    def read() -> ForcedReading:
        return ForcedReading.of(captioner().speakers[trace.lang], photo.regions, trace.words)

    return runs.get((photo.key, trace.lang, trace.words), read)


@st.cache_resource(show_spinner=False)
def _of_samples() -> LruStore[ForcedReading]:
    return LruStore(60)


def unlike(*photos: Photo) -> list[Photo]:
    """All samples but these."""
    taken = {photo.key for photo in photos}
    every = (sample_photo(sample.key) for sample in samples())
    return [photo for photo in every if photo.key not in taken]


def _choose_other(photo: Photo) -> Photo:
    """A sample by its code in the URL, or a file of the user's own."""
    known = {sample.key: name_of(sample) for sample in samples() if f"sample-{sample.key}" != photo.key}
    named = known | {"file": _("A photo of yours")}
    code = OTHER.choose(st.selectbox, _("Photo B"), named, width=260)
    if code != "file":
        return sample_photo(code)
    file = st.file_uploader(
        _("Photo B: a photo of yours"),
        type=["image", ".heic", ".heif", ".avif"],
        key="caption_surgery_file",
        max_upload_size=MAX_MEGABYTES,
    )
    st.caption(_("It stays in this session and is stored nowhere."))
    own = open_own(file.getvalue()) if file else None
    return own or sample_photo(OTHER.default if OTHER.default in known else next(iter(known)))
