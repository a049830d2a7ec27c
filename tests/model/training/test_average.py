"""The mean of captioners, by the command."""

import torch
from safetensors.torch import load_file

from model.captioner import Captioner
from model.training import average
from tests.model.conftest import make_tiny_captioner


def test_every_weight_is_the_mean_of_the_captioners(tmp_path):
    folders = [tmp_path / str(seed) for seed in range(3)]
    for seed, folder in enumerate(folders):
        make_tiny_captioner(seed).save_pretrained(folder)
    assert average.main([*map(str, folders), "--out", str(tmp_path / "mean")]) == 0
    mean, *states = (Captioner.from_pretrained(folder).network.state_dict() for folder in [tmp_path / "mean", *folders])
    for name, tensor in mean.items():
        if tensor.is_floating_point():
            expected = torch.stack([state[name] for state in states]).mean(dim=0)
            torch.testing.assert_close(tensor, expected, atol=1e-3, rtol=1e-3)  # half precision on the disk


def test_what_is_the_same_everywhere_stays_bit_by_bit(tmp_path):
    captioner = make_tiny_captioner(0)
    with torch.no_grad():
        next(captioner.network.parameters()).view(-1)[0] = -0.0
    captioner.save_pretrained(tmp_path / "one")
    assert average.main([str(tmp_path / "one"), str(tmp_path / "one"), "--out", str(tmp_path / "mean")]) == 0
    one, mean = (load_file(tmp_path / name / average.WEIGHTS) for name in ("one", "mean"))
    assert all(mean[name].numpy().tobytes() == tensor.numpy().tobytes() for name, tensor in one.items())


def test_it_can_set_how_whole_captions_compare(tmp_path, capsys):
    make_tiny_captioner(0).save_pretrained(tmp_path / "one")
    asked = [str(tmp_path / "one"), "--out", str(tmp_path / "mean"), "--length-penalty"]
    assert average.main([*asked, "en=1.25"]) == 0
    before, after = (Captioner.from_pretrained(tmp_path / name).network.config for name in ("one", "mean"))
    assert after.length_penalty == before.length_penalty | {"en": 1.25}
    assert average.main([*asked, "xx=1"]) == 2 and "“xx”" in capsys.readouterr().err


def test_captioners_of_other_shapes_have_no_mean(one_language_each, tmp_path, capsys):
    assert average.main([*map(str, one_language_each), "--out", str(tmp_path / "mean")]) == 2
    assert "differ in shape" in capsys.readouterr().err
    assert not (tmp_path / "mean").exists()
