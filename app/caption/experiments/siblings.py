"""One photo, four memories: small decoders that differ in one thing each, on what the same eye saw.

Their figures were measured over several seeds by the training command and stand in a file; what is drawn of this photo
is computed now, by the first seed's weights.
"""

from functools import partial

import numpy as np
import streamlit as st

from app.caption.views import Shown
from app.charts import siblings as charts
from app.charts.scores import describe_scores, mean_and_spread, score_dots
from app.charts.word_chances import Said
from app.download import download
from app.drawing import draw
from app.export.siblings import siblings_csv
from app.export.word_chances import chances_csv
from app.i18n import _
from app.models import SIBLINGS, siblings
from app.recent import Recent
from app.shell import choice
from model.captioner.siblings import read_figures
from model.traces import CaptionTrace


def show(shown: Shown) -> None:
    family = siblings()
    names = kinds()
    st.markdown(
        _(
            "Four small decoders, each of about {count} numbers, see the same regions and learned the same captions. "
            "They differ in one thing each: the **cell** that carries their memory, or that one has **no attention** "
            "and sees only the mean of all regions. They speak English."
        ).format(count=f"{round(next(iter(family.values())).parameters, -4):,}")
    )
    measured = read_figures(SIBLINGS)
    traces = {names[kind]: _caption(shown, kind) for kind in family}
    head = _("**{name}** · {units} units · {count} parameters")
    for kind, sibling in family.items():
        units, count = sibling.speaker.config.hidden_size, f"{sibling.parameters:,}"
        st.markdown(head.format(name=names[kind], units=units, count=count))
        st.text(f"“{traces[names[kind]].caption}”")
    part = choice(
        st.segmented_control,
        _("Compare"),
        {"paths": _("Their paths"), "gates": _("What they keep"), "scores": _("Their scores")},
        key="caption_siblings_part",
        default="paths",
    )
    if part == "paths":
        named = {names[kind]: (traces[names[kind]], sibling.basis) for kind, sibling in family.items()}
        draw(partial(charts.paths, named), "caption_chart_siblings_paths", partial(charts.describe_paths, named))
        st.caption(_("Each memory has a space of its own: compare the shapes, not the places."))
    elif part == "gates":
        draw(partial(charts.keeping, traces), "caption_chart_siblings_gates", partial(charts.describe_keeping, traces))
    else:
        figures = {names[kind]: of_seeds for kind, of_seeds in measured.items()}
        draw(partial(score_dots, figures), "caption_chart_siblings_scores", partial(describe_scores, figures))
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


def _think() -> None:
    with st.expander(_("Think! What would a caption need for the cell to matter more?")):
        st.markdown(
            _(
                "Length. A caption has about ten words, and before each of them the network looks at the photo again: "
                "there is little to carry far, and a plain RNN can carry that. Gates pay over distances, as in lesson "
                "5, where a letter must survive 60 others."
            )
        )
    with st.expander(_("Think! What is attention good for, if the mean of all regions will do?")):
        st.markdown(
            _(
                "Scores count words, and the words that people use most for a photo hang on its gist, which the mean "
                "holds. Attention adds a *where*: it can be watched, and tested by hiding what it looked at. On this "
                "photo, compare what the two GRUs say."
            )
        )


def _told_apart(named_figures: dict[str, list[dict]]) -> str:
    """Whether the kinds differ by more than one kind's own seeds do."""
    means = [mean_and_spread(of_seeds)[0] for of_seeds in named_figures.values()]
    seeds = [[100 * one["cider"] for one in of_seeds] for of_seeds in named_figures.values()]
    between, within = np.ptp(means), max(map(np.ptp, seeds))
    if between > within:
        text = _(
            "The means lie up to {between} points of CIDEr apart, the seeds of one kind only up to {within}: the kind "
            "matters more than the luck of the start."
        )
    else:
        text = _(
            "The means lie up to {between} points of CIDEr apart, the seeds of one and the same kind up to {within}. "
            "So these figures do not tell the four apart: who trains each only once takes luck for a finding."
        )
    return text.format(between=f"{between:.1f}", within=f"{within:.1f}")


def kinds() -> dict[str, str]:
    """What the siblings are called."""
    return {
        "rnn_tanh": _("Plain RNN"),
        "lstm": _("LSTM"),
        "gru": _("GRU"),
        "gru_mean": _("GRU without attention"),
    }


def _caption(shown: Shown, kind: str) -> CaptionTrace:
    settings = shown.settings

    def describe() -> CaptionTrace:
        return siblings()[kind].speaker.describe(
            shown.photo.regions,
            beam=settings.beam,
            sample=settings.sample,
            max_words=settings.max_words,
            repeat=settings.repeat,
        )

    remembered: Recent[CaptionTrace] = Recent.of_session("caption_sibling_traces", 40)
    return remembered.get((kind, shown.photo.key, settings), describe)
