"""A photo inside a figure: small enough to travel, in the proportions it was taken in."""

import base64
import io

from PIL import Image


def shrunk(photo: Image.Image, longest: int) -> Image.Image:
    """A copy of ``photo`` in RGB, no side longer than ``longest`` pixels."""
    small = photo.convert("RGB")
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small


def stored(photo: Image.Image, longest: int) -> bytes:
    """``photo`` as a WebP file, no side longer than ``longest`` pixels."""
    file = io.BytesIO()
    shrunk(photo, longest).save(file, "WEBP", quality=80, method=2)
    return file.getvalue()


def data_uri(photo: Image.Image, longest: int) -> str:
    """``photo`` as the address of an image inside a page, no side longer than ``longest`` pixels."""
    return "data:image/webp;base64," + base64.b64encode(stored(photo, longest)).decode("ascii")
