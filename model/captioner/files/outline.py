"""What a photo's file says of itself, and the limits that it must keep before a decoder sees it."""

from __future__ import annotations

from dataclasses import dataclass

from model.errors import PhotoError

MEGA = 1_000_000
#: The largest picture, in units of 1,000,000 pixels.
MAX_MEGAPIXELS = 50
#: What decoding one photo may take in memory, in units of 1,000,000 bytes. A decoder's need for each pixel was
#: measured: a JPEG takes little, a WebP 16 bytes and more, so that a large WebP is refused where a JPEG is not.
MAX_MEMORY = 400
#: The shortest side, in pixels; with less there is nothing to describe.
MIN_SIDE = 16
#: How many times as long as wide a picture may be.
MAX_RATIO = 200
#: How many parts (segments, chunks, blocks) a file may have. Photos have some tens; a PNG in small pieces, thousands.
MAX_PARTS = 10_000


#: The longest side of an opened photo, in pixels: more is neither shown nor seen by a network. Only a panorama keeps
#: more, so that its short side keeps ``SHORT_SIDE``.
DECODED_SIDE = 1600
SHORT_SIDE = 128


def kept_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a photo is opened. What has it already keeps it."""
    scale = min(1.0, max(DECODED_SIDE / max(width, height), SHORT_SIDE / min(width, height)))
    return round(width * scale), round(height * scale)


def reduction(width: int, height: int) -> int:
    """How many times smaller a JPEG of this size is decoded: 1, 2, 4 or 8, still no smaller than it is opened at."""
    if min(width, height) < MIN_SIDE:  # refused as soon as all of its outline is known
        return 1
    across, down = kept_size(width, height)
    return next(factor for factor in (8, 4, 2, 1) if factor <= min(width // across, height // down))


@dataclass(frozen=True)
class Outline:
    """A file before it is decoded; its size is that of the stored picture, which may yet be turned."""

    #: The one decoder to try, by Pillow's name.
    format: str
    width: int
    height: int
    #: What the decoder gets to see; notes that only cost time are left out.
    content: bytes
    #: What decoding takes at most, in bytes.
    memory: int
    #: The end is missing or a checksum is wrong, though there is a picture.
    damaged: bool = False
    #: Bits of one number of a pixel.
    bits: int = 8
    #: White is 0 (TIFF's MinIsWhite), and the decoder does not turn it round.
    white_is_zero: bool = False
    #: Whole numbers of 32 bits that are never negative; Pillow takes all for signed.
    unsigned: bool = False
    #: The grey value that is transparent in a PNG, on the file's own scale.
    transparent_grey: int | None = None
    #: Code points of ITU-T H.273; 2 is "unspecified". Transfer 16 is PQ, 18 is HLG.
    primaries: int = 2
    transfer: int = 2
    #: For the sentence when the decoder does not know such pixels.
    pixels: str = ""


def check_size(width: int, height: int) -> None:
    """Raises: PhotoError: when the picture is too large, too small, or a strip."""
    if width * height > MAX_MEGAPIXELS * MEGA:
        raise too_many_pixels()
    if min(width, height) < MIN_SIDE:
        raise PhotoError(
            "This photo is only {width} × {height} pixels. Please choose one of at least {least} × {least} pixels.",
            width=width,
            height=height,
            least=MIN_SIDE,
        )
    if max(width, height) > MAX_RATIO * min(width, height):
        raise PhotoError(
            "This photo is a strip of {width} × {height} pixels. Please choose one that is at most {ratio} times as "
            "long as wide.",
            width=width,
            height=height,
            ratio=MAX_RATIO,
        )


def check(outline: Outline) -> Outline:
    """The outline, if it keeps the limits.

    Raises:
        PhotoError: when its picture is too large or too small, or takes too much memory.
    """
    check_size(outline.width, outline.height)
    if outline.memory > MAX_MEMORY * MEGA:
        raise PhotoError(
            "A {format} photo of {width} × {height} pixels that is stored like this takes too much memory to open. "
            "Please make it smaller, or save it as an ordinary JPEG.",
            format=outline.format,
            width=outline.width,
            height=outline.height,
        )
    return outline


def check_parts(count: int) -> None:
    """Raises: PhotoError: when a file is cut into more parts than any photo."""
    if count > MAX_PARTS:
        raise PhotoError(
            "This file is cut into more than {limit} parts, as no photo is. Please save it again as JPEG or PNG.",
            limit=MAX_PARTS,
        )


def too_many_pixels() -> PhotoError:
    """Make the error for a picture of more than ``MAX_MEGAPIXELS``."""
    return PhotoError(
        "This photo has more than {limit} megapixels. Please make it smaller, or choose another one.",
        limit=MAX_MEGAPIXELS,
    )


def no_photo() -> PhotoError:
    """Make the error for a file that no decoder knows."""
    return PhotoError(
        "This file is no photo, or too damaged to be one. "
        "Please choose a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF file."
    )


def damaged() -> PhotoError:
    """Make the error for a photo whose decoder gives up."""
    return PhotoError(
        "This photo is damaged, cut off, or of an unusual kind. Please save it again as JPEG or PNG, "
        "or choose another one."
    )
