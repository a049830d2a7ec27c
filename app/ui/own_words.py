"""Streamlit's own English, in another language: uploader, camera, menu and fields have words that no parameter sets.

They are covered by the style sheet: the English stays in the page, unseen, and the translation is the element's own
generated text. What a screen reader says is the widget's label, which is translated anyway.
"""

import streamlit as st

from app.i18n import _, current_language

LARGE, SMALL = "1rem", "0.85rem"


def translated() -> dict[tuple[str, str], str]:
    """What stands in place of Streamlit's words, by the elements that hold them and how large it is."""
    return {
        ('[data-testid="stFileUploaderDropzone"] button p', LARGE): _("Choose a file"),
        ('[data-testid="stCameraInputButton"]', LARGE): _("Take a picture"),
        ('[data-testid="stMainMenuItem-theme-System"]', SMALL): _("As the system"),
        ('[data-testid="stMainMenuItem-theme-Light"]', SMALL): _("Light"),
        ('[data-testid="stMainMenuItem-theme-Dark"]', SMALL): _("Dark"),
        ('[data-testid="stMainMenuItem-print"] [data-testid="stMainMenuItemLabel"]', SMALL): _("Print"),
        ('[data-testid="stMainMenuItem-recordScreencast"] [data-testid="stMainMenuItemLabel"]', SMALL): _(
            "Record the screen"
        ),
        # In its place a field tells also how long its text is and may be.
        (':is([data-testid="stTextInput"], [data-testid="stNumberInput"]) [data-testid="InputInstructions"]', SMALL): _(
            "Press Enter"
        ),
        ('[data-testid="stTextArea"] [data-testid="InputInstructions"]', SMALL): _("Press Ctrl + Enter"),
    }


def speak() -> None:
    """Cover what there is of it on this page; nothing in English."""
    if current_language() == "en":
        return
    rules = [
        f"{place}, {place} :not([data-testid='stIconMaterial']) {{ font-size: 0 !important; }} "
        f"{place}::after {{ content: '{text}'; font-size: {size}; }}"
        for (place, size), text in translated().items()
    ]
    # How large a file may be, and of what kind, is told by the widget's own help.
    rules.append('[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }')
    st.html(f"<style>{' '.join(rules)}</style>")
