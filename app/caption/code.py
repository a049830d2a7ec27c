"""The code behind the caption page's views: their scripts, with the page's photo and settings filled in."""

from collections.abc import Mapping
from typing import Any

from app.caption.photos import Photo
from app.caption.shown import Shown
from app.scripts.caption import CAPTIONER
from app.scripts.script import Made, Script
from app.ui.code import the_code
from model.captioner.gallery import sample


def show_code(shown: Shown, title: str, script: Script, **more: Any) -> None:
    """The code of the view ``title``; ``more`` is what the script takes beside captioner, photo and settings."""
    given: Mapping[str, Any] = {"captioner": CAPTIONER, "photo": written(shown.photo), "settings": shown.search} | more
    the_code("caption", title, script, **given)


def written(photo: Photo, file: str = "photo.jpg") -> Made:
    """A photo in a script: a sample, or a file of the user's own."""
    if photo.sample is not None:
        return Made(f"sample({photo.sample!r}).open()", sample)
    return Made(repr(file), remark="the photo's file")
