"""A photo becomes a caption: a CNN encoder, a GRU decoder with attention, and the search for words.

>>> from model.captioner import Captioner
>>> captioner = Captioner.from_pretrained("assets/captioner")
>>> captioner.caption(open("photo.jpg", "rb").read()).caption

Loading torch takes seconds, so the names here are loaded when first used. The network and its configuration also make
the captioner known to transformers' ``AutoConfig`` and ``AutoModel``; ``model.captioner.pipeline`` has its pipeline.

>>> from model.captioner import CaptionerModel
>>> from transformers import AutoModel
>>> isinstance(AutoModel.from_pretrained("assets/captioner"), CaptionerModel)
True
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.captioner.auto import CaptionerConfig, CaptionerModel
    from model.captioner.captioner import Captioner
    from model.captioner.settings import Sampling, SearchSettings

__all__ = ["Captioner", "CaptionerConfig", "CaptionerModel", "Sampling", "SearchSettings"]

_FILES = {"Captioner": "captioner"} | dict.fromkeys(("CaptionerConfig", "CaptionerModel"), "auto")
_FILES |= dict.fromkeys(("Sampling", "SearchSettings"), "settings")


def __getattr__(name: str) -> type:
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
