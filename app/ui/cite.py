"""The line under a view or a lesson that names its sources."""

import streamlit as st

from app.i18n import _
from app.sources import SOURCES


def cite(*names: str) -> None:
    """A line with the sources of what a view says, each a link to the paper."""
    links = (
        f'[{one.short}]({one.link} "{one.full}")' if one.link else f"{one.short}: {one.full}"
        for one in (SOURCES[name] for name in names)
    )
    st.caption(_("Sources: {papers}.").format(papers="; ".join(links)))
