"""A room's photo is small and holds nothing but its pixels."""

import io

import numpy as np
from PIL import Image, PngImagePlugin

from model.captioner.gallery import samples
from model.captioner.image import open_photo
from model.rooms import for_a_room
from model.rooms.photos import STORED_SIDE
from model.rooms.teacher import MOST_PHOTO


def test_every_sample_fits_a_room_and_looks_the_same():
    for sample in samples():
        photo = sample.open().convert("RGB")
        kept = open_photo(for_a_room(photo))
        assert max(kept.size) == min(STORED_SIDE, max(photo.size))
        small = photo.resize(kept.size, Image.Resampling.LANCZOS)
        assert np.abs(np.asarray(kept, float) - np.asarray(small, float)).mean() < 8
        assert len(for_a_room(photo)) < MOST_PHOTO


def test_the_worst_photo_fits_too():
    noise = np.random.default_rng(0).integers(0, 256, (512, 512, 3), dtype=np.uint8)
    assert len(for_a_room(Image.fromarray(noise))) < MOST_PHOTO


def test_nothing_but_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "WHERE IT WAS TAKEN"
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "JPEG", exif=exif, comment=b"WHO TOOK IT", icc_profile=b"PROFILE" * 30)
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "WHO DREW IT")
    other = io.BytesIO()
    Image.new("RGBA", (64, 48), "red").save(other, "PNG", pnginfo=texts, exif=exif)
    for content in (file.getvalue(), other.getvalue()):
        photo = Image.open(io.BytesIO(content))
        assert photo.info
        kept = for_a_room(photo)
        assert not any(word in kept for word in (b"WHERE", b"WHO", b"PROFILE", b"EXIF", b"ICCP", b"XMP"))
        assert set(Image.open(io.BytesIO(kept)).info) <= {"loop", "background", "timestamp", "duration"}
