"""Photos as phones, cameras, scanners and messengers make them: the right colours, and what is damaged is shown."""

import io
import struct
import subprocess
import sys
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from model.captioner import colour
from model.captioner.files import outline, png
from model.captioner.image import is_damaged, open_photo, to_pixels
from model.errors import PhotoError
from tests import photos, profiles

COLOURS = {"red": (200, 30, 30), "green": (30, 180, 30), "blue": (30, 30, 210), "grey": (128, 128, 128)}


def pixel(image: Image.Image, x: int = 0, y: int = 0) -> np.ndarray:
    return np.array(image.getpixel((x, y)), int)


# Colour profiles.


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("space", profiles.SPACES)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "JPEG"])
def test_colours_are_what_the_profile_says(kind, space, name):
    meant = np.array(COLOURS[name])
    stored = profiles.stored_as(meant, space)
    ways: dict[str, dict[str, Any]] = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100, "subsampling": 0}}
    content = photos.encoded(
        Image.new("RGB", (40, 30), tuple(stored)), kind, icc_profile=profiles.profile(space), **ways.get(kind, {})
    )
    assert np.abs(pixel(open_photo(content)) - meant).max() <= (6 if space == "linear" or kind == "JPEG" else 3)


def test_a_profile_that_swaps_channels():
    content = photos.encoded(photos.scene(), "PNG", icc_profile=profiles.profile("swapped"))
    assert np.abs(pixel(open_photo(content)) - (30, 30, 200)).max() <= 6  # red stands where blue is meant


def test_a_profile_holds_for_what_is_half_transparent_and_for_palettes():
    stored = tuple(profiles.stored_as(np.array(COLOURS["green"]), "Display P3"))
    profile = profiles.profile("Display P3")
    clear = photos.encoded(Image.new("RGBA", (20, 20), (*stored, 255)), "PNG", icc_profile=profile)
    assert np.abs(pixel(open_photo(clear)) - COLOURS["green"]).max() <= 2
    palette = Image.new("P", (20, 20), 0)
    palette.putpalette(stored)
    assert np.abs(pixel(open_photo(photos.encoded(palette, "PNG", icc_profile=profile))) - COLOURS["green"]).max() <= 2


@pytest.mark.parametrize("bits", [8, 16])
def test_a_grey_profile(bits):
    linear = round(0.2140 * (2**bits - 1))  # sRGB's 127.5
    image = Image.new("L", (20, 20), linear) if bits == 8 else Image.fromarray(np.full((20, 20), linear, np.uint16))
    content = photos.encoded(image, "PNG", icc_profile=profiles.grey_linear())
    assert np.abs(pixel(open_photo(content)) - 127).max() <= 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_an_srgb_photo_keeps_its_pixels_exactly(kind):
    options = {"WEBP": {"lossless": True}}.get(kind, {})
    noise = Image.effect_noise((224, 224), 60).convert("RGB")
    plain = photos.encoded(noise, kind, **options)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    expected = np.asarray(Image.open(io.BytesIO(plain)).convert("RGB"))
    assert (np.asarray(open_photo(plain)) == expected).all()
    assert (np.asarray(open_photo(photos.encoded(noise, kind, icc_profile=srgb, **options))) == expected).all()


@pytest.mark.parametrize(
    "profile",
    [b"no profile", b"\0" * 400, profiles.profile("Display P3")[:300], profiles.grey_linear(), b"x" * 5_000_000],
    ids=["text", "zeros", "cut off", "for grey", "huge"],
)
def test_a_profile_that_is_damaged_or_of_another_kind_does_no_harm(profile):
    options = {} if len(profile) > 1_000_000 else {"icc_profile": profile}
    image = photos.scene()
    image.info["icc_profile"] = profile
    assert (np.asarray(open_photo(image)) == np.asarray(photos.scene())).all()
    assert (
        np.asarray(open_photo(photos.encoded(photos.scene(), "PNG", **options))) == np.asarray(photos.scene())
    ).all()


# High dynamic range.


def test_pq_and_hlg_know_their_anchors():
    # ST 2084: 0.5081 is 100 cd/m², 0.5807 is 203, 0.7518 is 1,000. BT.2100: HLG's 0.75 is 203 on a screen of 1,000.
    assert colour.pq_to_light(np.array([0.5081, 0.5807, 0.7518])) == pytest.approx([100, 203, 1000], rel=2e-3)
    assert colour.light_to_pq(np.array([100.0, 203.0])) == pytest.approx([0.5081, 0.5807], abs=2e-4)
    assert colour._hlg_to_light(np.full((1, 3), 0.75), 9) == pytest.approx(np.full((1, 3), 203.0), rel=5e-3)
    light = np.array([1.0, 20.0, 60.0, 1000.0, 5000.0])
    assert colour.tone_mapped(light) == pytest.approx([1, 20, 60, 203, 203], rel=1e-6)
    assert (np.diff(colour.tone_mapped(np.linspace(0, 1000, 500))) > 0).all()


@pytest.mark.parametrize("transfer", [colour.PQ, colour.HLG])
def test_a_colour_of_bt_709_comes_back_from_bt_2020(transfer):
    meant = np.array([[0.30, 0.10, 0.05]])  # linear, below the knee
    to_2020 = np.linalg.inv(colour._to_xyz(9)) @ colour._to_xyz(1)
    light = meant @ to_2020.T * colour.WHITE
    if transfer == colour.PQ:
        signal = colour.light_to_pq(light)
    else:
        luminance = light @ colour._to_xyz(9)[1]
        scene = light / (1000 * (luminance / 1000) ** (0.2 / 1.2))
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        signal = np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)
    expected = np.where(meant <= 0.0031308, 12.92 * meant, 1.055 * meant ** (1 / 2.4) - 0.055)
    assert colour.to_srgb(signal, 9, transfer) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("transfer", [colour.PQ, colour.HLG])
@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "PNG"])
def test_a_picture_in_hdr_is_tone_mapped(kind, transfer):
    grey = 148 if transfer == colour.PQ else 191  # white: 203 cd/m²
    content = profiles.with_code_points(Image.new("RGB", (64, 64), (grey,) * 3), kind, 9, transfer)
    expected = 255 * colour.to_srgb(np.full((1, 3), grey / 255), 9, transfer)[0]
    assert 200 < expected[0] < 240
    assert np.abs(pixel(open_photo(content), 30, 30) - expected).max() <= 3  # read between the table's points


def test_wide_primaries_without_a_profile():
    stored = tuple(profiles.stored_as(np.array(COLOURS["red"]), "Display P3", srgb_curve=True))
    content = profiles.with_code_points(Image.new("RGB", (64, 64), stored), "PNG", 12, 13)
    assert np.abs(pixel(open_photo(content)) - COLOURS["red"]).max() <= 3


# TIFF, PNG and BMP.


@pytest.mark.parametrize(("bits", "order"), [(12, "<"), (16, "<"), (16, ">")])
def test_grey_of_more_than_8_bits(bits, order):
    ramp = np.tile(np.linspace(0, 2**bits - 1, 64).astype(np.uint16), (48, 1))
    content = profiles.tiff(ramp, bits, order=order)
    row = np.asarray(open_photo(content), int)[20, :, 0]
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 1


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_white_may_be_zero(dtype):
    top = 1 if dtype == np.float32 else np.iinfo(dtype).max
    ramp = np.tile(np.linspace(0, top, 64).astype(dtype), (48, 1))
    row = np.asarray(open_photo(profiles.tiff(ramp, white_is_zero=True)), int)[20, :, 0]
    assert np.abs(row - np.linspace(255, 0, 64)).max() <= 1


def test_numbers_of_32_bits_without_a_sign():
    ramp = np.tile(np.linspace(0, 2**32 - 1, 64).astype(np.uint32), (48, 1))
    row = np.asarray(open_photo(profiles.tiff(ramp)), int)[20, :, 0]
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 1


@pytest.mark.parametrize(
    ("array", "named"),
    [(np.zeros((48, 64, 3), np.float32), "3 × 32 bit float"), (np.zeros((48, 64, 2), np.uint16), "2 × 16 bit")],
)
def test_what_is_not_supported_is_named(array, named):
    with pytest.raises(PhotoError) as caught:
        open_photo(profiles.tiff(array))
    assert named in str(caught.value)


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_a_greys_transparent_value(bits):
    top = 2**bits - 1
    content = profiles.grey_png(np.tile(np.linspace(0, top, 64).round().astype(int), (48, 1)), bits, transparent=0)
    row = np.asarray(open_photo(content), int)[20, :, 0]
    values = np.linspace(0, top, 64).round()
    expected = np.where(values == 0, 255, values / top * 255)
    assert np.abs(row - expected).max() <= 1


def test_a_bmp_whose_alpha_is_0_everywhere_is_opaque():
    rgba = photos.scene().convert("RGBA")
    rgba.putalpha(0)
    assert (np.asarray(open_photo(profiles.bmp_with_alpha(rgba))) == np.asarray(photos.scene())).all()
    half = profiles.bmp_with_alpha(photos.half_transparent())
    assert pixel(open_photo(half)).tolist() == [255, 255, 255]


# Sizes.


def test_a_panorama_is_opened_in_its_proportions():
    opened = open_photo(photos.encoded(photos.scene(12_000, 110), "PNG"))
    assert opened.size == (12_000, 110)
    assert open_photo(photos.encoded(photos.scene(12_000, 400), "PNG")).size == (3840, 128)


@pytest.mark.parametrize("size", [(16 * 201, 16), (16, 16 * 201)])
def test_a_strip_is_refused_with_its_own_numbers(size):
    with pytest.raises(PhotoError, match=f"{size[0]} × {size[1]} pixels"):
        open_photo(photos.encoded(Image.new("RGB", size), "PNG"))
    open_photo(photos.encoded(Image.new("RGB", (16 * 200, 16)), "PNG"))


# Damaged files.


@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_a_jpeg_that_lacks_its_last_bytes_is_shown(options):
    noise = Image.effect_noise((400, 300), 60).convert("RGB")
    content = photos.encoded(noise, "JPEG", quality=90, **options)
    whole = np.asarray(open_photo(content), int)
    for missing in (1, 2, 3, 400, 4000):
        opened = open_photo(content[:-missing])
        assert is_damaged(opened)
        upper = np.abs(np.asarray(opened, int) - whole)[:150]
        assert upper.mean() < (1 if not options else 20)
    assert not is_damaged(open_photo(content))


def test_a_jpeg_of_which_little_is_left_is_refused():
    noise = Image.effect_noise((400, 300), 60).convert("RGB")
    content = photos.encoded(noise, "JPEG", quality=90)
    with pytest.raises(PhotoError, match="damaged"):
        open_photo(content[: len(content) // 3])


def _spoilt(content: bytes, name: bytes) -> bytes:
    """A PNG with the checksum of a chunk wrong."""
    at = content.index(name)
    end = at + 4 + int.from_bytes(content[at - 4 : at])
    return content[:end] + bytes(value ^ 255 for value in content[end : end + 4]) + content[end + 4 :]


def _with_text(content: bytes) -> bytes:
    return content[:33] + png._chunk(b"tEXt", b"Comment\0from a messenger") + content[33:]


@pytest.mark.parametrize("name", [b"tEXt", b"IHDR", b"IDAT"])
def test_a_png_with_a_wrong_checksum_is_shown(name):
    opened = open_photo(_spoilt(_with_text(photos.encoded(photos.scene(), "PNG")), name))
    assert (np.asarray(opened) == np.asarray(photos.scene())).all()
    assert is_damaged(opened)


def test_a_png_without_its_end_is_shown():
    content = photos.encoded(photos.scene(), "PNG")
    for missing in (1, 4, 12):
        opened = open_photo(content[:-missing])
        assert (np.asarray(opened) == np.asarray(photos.scene())).all()
        assert is_damaged(opened) == (missing == 12)
    assert not is_damaged(open_photo(_with_text(content)))


# Whatever Python brings.


def test_every_way_to_bring_a_photo_gives_the_same_pixels(tmp_path):
    path = tmp_path / "photo.jpg"
    content = photos.encoded(
        Image.effect_noise((4000, 3000), 60).convert("RGB"), "JPEG", icc_profile=profiles.profile("Adobe RGB")
    )
    path.write_bytes(content)
    expected = np.asarray(open_photo(content))
    assert expected.shape == (1200, 1600, 3)
    at_its_end = io.BytesIO()
    at_its_end.write(content)
    with path.open("rb") as opened, path.open("rb", buffering=0) as raw:
        source: Any
        for source in (
            path,
            str(path),
            io.BytesIO(content),
            at_its_end,
            opened,
            raw,
            Image.open(path),
            bytearray(content),
        ):
            assert (np.asarray(open_photo(source)) == expected).all()
    assert (to_pixels(open_photo(open_photo(content)), 64) == to_pixels(open_photo(content), 64)).all()


def test_a_picture_that_was_not_loaded_stays_so(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(photos.jpeg(photos.scene(4000, 3000)))
    lazy = Image.open(tmp_path / "photo.jpg")
    open_photo(lazy)
    assert lazy.size == (4000, 3000)
    assert lazy.tile


@pytest.mark.parametrize("shape", [(48, 64), (48, 64, 3), (48, 64, 4)])
def test_arrays(shape):
    array = np.full(shape, 255, np.uint8)
    array[..., :1] = 90
    opened = open_photo(array)
    assert opened.size == (64, 48)
    assert opened.mode == "RGB"


@pytest.mark.parametrize(
    "source",
    [
        np.zeros((48, 64, 3)),
        np.zeros((3, 48, 64), np.uint8),
        np.zeros((48,), np.uint8),
        np.zeros((4, 4), np.uint8),
        np.zeros((48, 64, 3), bool),
        None,
        5,
        io.StringIO("text"),
        ["photo.jpg"],
        "no/such\0file",
        b"",
    ],
    ids=lambda source: type(source).__name__,
)
def test_what_is_no_photo_gets_a_sentence(source):
    with pytest.raises(PhotoError) as caught:
        open_photo(source)
    assert str(caught.value).endswith(".")


def test_a_closed_file_gets_a_sentence(tmp_path):
    (tmp_path / "photo.png").write_bytes(photos.encoded(photos.scene(), "PNG"))
    file = (tmp_path / "photo.png").open("rb")
    file.close()
    with pytest.raises(PhotoError, match="open file"):
        open_photo(file)


def test_the_largest_pictures_stay_within_the_memory_that_is_said():
    """Each in a process of its own: what it takes beside its file, against ``MAX_MEMORY``."""
    from tests import bombs

    check = (
        "import resource, sys; from model.captioner.image import open_photo\n"
        "content = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "open_photo(content)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    for make in (bombs.float_tiff, bombs.png_of_50_megapixels_in_16_bit, bombs.progressive_jpeg_of_50_megapixels):
        # Through a shell: a process that Python starts inherits its peak.
        done = subprocess.run(
            ["sh", "-c", f'exec "{sys.executable}" -c "$0"', check], input=make(), capture_output=True, check=True
        )
        assert int(done.stdout) * 1024 < outline.MAX_MEMORY * outline.MEGA, make.__name__


def test_a_png_of_high_compression_is_not_a_bomb_by_itself():
    header = struct.pack(">IIBBBBB", 64, 48, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(48 * 65))
    content = png.SIGNATURE + png._chunk(b"IHDR", header) + png._chunk(b"IDAT", data) + png._chunk(b"IEND", b"")
    assert open_photo(content).size == (64, 48)
