"""A photo becomes a caption: choose a photo, read the caption, see how it came about, make it say something else."""

from dataclasses import replace

import streamlit as st

from app import remembered
from app.caption.captions import caption_of, steered, words_of
from app.caption.guess import guess, guessing
from app.caption.notes import honest_note
from app.caption.photos import choose_photo
from app.caption.result import exports, look_inside
from app.caption.samples import all_samples
from app.caption.scores import how_good
from app.caption.settings import choose_settings
from app.caption.steering import choose_start
from app.i18n import _
from app.models import captioner
from app.ui.sheet import settings_beside

with st.spinner(_("Waking the captioner …")):
    captioner()

left, right = settings_beside("caption")
with left:
    photo = choose_photo()
    settings = choose_settings(captioner().languages)
    start = words_of(choose_start(settings.lang), settings.lang)
    guess_first = guessing()
remembered.of_all(photo.everybodys)
with right:
    unsteered = caption_of(photo, settings)
    steered_caption = steered(photo, settings, start)
    if guess_first:
        if steered_caption:
            guess(photo, replace(settings, prefix=start), steered_caption)
        else:
            guess(photo, settings, unsteered)
    else:
        look_inside(photo, settings, unsteered, steered_caption, start)
        exports(photo, steered_caption or unsteered)
    all_samples(settings)
    how_good(settings.lang)
    honest_note()
