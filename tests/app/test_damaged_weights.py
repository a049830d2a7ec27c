"""Weights that are missing or damaged: every page says so in a sentence, and the others go on."""

import shutil

import pytest

from app import models


@pytest.fixture
def assets(root, tmp_path, monkeypatch):
    """A copy of the captioner's folder, to be damaged; the app reads that one."""
    shutil.copytree(root / "assets" / "captioner", tmp_path / "captioner")
    monkeypatch.setattr(models, "ASSETS", tmp_path)
    caches = models.captioner, models.siblings
    for cache in caches:
        cache.clear()
    yield tmp_path / "captioner"
    for cache in caches:
        cache.clear()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_missing_file_is_named(app, go, assets, name, lang):
    (assets / name).unlink()
    test = app(lang=lang, page="caption")
    assert not test.exception and len(test.error) == 1
    assert name.replace("_", r"\_") in test.error[0].value and str(assets.parent) not in test.error[0].value
    assert not go(test, "neurons").error


def test_a_flipped_bit_is_told(app, assets):
    file = assets / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 64
    file.write_bytes(content)
    test = app(page="caption")
    assert not test.exception and next(error.value for error in test.error).startswith("The file captioner/model")
