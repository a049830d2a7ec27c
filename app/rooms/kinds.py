"""The kinds of activities as the page has them: each is a module with the same three functions."""

from types import ModuleType

from app.i18n import _
from app.rooms import fire, guess, learned, look


def kinds() -> dict[str, tuple[str, ModuleType]]:
    """Name and module of each kind, by ``model.rooms.kinds.KINDS``.

    ``ask(teacher)`` shows what the teacher chooses before asking; ``attend(seat, activity)`` is the students' side;
    ``project(teacher, activity)`` the projector's.
    """
    return {
        "guess": (_("Guess the next word"), guess),
        "look": (_("Where would you look?"), look),
        "fire": (_("Does it fire?"), fire),
        "learned": (_("What is learned?"), learned),
    }
