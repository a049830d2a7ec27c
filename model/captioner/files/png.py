"""PNG (W3C, third edition): its chunks. The decoder gets only those that make the picture, their checksums set right.

So a wrong checksum in a note does no harm, and neither do a million empty chunks.
"""

from __future__ import annotations

import struct
import zlib

from model.captioner.files.outline import Outline, check_parts, damaged, no_photo

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf")
_GREY = 0


def outline(content: bytes) -> Outline:
    """Raises: PhotoError: when it holds no picture, or is cut into too many chunks."""
    kept: dict[bytes, bytes] = {}
    data: list[bytes] = []
    is_damaged = True  # until its end is found
    position = parts = 0
    wrong = False
    position = len(SIGNATURE)
    while position + 8 <= len(content):
        check_parts(parts := parts + 1)
        length, name = struct.unpack_from(">I4s", content, position)
        body = content[position + 8 : position + 8 + length]
        checksum = content[position + 8 + length : position + 12 + length]
        if name == b"IEND":
            is_damaged = False
            break
        wrong = wrong or checksum != struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
        if name == b"IDAT":
            data.append(body)
        elif name in (*_KEPT, b"cICP") and name not in kept:
            kept[name] = body
        position += 12 + length
    header = kept.get(b"IHDR", b"")
    if len(header) != 13:
        raise no_photo()
    if not data:
        raise damaged()
    width, height, bits, colour = struct.unpack_from(">IIBB", header)
    grey = None
    if colour == _GREY and len(kept.get(b"tRNS", b"")) == 2:
        grey = int.from_bytes(kept.pop(b"tRNS"))
    code_points = kept.get(b"cICP", b"")
    primaries, transfer = code_points[:2] if len(code_points) == 4 else (2, 2)
    chunks = [_chunk(name, kept[name]) for name in _KEPT if name in kept]
    return Outline(
        "PNG",
        width,
        height,
        b"".join([SIGNATURE, *chunks, _chunk(b"IDAT", b"".join(data)), _chunk(b"IEND", b"")]),
        memory=width * height * (4 if colour != _GREY else 2 if bits == 16 else 1),
        damaged=is_damaged or wrong,
        bits=bits,
        transparent_grey=grey,
        primaries=primaries,
        transfer=transfer,
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
