"""The lessons by their codes in the URL, in the order in which they are taught."""

from collections.abc import Callable
from typing import NamedTuple

from app.i18n import _
from app.lessons import recurrence


class Lesson(NamedTuple):
    """One lesson: its title, and what shows it."""

    title: str
    show: Callable[[], None]


def course() -> dict[str, Lesson]:
    """All lessons; the glossary is the last."""
    return {
        "recurrence": Lesson(_("Recurrence: a network with a memory"), recurrence.show),
    }
