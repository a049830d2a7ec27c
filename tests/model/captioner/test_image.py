import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from model.captioner.files.outline import MIN_SIDE
from model.captioner.image import MAX_MEGABYTES, open_photo, read_photo, to_pixels
from model.errors import PhotoError
from tests import photos


def difference(image: Image.Image, expected: Image.Image) -> float:
    """Mean over pixels and colours, of 255."""
    assert image.mode == "RGB"
    assert image.size == expected.size
    return float(np.abs(np.asarray(image, int) - np.asarray(expected, int)).mean())


@pytest.mark.parametrize("name", photos.good_files())
def test_odd_files_show_what_they_hold(name):
    # Lossy formats blur where colours meet; a turned, swapped or second picture differs by more than 40.
    assert difference(open_photo(photos.good_files()[name]), photos.scene()) < 4


@pytest.mark.parametrize("name", photos.bad_files())
def test_bad_files_get_one_line(name):
    content, words = photos.bad_files()[name]
    with pytest.raises(PhotoError) as caught:
        open_photo(content)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_every_way_of_holding_the_camera_comes_upright(orientation, kind):
    assert difference(open_photo(photos.turned(orientation, kind)), photos.scene()) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "HEIF", "AVIF"])
def test_every_way_of_holding_the_camera_comes_upright_in_lossy_formats(orientation, kind):
    assert difference(open_photo(photos.turned(orientation, kind, quality=95)), photos.scene()) < 6


def test_broken_exif_does_not_spoil_a_photo():
    content = photos.jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(range(200)))
    assert difference(open_photo(content), photos.scene()) < 4


def seen_on_white() -> Image.Image:
    expected = photos.scene()
    expected.paste((255, 255, 255), (0, 0, expected.width // 2, expected.height))
    return expected


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF"])
def test_what_is_transparent_is_white(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    assert difference(open_photo(photos.encoded(photos.half_transparent(), kind, **options)), seen_on_white()) < 1


def test_half_transparent_pixels_are_mixed_with_white():
    image = open_photo(photos.encoded(Image.new("RGBA", (20, 20), (200, 0, 100, 51)), "PNG"))
    assert image.getpixel((3, 3)) == (244, 204, 224)  # 0.2 of the colour, 0.8 of 255


def test_grey_with_transparency():
    image = photos.half_transparent().convert("LA")
    expected = image.convert("L").convert("RGB")
    expected.paste((255, 255, 255), (0, 0, image.width // 2, image.height))
    assert difference(open_photo(photos.encoded(image, "PNG")), expected) == 0


def test_palette_with_transparency():
    image = open_photo(photos.palette_with_transparency())
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert image.getpixel((image.width - 1, image.height - 1)) == (230, 210, 40)


def test_a_transparent_colour():
    image = open_photo(photos.encoded(photos.scene(), "PNG", transparency=(200, 30, 30)))
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert image.getpixel((image.width - 1, 0)) == (30, 180, 30)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_and_not_clipped(kind):
    row = np.asarray(open_photo(photos.ramp_16_bit(kind)), int)[0, :, 0]
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 1


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_32_bit_grey_runs_from_its_darkest_to_its_brightest(dtype):
    ramp = np.tile(np.linspace(-1000, 9000, 64), (48, 1)).astype(dtype)
    row = np.asarray(open_photo(photos.encoded(Image.fromarray(ramp), "TIFF")), int)[0, :, 0]
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 1


def test_a_float_picture_with_holes():
    ramp = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (48, 1))
    ramp[0, :3] = np.nan, np.inf, -np.inf
    row = np.asarray(open_photo(photos.encoded(Image.fromarray(ramp), "TIFF")), int)[1, :, 0]
    assert np.abs(row - np.linspace(0, 255, 64)).max() <= 1


def test_black_and_white():
    image = open_photo(photos.encoded(photos.scene().convert("1"), "PNG"))
    assert set(np.unique(np.asarray(image))) == {0, 255}


def test_limits_are_where_they_are_said_to_be():
    assert open_photo(photos.jpeg_of_size(MAX_MEGABYTES * 1024 * 1024)).size == photos.scene().size
    assert open_photo(photos.encoded(Image.new("RGB", (MIN_SIDE, MIN_SIDE)), "PNG")).size == (MIN_SIDE, MIN_SIDE)
    with pytest.raises(PhotoError, match="pixels"):
        open_photo(photos.encoded(Image.new("RGB", (500, MIN_SIDE - 1)), "PNG"))
    with pytest.raises(PhotoError, match="damaged"):  # 50 megapixels are let through, to fail as there is no content.
        open_photo(photos.png_promising(10_000, 5_000))


def test_nothing_is_decoded_beyond_the_limit():
    # A real bomb: 225 megapixels of one bit in 27 kB. Decoded, they would take a byte each.
    bomb = photos.encoded(Image.new("1", (15_000, 15_000)), "PNG")
    assert len(bomb) < 100_000
    check = (
        "import resource, sys; from model.captioner.image import open_photo; from model.errors import PhotoError\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: open_photo(sys.stdin.buffer.read())\n"
        "except PhotoError as error: print(error)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    sentence, growth = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", check], input=bomb, capture_output=True, check=True
    ).stdout.splitlines()
    assert b"50 megapixels" in sentence
    assert int(growth) < 50  # MB


def test_a_path_a_file_and_a_picture_are_the_same_photo(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(photos.turned(6))
    for source in (path, str(path), path.read_bytes(), Image.open(path)):
        assert difference(open_photo(source), photos.scene()) == 0


def test_a_given_picture_is_left_as_it_is():
    given = photos.half_transparent()
    before = given.copy()
    opened = open_photo(given)
    opened.paste((0, 0, 0), (0, 0, 9, 9))
    assert given.mode == "RGBA"
    assert given.tobytes() == before.tobytes()
    plain = photos.scene()
    open_photo(plain).paste((0, 0, 0), (0, 0, 9, 9))
    assert difference(plain, photos.scene()) == 0


def test_pillows_own_limit_is_left_alone():
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(PhotoError):
        open_photo(photos.png_promising(60_000, 60_000))
    assert before == Image.MAX_IMAGE_PIXELS


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(PhotoError, match="no such file"):
        open_photo(tmp_path / "missing.jpg")
    with pytest.raises(PhotoError, match="no such file"):
        read_photo(tmp_path)
    with pytest.raises(PhotoError, match="cannot be read"):
        read_photo("x" * 5000)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such devices")
def test_a_file_without_end_is_not_read():
    with pytest.raises(PhotoError, match="no such file"):
        read_photo("/dev/zero")


def test_a_large_photo_comes_at_the_size_at_which_it_is_seen():
    content = photos.jpeg(photos.scene(4800, 3600))
    opened = open_photo(content)
    assert opened.size == (1600, 1200)
    assert difference(opened, photos.scene(1600, 1200)) < 2
    assert difference(open_photo(opened), opened) == 0  # what was opened once is not changed again
    png = photos.encoded(photos.scene(7000, 3500), "PNG")  # in strips, by whole pixels first
    assert difference(open_photo(png), photos.scene(1600, 800)) < 1


def test_pixels_are_the_whole_photo_squashed():
    pixels = to_pixels(photos.scene(400, 300), 100)
    assert pixels.shape == (3, 100, 100)
    assert pixels.dtype == torch.float32
    corners = {(0, 0): (200, 30, 30), (0, 99): (30, 180, 30), (99, 0): (30, 30, 210), (99, 99): (230, 210, 40)}
    for (row, column), colour in corners.items():
        expected = (torch.tensor(colour) / 255 - 0.5) / 0.5
        assert torch.allclose(pixels[:, row, column], expected, atol=1e-6)
    # The quarters still meet at a third of the height and a quarter of the width.
    assert (pixels[2, 50, :25] > pixels[2, 50, 30]).all()
    assert (pixels[1, :32, 50] < pixels[1, 40, 50]).all()


def test_shrinking_is_smooth():
    stripes = Image.fromarray(np.tile(np.array([[0, 255]], np.uint8), (512, 256))).convert("RGB")
    assert to_pixels(stripes, 64).abs().max() < 0.05  # grey; skipping pixels would give black or white


def test_opening_photos_needs_no_torch():
    check = "import sys, model.captioner.image; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
