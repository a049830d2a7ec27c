"""JPEG (ITU-T T.81): its segments, and the work that its scans are.

A progressive JPEG may go over its picture as often as it likes, and libjpeg sets no limit: 76 kB can keep a processor
busy for eight seconds. The decoder gets only what makes the picture. Comments, second pictures, and all that stands
between segments and after the end are left out.
"""

from __future__ import annotations

import re

from model.captioner.files.outline import Outline, check_parts, damaged, no_photo, reduction
from model.errors import PhotoError

#: Scans of one picture. An ordinary progressive JPEG has 10, one squeezed to the utmost some 60.
MAX_SCANS = 100
#: Blocks of 8 x 8 numbers that all scans together may go over, about 3 s. The largest photo in 10 scans has 11 million.
MAX_BLOCKS = 16_000_000
#: Bytes between segments that belong to none; cameras leave none, or some hundreds.
MAX_FILL = 1_000_000

_START, _END, _SCAN, _EXIF, _ICC, _JFIF, _ADOBE = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xE0, 0xEE
#: Frames; 0xC4, 0xC8 and 0xCC are tables. Those from 0xC9 on are coded arithmetically.
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_BASELINE = {0xC0, 0xC1}
_TABLES = {0xC4, 0xCC, 0xDB, 0xDC, 0xDD}
#: A marker in a scan's data: no stuffed zero, no fill byte, no restart.
_NEXT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
#: A marker before the scans: whatever follows 0xFF, fill bytes skipped.
_MARKER = re.compile(rb"\xff[^\xff]", re.DOTALL)


def outline(content: bytes) -> Outline:
    """Raises: PhotoError: when it holds no picture, or its scans are more work than a photo is."""
    kept = [content[:2]]
    frame: _Frame | None = None
    parts = fill = scans = blocks = 0
    buffered = ended = exif = False
    first_scan = 0
    position = 2
    while found := _NEXT.search(content, position) if scans else _MARKER.search(content, position):
        check_parts(parts := parts + 1)
        if not scans:
            fill += found.start() - position
        if fill > MAX_FILL:
            raise PhotoError(
                "This JPEG holds more than {limit} bytes that belong to nothing. Please save it again.", limit=MAX_FILL
            )
        position, marker = found.end(), content[found.end() - 1]
        if marker == _END:
            ended = True
            break
        if marker < 0xC0 or 0xD0 <= marker <= _START:  # stands alone, or is none: what follows is looked at as well
            continue
        length = int.from_bytes(content[position : position + 2])
        if length < 2 or position + length > len(content):
            break
        body = content[position + 2 : position + length]
        whole = content[found.start() : position + length]
        if marker in _FRAMES:
            if frame:
                raise damaged()
            frame = _Frame(marker, body)
        elif marker == _SCAN:
            if not frame:
                raise damaged()
            first_scan = first_scan or found.start()
            scans += 1
            blocks += frame.blocks(body)
            buffered = buffered or frame.progressive or frame.is_partial(body)
            _check_work(scans, blocks)
        keeps_exif = marker == _EXIF and not exif and body.startswith(b"Exif\0")
        exif = exif or keeps_exif
        picture = marker in _FRAMES or marker in _TABLES or marker in (_JFIF, _ADOBE)
        if not scans and (picture or keeps_exif or (marker == _ICC and body.startswith(b"ICC_PROFILE\0"))):
            kept.append(whole)
        position += length
    if not frame:
        raise no_photo()
    if not scans:
        raise damaged()
    data = content[first_scan : position if ended else len(content)]
    # Where the end is missing it is written, so that the decoder fills what it lacks with grey instead of giving up.
    kept += [data] if ended else [data.rstrip(b"\xff"), b"\xff\xd9"]
    return Outline(
        "JPEG",
        frame.width,
        frame.height,
        b"".join(kept),
        memory=128 * frame.all_blocks * buffered + 4 * frame.shown,
        damaged=not ended,
    )


def _check_work(scans: int, blocks: int) -> None:
    if scans > MAX_SCANS or blocks > MAX_BLOCKS:
        raise PhotoError(
            "This JPEG goes over its picture too many times (scans). Please save it again, not as a progressive one."
        )


class _Frame:
    """The frame header (B.2.2): the picture's size, and how many blocks each of its colours has."""

    def __init__(self, marker: int, body: bytes) -> None:
        if len(body) < 6 or len(body) < 6 + 3 * body[5] or not body[5]:
            raise damaged()
        self.progressive = marker not in _BASELINE
        self.height, self.width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
        colours = [body[6 + 3 * i : 9 + 3 * i] for i in range(body[5])]
        across, down = ([max(colour[1] >> shift & 15, 1) for colour in colours] for shift in (4, 0))
        self.of_colour = {
            colour[0]: -(-self.width * h // (8 * max(across))) * -(-self.height * v // (8 * max(down)))
            for colour, h, v in zip(colours, across, down, strict=True)
        }
        self.all_blocks = sum(self.of_colour.values())

    @property
    def shown(self) -> int:
        """Pixels that are decoded: a large JPEG is decoded at a half, a quarter or an eighth of its size."""
        return self.width * self.height // reduction(self.width, self.height) ** 2

    def blocks(self, scan: bytes) -> int:
        """Blocks that a scan goes over, by its header (B.2.3)."""
        return sum(self.of_colour.get(name, self.all_blocks) for name in self._named(scan))

    def is_partial(self, scan: bytes) -> bool:
        """Whether a scan holds some of the colours only; then libjpeg keeps all coefficients in memory."""
        return len(self._named(scan)) < len(self.of_colour)

    @staticmethod
    def _named(scan: bytes) -> bytes:
        return scan[1 : 1 + 2 * scan[0] : 2] if scan else b""
