"""Does it really look there? One photo proves nothing: what hiding cost over many, as measured beforehand."""

from functools import partial
from pathlib import Path

import streamlit as st

from app import models
from app.charts import honesty
from app.drawing import draw
from app.i18n import _
from model.captioner import honesty_file
from model.traces import HonestyTrace


def show_honesty(lang: str) -> None:
    """The test over many photos, where it has been made for these weights."""
    st.markdown("#### " + _("Does it really look there?"))
    trace = _stored(honesty_file.file_of(models.ASSETS / "captioner", lang))
    if trace is None:
        st.info(
            _("This test has not been made for these weights. The command is: {command}").format(
                command="`python -m model.training.honesty --help`"
            )
        )
        return
    st.markdown(
        _(
            "One photo proves nothing, so here are {photos}, none of which it learned from. For each word of its own "
            "captions, the ninth of the photo where it looked most was hidden, and then {elsewhere} ninths elsewhere, "
            "one after the other."
        ).format(photos=trace.photos, elsewhere=trace.elsewhere)
    )
    st.markdown(honesty.verdict(trace))
    draw(partial(honesty.honesty, trace), "caption_chart_honesty", partial(honesty.describe_honesty, trace))
    with st.expander(_("How this was measured"), icon=":material/info:"):
        st.markdown(
            _(
                "The caption is read to the network as it is, and each word's log-probability is compared with that "
                "without a part of the photo. A ninth is three by three of its nine by nine regions, covered with "
                "grey; those elsewhere do not overlap the first, and are drawn at random (seed {seed}). Means are over "
                "words; the intervals (95 %) are from a bootstrap over photos. Where attention peaks is the share of "
                "its most attended region, in four groups of equal size. A region sees beyond its own place, so hiding "
                "one place changes what is seen in others, too."
            ).format(seed=trace.seed)
        )
        st.markdown(
            _("These count as function words, all others as words that name something: {words}.").format(
                words=", ".join(trace.function_words)
            )
        )


@st.cache_data(show_spinner=False)
def _stored(file: Path) -> HonestyTrace | None:
    return honesty_file.load(file) if file.is_file() else None
