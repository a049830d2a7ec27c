"""Figures on a page: as wide as their place, in the page's own ink, and told in words as well."""

import inspect
from contextlib import nullcontext
from functools import partial
from typing import Literal

import pandas  # noqa: F401  Before any thread draws: Plotly stumbles over a pandas that another is still importing.
import streamlit as st
from PIL import Image

from app import remembered
from app.charts.kit.chart import Chart, Markup
from app.charts.kit.phone import for_phone
from app.charts.kit.photos import stored
from app.charts.kit.style import enlarged, inked
from app.ui import shell
from app.ui.markdown import literal


def join_sentences(sentences: str) -> str:
    """Sentences in a row; Chinese ones stand without a space between them."""
    return sentences.replace("。 ", "。")


def draw(
    chart: partial[Chart] | Chart,
    key: str,
    *,
    before: str = "",
    after: str = "",
    beneath: bool = True,
    **settings,
) -> str:
    """Draw ``chart``; give its alternative text, which also stands under it for all to read, unless they read it
    elsewhere (``beneath``). It is the chart's own words, between sentences of the page (``before`` and ``after``).

        draw(partial(gates.unit_course, trace, unit), "caption_chart_unit")

    So, as a call that is still to be made, it is remembered (``app.remembered``): building a figure takes a hundred
    times as long as sending it again. One that is there already, such as one that always changes, is drawn as well.

    On a phone, a chart that has a shape for it (``narrow``) takes that. Streamlit draws a figure's text in a grey too
    pale for the back of a room; it gets the theme's text colour. The chart's own button saves it as a picture named
    ``key``.
    """
    phone = shell.on_phone()
    if phone and isinstance(chart, partial) and "narrow" in inspect.signature(chart.func).parameters:
        chart = partial(chart, narrow=True)
    theme = "dark" if st.context.theme.type == "dark" else "light"
    finish = partial(
        _sent,
        ink=st.get_option(f"theme.{theme}.textColor"),
        projected=shell.projected(),
        phone=phone,
    )
    sent = remembered.chart(chart, finish) if isinstance(chart, partial) else finish(chart)
    words = join_sentences(" ".join(filter(None, (before, sent.words, after))))
    with shell.wide(key) if sent.wide else nullcontext():
        st.plotly_chart(
            sent,
            key=key,
            # On a phone the chart's buttons would lie over its title.
            config={
                "displaylogo": False,
                "displayModeBar": not phone and "hover",
                "toImageButtonOptions": {"filename": key, "scale": 2},
            },
            alt=words,
            **settings,
        )
    if beneath:
        st.caption(literal(words))
    return words


def draw_markup(chart: partial[Markup], *, script: str = "") -> str:
    """Draw a chart that the browser makes of HTML; give its words, which the page writes beneath it. ``script`` is our
    own."""
    made = remembered.result(chart)
    st.html(made.html + script, unsafe_allow_javascript=bool(script))
    return join_sentences(made.words)


def _sent(chart: Chart, ink: str, projected: bool, phone: bool) -> remembered.Sent:
    """``chart`` as this page sends it."""
    spec, wide = (enlarged(chart.figure, shell.PROJECTED) if projected else chart.figure).to_dict(), chart.wide
    if phone:
        spec, wide = for_phone(spec, columns=wide), False
    return remembered.Sent(inked(spec, ink), chart.words, wide)


def show_photo(photo: Image.Image, alt: str, longest: int, width: int | Literal["stretch"] = "stretch") -> None:
    """``photo``, as wide as its place or ``width``; no side of what is sent is longer than ``longest`` pixels."""
    st.image(remembered.result(partial(stored, photo, longest)), alt=alt, width=width)
