"""Fine-tuning end to end on a handful of made-up photos, in two languages."""

import json
import shutil

import pytest
import torch
from PIL import Image

from model.captioner import Captioner
from model.captioner.config import CaptionerConfig
from model.captioner.encoder import Encoder
from model.training import fine_tune
from model.training.average import checkpoints_in, epochs_in
from model.training.dataset import Captioned
from tests.model.training.conftest import CHINESE, COLOURS
from tests.photos import scene

pytestmark = pytest.mark.usefixtures("without_java")


def run(data, start, out, epochs: int, *options: str) -> Captioner:
    folders = ["--start", *map(str, start), "--data", str(data), "--out", str(out)]
    fine_tune.main(
        [*folders, "--epochs", str(epochs), "--batch", "4", "--dropout", "0", "--seed", "3", "--threads", "1", *options]
    )
    return Captioner.from_pretrained(out)


def test_one_eye_learns_to_speak_two_languages(coloured_walls, one_language_each, tmp_path):
    captioner = run(coloured_walls, one_language_each, tmp_path, 20, "--learning-rate", "5e-3", "--averaged", "1")
    assert set(captioner.languages) == {"en", "zh"}
    for colour, code in COLOURS.items():
        photo = Image.new("RGB", (70, 64), code)
        assert colour in captioner.caption(photo).words
        assert CHINESE[colour] in captioner.caption(photo, lang="zh").words

    before = Captioner.from_pretrained(one_language_each[0]).network.encoder.state_dict()
    after = captioner.network.encoder.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert not any("running" in name for name in changed)  # batch normalisation's statistics
    assert not any(name.startswith(("cnn.conv_stem", "cnn.blocks.0", "cnn.blocks.1")) for name in changed)
    assert "cnn.conv_head.weight" in changed and any(name.startswith("cnn.blocks.2") for name in changed)


def test_photos_validate_in_the_languages_in_which_people_captioned_them(coloured_walls, one_language_each, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(coloured_walls, data)
    chinese = (data / "captions_zh.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in chinese if not line.startswith("red2\t")]
    (data / "captions_zh.tsv").write_text("".join(kept), encoding="utf-8")
    run(data, one_language_each, tmp_path / "out", 1)
    state = json.loads((checkpoints_in(tmp_path / "out")[-1] / "trainer_state.json").read_text())
    # Of four captions in English and three in Chinese.
    unique = {lang: state["log_history"][-1][f"eval_unique_{lang}_{data.name}"] for lang in ("en", "zh")}
    assert unique["en"] * 4 == pytest.approx(round(unique["en"] * 4))
    assert unique["zh"] * 3 == pytest.approx(round(unique["zh"] * 3))


def test_joining_keeps_every_decoder_as_it_was(one_language_each):
    network, tokenizers = fine_tune.joined(one_language_each)
    for folder, lang in zip(one_language_each, ("en", "zh"), strict=True):
        before = Captioner.from_pretrained(folder)
        for name, tensor in before.network.decoders[lang].state_dict().items():
            assert torch.equal(network.decoders[lang].state_dict()[name], tensor)
        assert tokenizers[lang].get_vocab() == before.tokenizers[lang].get_vocab()


def test_glances_differ_and_mirror_only_where_they_may(tmp_path):
    scene(96, 64).save(tmp_path / "a.png")
    glances = fine_tune.Glances([Captioned(tmp_path / "a.png", {})], 64, least_seen=0.7)
    glances.change = lambda image: image
    draw = torch.Generator().manual_seed(0)
    upright = [glances(0, False, draw)["pixels"] for _ in range(10)]
    assert all(torch.equal(upright[0], pixels) for pixels in upright)
    either = [glances(0, True, draw)["pixels"] for _ in range(30)]
    mirrored = next(pixels for pixels in either if not torch.equal(pixels, upright[0]))
    assert (mirrored - upright[0].flip(-1)).abs().mean() < 0.01  # but for rounding in resizing

    changed = fine_tune.Glances([Captioned(tmp_path / "a.png", {})], 64, least_seen=0.7)
    assert not torch.equal(changed(0, False, draw)["pixels"], changed(0, False, draw)["pixels"])
    alike = [changed(0, True, torch.Generator().manual_seed(5))["pixels"] for _ in range(2)]
    assert torch.equal(*alike)


def test_stochastic_depth_leaves_out_blocks_in_training_alone():
    torch.manual_seed(0)
    encoder = Encoder(CaptionerConfig(drop_path=0.5))
    pixels = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        encoder.train()
        assert not encoder.cnn.bn1.training  # its statistics stay ImageNet's
        assert not torch.equal(encoder(pixels), encoder(pixels))
        encoder.eval()
        assert torch.equal(encoder(pixels), encoder(pixels))


def test_joining_keeps_each_language_s_length_penalty(one_language_each, tmp_path):
    captioner = Captioner.from_pretrained(one_language_each[1])
    captioner.network.config.length_penalty = {"zh": 1.5}
    captioner.save_pretrained(tmp_path / "zh")
    network, _tokenizers = fine_tune.joined([one_language_each[0], tmp_path / "zh"])
    assert network.config.length_penalty == {"en": 0.6, "zh": 1.5}


def test_a_run_may_stop_before_its_schedule_ends(coloured_walls, one_language_each, tmp_path):
    run(coloured_walls, one_language_each, tmp_path, 9, "--stop-after", "2", "--averaged", "3")
    assert len(epochs_in(tmp_path)) == 2
    state = json.loads((checkpoints_in(tmp_path)[-1] / "trainer_state.json").read_text())
    assert state["epoch"] == 2 and state["num_train_epochs"] == 9
