"""Loading the models: the one place where the app touches weights.

A loaded model is one object for all users and threads, so nothing here is ever trained or changed.
"""

from pathlib import Path

import streamlit as st

from model.captioner import Captioner

ASSETS = Path(__file__).resolve().parent.parent / "assets"


@st.cache_resource(show_spinner=False)
def captioner() -> Captioner:
    """The shipped captioner.

    Raises:
        FileNotFoundError: when it is missing.
    """
    return Captioner.from_pretrained(ASSETS / "captioner")
