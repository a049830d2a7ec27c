"""Units that a user typed, by their numbers."""

import re

import streamlit as st

from app.i18n import _


def read_units(typed: str, size: int, most: int) -> list[int]:
    """The units among ``typed``, at most ``most`` of ``size``; a sentence says where something cannot be used."""
    words = [word for word in re.split(r"[\s,;，、；]+", typed) if word]
    good = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 6 and int(word) < size]
    units = list(dict.fromkeys(good))
    if len(good) < len(words) or len(units) > most:
        st.warning(
            _("Please type numbers of units from 0 to {last}, at most {most}; the others are left out.").format(
                last=size - 1, most=most
            ),
            icon=":material/help:",
        )
    return units[:most]
