import numpy as np
import pytest

from model.captioner import Captioner
from model.training import hidden_basis
from tests.model.conftest import make_tiny_captioner
from tests.photos import scene


def test_the_command_puts_the_basis_beside_the_weights(tmp_path, capsys):
    make_tiny_captioner().save_pretrained(tmp_path / "captioner")
    (tmp_path / "images").mkdir()
    for number in range(3):
        scene(64 + 16 * number).save(tmp_path / "images" / f"{number}.png")
    (tmp_path / "val.txt").write_text("0\n1.jpg\n2\n")
    images, split, captioner = (str(tmp_path / name) for name in ("images", "val.txt", "captioner"))
    assert hidden_basis.main(["--images", images, "--split", split, "--model", captioner]) == 0
    basis = Captioner.from_pretrained(tmp_path / "captioner").bases["en"]
    assert basis.components.shape == (3, 32)
    assert basis.components @ basis.components.T == pytest.approx(np.eye(3), abs=1e-5)
    assert "variance" in capsys.readouterr().out
    (tmp_path / "val.txt").write_text("0\nmissing\n")
    assert hidden_basis.main(["--images", images, "--split", split, "--model", captioner]) == 2
    assert "1 of 2 images are not in" in capsys.readouterr().err
