"""Files built to stop a server are refused before a decoder sees them, and ordinary files of their kinds are not."""

import struct

import numpy as np
import pytest
from PIL import Image

from model.captioner import files
from model.captioner.files import heif, jpeg, outline, simple, tiff
from model.captioner.image import open_photo
from model.errors import PhotoError
from tests import bombs, photos


@pytest.mark.parametrize("name", bombs.BOMBS)
def test_a_bomb_is_refused_with_a_sentence_before_it_is_decoded(name, monkeypatch):
    make, words = bombs.BOMBS[name]
    content = make()
    monkeypatch.setattr(Image, "open", lambda *_arguments, **_settings: pytest.fail("a decoder saw it"))
    with pytest.raises(PhotoError) as caught:
        open_photo(content)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_scans_up_to_the_limit_are_opened():
    content = bombs.jpeg_of_many_scans(jpeg.MAX_SCANS - 20, 64)
    assert open_photo(content).size == (64, 64)
    with pytest.raises(PhotoError, match="scans"):
        open_photo(bombs.jpeg_of_many_scans(jpeg.MAX_SCANS + 1, 64))


def test_scans_are_weighed_by_the_picture_they_go_over():
    # 4000 x 4000 pixels are 250,000 blocks; each scan goes over all of them.
    content = photos.encoded(Image.new("L", (4000, 4000)), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    few = jpeg.MAX_BLOCKS // 250_000 - 6
    assert few < jpeg.MAX_SCANS
    assert files.examine(content[:last] + content[last:-2] * few + b"\xff\xd9").width == 4000
    with pytest.raises(PhotoError, match="scans"):
        files.examine(content[:last] + content[last:-2] * (few + 8) + b"\xff\xd9")


def test_scans_hidden_behind_a_marker_that_is_none_are_counted():
    content = photos.encoded(Image.new("RGB", (64, 64), "teal"), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    scan = content[last:-2]
    hidden = b"\xff\x02" + struct.pack(">H", len(scan) + 2) + scan
    with pytest.raises(PhotoError, match="scans"):
        files.examine(content[:last] + hidden * 200 + content[last:])


def test_a_jpegs_decoder_gets_no_notes():
    content = photos.jpeg(exif=photos_exif(), comment=b"x" * 500, icc_profile=b"profile" * 20)
    seen = files.examine(content + b"after the end").content
    assert b"xxxx" not in seen
    assert b"after the end" not in seen
    assert b"Exif\0\0" in seen
    assert b"profile" * 20 in seen


def photos_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 1
    return exif.tobytes()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"progressive": True, "subsampling": 2}])
def test_a_jpegs_work_and_memory(options):
    content = photos.encoded(Image.new("RGB", (800, 640)), "JPEG", **{"subsampling": 0, **options})
    found = files.examine(content)
    blocks = 100 * 80 * (3 if options.get("subsampling", 0) == 0 else 1.5)
    decoded = 800 * 640 * 4
    assert found.memory == (128 * blocks if options else 0) + decoded


@pytest.mark.parametrize("count", [1, outline.MAX_PARTS - 10])
def test_a_png_in_many_pieces_is_a_photo_up_to_a_limit(count):
    assert open_photo(bombs.png_of_empty_chunks(count)).size == photos.scene().size


def test_small_pictures_in_run_lengths_are_opened():
    red = bombs._rle_bmp(64, 48, (b"\x40\x07\0\0") * 48)
    assert np.unique(np.asarray(open_photo(red))).tolist() == [7]
    assert simple.MAX_RLE_PIXELS > 64 * 48


def test_the_size_of_what_is_coded_in_an_avif():
    for size in [(64, 48), (330, 1000)]:
        content = photos.encoded(photos.scene(*size), "AVIF")
        assert heif._largest_av1(heif._File(content), content[content.index(b"mdat") + 4 :]) == size


@pytest.mark.parametrize("kind", ["AVIF", "HEIF"])
def test_what_is_coded_counts_not_what_is_said(kind, monkeypatch):
    content = bombs.said_to_be_small(photos.encoded(photos.scene(640, 480), kind), 640, 480)
    found = files.examine(content)
    assert (found.width, found.height) == (64, 64)
    assert found.memory >= 640 * 480 * 4
    monkeypatch.setattr(heif, "MAX_CODED", 640 * 480 - 1)
    with pytest.raises(PhotoError, match="50 megapixels"):
        files.examine(content)


def test_ordinary_notes_are_no_bomb():
    exif = Image.Exif()
    for tag in range(200):
        exif[40_000 + tag] = "a note " * 100
    assert open_photo(photos.encoded(photos.scene(), "WEBP", exif=exif, lossless=True)).size == (64, 48)
    assert tiff.MAX_NOTES > 100 * 1400


@pytest.mark.parametrize("number", [34_925, 6, 50_001])
def test_a_rare_compression_is_named(number):
    content = photos.encoded(photos.scene(), "TIFF", compression="tiff_lzw")
    lzw = struct.pack("<HHII", 259, 3, 1, 5)
    assert lzw in content
    with pytest.raises(PhotoError, match=f"number {number}"):
        open_photo(content.replace(lzw, struct.pack("<HHII", 259, 3, 1, number)))


def test_every_limit_is_one_that_photos_keep():
    phone = photos.encoded(photos.scene(4032, 3024), "JPEG", progressive=True)
    for content in (phone, *photos.good_files().values()):
        found = files.examine(content)
        assert found.memory < outline.MAX_MEMORY * outline.MEGA / 2
