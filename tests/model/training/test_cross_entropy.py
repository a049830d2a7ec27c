"""Training end to end on a handful of made-up photos: it learns, it stops and goes on, and it is repeatable."""

import json
from pathlib import Path

import pytest
import torch
from PIL import Image
from transformers import TrainerState

from model.captioner import Captioner
from model.training import cross_entropy
from model.training.average import checkpoints_in, last_checkpoint
from tests.model.training.conftest import COLOURS

pytestmark = pytest.mark.usefixtures("without_java")


@pytest.fixture
def data(coloured_walls):
    return coloured_walls


def train(data, out, epochs: int) -> int:
    options = [
        "--epochs",
        str(epochs),
        "--batch",
        "4",
        "--min-frequency",
        "1",
        "--dropout",
        "0",
        "--seed",
        "3",
        "--threads",
        "1",
    ]
    cache = str(data / "cache")
    return cross_entropy.main(["--data", str(data), "--out", str(out), "--cache", cache, "--patience", "99", *options])


@pytest.fixture(scope="module")
def whole(coloured_walls, without_java, tmp_path_factory):
    """The weights after three epochs in one go."""
    folder = tmp_path_factory.mktemp("whole")
    train(coloured_walls, folder, epochs=3)
    return Captioner.from_pretrained(folder).network.state_dict()


def assert_same_weights(folder, whole) -> None:
    for name, tensor in Captioner.from_pretrained(folder).network.state_dict().items():
        assert torch.equal(tensor, whole[name]), name


def test_it_learns_what_it_is_shown(data, tmp_path):
    train(data, tmp_path, epochs=25)
    captioner = Captioner.from_pretrained(tmp_path)
    assert captioner.languages == ("en",)
    for colour, code in COLOURS.items():
        assert colour in captioner.caption(Image.new("RGB", (70, 64), code)).words


def test_a_stopped_run_goes_on_and_ends_as_if_never_stopped(data, whole, tmp_path, monkeypatch):
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
    assert_same_weights(tmp_path / "parts", whole)


@pytest.mark.parametrize("where", ["weights", "optimizer", "random numbers", "state"])
def test_a_run_that_ends_while_it_writes_a_checkpoint_goes_on_from_the_one_before(
    data, whole, tmp_path, monkeypatch, where
):
    trainer = cross_entropy.CaptionTrainer
    writes = {
        "weights": (trainer, "save_model"),
        "optimizer": (trainer, "_save_optimizer_and_scheduler"),
        "random numbers": (trainer, "_save_rng_state"),
        "state": (TrainerState, "save_to_json"),
    }
    home, name = writes[where]
    write, times = getattr(home, name), []

    def disk_full(*args, **kwargs):
        times.append(1)
        if len(times) >= (5 if where == "state" else 3):  # the state is written twice for each checkpoint
            raise OSError(28, "No space left on device")
        return write(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(home, name, disk_full)
        assert train(data, tmp_path / "parts", epochs=3) == 2
    kept = [int(folder.name.split("-")[1]) for folder in checkpoints_in(tmp_path / "parts")]
    assert len(kept) == 2 and Path(last_checkpoint(tmp_path / "parts")).name == f"checkpoint-{kept[1]}"

    # One that an older version of this program left half-written is not gone on from, either.
    torn = tmp_path / "parts" / "checkpoints" / f"checkpoint-{kept[1] * 3 // 2}"
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"half of it")
    assert Path(last_checkpoint(tmp_path / "parts")).name == f"checkpoint-{kept[1]}"
    train(data, tmp_path / "parts", epochs=3)
    assert_same_weights(tmp_path / "parts", whole)
    assert not list((tmp_path / "parts" / "checkpoints" / "unfinished").glob("*"))
    best = json.loads(Path(last_checkpoint(tmp_path / "parts"), "trainer_state.json").read_text())[
        "best_model_checkpoint"
    ]
    assert "unfinished" not in best and Path(best).is_dir()


def test_without_photos_to_validate_on_it_says_so(data, tmp_path, capsys):
    (data / "val.txt").rename(data / "val.moved")
    try:
        assert train(data, tmp_path, epochs=1) == 2
        assert "val.txt" in capsys.readouterr().err
    finally:
        (data / "val.moved").rename(data / "val.txt")
