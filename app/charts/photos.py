"""A photo inside a figure: small enough to travel, in the proportions it was taken in."""

import base64
import io

from PIL import Image


def shrunk(photo: Image.Image, longest: int) -> Image.Image:
    """A copy of ``photo`` in RGB, no side longer than ``longest`` pixels."""
    small = photo.convert("RGB")
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small


def data_uri(photo: Image.Image, longest: int) -> str:
    """``photo`` as the address of an image inside a page, no side longer than ``longest`` pixels."""
    stored = io.BytesIO()
    shrunk(photo, longest).save(stored, "WEBP", quality=80, method=2)
    return "data:image/webp;base64," + base64.b64encode(stored.getvalue()).decode("ascii")
