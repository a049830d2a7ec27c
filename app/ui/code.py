"""The code behind a view: its script, to copy or as a notebook, and the project's lines that compute what it shows."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.i18n import _
from app.scripts.notebook import notebook
from app.scripts.script import Script, listing_of
from app.ui.download import download
from app.ui.query import bound
from app.ui.shell import controls


def the_code(page: str, title: str, script: Script, also: Sequence[Any] = (), **given: Any) -> None:
    """The group ``code``: ``script`` of the view ``title`` with what it shows filled in, and the lines of its functions
    and of ``also``; written once it is opened."""
    with controls("code"):
        place = bound(
            st.expander, _("The code"), key=f"{page}_code", default=False, icon=":material/code:", on_change="rerun"
        )
    if not place.open:
        return
    text, listings = script.text(**given), [*script.listings(), *map(listing_of, also)]
    with place:
        st.markdown(
            _(
                "This script prints the numbers of this view. Run it in the folder of Afterimage, with its Python, or "
                "in a notebook."
            )
        )
        st.code(text, language="python")
        download(page, _("As a notebook"), f"{page}.ipynb", lambda: notebook(title, text, listings))
        st.markdown(_("What it calls ends in these lines of Afterimage, read just now from its files:"))
        for file, first, lines in listings:
            st.caption(_("{file}, from line {first} on").format(file=f"`{file}`", first=first))
            st.code(lines, language="python")
