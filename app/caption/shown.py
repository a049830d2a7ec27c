"""What the views and experiments of the caption page draw."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from app.caption.photos import Photo
from model.captioner import SearchSettings
from model.traces import CaptionTrace


class Shown(NamedTuple):
    """A photo's caption, how it was found, and the captions to lay over each other."""

    photo: Photo
    settings: SearchSettings
    trace: CaptionTrace
    captions: Mapping[str, CaptionTrace]  # by what they are called, this one first
    #: The words that the caption was told to start with.
    start: tuple[str, ...] = ()

    @property
    def search(self) -> SearchSettings:
        """The settings that give this caption."""
        return replace(self.settings, prefix=self.start)
