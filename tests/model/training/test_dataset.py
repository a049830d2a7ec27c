import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from model.captioner.config import CaptionerConfig
from model.captioner.encoder import Encoder
from model.captioner.tokenizer import train_tokenizer
from model.errors import UserError
from model.training.dataset import (
    Captioned,
    CaptionedPhotos,
    collate,
    find_images,
    gather,
    read_captions,
    read_names,
)
from model.training.features import cached_features, draw_view, is_mirrored, view_of
from tests.photos import scene


@pytest.fixture
def tokenizer():
    return train_tokenizer(["a dog runs left", "a cat sits", "one two three four five six"], "en", 1)


def test_reading_captions(tmp_path):
    file = tmp_path / "captions.tsv"
    file.write_text("\ufeffa\tone dog\n\na\ttwo\u2028dogs\nb\tthree\n", encoding="utf-8")
    assert read_captions(file) == {"a": ["one dog", "two\u2028dogs"], "b": ["three"]}
    file.write_text("a\tone\nb three\n")
    with pytest.raises(UserError, match="line 2"):
        read_captions(file)


def test_reading_names(tmp_path):
    file = tmp_path / "val.txt"
    file.write_text(" a \n\nb\r\n")
    assert read_names(file) == ["a", "b"]


@pytest.mark.parametrize("read", [read_captions, read_names])
def test_what_is_no_text_is_told(tmp_path, read):
    (tmp_path / "names").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(UserError, match="UTF-8"):
        read(tmp_path / "names")


def test_finding_images_by_names_with_and_without_suffixes(tmp_path):
    for name in ("a.webp", "b.c.png", "d.jpg", "d.png"):
        (tmp_path / name).touch()
    found = find_images(tmp_path, ["d.jpg", "a", "b.c", "b.c.jpg", "a.jpg"])
    assert [file.name for file in found.values()] == ["d.jpg", "a.webp", "b.c.png", "b.c.png", "a.webp"]
    with pytest.raises(UserError, match=r"2 of 3 images are not in .*, the first of them e\."):
        find_images(tmp_path, ["a", "e", "f"])


def captioned(*captions: list[str]) -> list[Captioned]:
    return [Captioned(Path(f"{number}.png"), {"en": texts}) for number, texts in enumerate(captions)]


def test_gathering_photos_and_what_is_said_of_them(tmp_path):
    for folder, languages in ("both", ("en", "zh")), ("english", ("en",)):
        (tmp_path / folder / "images").mkdir(parents=True)
        for name in "ab":
            (tmp_path / folder / "images" / f"{name}.webp").touch()
        for lang in languages:
            (tmp_path / folder / f"captions_{lang}.tsv").write_text(f"a\t{lang} a\nb\t{lang} b\n")
    (tmp_path / "both" / "train.txt").write_text("a")
    (tmp_path / "both" / "val.txt").write_text("b")
    train, val = gather([tmp_path / "both", tmp_path / "english"], ["en", "zh"])
    assert [photo.captions for photo in train] == [{"en": ["en a"], "zh": ["zh a"]}, {"en": ["en a"]}, {"en": ["en b"]}]
    assert [(photo.file.name, photo.captions["zh"]) for photo in val] == [("b.webp", ["zh b"])]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "images").mkdir()
    for name in "ab":
        (tmp_path / "images" / f"{name}.webp").touch()
    (tmp_path / "captions_en.tsv").write_text("a.jpg\tone\nb.jpg\ttwo\n")
    (tmp_path / "val.txt").write_text("b.jpg\n")
    return tmp_path


def test_names_may_have_suffixes(folder):
    train, val = gather([folder], ["en"])
    assert [photo.file.name for photo in train] == ["a.webp", "b.webp"]
    assert [photo.captions for photo in val] == [{"en": ["two"]}]


def test_a_missing_photo_is_named(folder):
    (folder / "val.txt").write_text("b.jpg\nc.jpg\n")
    with pytest.raises(UserError, match=r"1 of 2 images are not in .*images, the first of them c\.jpg"):
        gather([folder], ["en"])


def test_each_language_needs_photos_to_validate_on(folder):
    (folder / "captions_zh.tsv").write_text("a.jpg\t一\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"No photos to validate on: .*captions_zh\.tsv"):
        gather([folder], ["en", "zh"])


def test_photos_of_which_nobody_said_anything_are_left_out(folder):
    (folder / "captions_zh.tsv").write_text("b.jpg\t二\n", encoding="utf-8")
    train, _val = gather([folder], ["zh"])
    assert [photo.file.name for photo in train] == ["b.webp"]


def test_captions_by_a_model_never_validate_and_may_be_learned_from_as_peoples(folder):
    (folder / "captions_zh.tsv").write_text("a.jpg\t一\nb.jpg\t二\n")
    (folder / "train.txt").write_text("a.jpg")
    languages, by_model = ["en", "zh"], [f"{folder.name}/zh"]
    with pytest.raises(UserError, match="captions_zh"):
        gather([folder], languages, by_model, as_people=["zh"])
    people = folder / "people"
    shutil.copytree(folder, people, ignore=shutil.ignore_patterns(people.name))
    for as_people, told in ((), {"zh"}), (["zh"], set()):
        train, val = gather([people, folder], languages, by_model, as_people)
        of_model = [photo for photo in train if photo.source == folder.name and "zh" in photo.captions]
        assert of_model and all(photo.by_model == told for photo in of_model)
        assert all("zh" not in photo.captions for photo in val if photo.source == folder.name)


def test_a_batch_starts_and_ends_each_caption_and_pads_the_rest(tokenizer):
    features = np.arange(2 * 1 * 3 * 4, dtype=np.float16).reshape(2, 1, 3, 4)
    photos = CaptionedPhotos(
        captioned(["a dog runs", "a cat"], ["one"]), {"en": tokenizer}, partial(draw_view, features)
    )
    batch = collate([photos[0], photos[1]], captions_each=3)
    assert batch["regions"].dtype == torch.float32
    assert batch["regions"][1].tolist() == features[1, 0].tolist()
    rows = {tuple(row) for row in batch["words"]["en"][0].tolist()}
    start, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    dog, cat = tokenizer("a dog runs").input_ids, tokenizer("a cat").input_ids
    assert rows == {(start, *dog, end), (start, *cat, end, 0), (0,) * 5}


def test_a_photo_without_captions_in_a_language_is_padding_there(tokenizer):
    photos = CaptionedPhotos(
        captioned(["a dog"]), {"en": tokenizer, "zh": tokenizer}, partial(draw_view, np.zeros((1, 1, 3, 4), np.float16))
    )
    batch = collate([photos[0]])
    assert batch["words"]["en"].any() and not batch["words"]["zh"].any()


def test_a_photo_with_a_side_in_its_caption_is_never_mirrored(tokenizer):
    features = np.zeros((2, 2, 1, 1), np.float16)
    features[:, 1] = 1  # the mirrored view
    photos = CaptionedPhotos(captioned(["a dog runs left"], ["a cat"]), {"en": tokenizer}, partial(draw_view, features))
    seen: dict[int, set[float]] = {0: set(), 1: set()}
    for photos.epoch in range(40):
        for place, values in seen.items():
            values.add(float(photos[place]["regions"][0, 0]))
    assert seen == {0: {0.0}, 1: {0.0, 1.0}}


def test_views():
    photo = scene(200, 100)
    assert view_of(photo, 0, 5) == photo
    assert view_of(photo, 1, 5) == ImageOps.mirror(photo)
    crop = view_of(photo, 2, 5)
    assert 0.6 * 200 * 100 < crop.width * crop.height <= 200 * 100
    assert crop == view_of(photo, 2, 5) and is_mirrored(3) and not is_mirrored(2)


def test_regions_are_computed_once_and_are_the_encoders(tmp_path, monkeypatch):
    files = []
    for number in range(3):
        files.append(tmp_path / f"{number}.png")
        scene(64 + number).save(files[-1])
    torch.manual_seed(0)
    encoder = Encoder(CaptionerConfig(backbone="tf_efficientnet_lite0", image_size=64)).eval()
    first = cached_features(encoder, files, views=2, size=64, folder=tmp_path / "cache")
    assert first.shape == (3, 2, 4, 1280)
    from model.captioner.image import to_pixels

    with torch.no_grad():
        mirrored = encoder(to_pixels(Image.open(files[2]).transpose(Image.Transpose.FLIP_LEFT_RIGHT), 64)[None])[0]
    # The cache holds what bfloat16 gives: close, not equal, and not what the photo as it is gives.
    alike = [np.corrcoef(first[2, view].astype(float).ravel(), mirrored.numpy().ravel())[0, 1] for view in (0, 1)]
    assert alike[1] > 0.99 > alike[0]

    monkeypatch.setattr(Encoder, "forward", None)
    again = cached_features(encoder, files, views=2, size=64, folder=tmp_path / "cache")
    assert np.array_equal(first, again)
    monkeypatch.undo()
    torch.nn.init.zeros_(next(encoder.parameters()))
    assert not np.array_equal(cached_features(encoder, files, views=2, size=64, folder=tmp_path / "cache"), first)
