"""What can be read off? Linear probes on the memory, along this caption, and how well they do on other photos."""

from functools import partial

import streamlit as st

from app.caption.code import show_code
from app.caption.shown import Shown
from app.charts.caption import probes as charts
from app.export.probes import probes_csv
from app.i18n import _
from app.models import probes
from app.scripts import caption as scripts
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from model.captioner.probes import read
from model.captioner.word_classes import ANIMALS, COLOURS, MAX_COUNT, ONE, PEOPLE, SEVERAL, words_of
from model.traces import ProbeTrace

CITED = ("alain", "belinkov", "hewitt")


def show(shown: Shown) -> None:
    shown.introduce(
        _(
            "A **probe** is a linear map from the memory to an answer: has a person been said already? How much is "
            "still to come? It was fitted to the memories of many captions, and is now asked before each step of this "
            "one. It sees the {units} numbers of the memory and nothing else."
        ).format(units=shown.trace.hidden.shape[1])
    )
    if not shown.trace.words:
        st.info(_("The caption is empty: there is no memory to read."))
        return
    fitted = probes(shown.trace.lang)
    if fitted is None:
        st.info(
            _("No probes have been fitted for these weights. The command is: {command}").format(
                command="`python -m model.training.probes --help`"
            )
        )
        return
    traces = read(fitted, shown.trace)
    words = shown.trace.words
    draw(partial(charts.along, traces, words, shown.trace.lang), "caption_chart_probes")
    st.caption(_("Each cell is the probability of “yes” before the word; a ✓ stands where “yes” is right."))
    st.markdown("#### " + _("How well they read, on photos that they were not fitted to"))
    draw(partial(charts.scores, traces, shown.trace.lang), "caption_chart_probe_scores")
    st.markdown(
        _(
            "These shares are of all test photos together, which are like those that the captioner learned from. At "
            "one caption a probe can do much worse, as the lines above may show, most of all where the photo is unlike "
            "them."
        )
    )
    st.markdown(
        _(
            "**What this shows:** the answer is there to be read, by something as simple as a weighted sum. **What it "
            "does not show:** that the network uses it. A GRU with random weights holds much of it, too: whoever reads "
            "words one by one and mixes them up has them in the mixture. Whether something is used is tested by "
            "reaching in: see “Surgery on the memory”."
        )
    )
    _explain(shown.trace.lang, traces[0])
    cite(*CITED)
    download("caption", _("What was read (CSV)"), "caption-probes.csv", lambda: probes_csv(traces, words))
    show_code(shown, _("What can be read off?"), scripts.probes)


def _explain(lang: str, trace: ProbeTrace) -> None:
    between = ", " if lang == "en" else ""
    with st.expander(_("How this is measured"), icon=":material/info:"):
        st.markdown(
            _(
                "The probes are logistic regressions, fitted to {fitted} steps of the captioner's own captions of "
                "{photos} photos that it was not trained on, and tested with {tested} steps of {others} other photos. "
                "“Most frequent answer” is always the same answer, whatever the memory. “Random GRU” is the same probe "
                "on the memory of a GRU with random weights, which reads the same words and the same looks. Counts "
                "above {most} are not told apart."
            ).format(
                fitted=f"{trace.score.fitted_steps:,}",
                photos=trace.score.fitted_photos,
                tested=f"{trace.score.tested_steps:,}",
                others=trace.score.tested_photos,
                most=MAX_COUNT[lang],
            )
        )
        texts = {
            _("A person has been said once one of these was: {words}."): PEOPLE,
            _("An animal: {words}."): ANIMALS,
            _("A colour: {words}."): COLOURS,
            _("“Several” is the answer while the last said of all these words was one of {words}."): SEVERAL,
            _("It is “one” while it was one of {words}."): ONE,
        }
        for text, kind in texts.items():
            st.markdown(text.format(words=between.join(sorted(words_of(kind, lang)))))
