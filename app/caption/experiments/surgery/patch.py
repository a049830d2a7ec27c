"""Which step carries it? Each step's memory, look and word of B's run, put alone into A's."""

from functools import partial

import streamlit as st

from app.caption.captions import caption_of
from app.caption.code import show_code, written
from app.caption.experiments.surgery.other import Side, choose_sides, run_of, unlike
from app.caption.shown import Shown
from app.charts.caption import patching
from app.export.surgery import patching_csv
from app.i18n import _
from app.scripts import caption as scripts
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from model.captioner import SearchSettings
from model.captioner.patching import patch
from model.traces import PatchingTrace

CITED = ("meng", "zhang_nanda")


def show(shown: Shown) -> None:
    st.markdown(
        _(
            "B says its chosen word; what would make A say it, in the place of its own? From B's run one thing at a "
            "time is put into A's: the **memory** after one step, what was **looked at** in one step, or the **word "
            "before**. Where does that carry A far towards B's word? (Activation patching, Meng et al. 2022.)"
        )
    )
    sides = choose_sides(shown)
    if sides is None:
        return
    a, b = sides
    trace = _patched(a, b, shown.settings)
    if not trace.meaningful:
        st.info(patching.too_near(trace))
        return
    draw(partial(patching.recovered, trace), "caption_chart_patching")
    with st.expander(_("How this is measured, and what it does not show"), icon=":material/info:"):
        st.markdown(
            _(
                "Both captions are read to the network. In each cell is (log p with the change − log p of A) ÷ (log p "
                "of B − log p of A), for B's word at the chosen place: 0 is as in A, 1 as in B. Below stands the same "
                "with values from other photos' captions in place of B's, the mean over {photos} of them: what any "
                "replacement does says nothing of B."
            ).format(photos=len(trace.log_probs_others))
        )
        st.markdown(
            _(
                "The measure has limits (Zhang and Nanda 2024). It can leave 0 to 1, and means little where A and B "
                "hardly differ. log p of one word also rises where only the others fall. A step that carries nothing "
                "alone may do so together with another. And B's values among A's words make a state that the network "
                "may never be in by itself."
            )
        )
    with st.expander(_("Think! Why does a look long before the word carry so little?"), icon=":material/help:"):
        st.markdown(
            _(
                "One look is one of many: A goes on looking at its own photo, and each look after writes over it. The "
                "memory after a step holds all looks before. The last step is another matter: its memory, its look and "
                "the word before are all that the word is predicted from."
            )
        )
    cite(*CITED)
    download("caption", _("The map (CSV)"), "caption-patching.csv", lambda: patching_csv(trace))
    show_code(
        shown,
        _("Which step carries it?"),
        scripts.patching,
        settings=shown.settings,
        start=shown.start,
        other=written(b.photo, "other-photo.jpg"),
        place=a.place,
        other_place=b.place,
        others=[written(photo) for photo in unlike(a.photo, b.photo)],
    )


def _patched(a: Side, b: Side, settings: SearchSettings) -> PatchingTrace:
    traces: LruStore[PatchingTrace] = LruStore.of_session("caption_surgery_patched", 40)

    def compute() -> PatchingTrace:
        with st.spinner(_("Replacing one thing after the other …")):
            others = [run_of(photo, caption_of(photo, settings)) for photo in unlike(a.photo, b.photo)]
            return patch(a.run, b.run, a.place, b.place, others)

    places = (a.photo.key, a.caption.words, a.place, b.photo.key, b.caption.words, b.place)
    return traces.get((*places, settings), compute)
