"""Opening what users bring, and preparing it for the network.

    file, bytes or PIL image ──open_photo──► upright sRGB picture ──to_pixels──► (3, size, size) tensor

There is this one way from a file to pixels, for the page, the shell and Python, so that a photo has one caption.

Uploaded bytes are hostile until shown otherwise: ``files`` reads what they promise before anything is decoded, one
decoder is tried, the one whose format it is, and whatever it makes of broken bytes ends as a ``PhotoError`` of one
sentence. A large photo is decoded smaller where its format can (JPEG), and is converted in strips.
Opening photos needs Pillow and NumPy alone; torch is first imported by ``to_pixels``.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pillow_heif
from PIL import Image, ImageFile

from model.captioner import colour, files
from model.captioner.files.outline import (
    Outline,
    check_size,
    damaged,
    kept_size,
    no_photo,
)
from model.errors import PhotoError

if TYPE_CHECKING:
    import torch

#: The largest file, in units of 1024 * 1024 bytes.
MAX_MEGABYTES = 20
_MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
#: How such files are named, for choosing them; a wrong name does no harm.
SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".heic", ".heif", ".hif", ".avif"),
)

#: Formats of PIL images whose file is read again, by Pillow's names; a picture of another format is taken as it is.
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
#: Pixels that are converted at a time.
_STRIP = 1_000_000
#: In ``Image.info``: the file's end is missing, or a checksum was wrong.
_DAMAGED = "damaged"
_ORIENTATION = 0x0112
#: What sets a picture upright, by EXIF's note (CIPA DC-008, tag 274).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

Source = bytes | str | os.PathLike | IO[bytes] | Image.Image | np.ndarray


def open_photo(source: Source) -> Image.Image:
    """The photo as a person sees it: upright (EXIF), in sRGB, transparency on white, the first frame of an animation.

    It comes at the size at which it is shown and seen: no side is longer than 1,600 pixels, but for a panorama's.

    Args:
        source: the bytes of a file, a file's path, an open file, a PIL image, which is left as it is, or an array of
            8-bit numbers, (rows, columns) of grey or (rows, columns, 3 or 4) of RGB or RGBA. A PIL image that is not
            loaded yet stands for its file, so that it gives the same pixels as the file does.

    Raises:
        PhotoError: with one sentence for the user, where there is no photo to be had.
    """
    if isinstance(source, np.ndarray):
        return _opened(_of_array(source), None)
    if isinstance(source, Image.Image):
        content = _file_of(source)
        if content is None:
            return _opened(source, None)
    else:
        content = _content(source)
    outline = examine(content)
    return _opened(_recognise(outline), outline)


def examine(content: bytes) -> Outline:
    """What the bytes of a file promise, read without decoding them, in a time that their number bounds.

    Raises:
        PhotoError: when they are no photo, or one beyond the limits.
    """
    return files.examine(_checked(content))


def is_damaged(photo: Image.Image) -> bool:
    """Whether the file of a photo that ``open_photo`` gave lacks its end, or has a wrong checksum."""
    return bool(photo.info.get(_DAMAGED))


def read_photo(file: str | os.PathLike[str]) -> bytes:
    """A file's content, of which never more is read than ``open_photo`` accepts.

    Raises:
        PhotoError: when there is no such file, or it cannot be read, or is too large.
    """
    path = Path(file)
    try:
        content = None
        if path.is_file():  # A pipe or a device is none: it may never end.
            with path.open("rb") as opened:
                content = opened.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise PhotoError(
            "This file cannot be read ({reason}). Please check its name and permissions.", reason=reason
        ) from error
    if content is None:
        raise PhotoError("There is no such file. Please check its name.")
    return _checked(content)


def _content(source: Any) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source)
    if isinstance(source, str | os.PathLike):
        return read_photo(source)
    if not callable(getattr(source, "read", None)):
        raise PhotoError(
            "A photo is given as a path, the bytes of a file, an open file, a PIL image or a NumPy array; "
            "this is of the type {type}.",
            type=type(source).__name__,
        )
    try:
        if source.seekable():
            source.seek(0)  # as Pillow does: whoever has just written a file stands at its end
        parts, left = [], _MAX_BYTES + 1
        while left > 0 and (part := source.read(left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise PhotoError("This open file cannot be read. Please open it for reading, as bytes (“rb”).") from error


def _file_of(image: Image.Image) -> bytes | None:
    """The file of a PIL image that has not been decoded; None where there is none, or another frame was chosen."""
    if not isinstance(image, ImageFile.ImageFile) or image.format not in _FORMATS:
        return None
    if getattr(image, "_im", None) is not None or image.fp is None or image.tell():
        return None
    try:
        before = image.fp.tell()
        image.fp.seek(0)
        content = image.fp.read(_MAX_BYTES + 1)
        image.fp.seek(before)
        return content
    except (OSError, ValueError, AttributeError):
        return None


def _of_array(array: np.ndarray) -> Image.Image:
    if array.dtype != np.uint8 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        raise PhotoError(
            "An array has the shape (rows, columns) or (rows, columns, 3 or 4) and 8-bit numbers (uint8); "
            "this one has the shape {shape} and {type}.",
            shape=array.shape,
            type=array.dtype,
        )
    check_size(array.shape[1], array.shape[0])
    return Image.fromarray(np.ascontiguousarray(array))


def _checked(content: bytes) -> bytes:
    if not content:
        raise PhotoError("This file is empty. Please choose another one.")
    if len(content) > _MAX_BYTES:
        raise PhotoError("This file is larger than {limit} MB. Please choose a smaller one.", limit=MAX_MEGABYTES)
    return content


def _recognise(outline: Outline) -> Image.Image:
    """The picture that these bytes promise; only its header has been read."""
    try:
        return Image.open(BytesIO(outline.content), formats=[outline.format])
    except Exception as error:  # Decoders answer broken bytes with every kind of exception.
        if outline.pixels and isinstance(error, Image.UnidentifiedImageError):
            raise PhotoError(
                "This TIFF's pixels ({pixels}) are of a kind that is not opened here. Please save it with 8 or 16 bits "
                "for each colour, or as JPEG or PNG.",
                pixels=outline.pixels,
            ) from error
        raise no_photo() from error


def _opened(image: Image.Image, outline: Outline | None) -> Image.Image:
    check_size(*image.size)
    try:
        if outline:
            image.draft(None, kept_size(*image.size))
            image.load()
        photo = _Strips(image, outline).shrunk()
        if outline and outline.damaged and _is_mostly_missing(photo):
            raise damaged()
        photo = _upright(photo, image)
    except PhotoError:
        raise
    except Exception as error:  # As above.
        raise damaged() from error
    check_size(*photo.size)
    photo.info = {_DAMAGED: True} if (outline and outline.damaged) or is_damaged(image) else {}
    return photo


def _is_mostly_missing(photo: Image.Image) -> bool:
    """Whether the lower half or more is of one colour, as a JPEG's decoder fills what it has no data for."""
    lower = np.asarray(photo)[photo.height // 2 :]
    return bool((lower == lower[-1, -1]).all())


def _upright(photo: Image.Image, stored: Image.Image) -> Image.Image:
    try:
        turn = _TURNS.get(stored.getexif().get(_ORIENTATION, 1))
    except Exception:  # A broken note about the picture (EXIF) does not make the picture bad.
        return photo
    return photo if turn is None else photo.transpose(turn)


class _Strips:
    """A decoded picture, brought to sRGB and to its size strip by strip: no second whole one stands in memory."""

    def __init__(self, image: Image.Image, outline: Outline | None) -> None:
        self.image, self.outline = image, outline or Outline("", *image.size, b"", 0)
        self.wide = image.mode.startswith("I;16")
        self.scaled = image.mode in ("I", "F")  # 32 bits
        profile = image.info.get("icc_profile") or b""
        self.profile = None if self.scaled else colour.by_profile(profile, image.mode)
        # A profile says more than code points do; where it has nothing to convert, they have no say either.
        self.code_points = None if profile else colour.by_code_points(self.outline.primaries, self.outline.transfer)
        # Some programs leave BMP's fourth byte at 0 everywhere, and mean nothing by it.
        self.opaque = image.format == "BMP" and image.mode == "RGBA" and image.getchannel("A").getextrema() == (0, 0)
        self.transparent = not self.opaque and (
            image.has_transparency_data or self.outline.transparent_grey is not None
        )

    def shrunk(self) -> Image.Image:
        """The whole picture at the size at which it is opened: averaged over whole pixels, then bicubic."""
        image = self.image
        across, down = kept_size(*image.size)
        factor = max(1, int(min(image.width / across, image.height / down) / 2))  # Pillow's own "reducing gap"
        plain = image.mode == "RGB" and not (self.profile or self.code_points or self.transparent)
        if plain and factor == 1:
            small = image.copy()
        else:
            rows = max(1, _STRIP // image.width // factor) * factor
            small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
            if self.scaled:
                self._find_ends(rows)
            for top in range(0, image.height, rows):
                strip = self._converted(self._strip(top, rows))
                small.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
        if small.size == (across, down):
            return small
        box = (0, 0, image.width / factor, image.height / factor)
        return small.resize((across, down), Image.Resampling.BICUBIC, box)

    def _strip(self, top: int, rows: int) -> Image.Image:
        return self.image.crop((0, top, self.image.width, min(top + rows, self.image.height)))

    def _find_ends(self, rows: int) -> None:
        """With 32 bits there is no agreed white: from the darkest to the brightest pixel."""
        strips = (self._values(self._strip(top, rows)) for top in range(0, self.image.height, rows))
        ends = [(float(strip.min()), float(strip.max())) for strip in strips]
        self.darkest, self.brightest = min(low for low, _ in ends), max(high for _, high in ends)

    def _values(self, strip: Image.Image) -> np.ndarray:
        values = np.asarray(strip)
        if values.dtype != np.float32:
            return values.view(np.uint32) if self.outline.unsigned else values
        return values if np.isfinite(values).all() else np.nan_to_num(values, posinf=0.0, neginf=0.0)

    def _converted(self, strip: Image.Image) -> Image.Image:
        alpha = self._alpha(strip) if self.transparent else None
        if self.scaled:
            values = self._values(strip)
            if values.dtype != np.float32 or self.brightest - self.darkest > 1e38:
                values = values.astype(np.float64)  # 32 bits are too many for single precision
            strip = self._grey((values - self.darkest) / max(self.brightest - self.darkest, 1e-12))
        elif self.wide:
            white = 4095 if self.outline.bits == 12 else 65535
            strip = self._grey(np.minimum(np.asarray(strip).astype(np.float32) / white, 1))
        if self.profile:
            mode, convert = self.profile
            rgb = convert(strip.convert("RGB").convert(mode) if strip.mode in ("P", "PA") else strip.convert(mode))
        else:
            rgb = strip.convert("RGB")
            rgb = self.code_points(rgb) if self.code_points else rgb
        if alpha is None:
            return rgb
        return Image.composite(rgb, Image.new("RGB", rgb.size, "white"), alpha)

    def _grey(self, values: np.ndarray) -> Image.Image:
        if self.outline.white_is_zero:
            values = 1 - values
        return Image.fromarray(np.rint(values * 255).astype(np.uint8))

    def _alpha(self, strip: Image.Image) -> Image.Image:
        """How much of a pixel is seen, from 0 to 255."""
        key = self.outline.transparent_grey
        if key is None:
            return strip.convert("RGBA").getchannel("A")
        values = np.asarray(strip) if self.wide else np.asarray(strip.convert("L"))
        if not self.wide:
            key = key * 255 // ((1 << self.outline.bits) - 1)
        return Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8))


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
