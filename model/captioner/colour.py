r"""Colours as they are meant: from a file's own colour space to sRGB, in 8 bits.

An ICC profile says what a file's numbers mean; little CMS converts them (relative colorimetric, black point
compensated). HEIC, AVIF and PNG may name their primaries and transfer by ITU-T H.273's code points instead. PQ and
HLG, the transfers of high dynamic range, are tone-mapped: 203 cd/m², the white of Report ITU-R BT.2408, becomes sRGB's
white, and what is brighter, up to 1,000 cd/m², is pressed below it by the curve of Report ITU-R BT.2390-8, section
5.4.1. A colour's three values are pressed by the same factor, so that its hue stays.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms, ImageFilter

#: The largest profile that is read, in bytes. Printers' have some 2 MB.
MAX_PROFILE = 4 * 1024 * 1024
#: A profile that moves no colour by more than this (of 255) is sRGB, by whatever name, and the pixels stay as they are.
_SAME = 2
_GREY_MODES = ("L", "LA", "1", "I;16", "I;16B", "I;16L", "I;16N")

PQ, HLG = 16, 18
#: White and the brightest shown, in cd/m².
WHITE, BRIGHTEST = 203.0, 1000.0
#: Edges of the table that stands for the conversion; between its points Pillow interpolates.
_POINTS = 65

#: Chromaticities (x, y) of red, green and blue by code point; white is D65 in all.
_PRIMARIES = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),  # BT.709, sRGB
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # Display P3
}
_D65 = (0.3127, 0.3290)

Conversion = Callable[[Image.Image], Image.Image]


def by_profile(profile: bytes, mode: str) -> tuple[str, Conversion] | None:
    """The mode to bring a picture of ``mode`` to, and from there to sRGB by an ICC profile.

    None where there is nothing to convert: the profile is sRGB's, is damaged, or is not for such pixels.
    """
    if not profile or len(profile) > MAX_PROFILE:
        return None
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        space = opened.profile.xcolor_space.strip()
        if space == "RGB" and mode != "CMYK":
            wanted = "RGB"
        elif space == "GRAY" and mode in _GREY_MODES:
            wanted = "L"
        elif space == "CMYK" and mode == "CMYK":
            wanted = "CMYK"
        else:
            return None
        transform = ImageCms.buildTransform(
            opened,
            ImageCms.createProfile("sRGB"),
            wanted,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except Exception:  # A broken note about the picture does not make the picture bad.
        return None

    def convert(image: Image.Image) -> Image.Image:
        converted = ImageCms.applyTransform(image, transform)
        assert converted is not None, "it is only where the picture is changed in place"
        return converted

    return None if wanted != "CMYK" and _changes_nothing(convert, wanted) else (wanted, convert)


def _changes_nothing(convert: Conversion, mode: str) -> bool:
    sample = np.arange(256, dtype=np.uint8)[None]
    if mode == "RGB":
        sample = np.stack(np.meshgrid(*[sample[0, ::15]] * 3), axis=-1).reshape(1, -1, 3)
    before = Image.fromarray(np.ascontiguousarray(sample))
    after = convert(before)
    return np.abs(np.asarray(after, int) - np.asarray(before.convert("RGB"), int)).max() <= _SAME


def by_code_points(primaries: int, transfer: int) -> Conversion | None:
    """From H.273's code points to sRGB, for RGB pictures of 8 bits; None where they are sRGB already, or unknown."""
    if transfer not in (PQ, HLG) and primaries not in (9, 12):
        return None
    table = _table(primaries if primaries in _PRIMARIES else 1, transfer)
    return lambda image: image.filter(table)


@functools.lru_cache(4)
def _table(primaries: int, transfer: int) -> ImageFilter.Color3DLUT:
    steps = np.linspace(0, 1, _POINTS)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red goes fastest
    signal = np.stack([red, green, blue], axis=-1).reshape(-1, 3)
    return ImageFilter.Color3DLUT(_POINTS, to_srgb(signal, primaries, transfer).astype(np.float32).ravel())


def to_srgb(signal: np.ndarray, primaries: int, transfer: int) -> np.ndarray:
    """Values (N, 3) from 0 to 1 of a file to those of sRGB, from 0 to 1."""
    if transfer == PQ:
        linear = pq_to_light(signal) / WHITE
    elif transfer == HLG:
        linear = _hlg_to_light(signal, primaries) / WHITE
    else:  # An ordinary picture; viewers take all of these curves for sRGB's.
        linear = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
    linear = linear @ (np.linalg.inv(_to_xyz(1)) @ _to_xyz(primaries)).T
    if transfer in (PQ, HLG):
        brightest = np.clip(linear.max(axis=-1, keepdims=True), 1e-6, None)
        linear = linear * (tone_mapped(brightest * WHITE) / (brightest * WHITE))
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def pq_to_light(signal: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084: PQ values from 0 to 1 to cd/m²."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = np.clip(signal, 0, 1) ** (1 / m2)
    return 10_000 * (np.clip(power - c1, 0, None) / (c2 - c3 * power)) ** (1 / m1)


def light_to_pq(light: np.ndarray | float) -> np.ndarray:
    """The inverse of ``pq_to_light``."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = np.clip(np.asarray(light) / 10_000, 0, 1) ** m1
    return ((c1 + c2 * power) / (1 + c3 * power)) ** m2


def _hlg_to_light(signal: np.ndarray, primaries: int) -> np.ndarray:
    """Recommendation ITU-R BT.2100: HLG values to cd/m² on a screen of 1,000 (system gamma 1.2)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    luminance = scene @ _to_xyz(primaries)[1]
    return BRIGHTEST * np.clip(luminance, 1e-9, None)[:, None] ** 0.2 * scene


def tone_mapped(light: np.ndarray) -> np.ndarray:
    """BT.2390's curve: below its knee nothing changes, ``BRIGHTEST`` becomes ``WHITE``; cd/m²."""
    top = light_to_pq(BRIGHTEST)
    most = light_to_pq(WHITE) / top
    knee = 1.5 * most - 0.5
    value = np.clip(light_to_pq(light) / top, 0, 1)
    t = np.clip((value - knee) / (1 - knee), 0, 1)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * most
    return pq_to_light(np.where(value < knee, value, bent) * top)


def _to_xyz(primaries: int) -> np.ndarray:
    """Linear RGB to CIE XYZ (3, 3), from the chromaticities; the second row gives luminance."""
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in _PRIMARIES[primaries]]).T
    x, y = _D65
    return columns * np.linalg.solve(columns, [x / y, 1, (1 - x - y) / y])
