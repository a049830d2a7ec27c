"""The siblings' training end to end on a handful of made-up photos."""

import pytest
import torch
from PIL import Image

from model.captioner import Captioner
from model.captioner.decoder import Decoder
from model.captioner.siblings import KINDS, configured, load_siblings, read_figures
from model.training import siblings
from tests.model.training.conftest import COLOURS

pytestmark = pytest.mark.usefixtures("without_java")


def test_siblings_learn_from_one_eye_and_are_measured(coloured_walls, one_language_each, tmp_path):
    start = one_language_each[0]
    folders = ["--captioner", str(start), "--data", str(coloured_walls), "--out", str(tmp_path)]
    settings = ["--seeds", "2", "--epochs", "25", "--batch", "4", "--learning-rate", "5e-3", "--threads", "1"]
    command = [*folders, "--cache", str(tmp_path / "features"), *settings]
    siblings.main(command)

    captioner = Captioner.from_pretrained(start)
    family = load_siblings(tmp_path / "shipped", captioner.tokenizers["en"])
    for kind, sibling in family.items():
        named = {
            colour: sibling.speaker.describe(captioner.look(Image.new("RGB", (70, 64), code))).words
            for colour, code in COLOURS.items()
        }
        assert sum(colour in words for colour, words in named.items()) >= 3, (kind, named)
        trace = sibling.speaker.describe(captioner.look(Image.new("RGB", (64, 64), "red")))
        assert trace.cell == KINDS[kind]["cell"]
        assert sibling.basis.components.shape == (3, KINDS[kind]["hidden_size"])
    figures = read_figures(tmp_path / "shipped")
    assert figures.keys() == KINDS.keys()
    assert all([one["seed"] for one in of_kind] == [0, 1] for of_kind in figures.values())
    assert figures["gru"][0]["parameters"] == family["gru"].parameters

    weights = tmp_path / "gru-0" / "decoder.safetensors"
    before = weights.stat().st_mtime_ns
    siblings.main(command)  # all is done: nothing is trained again
    assert weights.stat().st_mtime_ns == before


def test_siblings_have_about_equally_many_parameters():
    """With the shipped captioner's 3,482 words."""
    counts = {}
    for kind in KINDS:
        with torch.device("meta"):
            decoder = Decoder(configured(kind, {"en": 3482}), 3482)
        counts[kind] = sum(parameter.numel() for parameter in decoder.parameters())
    assert max(counts.values()) / min(counts.values()) < 1.01, counts
