"""TIFF 6.0 and BigTIFF: the first directory. EXIF notes are built the same way, so they are checked here, too.

A directory's entries may all point to the same bytes: 65,535 entries of 20 MB each are 1.3 TB to a reader that copies.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from model.captioner.files.outline import MAX_PARTS, MEGA, Outline, check_parts, no_photo
from model.errors import PhotoError

#: What all entries of one directory may hold, in bytes.
MAX_NOTES = 32 * MEGA
#: Where such a directory may begin, in any file.
_HEADER = re.compile(rb"II\*\0|MM\0\*", re.DOTALL)
#: Directories in one file; a photo's notes have some, within each other.
MAX_DIRECTORIES = 200

#: Bytes of one value by its type, as Pillow counts them.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIPS, _SAMPLES, _ROWS, _TILE_WIDTH, _TILE_HEIGHT, _TILES, _FORMAT = 273, 277, 278, 322, 323, 324, 339
_JPEG, _FLOAT = 7, 3
#: None, CCITT, LZW, JPEG, Deflate, PackBits, Zstandard: what cameras, scanners and programs write.
_COMPRESSIONS = {1, 2, 3, 4, 5, _JPEG, 8, 32946, 32773, 50000}


#: How the types of whole numbers are read, by ``struct``'s letters.
_WHOLE = {1: "B", 3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True)
class _Entry:
    type: int
    count: int
    #: Where its values stand.
    at: int


class _Directory:
    """The first directory of ``content``, whose TIFF header stands at ``start``."""

    def __init__(self, content: bytes, start: int = 0) -> None:
        self.content, self.start = content, start
        self.order = "<" if content[start : start + 2] == b"II" else ">"
        big = self._read("H", start + 2) == 43
        self.long, self.entry = ("Q", 20) if big else ("I", 12)
        self.entries: dict[int, _Entry] = {}
        self.bytes = self.counted = 0
        at = start + self._read(self.long, start + (8 if big else 4))
        for place in range(self._read("Q" if big else "H", at)):
            entry = at + (8 if big else 2) + place * self.entry
            if entry + self.entry > len(content):
                break
            check_parts(place)
            self.counted += 1
            self._add(entry, inline=8 if big else 4)

    def _add(self, entry: int, inline: int) -> None:
        tag, type_ = self._read("H", entry), self._read("H", entry + 2)
        count, value = self._read(self.long, entry + 4), entry + 4 + inline
        size = _SIZES.get(type_, 0) * count
        at = value if size <= inline else self.start + self._read(self.long, value)
        self.bytes += max(0, min(size, len(self.content) - at))
        self.entries[tag] = _Entry(type_, count, at)

    def _read(self, kind: str, at: int, otherwise: int = 0) -> int:
        try:
            return struct.unpack_from(self.order + kind, self.content, at)[0]
        except struct.error:
            return otherwise

    def value(self, tag: int, otherwise: int) -> int:
        """A tag's first value, where it is a whole number that can be read."""
        entry = self.entries.get(tag)
        if entry is None or not entry.count or entry.type not in _WHOLE:
            return otherwise
        return self._read(_WHOLE[entry.type], entry.at, otherwise)

    def count(self, tag: int) -> int:
        return self.entries[tag].count if tag in self.entries else 0


def check_notes(content: bytes) -> None:
    """Raises: PhotoError: when a directory anywhere in a file, such as its EXIF, unfolds to more than it can hold."""
    entries = 0
    for number, found in enumerate(_HEADER.finditer(content)):
        directory = _Directory(content, found.start())
        entries += directory.counted
        if number >= MAX_DIRECTORIES or entries > MAX_PARTS or directory.bytes > MAX_NOTES:
            raise PhotoError("This file holds more notes (EXIF) than any photo. Please save it again without them.")


def outline(content: bytes) -> Outline:
    """Raises: PhotoError: when it holds no picture, or one that is stored in a way that is not opened here."""
    directory = _Directory(content)
    width, height = directory.value(_WIDTH, 0), directory.value(_HEIGHT, 0)
    if not width or not height:
        raise no_photo()
    compression = directory.value(_COMPRESSION, 1)
    if compression not in _COMPRESSIONS:
        raise PhotoError(
            "This TIFF is compressed in a way that is not opened here (number {compression}). "
            "Please save it without compression, or as JPEG or PNG.",
            compression=compression,
        )
    pieces = max(directory.count(_STRIPS), directory.count(_TILES))
    check_parts(pieces)
    if compression == _JPEG and content.count(b"\xff\xda") > pieces + 8:
        raise PhotoError("The JPEG inside this TIFF goes over its picture too many times. Please save it again.")
    bits, samples = directory.value(_BITS, 1), directory.value(_SAMPLES, 1)
    kind = directory.value(_FORMAT, 1)
    rows = min(directory.value(_ROWS, height), height)
    piece = (
        directory.value(_TILE_WIDTH, 0) * directory.value(_TILE_HEIGHT, 0) if directory.count(_TILES) else rows * width
    )
    return Outline(
        "TIFF",
        width,
        height,
        content,
        memory=4 * width * height + (piece * samples * bits // 8 if compression != 1 else 0),
        bits=bits,
        # Pillow itself turns round what has 8 bits or less.
        white_is_zero=directory.value(_PHOTOMETRIC, 1) == 0 and samples == 1 and bits > 8,
        unsigned=bits == 32 and kind == 1,
        pixels=f"{samples} × {bits} bit" + (" float" if kind == _FLOAT else ""),
    )
