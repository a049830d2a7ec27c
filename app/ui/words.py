"""What to look for, and a question to try."""

import streamlit as st

from app.i18n import _
from app.ui.shell import hidden


def look_and_try(look: str, question: str) -> None:
    """Two sentences; and, unless the URL hides ``question``, one thing to try."""
    if hidden("question"):
        st.markdown(look)
    else:
        st.markdown(_("{look} **Try:** {question}").format(look=look, question=question))
