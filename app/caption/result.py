"""What came out: the caption, the views into how it came about, and what can be taken away."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import export
from app.caption.experiments import experiments
from app.caption.photos import Photo
from app.caption.settings import search_in_words
from app.caption.shown import Shown
from app.caption.views import ALL_WORDS, FIXED, OPACITY, SMOOTH, views
from app.charts.caption.captions import by_unit
from app.charts.kit.numbers import number
from app.i18n import _, ngettext
from app.ui.download import download
from app.ui.drawing import show_photo
from app.ui.settings import Code
from app.ui.shell import SCROLL, controls, on_phone
from model.captioner import SearchSettings
from model.traces import CaptionTrace

PART = Code("caption_part", "inside")
#: Each is the first of what there is.
VIEW, EXPERIMENT = Code("caption_view"), Code("caption_experiment")


def say(photo: Photo, unsteered: CaptionTrace, steered_caption: CaptionTrace | None, settings: SearchSettings) -> Any:
    """The photo and its caption; where it was steered, beside the one that the model would write by itself. Gives the
    place beneath, for what the view is about; a phone has no room there."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(key="caption_photo_beside"):
            show_photo(photo.image, _("The photo"), 480)
        with st.container(key="caption_said_beside"):
            sentences(unsteered, steered_caption, settings)
            if not steered_caption:
                facts(unsteered, settings)
            beside = st.container()
    return None if on_phone() else beside


def sentences(unsteered: CaptionTrace, steered_caption: CaptionTrace | None, settings: SearchSettings) -> None:
    """What it said; where it was steered, also by itself, each with its own facts."""
    titled = [(_("By itself"), unsteered), (_("Steered"), steered_caption)] if steered_caption else [("", unsteered)]
    for column, (title, one) in zip(st.columns(len(titled), gap="large"), titled, strict=True):
        with column:
            if title:
                st.caption(title)
            st.subheader(f"“{one.caption}”" if one.words else _("It said nothing."), anchor=False)
            if title:
                facts(one, settings)


def facts(trace: CaptionTrace, settings: SearchSettings) -> None:
    """How long the caption looked inside is, how likely, and how it was found."""
    count = len(trace.words)
    said = by_unit(
        trace.lang,
        ngettext(
            "{words} word, log-probability {score}, {search}.",
            "{words} words, log-probability {score}, {search}.",
            count,
        ),
        ngettext(
            "{words} character, log-probability {score}, {search}.",
            "{words} characters, log-probability {score}, {search}.",
            count,
        ),
    )
    st.caption(
        said.format(
            words=count,
            score=number(trace.log_prob, 2),
            search=search_in_words(settings),
        )
    )


def look_inside(
    photo: Photo,
    settings: SearchSettings,
    unsteered: CaptionTrace,
    steered_caption: CaptionTrace | None,
    start: Sequence[str] = (),
) -> None:
    """The group ``views``, and the caption: one view or experiment at a time, of the caption that ``start`` steered.

    The choice stands first: what it changes is below it.
    """
    with controls("views"):
        part = PART.choose(
            st.segmented_control,
            _("Look inside, or experiment"),
            {"inside": _("Look inside"), "experiments": _("Experiments")},
            label_visibility="collapsed",
        )
        pages = views() if part == "inside" else experiments()
        view = {"inside": VIEW, "experiments": EXPERIMENT}[part].choose(
            st.pills,
            _("What to show"),
            {code: name for code, (name, _draw) in pages.items()},
            label_visibility="collapsed",
        )
    if on_phone():
        chosen = f"<script>/* {view} */ {SCROLL}afterimageChosen('.st-key-seen-group-views')</script>"
        st.html(chosen, unsafe_allow_javascript=True)  # its row scrolls
    trace = steered_caption or unsteered
    captions = {one.caption: one for one in (trace, unsteered)}
    _name, draw = pages[view]
    shown = Shown(photo, settings, trace, captions, tuple(start) if steered_caption else ())
    # Where it looked, the photo is the figure's.
    if (part, view) == ("inside", "looked") and not ALL_WORDS.value:
        with st.container(key="caption_said"):
            sentences(unsteered, steered_caption, settings)
        draw(shown)
        if not steered_caption:
            facts(trace, settings)
    else:
        draw(shown._replace(beside=say(photo, unsteered, steered_caption, settings)))


def exports(photo: Photo, trace: CaptionTrace) -> None:
    """The group ``export``: made only when asked for."""
    look = {"opacity": OPACITY.value, "smooth": SMOOTH.value, "fixed": FIXED.value}

    def film() -> bytes:
        return export.attention_gif(trace, photo.image, **look)

    with controls("export", horizontal=True):
        download("caption", _("Trace (JSON)"), "caption.json", lambda: export.trace_json(trace))
        download("caption", _("Hidden states (CSV)"), "caption.csv", lambda: export.hidden_csv(trace))
        download("caption", _("Attention (GIF)"), "caption.gif", film)
