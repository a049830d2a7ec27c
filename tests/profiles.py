"""Makers of files in other colour spaces and of rare pixels: ICC profiles, code points, deep TIFFs, keyed PNGs."""

import struct
import zlib
from typing import Literal

import numpy as np
from PIL import Image

from tests import photos

#: Primaries (x, y), white, and gamma; white is D65 unless said. ProPhoto's is D50.
_D65, _D50 = (0.3127, 0.3290), (0.3457, 0.3585)
SPACES = {
    "Display P3": (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), _D65, 2.2),
    "Adobe RGB": (((0.640, 0.330), (0.210, 0.710), (0.150, 0.060)), _D65, 2.19921875),
    "ProPhoto": (((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), _D50, 1.8),
    "linear": (((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)), _D65, 1.0),
}
_SRGB = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def _xyz(x: float, y: float) -> np.ndarray:
    return np.array([x / y, 1, (1 - x - y) / y])


def _matrix(primaries: tuple, white: tuple) -> np.ndarray:
    """Linear RGB to XYZ, adapted to D50 (Bradford), as profiles have it."""
    columns = np.array([_xyz(*primary) for primary in primaries]).T
    here, there = _BRADFORD @ _xyz(*white), _BRADFORD @ np.array([0.9642, 1.0, 0.8249])
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(there / here) @ _BRADFORD
    return adapted @ (columns * np.linalg.solve(columns, _xyz(*white)))


def stored_as(srgb: np.ndarray, space: str, srgb_curve: bool = False) -> np.ndarray:
    """The numbers (3,) from 0 to 255 that stand in ``space``, by its gamma or sRGB's curve, for a colour of sRGB's."""
    primaries, white, gamma = SPACES[space]
    value = srgb / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    there = np.linalg.inv(_matrix(primaries, white)) @ _matrix(_SRGB, _D65) @ linear
    there = np.clip(there, 0, 1)
    if srgb_curve:
        return np.rint(255 * np.where(there <= 0.0031308, 12.92 * there, 1.055 * there ** (1 / 2.4) - 0.055)).astype(
            int
        )
    return np.rint(255 * there ** (1 / gamma)).astype(int)


def profile(space: str) -> bytes:
    """A matrix profile (ICC.1:2001, 6.3.1.2); ``"swapped"`` is sRGB whose red and blue have changed places."""
    if space == "swapped":
        matrix, gamma = _matrix(_SRGB, _D65)[:, ::-1], 2.2
    else:
        primaries, white, gamma = SPACES[space]
        matrix = _matrix(primaries, white)
    tags = {b"wtpt": _xyz_tag(np.array([0.9642, 1.0, 0.8249]))}
    for name, column in zip((b"r", b"g", b"b"), matrix.T, strict=True):
        tags[name + b"XYZ"] = _xyz_tag(column)
        tags[name + b"TRC"] = _gamma_tag(gamma)
    return _profile(b"RGB ", tags)


def grey_linear() -> bytes:
    """A profile of grey whose numbers are light."""
    return _profile(b"GRAY", {b"wtpt": _xyz_tag(np.array([0.9642, 1.0, 0.8249])), b"kTRC": _gamma_tag(1.0)})


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz_tag(values: np.ndarray) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, values))


def _gamma_tag(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"desc": b"desc\0\0\0\0\0\0\0\x02a\0" + bytes(78), b"cprt": b"text\0\0\0\0-\0\0\0", **tags}
    table, data, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        body += bytes(-len(body) % 4)
        table += name + struct.pack(">II", at + len(data), len(body))
        data += body
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"\0\0\0\0", 0x02400000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + b"".join(map(_fixed, (0.9642, 1, 0.8249)))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def with_code_points(image: Image.Image, kind: str, primaries: int, transfer: int) -> bytes:
    """``image``'s numbers as they are, said to be of these primaries and this transfer (H.273)."""
    if kind == "PNG":
        content = photos.encoded(image, "PNG")
        return content[:33] + _chunk(b"cICP", bytes([primaries, transfer, 0, 1])) + content[33:]
    if kind == "HEIF":
        said = {"color_primaries": primaries, "transfer_characteristics": transfer, "matrix_coefficients": 6}
        image = image.copy()
        image.info["nclx_profile"] = {**said, "full_range_flag": 1}
        content = photos.encoded(image, "HEIF", quality=100, chroma=444, save_nclx_profile=True)
    else:
        content = photos.encoded(image, "AVIF", quality=100, subsampling="4:4:4")
    at = content.index(b"nclx") + 4
    return content[:at] + struct.pack(">HH", primaries, transfer) + content[at + 4 :]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def tiff(
    array: np.ndarray, bits: int | None = None, white_is_zero: bool = False, order: Literal["<", ">"] = "<"
) -> bytes:
    """An uncompressed TIFF of (rows, columns) or (rows, columns, colours); ``bits`` of 12 are packed."""
    bits = bits or 8 * array.dtype.itemsize
    samples = 1 if array.ndim == 2 else array.shape[2]
    if bits == 12:
        pairs = array.reshape(-1, 2).astype(np.uint32)
        packed = pairs[:, 0] << 12 | pairs[:, 1]
        data = np.stack([packed >> 16, packed >> 8, packed], axis=-1).astype(np.uint8).tobytes()
    else:
        data = array.astype(array.dtype.newbyteorder(order)).tobytes()
    photometric = 2 if samples == 3 else 0 if white_is_zero else 1
    format_ = 3 if array.dtype.kind == "f" else 1
    entries = [
        (256, 4, array.shape[1]),
        (257, 4, array.shape[0]),
        (258, 3, bits),
        (259, 3, 1),
        (262, 3, photometric),
        (273, 4, 0),
        (277, 3, samples),
        (278, 4, array.shape[0]),
        (279, 4, len(data)),
        *([(338, 3, 0)] if samples == 2 else []),
        (339, 3, format_),
    ]
    start = 8 + 2 + 12 * len(entries) + 4
    extra = b""
    directory = struct.pack(order + "H", len(entries))
    for tag, kind, value in entries:
        repeated = samples if tag in (258, 339) else 1
        if repeated > 2:
            field = struct.pack(order + "I", start + len(extra))
            extra += struct.pack(f"{order}{repeated}H", *[value] * repeated)
        elif kind == 3:
            field = struct.pack(f"{order}{repeated}H", *[value] * repeated).ljust(4, b"\0")
        else:
            field = struct.pack(order + "I", value)
        directory += struct.pack(order + "HHI", tag, kind, repeated) + field
    directory = directory.replace(
        struct.pack(order + "HHII", 273, 4, 1, 0), struct.pack(order + "HHII", 273, 4, 1, start + len(extra))
    )
    return {">": b"MM\0*\0\0\0\x08", "<": b"II*\0\x08\0\0\0"}[order] + directory + bytes(4) + extra + data


def grey_png(values: np.ndarray, bits: int, transparent: int) -> bytes:
    """A grey PNG of ``bits`` a pixel, one of whose values is transparent."""
    if bits == 16:
        rows = [row.tobytes() for row in values.astype(">u2")]
    else:
        places = np.unpackbits(values.astype(np.uint8)[..., None], axis=-1)[..., 8 - bits :]
        rows = [np.packbits(row.ravel()).tobytes() for row in places]
    header = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], bits, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = [(b"IHDR", header), (b"tRNS", struct.pack(">H", transparent)), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def bmp_with_alpha(image: Image.Image) -> bytes:
    """A BMP of 32 bits with masks for all four, alpha among them (BITMAPV4HEADER)."""
    data = np.asarray(image)[::-1, :, [2, 1, 0, 3]].tobytes()
    header = struct.pack("<IiiHHIIiiII", 108, image.width, image.height, 1, 32, 3, len(data), 0, 0, 0, 0)
    header += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + bytes(48)
    return struct.pack("<2sIHHI", b"BM", 14 + len(header) + len(data), 0, 0, 14 + len(header)) + header + data
