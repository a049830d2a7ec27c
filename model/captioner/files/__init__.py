"""Photos' files, read from the outside: which format, how large, how much work, before any decoder sees a byte.

bytes ──examine──► Outline: what the decoder gets, and what it must know beside
"""

from collections.abc import Callable

from model.captioner.files import heif, jpeg, png, simple, tiff
from model.captioner.files.outline import Outline, check, no_photo

_BY_START: tuple[tuple[bytes, Callable[[bytes], Outline]], ...] = (
    (b"\xff\xd8\xff", jpeg.outline),
    (png.SIGNATURE, png.outline),
    (b"GIF8", simple.gif),
    (b"BM", simple.bmp),
    *((start, tiff.outline) for start in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
)


def examine(content: bytes) -> Outline:
    """What a file promises. Only its structure is read, in a time that its size bounds.

    Raises:
        PhotoError: when it is no photo, or one beyond the limits.
    """
    tiff.check_notes(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return check(simple.webp(content))
    if content[4:8] == b"ftyp":
        return check(heif.outline(content))
    for start, reader in _BY_START:
        if content.startswith(start):
            return check(reader(content))
    raise no_photo()
