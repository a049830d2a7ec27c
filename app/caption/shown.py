"""What the views and experiments of the caption page draw."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

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
    #: A place beside the small photo, where there is one.
    beside: Any = None

    @property
    def search(self) -> SearchSettings:
        """The settings that give this caption."""
        return replace(self.settings, prefix=self.start)

    def introduce(self, text: str) -> None:
        """Say what a view is about: beside the small photo, so that its figure stands higher."""
        (self.beside or st).markdown(text)
