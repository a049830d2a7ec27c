"""Texts of the user's own: in the URL while they are short, else in the session and in the file of settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from app.i18n import N_, _
from app.ui.query import bound
from app.ui.settings import Code, Setting
from model.recurrent.text import MAX_TEXT

#: A longer text does not go into a link, in characters.
IN_URL = 500
#: Texts to learn, by their codes; the files are in ``assets/recurrent``.
SAMPLES = {"house": N_("The House that Jack Built"), "sanzijing": N_("Three Character Classic (三字经)")}
_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "recurrent"


@dataclass(frozen=True)
class LongText(Setting):
    """A text of any length. Up to ``IN_URL`` characters stand in the URL; what is longer stays in the session, and a
    line under the field says so."""

    key: str
    default: str = ""

    @property
    def value(self) -> str:
        return st.session_state.get(self._kept) or super().value

    def put(self, value: str) -> None:
        super().put(value if len(value) <= IN_URL else "")
        st.session_state[self._kept] = value if len(value) > IN_URL else ""

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and len(value) <= MAX_TEXT

    def field(self, label: str, *, height: int | None = None, default: str | None = None, **shown: Any) -> str:
        """Its field, of one line where it has no ``height``, in pixels."""
        key = f"{self.key}_shown"

        def remember() -> None:
            self.put(st.session_state[key])

        default = self.default if default is None else default
        with st.container(key=f"unseen-{self.key}"):
            short = bound(st.text_area, self.key, default, key=self.key, default=default, max_chars=IN_URL)
        text = short or st.session_state.get(self._kept, "")
        st.session_state[key] = text
        if height:
            st.text_area(label, key=key, on_change=remember, height=height, **shown)
        else:
            st.text_input(label, key=key, on_change=remember, **shown)
        if len(text) > IN_URL:
            st.caption(
                _("{count} characters: too long for a link. “Save settings” below puts it into a file.").format(
                    count=len(text)
                )
            )
        return text

    @property
    def _kept(self) -> str:
        return f"{self.key}_kept"


CORPUS, OWN_TEXT = Code("sequence_corpus", "house"), LongText("sequence_own_text")


def choose_corpus() -> str:
    """The text that a network learns to continue: a sample, or the user's own."""
    names = {code: _(name) for code, name in SAMPLES.items()} | {"own": _("My own text")}
    code = CORPUS.choose(st.selectbox, _("Text to learn"), names)
    if code == "own":
        return OWN_TEXT.field(
            _("My own text"),
            height=160,
            default=_("Type or paste a text in any language. The longer it is, the more there is to learn from it."),
            help=_("Up to 100,000 characters, in any script. It stays in this session."),
        )
    return sample_text(code)


@st.cache_data(show_spinner=False)
def sample_text(code: str) -> str:
    return (_FOLDER / f"{code}.txt").read_text(encoding="utf-8")
