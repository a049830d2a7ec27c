"""HEIF and AVIF (ISO/IEC 23008-12): what the boxes promise, and what the coded pictures inside really are.

A file's ``ispe`` may say 64 x 64 over a picture of 144 megapixels, which a decoder would decode all the same. So the
size is read from where the decoder has it: HEVC's sequence parameter set (ITU-T H.265, 7.3.2.2), AV1's sequence header
(AV1 Bitstream, 5.5.1).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from model.captioner.files.bits import Bits
from model.captioner.files.outline import MEGA, Outline, check_parts, no_photo, too_many_pixels

#: All coded pictures of a file together, in pixels: tiles reach over the edges, and there may be thumbnails and maps.
MAX_CODED = 75 * MEGA
#: Bytes that a decoder and Pillow's copy take for a pixel: measured, 7.4 and 9.4 with colours of half size.
_BYTES = {"HEIF": 8, "AVIF": 12}
_CODED = {b"hvc1": "HEVC", b"av01": "AV1"}
#: Boxes that hold boxes, and how many bytes of their own come first.
_INSIDE = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0}


@dataclass
class _File:
    content: bytes
    #: Properties in their order, from 1: (name, body).
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    #: Properties' numbers, and where its bytes lie, of each item; and what it is.
    of_item: dict[int, list[int]] = field(default_factory=dict)
    places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    types: dict[int, bytes] = field(default_factory=dict)
    primary: int = 0
    #: Where the first sample of each track lies.
    samples: list[int] = field(default_factory=list)
    sample_sizes: list[int] = field(default_factory=list)
    stored: int = 0  # where ``idat`` begins
    parts: int = 0

    def count(self, parts: int = 1) -> None:
        """One more box, item, association, extent or unit: all of them together are bounded."""
        self.parts += parts
        check_parts(self.parts)

    def property(self, item: int, name: bytes) -> bytes | None:
        for number in self.of_item.get(item, ()):
            if 0 < number <= len(self.properties) and self.properties[number - 1][0] == name:
                return self.properties[number - 1][1]
        return None


def outline(content: bytes) -> Outline:
    """Raises: PhotoError: when there is no picture in it, or larger ones than it says or than are opened here."""
    file = _File(content)
    try:
        _read(file, 0, len(content))
    except (struct.error, IndexError, RecursionError):
        raise no_photo() from None
    kind = "AVIF" if {content[8:12], *_brands(content)} & {b"avif", b"avis"} else "HEIF"
    promised = file.property(file.primary, b"ispe")
    if promised is None or len(promised) < 12:
        raise no_photo()
    width, height = struct.unpack_from(">II", promised, 4)
    items = [item for item, type_ in file.types.items() if type_ in _CODED]
    _check_extents(file, items)
    coded = [_coded_size(file, item) for item in items]
    if kind == "AVIF":
        samples = zip(file.samples, file.sample_sizes, strict=False)
        coded += [_largest_av1(file, content[at : at + size]) for at, size in samples]
    pixels = sum(across * down for across, down in coded)
    if pixels > MAX_CODED:
        raise too_many_pixels()
    primaries, transfer = _colours(file)
    largest = max([width * height, *(across * down for across, down in coded)])
    return Outline(
        kind,
        width,
        height,
        content,
        memory=_BYTES[kind] * largest,
        primaries=primaries,
        transfer=transfer,
    )


def _brands(content: bytes) -> Iterator[bytes]:
    size = min(int.from_bytes(content[:4]), len(content), 400)
    return (content[at : at + 4] for at in range(16, size, 4))


def _boxes(file: _File, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box from ``start`` on: its name, and where its body begins and ends."""
    while start + 8 <= end:
        file.count()
        size, name = struct.unpack_from(">I4s", file.content, start)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", file.content, start + 8)[0], 16
        stop = end if size == 0 else min(start + size, end)
        if stop < start + head:
            return
        yield name, start + head, stop
        start = stop


def _read(file: _File, start: int, end: int) -> None:
    for name, begin, stop in _boxes(file, start, end):
        body = memoryview(file.content)[begin:stop]
        if name == b"ipco":
            file.properties += [(kind, file.content[at:until]) for kind, at, until in _boxes(file, begin, stop)]
        elif name in _INSIDE:
            _read(file, begin + _INSIDE[name], stop)
        elif name == b"idat":
            file.stored = begin
        elif name == b"pitm":
            file.primary = int.from_bytes(body[4:6] if body[0] == 0 else body[4:8])
        elif name == b"iinf":
            _read_types(file, begin, stop)
        elif name == b"iloc":
            _read_places(file, body)
        elif name == b"ipma":
            _read_associations(file, body)
        elif name in (b"stco", b"co64") and len(body) > 8:
            file.samples.append(int.from_bytes(body[8:12] if name == b"stco" else body[8:16]))
        elif name == b"stsz":
            # One size for all, or each sample its own.
            file.sample_sizes.append(int.from_bytes(body[4:8]) or int.from_bytes(body[12:16]))


def _read_types(file: _File, begin: int, stop: int) -> None:
    long = file.content[begin] > 0
    for name, at, _until in _boxes(file, begin + (8 if long else 6), stop):
        if name == b"infe" and (version := file.content[at]) >= 2:
            wide = 4 if version > 2 else 2
            item = int.from_bytes(file.content[at + 4 : at + 4 + wide])
            file.types[item] = file.content[at + 6 + wide : at + 10 + wide]


def _read_places(file: _File, body: memoryview) -> None:
    version = body[0]
    offset, length, base, index = body[4] >> 4, body[4] & 15, body[5] >> 4, body[5] & 15
    wide = 4 if version == 2 else 2
    at = 6

    def take(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(body[at - size : at])

    for _ in range(take(wide)):
        if at >= len(body):
            return
        item = take(wide)
        method = take(2) & 15 if version else 0
        take(2)
        start = take(base) + (file.stored if method == 1 else 0)
        file.count()
        places = file.places.setdefault(item, [])
        for _ in range(take(2)):
            file.count()
            if version and index:
                take(index)
            first = start + take(offset)
            places.append((first, take(length)))


def _read_associations(file: _File, body: memoryview) -> None:
    version, wide_numbers = body[0], body[3] & 1
    at = 8
    for _ in range(int.from_bytes(body[4:8])):
        size = 4 if version else 2
        if at + size >= len(body):
            return
        item, count = int.from_bytes(body[at : at + size]), body[at + size]
        at += size + 1
        file.count()
        numbers = file.of_item.setdefault(item, [])
        for _ in range(count):
            file.count()
            if wide_numbers:
                numbers.append(int.from_bytes(body[at : at + 2]) & 0x7FFF)
                at += 2
            else:
                numbers.append(body[at] & 0x7F)
                at += 1


def _check_extents(file: _File, items: list[int]) -> None:
    """Raises: PhotoError: when items share bytes, so that reading each means to read the file again and again."""
    lengths = (length or len(file.content) for item in items for _at, length in file.places.get(item, ()))
    if sum(lengths) > 2 * len(file.content):
        raise no_photo()


def _coded_size(file: _File, item: int) -> tuple[int, int]:
    """The largest size that an item's decoder may meet."""
    promised = file.property(item, b"ispe") or b""
    sizes = [struct.unpack_from(">II", promised, 4)] if len(promised) >= 12 else [(0, 0)]
    # Where the length is 0, the item goes to the file's end.
    payload = b"".join(
        file.content[at : at + length] if length else file.content[at:] for at, length in file.places.get(item, ())
    )
    if file.types[item] == b"av01":
        sizes += [_largest_av1(file, (file.property(item, b"av1C") or b"")[4:]), _largest_av1(file, payload)]
    else:
        configuration = file.property(item, b"hvcC") or b""
        sizes += [_hevc_size(unit) for unit in _hevc_units_ahead(configuration)]
        if len(configuration) > 21:
            sizes += [_hevc_size(unit) for unit in _hevc_units(file, payload, (configuration[21] & 3) + 1)]
    return max(sizes, key=lambda size: size[0] * size[1])


def _colours(file: _File) -> tuple[int, int]:
    """The primaries and the transfer of the primary item, or of the first that says so (a grid's tiles may)."""
    for item in (file.primary, *file.types):
        for number in file.of_item.get(item, ()):
            if 0 < number <= len(file.properties):
                name, body = file.properties[number - 1]
                if name == b"colr" and body[:4] == b"nclx" and len(body) >= 8:
                    return struct.unpack_from(">HH", body, 4)
    return 2, 2


def _hevc_units_ahead(configuration: bytes) -> Iterator[bytes]:
    """The units of an ``hvcC`` box (ISO/IEC 14496-15, 8.3.3)."""
    at = 23
    for _array in range(configuration[22] if len(configuration) > 22 else 0):
        count = int.from_bytes(configuration[at + 1 : at + 3])
        at += 3
        for _unit in range(count):
            if at >= len(configuration):
                return
            size = int.from_bytes(configuration[at : at + 2])
            yield configuration[at + 2 : at + 2 + size]
            at += 2 + size


def _hevc_units(file: _File, payload: bytes, wide: int) -> Iterator[bytes]:
    at = 0
    while at + wide < len(payload):
        file.count()
        size = int.from_bytes(payload[at : at + wide])
        # Of a picture's own data no byte is needed.
        yield payload[at + wide : at + wide + min(size, 200)]
        at += wide + size


def _hevc_size(unit: bytes) -> tuple[int, int]:
    """Width and height, where the unit is a sequence parameter set."""
    if len(unit) < 3 or unit[0] >> 1 & 63 != 33:
        return 0, 0
    bits = Bits(unit[2:200].replace(b"\0\0\3", b"\0\0"))
    bits.read(4)
    layers = bits.read(3)
    bits.read(1 + 96)
    present = [(bits.read(1), bits.read(1)) for _layer in range(layers)]
    bits.read(2 * (8 - layers) if layers else 0)
    for profile, level in present:
        bits.read(88 * profile + 8 * level)
    bits.golomb()
    if bits.golomb() == 3:
        bits.read(1)
    return bits.golomb(), bits.golomb()


def _largest_av1(file: _File, payload: bytes) -> tuple[int, int]:
    """The largest frame that the sequence headers in a run of AV1's units (OBUs) allow; (0, 0) without any."""
    largest, at = (0, 0), 0
    while at < len(payload):
        file.count()
        head = payload[at]
        at += 2 if head & 4 else 1
        size = len(payload) - at
        if head & 2:
            size, at = _leb128(payload, at)
        if head >> 3 & 15 == 1:
            largest = max(largest, _av1_size(payload[at : at + min(size, 200)]), key=lambda sides: sides[0] * sides[1])
        at += size
    return largest


def _leb128(payload: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = payload[at] if at < len(payload) else 0
        at += 1
        value |= (byte & 127) << 7 * place
        if byte < 128:
            break
    return value, at


def _av1_size(header: bytes) -> tuple[int, int]:
    bits = Bits(header)
    bits.read(4)
    if bits.read(1):  # a header reduced to what a still picture needs
        bits.read(5)
    else:
        delay = 0
        if bits.read(1):
            bits.read(64)
            if bits.read(1):
                bits.golomb()  # uvlc(), which is the same code
            if bits.read(1):
                delay = bits.read(5) + 1
                bits.read(42)
        initial = bits.read(1)
        for _point in range(bits.read(5) + 1):
            bits.read(12)
            if bits.read(5) > 7:
                bits.read(1)
            if delay and bits.read(1):
                bits.read(2 * delay + 1)
            if initial and bits.read(1):
                bits.read(4)
    wide, high = bits.read(4) + 1, bits.read(4) + 1
    return bits.read(wide) + 1, bits.read(high) + 1
