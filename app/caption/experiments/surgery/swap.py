"""Swap memories: at a chosen word, B's memory with A's photo, A's memory with B's photo, and both from B."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from app.caption.changes import changes, written_out
from app.caption.code import show_code, written
from app.caption.experiments.surgery.other import Side, choose_sides
from app.caption.shown import Shown
from app.charts.caption import swapping
from app.export.surgery import swap_csv
from app.i18n import _
from app.models import captioner
from app.scripts import caption as scripts
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from model.captioner import SearchSettings
from model.captioner.editing import Edit
from model.captioner.swapping import swap
from model.traces import CaptionTrace

CITED = ("zhang_nanda",)


@dataclass(frozen=True)
class Crossing:
    """Whose memory stands at A's word, and whose photo is seen from there on."""

    memory: str
    photo: str


CROSSINGS = (Crossing("A", "A"), Crossing("A", "B"), Crossing("B", "A"), Crossing("B", "B"))


def show(shown: Shown) -> None:
    st.markdown(
        _(
            "Choose a word in both captions. When A comes to its word, its memory is replaced by the one that B had at "
            "its own, while the eye stays on A; or the memory stays, and from there on the eye sees photo B; or both. "
            "The caption goes on from there. **Is what it says next in the memory, or in the picture?**"
        )
    )
    sides = choose_sides(shown)
    if sides is None:
        return
    a, b = sides
    captions = {crossing: _caption(a, b, shown.settings, crossing) for crossing in CROSSINGS}
    _show_grid(a, b, captions)
    trace = swap(a.run, b.run, a.place, b.place)
    st.markdown("#### " + _("In the memory, or in the picture?"))
    st.markdown(swapping.verdict(trace))
    draw(partial(swapping.outcomes, trace), "caption_chart_swap")
    _explain()
    cite(*CITED)
    said = {f"memory {one.memory}, photo {one.photo}": caption.caption for one, caption in captions.items()}
    download("caption", _("The swaps (CSV)"), "caption-swap.csv", lambda: swap_csv(trace, said))
    sides_of_code = {"other": written(b.photo, "other-photo.jpg"), "place": a.place, "other_place": b.place}
    show_code(shown, _("Swap memories"), scripts.swapping, settings=shown.settings, start=shown.start, **sides_of_code)


def _caption(a: Side, b: Side, settings: SearchSettings, crossing: Crossing) -> CaptionTrace:
    """A's words up to the chosen one, and how it goes on; A's own caption where nothing is swapped."""
    if crossing == CROSSINGS[0]:
        return a.caption
    memory = (a if crossing.memory == "A" else b).caption
    place = (a if crossing.memory == "A" else b).place
    regions = b.photo.regions if crossing.photo == "B" else None
    traces: LruStore[CaptionTrace] = LruStore.of_session("caption_surgery_traces", 60)

    def describe() -> CaptionTrace:
        edit = Edit(a.place, hidden=memory.hidden[place], regions=regions)
        return captioner().describe(a.photo.regions, replace(settings, prefix=a.caption.words[: a.place]), edit)

    places = (a.photo.key, a.caption.words, a.place, b.photo.key, b.caption.words, b.place)
    return traces.get((*places, settings, crossing), describe)


def _show_grid(a: Side, b: Side, captions: dict[Crossing, CaptionTrace]) -> None:
    """The four as a table: a row a memory, a column a photo."""
    names = {"A": _("Memory of A (at “{word}”)"), "B": _("Memory of B (at “{word}”)")}
    eyes = {"A": _("eye on A"), "B": _("eye on B")}
    for memory, side in (("A", a), ("B", b)):
        for column, photo in zip(st.columns(2, gap="medium"), ("A", "B"), strict=True):
            caption = captions[Crossing(memory, photo)]
            with column.container(border=True):
                st.markdown(f"**{names[memory].format(word=side.word)}** · {eyes[photo]}")
                if not caption.words:
                    st.markdown(_("It said nothing."))
                    continue
                _gone, new = changes(a.caption.words, caption.words)
                st.html(written_out(new, caption.lang))
    st.caption(
        _(
            "Words that came are framed. The first is A's own caption; the words before the chosen one stay. Each is "
            "the best whole caption that the search finds from there: its next word need not be the likeliest."
        )
    )


def _explain() -> None:
    with st.expander(_("How this is measured, and what it does not show"), icon=":material/info:"):
        st.markdown(
            _(
                "At the chosen step, the word is predicted from the memory and from what the eye just saw. Each of the "
                "two comes once from A and once from B; the words before are always A's. The balance is log p(B's "
                "word) − log p(A's word), in nats. What the memory does is how far the balance moves with B's memory, "
                "the mean over both photos; what the picture does likewise."
            )
        )
        st.markdown(
            _(
                "With picture B it is still A's memory that decides where to look in it. So “memory B, picture B” "
                "comes near B's own caption, and is not the same."
            )
        )
        st.markdown(
            _(
                "The picture is more than this one look: the memory itself began with the mean of all regions, and has "
                "looked once for every word before. And a memory from another caption with these words is a state that "
                "the network would hardly reach by itself: that a word follows there shows what the memory can do, not "
                "that it does so in its own captions."
            )
        )
