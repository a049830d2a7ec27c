"""Streamlit's own English, in another language: the uploader and the camera have words that no parameter sets.

They are covered by the style sheet: the English stays in the page, unseen, and the translation is the element's own
generated text. What a screen reader says is the widget's label, which is translated anyway.
"""

import streamlit as st

from app.i18n import _, current_language


def translated() -> dict[str, str]:
    """What stands in place of Streamlit's words, by the elements that hold them."""
    return {
        '[data-testid="stFileUploaderDropzone"] button p': _("Choose a file"),
        '[data-testid="stCameraInputButton"]': _("Take a picture"),
    }


def speak() -> None:
    """Cover what there is of it on this page; nothing in English."""
    if current_language() == "en":
        return
    rules = [
        f"{place} {{ font-size: 0 !important; }} {place}::after {{ content: '{text}'; font-size: 1rem; }}"
        for place, text in translated().items()
    ]
    # How large a file may be, and of what kind, is told by the widget's own help.
    rules.append('[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }')
    st.html(f"<style>{' '.join(rules)}</style>")
