"""One photo, four memories: small decoders that differ in one thing each, on what the same eye saw.

Their figures were measured over several seeds by the training command and stand in a file; what is drawn of this photo
is computed now, by the first seed's weights.
"""

import streamlit as st

from app.caption.views import Shown
from app.charts import siblings as charts
from app.charts.scores import describe_scores, score_dots
from app.charts.word_chances import Said
from app.download import download
from app.drawing import draw
from app.export.siblings import siblings_csv
from app.export.transformer import chances_csv
from app.i18n import _
from app.models import SIBLINGS, siblings
from app.recent import Recent
from app.shell import choice, hidden
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
    for name, trace in traces.items():
        st.markdown(f"**{name}**")
        st.text(f"“{trace.caption}”")
    part = choice(
        st.segmented_control,
        _("Compare"),
        {"paths": _("Their paths"), "gates": _("What they keep"), "scores": _("Their scores")},
        key="caption_siblings_part",
        default="paths",
    )
    if part == "paths":
        named = {names[kind]: (traces[names[kind]], sibling.basis) for kind, sibling in family.items()}
        draw(charts.paths(named), "caption_chart_siblings_paths", charts.describe_paths(named))
        st.caption(_("Each memory has a space of its own: compare the shapes, not the places."))
    elif part == "gates":
        draw(charts.keeping(traces), "caption_chart_siblings_gates", charts.describe_keeping(traces))
    else:
        figures = {names[kind]: of_seeds for kind, of_seeds in measured.items()}
        draw(score_dots(figures), "caption_chart_siblings_scores", describe_scores(figures))
        st.caption(
            _(
                "Measured on the {photos} validation photos with beam 5; a dot is one training run with its own seed, "
                "a line their mean. They are smaller than the captioner of this page, and were not trained on their "
                "own captions: compare them with each other, not with it."
            ).format(photos=1000)
        )
    if not hidden("export"):
        said = [Said(name, trace.words, trace.log_probs) for name, trace in traces.items()]
        with st.container(horizontal=True):
            download("caption", _("Their words (CSV)"), "siblings-words.csv", lambda: chances_csv(said))
            download("caption", _("Their scores (CSV)"), "siblings-scores.csv", lambda: siblings_csv(measured))


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
            shown.photo.regions, beam=settings.beam, sample=settings.sample, max_words=settings.max_words
        )

    remembered: Recent[CaptionTrace] = Recent.of_session("caption_sibling_traces", 40)
    return remembered.get((kind, shown.photo.key, settings), describe)
