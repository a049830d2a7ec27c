"""One photo, four memories: small decoders with different cells, or without attention, on what the same eye saw.

Their figures were measured over several seeds by the training command and stand in a file; what is drawn of this photo
is computed now, by the first seed's weights.
"""

from functools import partial

import streamlit as st

from app.caption.code import show_code
from app.caption.shown import Shown
from app.charts.caption import siblings as charts
from app.charts.caption.scores import score_dots
from app.charts.caption.word_chances import Said
from app.export.siblings import siblings_csv
from app.export.word_chances import chances_csv
from app.i18n import _
from app.models import SIBLINGS, siblings
from app.scripts import caption as scripts
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from app.ui.settings import Code
from model.captioner.figures import apart, chance_of_such_means
from model.captioner.siblings import read_figures
from model.traces import CaptionTrace

#: Below this probability, chance alone is not taken for an explanation (the field's custom).
SIGNIFICANT = 0.05

PART = Code("caption_siblings_part", "paths")


def show(shown: Shown) -> None:
    family = siblings()
    names = kinds()
    shown.introduce(
        _(
            "Four small decoders, each of about {count} numbers, see the same regions and learned the same captions. "
            "They differ in the **cell** that carries their memory, or in that one has **no attention** and sees only "
            "the mean of all regions; and, so that all have equally many numbers, in width. The eye was tuned together "
            "with a GRU with attention, which may suit one of them better. They speak English."
        ).format(count=f"{round(next(iter(family.values())).parameters, -4):,}")
    )
    measured = read_figures(SIBLINGS)
    traces = {names[kind]: _caption(shown, kind) for kind in family}
    head = _("**{name}** · {units} units · {count} parameters")
    # As the figure's panels stand.
    places = (column for _row in range(0, len(family), 2) for column in st.columns(2))
    for place, (kind, sibling) in zip(places, family.items(), strict=False):
        units, count = sibling.speaker.config.hidden_size, f"{sibling.parameters:,}"
        with place:
            st.markdown(head.format(name=names[kind], units=units, count=count))
            st.text(f"“{traces[names[kind]].caption}”")
    part = PART.choose(
        st.segmented_control,
        _("Compare"),
        {"paths": _("Their paths"), "gates": _("What they keep"), "scores": _("Their scores")},
    )
    if part == "paths":
        named = {names[kind]: (traces[names[kind]], sibling.basis) for kind, sibling in family.items()}
        draw(partial(charts.paths, named), "caption_chart_siblings_paths")
        st.caption(_("Each memory has a space of its own: compare the shapes, not the places."))
    elif part == "gates":
        draw(partial(charts.keeping, traces), "caption_chart_siblings_gates")
    else:
        figures = {names[kind]: of_seeds for kind, of_seeds in measured.items()}
        draw(partial(score_dots, figures), "caption_chart_siblings_scores")
        st.markdown(_told_apart(figures))
        st.caption(
            _(
                "Measured on the {photos} validation photos with beam 5; a dot is one training run with its own seed, "
                "a line their mean. They are smaller than the captioner of this page, and were not trained on their "
                "own captions: compare them with each other, not with it."
            ).format(photos=1000)
        )
    _think()
    said = [Said(name, trace.words, trace.log_probs) for name, trace in traces.items()]
    with st.container(horizontal=True):
        download("caption", _("Their words (CSV)"), "siblings-words.csv", lambda: chances_csv(said))
        download("caption", _("Their scores (CSV)"), "siblings-scores.csv", lambda: siblings_csv(measured))
    script = scripts.sibling_scores if part == "scores" else scripts.siblings
    show_code(shown, _("One photo, four memories"), script, settings=shown.settings)


def _think() -> None:
    with st.expander(_("Think! What would a caption need for the cell to matter more?")):
        st.markdown(
            _(
                "Length, perhaps. A caption has about ten words, and before each of them the network looks at the "
                "photo again: there may be too little to carry far for a gate to show. Gates pay over distances, as in "
                "lesson 5, where a letter must survive 60 others."
            )
        )
    with st.expander(_("Think! What is attention good for, if the mean of all regions will do?")):
        st.markdown(
            _(
                "Scores count words, and the words that people use most for a photo hang on its gist, which the mean "
                "may well hold. (That three runs each show no difference does not prove that there is none.) Attention "
                "adds a *where*: it can be watched, and tested by hiding what it looked at. On this photo, compare "
                "what the two GRUs say."
            )
        )


def _told_apart(named_figures: dict[str, list[dict]]) -> str:
    """Whether the kinds differ by more than one kind's own seeds do."""
    (between, within), p = apart(named_figures), chance_of_such_means(named_figures)
    text = _(
        "The means lie up to {between} points of CIDEr apart, the seeds of one and the same kind up to {within}. If "
        "the kind did not matter at all, means at least so far apart would come with probability {p} (one-way analysis "
        "of variance, {seeds} seeds a kind)."
    )
    seeds = min(map(len, named_figures.values()))
    text = text.format(between=f"{between:.1f}", within=f"{within:.1f}", p=f"{p:.2g}", seeds=seeds)
    if p < SIGNIFICANT:
        more = _("So luck alone hardly explains it; but which pair differs, and why, these figures do not say.")
    else:
        more = _(
            "So these figures do not tell the four apart. That is **no evidence of a difference, not evidence of "
            "none**: with so few runs, differences of a point stay hidden. And who trains each only once takes luck "
            "for a finding."
        )
    return f"{text} {more}"


def kinds() -> dict[str, str]:
    """What the siblings are called."""
    return {
        "rnn_tanh": _("Plain RNN"),
        "lstm": _("LSTM"),
        "gru": _("GRU"),
        "gru_mean": _("GRU without attention"),
    }


def _caption(shown: Shown, kind: str) -> CaptionTrace:
    remembered: LruStore[CaptionTrace] = LruStore.of_session("caption_sibling_traces", 40)
    return remembered.get(
        (kind, shown.photo.key, shown.settings),
        lambda: siblings()[kind].speaker.describe(shown.photo.regions, shown.settings),
    )
