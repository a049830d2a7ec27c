"""Opening what users bring, and preparing it for the network.

    file, bytes or PIL image ──open_photo──► upright RGB picture ──to_pixels──► (3, size, size) tensor

Uploaded bytes are hostile until shown otherwise: sizes are checked before anything is decoded, only the formats that
photos come in are tried, and whatever a decoder makes of broken bytes ends as a ``PhotoError`` of one sentence.
Opening photos needs Pillow alone; torch is first imported by ``to_pixels``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from model.errors import PhotoError

if TYPE_CHECKING:
    import torch

#: The largest file, in units of 1024 * 1024 bytes.
MAX_MEGABYTES = 20
_MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
#: The largest picture, in units of 1,000,000 pixels.
MAX_MEGAPIXELS = 50
#: The shortest side, in pixels; with less there is nothing to describe.
MIN_SIDE = 16

#: The only decoders that may see a user's bytes, by Pillow's names. "JPEG" holds MPO, two JPEGs in one.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
#: How such files are named, for choosing them; a wrong name does no harm.
SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".heic", ".heif", ".hif", ".avif"),
)

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def open_photo(source: bytes | str | os.PathLike[str] | Image.Image, least: int | None = None) -> Image.Image:
    """The photo as a person sees it: upright (EXIF), RGB, transparency on white, the first frame of an animation.

    Args:
        source: the bytes of a file, a file's path, or a PIL image, which is left as it is.
        least: where given, a JPEG may come at a half, a quarter or an eighth of its size, as long as both sides keep
            this many pixels. That saves most of the time that decoding a camera's photo takes.

    Raises:
        PhotoError: with one sentence for the user, where there is no photo to be had.
    """
    if isinstance(source, Image.Image):
        image = source
    else:
        image = _recognise(_checked(source) if isinstance(source, bytes) else read_photo(source))
    if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
        raise _too_many_pixels()
    if min(image.size) < MIN_SIDE:
        raise PhotoError(
            "This photo is only {width} × {height} pixels. Please choose one of at least {least} × {least} pixels.",
            width=image.width,
            height=image.height,
            least=MIN_SIDE,
        )
    try:
        if least and image is not source:
            image.draft(None, (least, least))
        return _to_rgb(_upright(image))
    except Exception as error:  # Decoders answer broken bytes with every kind of exception.
        raise PhotoError(
            "This photo is damaged, cut off, or of an unusual kind. Please save it again as JPEG or PNG, "
            "or choose another one."
        ) from error


def read_photo(file: str | os.PathLike[str]) -> bytes:
    """A file's content, of which never more is read than ``open_photo`` accepts.

    Raises:
        PhotoError: when there is no such file, or it cannot be read, or is too large.
    """
    path = Path(file)
    try:
        if not path.is_file():  # A pipe or a device is none either: it may never end.
            raise PhotoError("There is no such file. Please check its name.")
        with path.open("rb") as opened:
            content = opened.read(_MAX_BYTES + 1)
    except OSError as error:
        raise PhotoError(
            "This file cannot be read ({reason}). Please check its name and permissions.", reason=error.strerror
        ) from error
    return _checked(content)


def _checked(content: bytes) -> bytes:
    if not content:
        raise PhotoError("This file is empty. Please choose another one.")
    if len(content) > _MAX_BYTES:
        raise PhotoError("This file is larger than {limit} MB. Please choose a smaller one.", limit=MAX_MEGABYTES)
    return content


def _recognise(content: bytes) -> Image.Image:
    """The picture that these bytes promise; only its header has been read."""
    try:
        return Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        # Pillow's own, higher limit; its warning is an error where the user's Python is told so.
        raise _too_many_pixels() from error
    except Exception as error:  # As above.
        raise PhotoError(
            "This file is no photo, or too damaged to be one. "
            "Please choose a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF file."
        ) from error


def _too_many_pixels() -> PhotoError:
    return PhotoError(
        "This photo has more than {limit} megapixels. Please make it smaller, or choose another one.",
        limit=MAX_MEGAPIXELS,
    )


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # A broken note about the picture (EXIF) does not make the picture bad.
        return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):  # 16-bit greyscale; Pillow's own conversion would clip at 255.
        image = Image.fromarray(np.rint(np.asarray(image) / 257).astype(np.uint8))
    elif image.mode in ("I", "F"):  # 32 bits; there is no agreed white: from the darkest to the brightest pixel.
        values = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0.0, neginf=0.0)
        darkest, brightest = values.min(), values.max()
        image = Image.fromarray(np.rint((values - darkest) / max(brightest - darkest, 1e-12) * 255).astype(np.uint8))
    elif image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def to_pixels(image: Image.Image, size: int) -> torch.Tensor:
    """An RGB picture as the encoder wants it, ``(3, size, size)`` float32.

    The whole photo is squashed to a square, not cropped, so that attention covers all of it: bicubic, smoothed when
    shrinking. Then x ↦ (x - 0.5) / 0.5 for x from 0 to 1, as EfficientNet-Lite was trained.
    """
    return _preprocessing(size)(image)


@functools.cache
def _preprocessing(size: int) -> Callable[[Image.Image], torch.Tensor]:
    import torch

    import model.torchvision_cpu  # noqa: F401

    # isort: split
    from torchvision.transforms import v2

    return v2.Compose(
        [
            v2.Resize((size, size), interpolation=v2.InterpolationMode.BICUBIC, antialias=True),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(mean=[0.5] * 3, std=[0.5] * 3),
            v2.ToPureTensor(),
        ]
    )
