"""Buttons for files, each made when it is asked for."""

from collections.abc import Callable

import streamlit as st


def download(page: str, label: str, name: str, make: Callable[[], bytes]) -> None:
    """A button on ``page`` that gives the file ``afterimage-NAME``; once a page for each ``name``."""
    st.download_button(
        label,
        make,
        f"afterimage-{name}",
        key=f"{page}_export_{name.replace('.', '_').replace('-', '_')}",
        icon=":material/download:",
        on_click="ignore",
    )
