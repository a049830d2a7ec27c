"""Hide and see: cover a part of the photo, and see what becomes of the caption and of where the network looks.

The box stands in the URL as ``caption_hide_box``: ``10-40-20-60`` (left, right, top, bottom, in per cent), ``nothing``,
or empty, which is where the network looked most for the chosen word.
"""

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st

from app import models
from app.caption.captions import caption_of
from app.caption.changes import changes, written_out
from app.caption.code import show_code
from app.caption.experiments.honesty import show_honesty
from app.caption.photos import Photo
from app.caption.shown import Shown
from app.caption.word import place_of_word, remember_word
from app.charts.caption import hiding
from app.charts.caption.captions import by_unit, told_apart
from app.charts.kit.style import percent
from app.export.hiding import costs_csv
from app.i18n import _
from app.scripts import caption as scripts
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from app.ui.settings import Code
from model.captioner import SearchSettings
from model.captioner.hiding import hide, side_of_ninth, window_box, window_sums
from model.traces import CaptionTrace, PhotoPart

BOX, WORD = Code("caption_hide_box"), Code("caption_hide_word")
NOTHING = "nothing"

READ = Code("caption_hide_words", "same")
FILL = Code("caption_hide_fill", "grey")


@dataclass(frozen=True)
class CaptionedPhoto:
    """A photo, whole or with a part hidden, and its caption."""

    photo: Photo
    caption: CaptionTrace


def show(shown: Shown) -> None:
    shown.introduce(
        _(
            "Drag a box over the whole photo: the network sees the other one, where the box is covered. What it no "
            "longer sees it can no longer say, if it said it because of what it saw there."
        )
    )
    whole = CaptionedPhoto(shown.photo, caption_of(shown.photo, shown.settings))
    if not whole.caption.words:
        st.info(_("The caption is empty: there is no word to lose."))
        return
    if shown.trace.words != whole.caption.words:
        st.caption(_("Here the network captions by itself; the words to start with play no part."))
    photos = st.container()  # The widgets stand under the photos, but are read before these are drawn.
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = _choose_word(whole.caption)
        _offer_boxes(whole.caption, place)
    box = _box(whole.caption, place)
    fill = _choose_edges_and_fill(box)
    hidden_photo = _hidden(shown.photo, box, fill)
    hidden = CaptionedPhoto(hidden_photo, caption_of(hidden_photo, shown.settings))
    with photos:
        _show_photos(whole, hidden, box)
    forced = _read_to(hidden.photo, shown.settings, whole.caption)
    _show_attention(whole, hidden, forced, place, box)
    _show_costs(whole.caption, forced)
    _ask(shown, whole.caption, place)
    show_honesty(shown.settings.lang)
    show_code(shown, _("Hide and see"), scripts.hiding, settings=shown.settings, box=box, fill=fill)


def _choose_word(trace: CaptionTrace) -> int:
    """The place of the word that is looked into."""
    place = place_of_word(trace, WORD)
    st.selectbox(
        by_unit(trace.lang, _("A word of the caption"), _("A character of the caption")),
        range(len(trace.words)),
        format_func=lambda place: f"{place + 1}. {trace.words[place]}",  # the same word may come twice
        key=f"{WORD.key}_shown",
        on_change=remember_word,
        args=(WORD,),
        width=200,
    )
    return place


def _box(trace: CaptionTrace, place: int) -> PhotoPart | None:
    """The box that is hidden, as the URL says."""
    asked = BOX.asked()
    return None if asked == NOTHING else PhotoPart.parse(asked) or _window(trace, place, most=True)


def _window(trace: CaptionTrace, place: int, most: bool) -> PhotoPart:
    """The ninth of the photo with the most, or the least, attention for a word; its edges in whole per cent."""
    rows, columns = trace.attention.shape[1:]
    side = side_of_ninth(rows)
    sums = window_sums(trace.attention[place : place + 1], side)[0]
    row, column = np.unravel_index(sums.argmax() if most else sums.argmin(), sums.shape)
    return PhotoPart(*map(round, window_box(int(row), int(column), side, rows, columns)))


def _offer_boxes(trace: CaptionTrace, place: int) -> None:
    def take(box: str) -> None:
        BOX.put(box)

    word = told_apart(trace.words)[place]
    offers = {
        "most": (_("Hide where it looked most for “{word}”").format(word=word), ""),
        "least": (_("Hide where it looked least"), str(_window(trace, place, most=False))),
        "nothing": (_("Hide nothing"), NOTHING),
    }
    for code, (label, box) in offers.items():
        st.button(label, key=f"caption_hide_{code}", on_click=take, args=(box,))


def _choose_edges_and_fill(box: PhotoPart | None) -> str:
    """Two sliders with the box's edges, for the keyboard, and what covers it; returns the latter's code."""
    across, down = "caption_hide_across", "caption_hide_down"

    def move() -> None:
        edges = [st.session_state[across], st.session_state[down]]
        if box is None:  # The first slider that is moved hides a strip through all of the photo.
            edges = [(0, 100) if low == high else (low, high) for low, high in edges]
        (left, right), (top, bottom) = edges
        BOX.put(str(PhotoPart(left, right, top, bottom)) if left < right and top < bottom else NOTHING)

    st.session_state[across] = (round(box.left), round(box.right)) if box else (0, 0)
    st.session_state[down] = (round(box.top), round(box.bottom)) if box else (0, 0)
    first, second, third = st.columns([2, 2, 3], gap="medium")
    first.slider(_("From left to right, in %"), 0, 100, key=across, on_change=move)
    second.slider(_("From top to bottom, in %"), 0, 100, key=down, on_change=move)
    with third:
        return FILL.choose(
            st.segmented_control,
            _("Cover it with"),
            {"grey": _("Grey"), "mean": _("Mean colour"), "blur": _("Blur")},
            help=_(
                "Whatever covers a part is something to see, too. Of these three, middle grey (the number 0 to this "
                "network) disturbed captions least when parts were hidden at random."
            ),
        )


def _hidden(photo: Photo, box: PhotoPart | None, fill: str) -> Photo:
    """The photo with the box covered, looked at once a session; it is forgotten together with the user's own photo."""
    if box is None:
        return photo
    key = f"{photo.key} without {box} {fill}"
    opened: LruStore[Photo] = LruStore.of_session("caption_opened", 4)

    def look() -> Photo:
        covered = hide(photo.image, box, fill)
        return Photo(key, covered, models.captioner().look(covered))

    return opened.get(key, look)


def _read_to(photo: Photo, settings: SearchSettings, caption: CaptionTrace) -> CaptionTrace:
    """Teacher forcing: this caption's words, with what the network sees of ``photo``."""
    words = caption.words
    return caption_of(photo, replace(settings, beam=1, prefix=words, sample=None, max_words=len(words)))


def _show_photos(whole: CaptionedPhoto, hidden: CaptionedPhoto, box: PhotoPart | None) -> None:
    # The chart is a new one for each box, and its selection with it, so that no old frame stays.
    chart = "caption_chart_hide_mark"

    def mark() -> None:
        marked = st.session_state[chart].selection.box
        if marked and (text := _marked(marked[0])):
            BOX.put(text)

    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**" + _("The whole photo") + "**")
        told = draw(
            partial(hiding.markable, whole.photo.image, box),
            chart,
            beneath=False,
            on_select=mark,
            selection_mode="box",
        )
    with right:
        st.markdown("**" + _("What the network sees") + "**")
        draw(partial(hiding.covered_photo, hidden.photo.image, box), "caption_chart_hide_seen", beneath=False)
    said = changes(whole.caption.words, hidden.caption.words)
    for column, words in zip(st.columns(2, gap="medium"), said, strict=True):
        column.html(written_out(words, whole.caption.lang))
    if whole.caption.words == hidden.caption.words:
        verdict = _("The caption stays the same.")
    else:
        verdict = _("Words that went are struck through, words that came are framed.")
    st.caption(f"{told} {verdict}")


def _marked(drawn: dict) -> str:
    """The dragged box as text, in whole per cent and cut at the photo's edges; ``""`` where nothing is left of it."""
    (left, right), (top, bottom) = (
        sorted(min(max(round(edge), 0), 100) for edge in drawn[axis][:2]) for axis in ("x", "y")
    )
    return str(PhotoPart(left, right, top, bottom)) if left < right and top < bottom else ""


def _show_attention(
    whole: CaptionedPhoto, hidden: CaptionedPhoto, forced: CaptionTrace, place: int, box: PhotoPart | None
) -> None:
    st.markdown("#### " + _("Where it looks now"))
    words = READ.choose(
        st.segmented_control,
        _("Words"),
        {"same": _("The same caption, read to both"), "own": _("Each its own caption")},
        label_visibility="collapsed",
    )
    other = forced if words == "same" else hidden.caption
    if not other.words:
        st.info(_("With this part hidden it said nothing."))
        return
    there = min(place, len(other.words) - 1)
    draw(
        partial(hiding.two_maps, whole.caption, whole.photo.image, place, other, hidden.photo.image, there, box),
        "caption_chart_hide_maps",
    )


def _show_costs(caption: CaptionTrace, forced: CaptionTrace) -> None:
    st.markdown("#### " + _("What hiding cost the original words"))
    st.markdown(
        _(
            "The original caption is read to the network once more, with the part hidden. How likely is each of its "
            "words now, after the same words before? On this scale equal lengths are equal ratios."
        )
    )
    draw(partial(hiding.costs, caption, forced), "caption_chart_hide_costs")
    download("caption", _("Costs (CSV)"), "caption-hide.csv", lambda: costs_csv(caption, forced))


def _ask(shown: Shown, caption: CaptionTrace, place: int) -> None:
    """A question to the class, and its answer for the chosen word."""
    with st.expander(_("Think! Must a word fall when you hide the thing that it names?"), icon=":material/help:"):
        blind = _read_to(_hidden(shown.photo, PhotoPart(0, 100, 0, 100), "grey"), shown.settings, caption)
        st.markdown(
            _(
                "No. Much of a word follows from the words before it: with all of the photo hidden, “{word}” still has "
                "a probability of {blind} after them ({seeing} with the whole photo). And what is hidden here can be "
                "known from elsewhere: each region sees far beyond its own place, and the network's memory begins "
                "with the mean of all regions. Hide all of the photo, and read what it says when it sees nothing."
            ).format(
                word=told_apart(caption.words)[place],
                blind=percent(math.exp(blind.log_probs[place])),
                seeing=percent(math.exp(caption.log_probs[place])),
            )
        )
