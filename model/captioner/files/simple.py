"""GIF, BMP and WebP: headers of a few bytes, and what little can go wrong behind them."""

from __future__ import annotations

import struct

from model.captioner.files.outline import MEGA, Outline, check_parts, no_photo
from model.errors import PhotoError

#: Pillow unpacks run lengths (BMP) in Python, about a million a second.
MAX_RLE_BYTES = 2 * MEGA
MAX_RLE_PIXELS = 4 * MEGA
_RLE = (1, 2)
#: Bytes that libwebp takes for a pixel at most, and Pillow's copies of it: measured, 16 lossy and 17 lossless.
_WEBP_BYTES = 18


def gif(content: bytes) -> Outline:
    """The screen and the first frame (GIF89a, sections 18 to 24).

    Raises:
        PhotoError: when there is no frame, or too many blocks before it.
    """
    if len(content) < 13:
        raise no_photo()
    width, height, packed = struct.unpack_from("<HHB", content, 6)
    position = 13 + _table(packed)
    blocks = 0
    while content[position : position + 1] == b"!":  # an extension: a comment, the time between frames
        position += 2
        while size := int.from_bytes(content[position : position + 1]):
            check_parts(blocks := blocks + 1)
            position += 1 + size
        check_parts(blocks := blocks + 1)
        position += 1
    if content[position : position + 1] != b"," or len(content) < position + 10:
        raise no_photo()
    left, top, across, down = struct.unpack_from("<HHHH", content, position + 1)
    width, height = max(width, left + across), max(height, top + down)
    return Outline("GIF", width, height, content, memory=5 * width * height)


def _table(packed: int) -> int:
    """Bytes of the table of colours that the packed field announces."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def bmp(content: bytes) -> Outline:
    """Raises: PhotoError: when the header is none, or the picture is packed in run lengths and large."""
    header = int.from_bytes(content[14:18], "little")
    try:
        if header == 12:
            width, height, _planes, bits = struct.unpack_from("<HHHH", content, 18)
            compression = 0
        else:
            width, height, _planes, bits, compression = struct.unpack_from("<iiHHI", content, 18)
    except struct.error:
        raise no_photo() from None
    width, height = abs(width), abs(height)
    if compression in _RLE and (len(content) > MAX_RLE_BYTES or width * height > MAX_RLE_PIXELS):
        raise PhotoError(
            "This BMP is packed in an old way (RLE), which is opened up to {megapixels} megapixels and {megabytes} MB. "
            "Please save it as JPEG or PNG.",
            megapixels=MAX_RLE_PIXELS // MEGA,
            megabytes=MAX_RLE_BYTES // MEGA,
        )
    return Outline("BMP", width, height, content, memory=width * height * 4, bits=bits)


def webp(content: bytes) -> Outline:
    """Raises: PhotoError: when the first chunk (RFC 9649) is none that holds or announces a picture."""
    name = content[12:16]
    if name == b"VP8X" and len(content) >= 30:
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
    elif name == b"VP8 " and content[23:26] == b"\x9d\x01\x2a" and len(content) >= 30:
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", content, 26))
    elif name == b"VP8L" and content[20:21] == b"\x2f" and len(content) >= 25:
        sides = int.from_bytes(content[21:25], "little")
        width, height = (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    else:
        raise no_photo()
    return Outline("WEBP", width, height, content, memory=width * height * _WEBP_BYTES)
