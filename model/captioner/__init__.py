"""A photo becomes a caption: a CNN encoder, a GRU decoder with attention, and the search for words.

>>> from model.captioner import Captioner
>>> captioner = Captioner.from_pretrained("assets/captioner")
>>> captioner.caption(open("photo.jpg", "rb").read()).caption

Loading torch takes seconds, so the names here are loaded when first used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.captioner.captioner import Captioner
    from model.captioner.settings import Sampling, SearchSettings

__all__ = ["Captioner", "Sampling", "SearchSettings"]


def __getattr__(name: str):
    if name == "Captioner":
        from model.captioner.captioner import Captioner

        return Captioner
    if name in ("Sampling", "SearchSettings"):
        from model.captioner import settings

        return getattr(settings, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
