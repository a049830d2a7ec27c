"""Makers of photo files, good, odd and hostile, shared by the tests of the model and of the page."""

import functools
import struct
import zlib
from io import BytesIO

import numpy as np
import pillow_heif
from PIL import Image

from model.captioner.image import MAX_MEGABYTES

pillow_heif.register_heif_opener()


def scene(width: int = 64, height: int = 48) -> Image.Image:
    """A picture of which every turned or mirrored copy is another: four colours in unequal quarters."""
    pixels = np.zeros((height, width, 3), np.uint8)
    row, column = height // 3, width // 4
    pixels[:row, :column] = 200, 30, 30
    pixels[:row, column:] = 30, 180, 30
    pixels[row:, :column] = 30, 30, 210
    pixels[row:, column:] = 230, 210, 40
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    """A file's bytes; ``kind`` and ``options`` are Pillow's."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(image: Image.Image | None = None, **options) -> bytes:
    return encoded(image or scene(), "JPEG", **{"quality": 95, "subsampling": 0, **options})


def png_promising(width: int, height: int) -> bytes:
    """A PNG of about 70 bytes whose header promises so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg_of_size(size: int) -> bytes:
    """A good JPEG of exactly so many bytes; what follows a picture's end is ignored by decoders."""
    return jpeg().ljust(size, b"\0")


def turned(orientation: int, kind: str = "PNG", **options) -> bytes:
    """``scene()`` as a camera held in this way stores it, with the EXIF note (1 to 8) that sets it upright.

    What a stored row and column are is the EXIF standard's (CIPA DC-008, tag 274): for 6, say, row 0 is the
    picture's right side, and column 0 its top.
    """
    upright = np.asarray(scene())
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: upright[:, ::-1].swapaxes(0, 1),
        7: upright[::-1, ::-1].swapaxes(0, 1),
        8: upright[::-1].swapaxes(0, 1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    # HEIC has a note of its own, and EXIF's does not count there. Given EXIF's bytes, pillow-heif writes both.
    return encoded(Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif.tobytes(), **options)


def half_transparent() -> Image.Image:
    """``scene()`` whose left half cannot be seen."""
    image = scene().convert("RGBA")
    alpha = np.full((image.height, image.width), 255, np.uint8)
    alpha[:, : image.width // 2] = 0
    image.putalpha(Image.fromarray(alpha))
    return image


def palette_with_transparency() -> bytes:
    """A palette PNG of ``scene()`` in which the colour at the top left is see-through."""
    image = scene().quantize(4)
    return encoded(image, "PNG", transparency=image.getpixel((0, 0)))


def animated(kind: str, **options) -> bytes:
    """Two frames: ``scene()``, then black."""
    black = Image.new("RGB", scene().size)
    return encoded(scene(), kind, save_all=True, append_images=[black], duration=100, **options)


def ramp_16_bit(kind: str = "PNG") -> bytes:
    """16-bit greyscale, from black at the left to white at the right."""
    ramp = np.linspace(0, 65535, 64).astype(np.uint16)
    return encoded(Image.fromarray(np.tile(ramp, (48, 1))), kind)


@functools.cache
def good_files() -> dict[str, bytes]:
    """Odd files that all show ``scene()``, by file name."""
    return {
        "plain.jpg": jpeg(),
        "progressive.jpg": jpeg(progressive=True),
        "named_wrongly.gif": jpeg(),
        "rotated.jpg": turned(6, "JPEG", quality=95, subsampling=0),
        "cmyk.jpg": jpeg(scene().convert("CMYK")),
        "two_in_one.mpo": encoded(scene(), "MPO", save_all=True, append_images=[scene()], quality=95, subsampling=0),
        "palette.png": encoded(scene().quantize(4), "PNG"),
        "animated.gif": animated("GIF"),
        "animated.webp": animated("WEBP", lossless=True),
        "animated.png": animated("PNG"),
        "plain.bmp": encoded(scene(), "BMP"),
        "plain.tiff": encoded(scene(), "TIFF", compression="tiff_lzw"),
        "plain.heic": encoded(scene(), "HEIF", quality=95, chroma=444),
        "rotated.heic": turned(6, "HEIF", quality=95, chroma=444),
        "plain.avif": encoded(scene(), "AVIF", quality=95),
    }


@functools.cache
def bad_files() -> dict[str, tuple[bytes, str]]:
    """Files that are no usable photo, by file name, with words of the sentence that each gets."""
    noisy = Image.effect_noise((200, 200), 60).convert("RGB")
    return {
        "empty.jpg": (b"", "empty"),
        "text.jpg": (b"This is no picture at all.\n" * 40, "no photo"),
        "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="99" height="99"/></svg>', "no photo"),
        "rare_format.png": (encoded(scene(), "ICNS"), "no photo"),
        "truncated.jpg": (jpeg(noisy)[:9000], "damaged"),
        "truncated.png": (encoded(noisy, "PNG")[:9000], "damaged"),
        "truncated.webp": (encoded(noisy, "WEBP", quality=95)[:9000], "damaged"),
        "truncated.heic": (encoded(noisy, "HEIF", quality=95)[:9000], "damaged"),
        "header_only.jpg": (jpeg()[:10], "no photo"),
        "one_pixel.png": (encoded(Image.new("RGB", (1, 1)), "PNG"), "1 × 1 pixels"),
        "too_many_pixels.png": (png_promising(7072, 7072), "50 megapixels"),
        "twice_as_many.png": (png_promising(10_000, 10_000), "50 megapixels"),
        "bomb.png": (png_promising(60_000, 60_000), "50 megapixels"),
        "too_large.jpg": (jpeg_of_size(MAX_MEGABYTES * 1024 * 1024 + 1), "20 MB"),
    }
