"""Figures on a page: as wide as their place, in the page's own ink, and told in words as well."""

from contextlib import nullcontext

import pandas  # noqa: F401  Before any thread draws: Plotly stumbles over a pandas that another is still importing.
import plotly.graph_objects as go
import streamlit as st

from app import shell
from app.charts.style import enlarged, inked
from app.markdown import literal


def run_on(sentences: str) -> str:
    """Sentences in a row; Chinese ones stand without a space between them."""
    return sentences.replace("。 ", "。")


def draw(figure: go.Figure, key: str, in_words: str, *, beneath: bool = True, **settings) -> None:
    """Draw ``figure``; ``in_words`` is its alternative text, and stands under it for all to read, unless they read it
    elsewhere (``beneath``).

    Streamlit draws a figure's text in a grey too pale for the back of a room; it gets the theme's text colour. The
    chart's own button saves it as a picture named ``key``.
    """
    in_words = run_on(in_words)
    theme = "dark" if st.context.theme.type == "dark" else "light"
    figure = inked(figure, st.get_option(f"theme.{theme}.textColor"))
    with shell.wide(key) if figure.layout.meta["wide"] else nullcontext():
        st.plotly_chart(
            enlarged(figure, shell.PROJECTED) if shell.projected() else figure,
            key=key,
            config={"displaylogo": False, "toImageButtonOptions": {"filename": key, "scale": 2}},
            alt=in_words,
            **settings,
        )
    if beneath:
        st.caption(literal(in_words))
