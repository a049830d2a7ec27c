"""Experiments on a caption: each asks one question of the captioner, and answers it by running it again.

One file an experiment; each reads its own few widgets and draws, as the views do (``app.caption.views``).
"""

from collections.abc import Callable

from app.caption.experiments import hide, probes, saliency, seeing, siblings, surgery, transformer
from app.caption.shown import Shown
from app.i18n import _
from app.models import SIBLINGS


def experiments() -> dict[str, tuple[str, Callable[[Shown], None]]]:
    """The experiments by their codes in the URL: what each is called, and what runs and draws it.

    The siblings are there once ``model.training.siblings`` has trained them.
    """
    known: dict[str, tuple[str, Callable[[Shown], None]]] = {
        "siblings": (_("One photo, four memories"), siblings.show),
        "eye": (_("How the CNN sees"), seeing.show),
        "hide": (_("Hide and see"), hide.show),
        "surgery": (_("Surgery on the memory"), surgery.show),
        "probes": (_("What can be read off?"), probes.show),
        "saliency": (_("Saliency beside attention"), saliency.show),
        "transformer": (_("A Transformer beside it"), transformer.show),
    }
    if not SIBLINGS.is_dir():
        del known["siblings"]
    return known
