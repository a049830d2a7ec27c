"""What the teacher chooses for activities with a photo: which photo, and in which language it is captioned."""

import hashlib

import streamlit as st
from PIL import Image

from app.caption.photos import name_of
from app.i18n import LANGUAGES, _, current_language, translate_error
from app.models import captioner
from app.opening import open_apart
from app.rooms.pictures import captioned
from app.ui.drawing import join_sentences
from app.ui.lru_store import LruStore
from model.captioner.gallery import samples
from model.captioner.image import MAX_MEGABYTES
from model.errors import PhotoError
from model.rooms import Teacher


def ask_about_a_photo(teacher: Teacher, kind: str) -> None:
    """A photo, its caption's language, and the button that asks: as many rounds as the caption has words."""
    known = {sample.key: sample for sample in samples()}
    if st.session_state.get("class_photo") not in ("", *known):
        st.session_state["class_photo"] = next(iter(known))
    source = st.selectbox(
        _("Photo"),
        ["", *known],
        format_func=lambda key: name_of(known[key]) if key else _("A photo of my own"),
        key="class_photo",
    )
    if source:
        photo = known[source].open
        by = _("By {credit}, {licence}.").format(credit=known[source].credit, licence=known[source].licence)
        smaller = _("The room keeps a smaller copy, so chances differ a little from those on the caption page.")
        st.caption(join_sentences(f"{by} {smaller}"))
    else:
        photo = _own_photo()
    spoken = list(captioner().languages)
    lang = st.segmented_control(
        _("Words in"),
        spoken,
        default=current_language() if current_language() in spoken else spoken[0],
        format_func=lambda code: LANGUAGES.get(code, code),
        key="class_words_in",
        required=True,
    )
    asked = st.button(_("Ask the class"), key=f"class_ask_{kind}", icon=":material/campaign:", disabled=photo is None)
    if asked and lang:
        with st.spinner(_("Looking at the photo …")):
            kept, trace = captioned(photo(), lang)
        if not trace.words:
            st.warning(_("The network says nothing about this photo. Please choose another one."))
            return
        content = {"lang": lang, "words": list(trace.words)}
        teacher.ask(kind, content, rounds=len(trace.words), photo=kept)
        st.rerun()


def _own_photo():
    """What opens the teacher's own photo, or None."""
    file = st.file_uploader(
        _("A photo of yours"),
        type=["image", ".heic", ".heif", ".avif"],
        key="class_upload",
        max_upload_size=MAX_MEGABYTES,
    )
    st.caption(
        _(
            "The room keeps it 512 pixels wide at most, without what the camera wrote into it, and deletes it when it "
            "closes. Everybody in the room sees it."
        )
    )
    if file is None:
        return None
    opened: LruStore[Image.Image] = LruStore.of_session("class_opened", 1)
    content = file.getvalue()
    try:
        photo = opened.get(hashlib.sha256(content).digest(), lambda: open_apart(content))
    except PhotoError as error:
        st.error(translate_error(error), icon=":material/broken_image:")
        return None
    return lambda: photo
