"""Texts in the user's language, by gettext: the source is English, ``app/locale`` holds the translations.

    from app.i18n import _
    _("It wrote {count} words.").format(count=count)

``_`` looks the language up each time it is called, so call it where the text is shown, never at import time. A text
that is known at import time is marked with ``N_`` and translated where it is shown: ``_(TITLES[page])``.

Only ``.po`` files are kept. Babel reads them as they are when a language is first needed, so there is nothing to
compile. ``make i18n`` brings them up to date.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.ui.markdown import literal
from model.errors import UserError
from model.words import N_

__all__ = ["N_", "_", "ngettext"]

LOCALE = Path(__file__).parent / "locale"
SOURCE = "en"
#: The languages by their codes, each named in itself.
LANGUAGES = {"en": "English", "zh": "简体中文"}

#: Who knows the language of the user for whom this thread is working.
_provider: Callable[[], str] = lambda: SOURCE  # noqa: E731
#: A language that is set for a stretch of code, see ``speaking``.
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def language_from(provider: Callable[[], str]) -> None:
    """Ask ``provider`` for the language whenever a text is needed.

    It is one function for all threads and is called in the thread that needs the text, so it must look up whose
    thread that is; the app's reads Streamlit's session state. A thread without a session gets what it says then.
    """
    global _provider
    _provider = provider


def speak(language: str) -> None:
    """From here on texts of this thread are in ``language``: that is quicker than to ask for each one."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within the ``with`` block, and in this thread alone, texts are in ``language``."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def current_language() -> str:
    """The code of the language that texts are in now, one of ``LANGUAGES``."""
    language = _spoken.get() or _provider()
    return language if language in LANGUAGES else SOURCE


def closest_language(locale: str | None) -> str:
    """The language for a browser's locale such as ``"zh-CN"`` or ``"en-GB"``; the source where there is none."""
    language = (locale or "").lower().replace("_", "-").split("-")[0]
    return language if language in LANGUAGES else SOURCE


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into ``language``, read once; those marked fuzzy are left out, as gettext does."""
    path = LOCALE / language / "LC_MESSAGES" / "afterimage.po"
    if language == SOURCE or not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _(message: str) -> str:
    """``message`` in the current language, or as it is where it has no translation."""
    return catalogue(current_language()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """``one`` where ``count`` is one, else ``many``, as the current language counts (Chinese has one form)::

    ngettext("{count} word", "{count} words", count).format(count=count)
    """
    return catalogue(current_language()).ngettext(one, many, count)


def translate_error(error: UserError) -> str:
    """The sentence of ``error`` in the current language, as Markdown; what it quotes stands in it as it is."""
    values = {
        name: value if isinstance(value, int | float) else literal(str(value)) for name, value in error.values.items()
    }
    return _(error.template).format(**values)
