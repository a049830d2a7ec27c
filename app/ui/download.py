"""Buttons for files, each made when it is asked for."""

from collections.abc import Callable

import streamlit as st

from app.i18n import current_language, speaking
from app.ui.groups import OF_PAGES
from app.ui.shell import hidden


def download(page: str, label: str, name: str, make: Callable[[], bytes]) -> None:
    """A button on ``page`` that gives the file ``afterimage-NAME``; once a page for each ``name``.

    None where the page's group ``export`` is hidden. ``make`` is called after a click, by a thread that has no session:
    it must not read the session's state. It writes in the language that the page has now.
    """
    if "export" in OF_PAGES[page] and hidden("export"):
        return
    language = current_language()

    def made() -> bytes:
        with speaking(language):
            return make()

    st.download_button(
        label,
        made,
        f"afterimage-{name}",
        key=f"{page}_export_{name.replace('.', '_').replace('-', '_')}",
        icon=":material/download:",
        on_click="ignore",
    )
