"""A room's photo, and what the captioner makes of it: of the stored file alone, so that all servers see the same."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from app.i18n import _
from app.models import captioner
from app.ui.lru_store import LruStore
from model.captioner.image import open_photo
from model.captioner.settings import SearchSettings
from model.rooms import Activity, Seat, Teacher, for_a_room
from model.traces import CaptionTrace


@dataclass(frozen=True)
class PhotoChances:
    """A photo, its caption of T words, and the probability of each word of the vocabulary at each place, (T, V)."""

    image: Image.Image
    trace: CaptionTrace
    vocabulary: tuple[str, ...]
    chances: np.ndarray


def file_of(handle: Seat | Teacher, activity: Activity) -> bytes:
    """The photo's file, which a session asks for once."""
    kept: LruStore[bytes] = LruStore.of_session("class_photos", 2)
    photo = activity.photo
    assert photo is not None, "whoever asks has an activity with a photo"
    return kept.get((handle.room, photo), lambda: handle.photo(photo))


def show_photo_of(handle: Seat | Teacher, activity: Activity) -> None:
    st.image(file_of(handle, activity), alt=_("The photo"), width="stretch")


def captioned(photo: Image.Image, lang: str) -> tuple[bytes, CaptionTrace]:
    """A photo as the room keeps it, and the caption of that."""
    kept = for_a_room(photo)
    return kept, captioner().caption(open_photo(kept), lang=lang)


def seen(teacher: Teacher, activity: Activity) -> PhotoChances:
    """What the network makes of an activity's photo while it says the activity's words."""
    kept: LruStore[PhotoChances] = LruStore.of_session("class_seen", 12)
    return kept.get((teacher.room, activity.id), lambda: _look(teacher, activity))


def _look(teacher: Teacher, activity: Activity) -> PhotoChances:
    lang, words = activity.content["lang"], tuple(activity.content["words"])
    image = open_photo(file_of(teacher, activity))
    regions = captioner().look(image)
    # The same words as when it was asked: forced, should another machine's arithmetic choose others.
    trace = captioner().describe(regions, SearchSettings(lang=lang, prefix=words, max_words=len(words), repeat=True))
    return PhotoChances(image, trace, captioner().vocabulary(lang), captioner().chances(regions, words, lang))
