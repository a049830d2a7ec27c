"""How the page shows a figure: as wide as its place, its text in the page's colour, and under it what it says."""

import pandas  # noqa: F401  Before any thread draws: Plotly stumbles over a pandas that another is still importing.
import plotly.graph_objects as go
import streamlit as st

CONFIG = {"displaylogo": False, "displayModeBar": "hover"}


def draw(figure: go.Figure, key: str, in_words: str = "", **settings) -> None:
    config = CONFIG | {"toImageButtonOptions": {"filename": key, "scale": 2}}
    st.plotly_chart(figure, key=key, config=config, alt=in_words or None, **settings)
    if in_words:
        st.caption(in_words)
