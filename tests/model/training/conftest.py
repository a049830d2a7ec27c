"""Captioned photos small enough to train on in seconds."""

from typing import Any

import pytest
import torch
from PIL import Image

from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.encoder import load_imagenet_weights
from model.captioner.tokenizer import train_tokenizer
from model.training import scores
from model.training.dataset import gather

COLOURS = {"red": "#d02020", "green": "#20a020", "blue": "#2030d0", "yellow": "#e0d020"}
CHINESE = {"red": "红", "green": "绿", "blue": "蓝", "yellow": "黄"}


@pytest.fixture(autouse=True)
def same_threads():
    """A command chooses how many threads compute; the tests after it have as many as before."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def coloured_walls(tmp_path_factory):
    """A data folder with plain coloured photos; the captions name the colour, in English and Chinese."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "images").mkdir()
    english, chinese, names = [], [], []
    for number in range(3):
        for colour, code in COLOURS.items():
            name = f"{colour}{number}"
            Image.new("RGB", (64 + number, 64), code).save(folder / "images" / f"{name}.png")
            english += [f"{name}\ta {colour} wall\n", f"{name}\tthe wall is {colour}\n"]
            chinese += [f"{name}\t一面{CHINESE[colour]}墙\n", f"{name}\t墙是{CHINESE[colour]}的\n"]
            names.append(name)
    (folder / "captions_en.tsv").write_text("".join(english))
    (folder / "captions_zh.tsv").write_text("".join(chinese), encoding="utf-8")
    (folder / "train.txt").write_text("\n".join(names[:8]))
    (folder / "val.txt").write_text("\n".join(names[8:]))
    return folder


@pytest.fixture(scope="module")
def without_java():
    """Plain tokens do for training's own validation, and Java would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scores, "has_java", lambda: False)
        yield


@pytest.fixture(scope="session")
def one_language_each(coloured_walls, tmp_path_factory):
    """A captioner for each language: an eye that knows ImageNet, small for speed, and a decoder that knows nothing."""
    photos, _ = gather([coloured_walls], ["en", "zh"])
    folders = []
    for lang in ("en", "zh"):
        folders.append(tmp_path_factory.mktemp(lang))
        tokenizer = train_tokenizer((text for photo in photos for text in photo.captions[lang]), lang, 1)
        sizes: dict[str, Any] = {"context_size": 64, "attention_size": 32, "embedding_size": 48, "hidden_size": 64}
        torch.manual_seed(0)
        network = CaptionerModel(CaptionerConfig(image_size=64, vocabulary={lang: len(tokenizer)}, **sizes))
        load_imagenet_weights(network.encoder)
        Captioner(network, {lang: tokenizer}).save_pretrained(folders[-1])
    return folders
