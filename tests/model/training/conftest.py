"""Captioned photos small enough to train on in seconds."""

import pytest
from PIL import Image

from model.training import scores

COLOURS = {"red": "#d02020", "green": "#20a020", "blue": "#2030d0", "yellow": "#e0d020"}
CHINESE = {"red": "红", "green": "绿", "blue": "蓝", "yellow": "黄"}


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


@pytest.fixture
def without_java(monkeypatch):
    """Plain tokens do for training's own validation, and Java would take most of the time."""
    monkeypatch.setattr(scores, "has_java", lambda: False)
