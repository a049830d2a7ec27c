"""The photo on the page: from the gallery, a file, or the camera."""

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st
from PIL import Image, ImageOps

from app.charts.kit.photos import data_uri
from app.i18n import N_, _, translate_error
from app.models import captioner
from app.opening import open_apart
from app.ui.lru_store import LruStore
from app.ui.settings import Code
from app.ui.shell import controls
from model.captioner import gallery
from model.captioner.files.outline import MAX_MEGAPIXELS
from model.captioner.gallery import Sample, samples
from model.captioner.image import MAX_MEGABYTES, is_damaged
from model.errors import PhotoError

if TYPE_CHECKING:
    from torch import Tensor

#: The side of a thumbnail, in pixels of its picture.
THUMBNAIL = 160
#: A button of the gallery is its picture; its name is there for those who cannot see it, and while the pointer rests.
THUMBNAILS = """
.st-key-caption_gallery, .st-key-caption_odd { display: grid; grid-template-columns: repeat(5, 1fr); gap: 0.5rem; }
[class*="st-key-caption_take_"], [class*="st-key-caption_take_"] .stButton { width: 100% !important; }
[class*="st-key-caption_take_"] { border-radius: 0.5rem; }
[class*="st-key-caption_take_"]:has(button:focus-visible) { outline: 4px dashed; }
[class*="st-key-caption_take_"] button {
  width: 100%; min-height: 0; aspect-ratio: 1; padding: 0; border: 0; background-size: cover; color: transparent;
}
[class*="st-key-caption_take_"] button * { font-size: 0; }
[class*="st-key-caption_take_"] button:hover { filter: brightness(1.15); }
"""

#: The gallery's names, as ``model.captioner.gallery`` has them, marked for translation.
NAMES = {
    "dog": N_("A dog"),
    "musicians": N_("Musicians on a stage"),
    "giraffes": N_("Two giraffes"),
    "polarbear": N_("A polar bear"),
    "kitten": N_("A kitten"),
    "cat": N_("A cat"),
    "astronaut": N_("An astronaut"),
    "temple": N_("A temple"),
    "coffee": N_("A cup of coffee"),
    "beach": N_("People on a beach"),
    "food": N_("Food on a table"),
    "street": N_("A street and a railway"),
    "flower": N_("A flower"),
    "rocket": N_("A rocket"),
    "horse": N_("A horse"),
    "coins": N_("Coins"),
    "galaxies": N_("Galaxies"),
    "cameraman": N_("A cameraman"),
}

SOURCE, SAMPLE = Code("caption_source", "gallery"), Code("caption_sample")


@dataclass(frozen=True)
class Photo:
    """A photo as the page holds it; ``key`` tells one from another, ``regions`` is what the encoder saw in it.

    It is a visitor's own, or ``everybodys``: a sample, by its name in the gallery.
    """

    key: str
    image: Image.Image
    regions: "Tensor"
    sample: str | None = None

    @property
    def everybodys(self) -> bool:
        """Whether it is nobody's own."""
        return self.sample is not None


def name_of(sample: Sample) -> str:
    """What a sample shows, in the user's language."""
    return _(NAMES[sample.key]) if sample.key in NAMES else sample.name


def choose_photo() -> Photo:
    """The group ``photo``: the choice, and the photo chosen. Until there is one of the user's own, it is a sample."""
    with controls("photo"):
        source = SOURCE.choose(
            st.segmented_control, _("Photo from"), {"gallery": _("Gallery"), "file": _("File"), "camera": _("Camera")}
        )
        if source == "file":
            chosen = _from_file()
        elif source == "camera":
            chosen = _from_camera()
        else:
            chosen = None
            _show_gallery()
    if chosen is None:
        sample = _sample()
        chosen = sample_photo(sample.key)
        with controls("credit"):
            st.caption(
                _("Sample photo: {name}, by {credit}, {licence}, from {package}.").format(
                    name=name_of(sample), credit=sample.credit, licence=sample.licence, package=sample.package
                )
            )
    return chosen


def _sample() -> Sample:
    """The gallery's chosen sample, the first unless the URL says otherwise."""
    known = {sample.key: sample for sample in samples()}
    return known.get(SAMPLE.value, samples()[0])


@st.cache_resource(show_spinner=False)
def sample_photo(key: str) -> Photo:
    """The sample ``key``, looked at; it is nobody's own, so all sessions share it."""
    return replace(_photo(f"sample-{key}", gallery.sample(key).open()), sample=key)


@cache
def _thumbnails() -> str:
    """The style of the gallery's buttons: each wears its sample's middle square, small."""
    rules = [THUMBNAILS]
    for sample in samples():
        uri = data_uri(ImageOps.fit(sample.open(), (THUMBNAIL, THUMBNAIL)), THUMBNAIL)
        rules.append(f'.st-key-caption_take_{sample.key} button {{ background-image: url("{uri}") }}')
    return " ".join(rules)


def _show_gallery() -> None:
    """Thumbnails to press: buttons that wear the photos, so that keyboard and screen reader work as with any button."""
    SAMPLE.asked(samples()[0].key)
    current = _sample().key

    def take(key: str) -> None:
        SAMPLE.put(key)

    def offer(odd: bool) -> None:
        for sample in samples():
            if sample.odd == odd:
                st.button(name_of(sample), key=f"caption_take_{sample.key}", on_click=take, args=(sample.key,))

    with st.container(key="caption_gallery"):
        offer(odd=False)
    st.caption(_("Fool it: unlike all that it learned from"))
    with st.container(key="caption_odd"):
        offer(odd=True)
    chosen = f".st-key-caption_take_{current}.st-key-caption_take_{current} {{ outline: 4px solid }}"
    st.html(f"<style>{_thumbnails()} {chosen}</style>")


def _from_file() -> Photo | None:
    file = st.file_uploader(
        _("A photo of yours"),
        type=["image", ".heic", ".heif", ".avif"],  # only a filter for choosing: what counts is inside the file
        key="caption_photo",
        help=_("JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF, up to {size} MB and {pixels} megapixels.").format(
            size=MAX_MEGABYTES, pixels=MAX_MEGAPIXELS
        ),
        max_upload_size=MAX_MEGABYTES,
    )
    st.caption(_("It stays in this session and is stored nowhere."))
    return _own_photo(file.getvalue()) if file else _last_own()


def _from_camera() -> Photo | None:
    snapshot = st.camera_input(_("Take a picture"), key="caption_camera")
    st.caption(
        _("Browsers allow the camera only on this computer itself (localhost) or over HTTPS. It stays in this session.")
    )
    return _own_photo(snapshot.getvalue()) if snapshot else _last_own()


def _own_photo(content: bytes) -> Photo | None:
    """The user's photo, or where it cannot be opened the one before."""
    photo = open_own(content)
    if photo is None:
        return _last_own()
    st.session_state["caption_last_own"] = photo
    return photo


def open_own(content: bytes) -> Photo | None:
    """A file of the user's as a photo, opened once a session; where it cannot be, a sentence says why."""
    key = hashlib.sha256(content).hexdigest()
    opened: LruStore[Photo] = LruStore.of_session("caption_opened", 4)
    try:
        with st.spinner(_("Looking at the photo …"), show_time=False):
            photo = opened.get(key, lambda: _photo(key, open_apart(content)))
    except PhotoError as error:
        st.error(translate_error(error), icon=":material/broken_image:")
        return None
    _say_if_damaged(photo)
    return photo


def _say_if_damaged(photo: Photo) -> None:
    if is_damaged(photo.image):
        st.warning(
            _(
                "This file is damaged: its end is missing, or a checksum is wrong. Here is what could be read; the "
                "rest may be grey."
            ),
            icon=":material/broken_image:",
        )


def _last_own() -> Photo | None:
    """The user's photo before, when there is none in the widget now: coming back to the page keeps it."""
    photo = st.session_state.get("caption_last_own")
    if photo is None:
        return None
    _say_if_damaged(photo)

    def forget() -> None:
        del st.session_state["caption_last_own"]
        LruStore.forget("caption")

    st.button(_("Forget my photo"), icon=":material/delete:", key="caption_forget", on_click=forget)
    return photo


def _photo(key: str, image: Image.Image) -> Photo:
    """What is shown is what the network sees, and what every experiment starts from."""
    return Photo(key, image, captioner().look(image))
