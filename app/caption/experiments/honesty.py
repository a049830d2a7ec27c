"""Does it really look there? One photo proves nothing: what hiding cost over many, as measured beforehand."""

from functools import partial
from pathlib import Path

import streamlit as st

from app import models
from app.charts.caption import honesty
from app.charts.kit.style import percent
from app.i18n import _
from app.ui.drawing import draw
from model.captioner import honesty_file
from model.traces import CHANCE, HonestyTrace


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
            "One photo proves nothing, so here are {photos}, none of which it learned from. A ninth of the photo was "
            "hidden, at each of {windows} places, one after the other. What does each place cost each word of the "
            "photo's caption, and where among them is the place that had most attention for the word?"
        ).format(photos=trace.photos, windows=trace.windows)
    )
    st.markdown(honesty.verdict(trace))
    draw(partial(honesty.honesty, trace), "caption_chart_honesty")
    with st.expander(_("How this was measured"), icon=":material/info:"):
        st.markdown(
            _(
                "The caption is read to the network as it is, and each word's log-probability is compared with that "
                "without a part of the photo: {side} by {side} of its {grid} by {grid} regions, covered with grey. "
                "“Elsewhere” is the mean of all places that do not overlap the one where it looked most. The share of "
                "other places that cost less counts all of them, ties half: for a place chosen without regard to the "
                "word it is {chance} on average, whatever the costs are. Against other words' places, each pair of "
                "words whose places do not overlap counts once each way, so that chance is {chance} there, too, and "
                "0 nats. Means and medians are over words; the intervals (95 %) are from a bootstrap over photos (seed "
                "{seed}). Where attention peaks is the share of its most attended region, in four groups of equal "
                "size. A region sees beyond its own place, so hiding one place changes what is seen in others, too."
            ).format(side=trace.side, grid=trace.grid, chance=percent(CHANCE), seed=trace.seed)
        )
        st.markdown(
            _("These count as function words, all others as words that name something: {words}.").format(
                words=", ".join(trace.function_words)
            )
        )


@st.cache_data(show_spinner=False)
def _stored(file: Path) -> HonestyTrace | None:
    try:
        return honesty_file.load(file)
    except (FileNotFoundError, ValueError):  # none, or one that an earlier version wrote
        return None
