"""Training end to end on a handful of made-up photos: it learns, it stops and goes on, and it is repeatable."""

import pytest
import torch
from PIL import Image

from model.captioner import Captioner
from model.training import cross_entropy
from tests.model.training.conftest import COLOURS

pytestmark = pytest.mark.usefixtures("without_java")


@pytest.fixture
def data(coloured_walls):
    return coloured_walls


def train(data, out, epochs: int) -> int:
    options = ["--epochs", str(epochs), "--batch", "4", "--min-frequency", "1", "--dropout", "0", "--seed", "3"]
    cache = str(data / "cache")
    return cross_entropy.main(["--data", str(data), "--out", str(out), "--cache", cache, "--patience", "99", *options])


def test_it_learns_what_it_is_shown(data, tmp_path):
    train(data, tmp_path, epochs=25)
    captioner = Captioner.from_pretrained(tmp_path)
    assert captioner.languages == ("en",)
    for colour, code in COLOURS.items():
        assert colour in captioner.caption(Image.new("RGB", (70, 64), code)).words


def test_a_stopped_run_goes_on_and_ends_as_if_never_stopped(data, tmp_path, monkeypatch):
    train(data, tmp_path / "whole", epochs=3)

    validate = cross_entropy.CaptionTrainer.evaluate
    times = []

    def stopped(*args, **kwargs):
        times.append(1)
        if len(times) == 3:
            raise KeyboardInterrupt
        return validate(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(cross_entropy.CaptionTrainer, "evaluate", stopped)
        assert train(data, tmp_path / "parts", epochs=3) == 130
    assert not (tmp_path / "parts" / "model.safetensors").exists()
    torch.rand(5)
    train(data, tmp_path / "parts", epochs=3)
    whole, parts = (Captioner.from_pretrained(tmp_path / name).network.state_dict() for name in ("whole", "parts"))
    for name in whole:
        assert torch.equal(whole[name], parts[name]), name


def test_without_photos_to_validate_on_it_says_so(data, tmp_path, capsys):
    (data / "val.txt").rename(data / "val.moved")
    try:
        assert train(data, tmp_path, epochs=1) == 2
        assert "val.txt" in capsys.readouterr().err
    finally:
        (data / "val.moved").rename(data / "val.txt")
