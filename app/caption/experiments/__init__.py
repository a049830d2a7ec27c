"""Experiments on a caption: each asks one question of the captioner, and answers it by running it again.

One file an experiment; each reads its own few widgets and draws, as the views do (``app.caption.views``).
"""

from collections.abc import Callable

from app.caption.views import Shown


def experiments() -> dict[str, tuple[str, Callable[[Shown], None]]]:
    """The experiments by their codes in the URL: what each is called, and what runs and draws it."""
    return {}
