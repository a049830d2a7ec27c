"""The pages' settings. Each is declared once, with its key, its limits and its default; the rest follows from that.

    SIZE = Number("sequence_size", 1, 512, 32)

    size = SIZE.field(_("Units"))  # its widget, whose value stands in the URL as ?sequence_size=64
    SIZE.put(64)  # sets it, within its limits: in a callback, or before the widget is drawn
    settings_of("sequence")  # what goes into a file, and, by ``fits``, what may come out of one

A key begins with its page. A kind of settings is a class: numbers, flags, codes (choices and the like, which look the
same in every language) and texts.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from app.ui.query import bound, drop_infinite
from model.checks import MOST_SEED

#: The most of a number whose limit depends on what is shown: its widget is told.
ANY = math.inf
#: No setting that stands in the URL is longer, in characters, but where its declaration says so.
MAX_CHARACTERS = 200

#: The codes of a choice: any, or those of a ``Literal``.
Choice = TypeVar("Choice", bound=str)

_declared: dict[str, "Setting"] = {}


def settings_of(page: str) -> list["Setting"]:
    """All settings that the page's modules have declared, once they are loaded."""
    return [setting for key, setting in _declared.items() if key.startswith(f"{page}_")]


class Setting:
    """What all kinds have in common; a kind is a dataclass that declares these two and its limits."""

    #: Of its widget, and its name in the URL and in files.
    key: str
    default: Any

    def __post_init__(self) -> None:
        _declared[self.key] = self

    @property
    def value(self) -> Any:
        """What it is set to in this session; its default before its widget was drawn."""
        return st.session_state.get(self.key, self.default)

    def put(self, value: Any) -> None:
        """Set it; call it in a callback, or before its widget is drawn."""
        st.session_state[self.key] = value

    def fits(self, value: Any) -> bool:
        """Whether it may be set to this value from a file that anyone may have written."""
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Setting):
    """A number, whole where its default is; other limits than the declared ones must lie within them."""

    key: str
    least: float
    most: float
    default: float
    step: float | None = None

    def put(self, value: float) -> None:
        super().put(type(self.default)(min(max(value, self.least), self.most)))

    def fits(self, value: Any) -> bool:
        return type(value) is type(self.default) and self.least <= value <= self.most

    def slider(self, label: str, **shown: Any) -> Any:
        """A slider; see ``field``."""
        return self._draw(st.slider, label, **shown)

    def field(self, label: str, **shown: Any) -> Any:
        """A field to type it into. ``most`` and ``default`` are for what depends on other settings; what else is
        ``shown`` goes to Streamlit's widget."""
        return self._draw(st.number_input, label, **shown)

    def _draw(
        self, widget: Callable, label: str, *, most: float | None = None, default: float | None = None, **shown: Any
    ) -> Any:
        most = self.most if most is None else most
        default = min(self.default if default is None else default, most)
        drop_infinite(self.key)
        if st.session_state.get(self.key, default) > most:
            self.put(most)
        value = bound(widget, label, self.least, most, default, self.step, key=self.key, default=default, **shown)
        return type(self.default)(value)


@dataclass(frozen=True)
class Seed(Number):
    """A seed, of whatever is drawn at random."""

    least: float = 0
    most: float = MOST_SEED
    default: float = 0


@dataclass(frozen=True)
class Flag(Setting):
    """On or off."""

    key: str
    default: bool = False

    def fits(self, value: Any) -> bool:
        return isinstance(value, bool)

    def toggle(self, label: str, **shown: Any) -> bool:
        def send() -> None:
            # The browser does not always write a switch into the address by itself; of what is put, it is told.
            self.put(self.value)

        return bound(st.toggle, label, self.default, key=self.key, default=self.default, on_change=send, **shown)


@dataclass(frozen=True)
class Code(Setting):
    """What is the same in every language: the code of a choice, or what a click on a chart gives.

    Streamlit would put a choice's translated label into the URL. So the code is carried by a text field that is in the
    page but not displayed, and the choice's own widget has the key with ``_shown`` behind it.
    """

    key: str
    default: str = ""

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and len(value) <= MAX_CHARACTERS

    def asked(self, default: str | None = None) -> str:
        """What the URL says, or the default, which the URL leaves out. It may be anything a stranger typed: compare it
        with what is allowed, and never show it as HTML."""
        default = self.default if default is None else default
        with st.container(key=f"unseen-{self.key}"):
            return bound(st.text_input, self.key, default, key=self.key, default=default, max_chars=MAX_CHARACTERS)

    def choose(
        self,
        widget: Callable[..., str | None],
        label: str,
        options: Mapping[Choice, str],
        *,
        default: str | None = None,
        **shown: Any,
    ) -> Choice:
        """One of the ``options``, which maps codes to labels; the first one where neither what the URL says nor the
        default is among them. ``widget`` is ``st.segmented_control``, ``st.pills``, ``st.radio`` or ``st.selectbox``.
        """
        default = self.default if default is None else default
        likely = (self.asked(default), default, *options)
        chosen = next(code for wanted in likely for code in options if code == wanted)
        self.offer(widget, label, options, chosen, **shown)
        return chosen

    def offer(
        self,
        widget: Callable[..., str | None],
        label: str,
        options: Mapping[Choice, str],
        chosen: Choice,
        *,
        on_change: Callable[[], None] | None = None,
        **shown: Any,
    ) -> None:
        """The widget of a choice alone, which shows what is ``chosen``; ``on_change`` is called once that changes."""
        key = f"{self.key}_shown"

        def remember() -> None:
            self.put(st.session_state[key])
            if on_change:
                on_change()

        if widget in (st.segmented_control, st.pills):
            shown = {"required": True} | shown
        st.session_state[key] = chosen
        widget(label, list(options), format_func=options.get, key=key, on_change=remember, **shown)


@dataclass(frozen=True)
class Text(Setting):
    """What somebody types."""

    key: str
    longest: int = MAX_CHARACTERS
    default: str = ""

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and len(value) <= self.longest

    def field(self, label: str, **shown: Any) -> str:
        shown |= {"max_chars": self.longest}
        return bound(st.text_input, label, self.default, key=self.key, default=self.default, **shown)
