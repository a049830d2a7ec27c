"""Buttons for files, each made when it is asked for."""

from collections.abc import Callable

import streamlit as st


def download(label: str, name: str, make: Callable[[], bytes]) -> None:
    """A button that gives the file ``afterimage-NAME``."""
    st.download_button(
        label,
        make,
        f"afterimage-{name}",
        key=f"neurons_export_{name.replace('.', '_').replace('-', '_')}",
        icon=":material/download:",
        on_click="ignore",
    )
