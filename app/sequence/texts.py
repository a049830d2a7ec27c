"""Texts of the user's own: in the URL while they are short, else in the session and in the file of settings."""

from pathlib import Path

import streamlit as st

from app.i18n import N_, _
from app.ui.shell import choice

#: A longer text does not go into a link, in characters.
IN_URL = 500
#: Texts to learn, by their codes; the files are in ``assets/recurrent``.
SAMPLES = {"house": N_("The House that Jack Built"), "sanzijing": N_("Three Character Classic (三字经)")}
_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "recurrent"


def text_field(label: str, key: str, *, height: int | None = None, default: str = "", **settings) -> str:
    """A field for a text of any length. Up to ``IN_URL`` characters stand in the URL as ``key``; what is longer stays
    in the session, and a line under the field says so."""
    shown, kept = f"{key}_shown", f"{key}_kept"

    def remember() -> None:
        put_text(key, st.session_state[shown])

    with st.container(key=f"unseen-{key}"):
        short = st.text_area(key, default, key=key, bind="query-params", max_chars=IN_URL)
    long = st.session_state.get(kept, "")
    text = long if long and not short else short
    st.session_state[shown] = text
    field = st.text_area if height else st.text_input
    size = {"height": height} if height else {}
    field(label, key=shown, on_change=remember, **size, **settings)
    if len(text) > IN_URL:
        st.caption(
            _("{count} characters: too long for a link. “Save settings” below puts it into a file.").format(
                count=len(text)
            )
        )
    return text


def put_text(key: str, text: str) -> None:
    """Set the text of the field ``key`` from the next run on; call it in a callback."""
    st.session_state[key] = text if len(text) <= IN_URL else ""
    st.session_state[f"{key}_kept"] = text if len(text) > IN_URL else ""


def choose_corpus() -> str:
    """The text that a network learns to continue: a sample, or the user's own."""
    names = {code: _(name) for code, name in SAMPLES.items()} | {"own": _("My own text")}
    code = choice(st.selectbox, _("Text to learn"), names, key="sequence_corpus", default="house")
    if code == "own":
        return text_field(
            _("My own text"),
            "sequence_own_text",
            height=160,
            default=_("Type or paste a text in any language. The longer it is, the more there is to learn from it."),
            help=_("Up to 100,000 characters, in any script. It stays in this session."),
        )
    return sample_text(code)


@st.cache_data(show_spinner=False)
def sample_text(code: str) -> str:
    return (_FOLDER / f"{code}.txt").read_text(encoding="utf-8")
