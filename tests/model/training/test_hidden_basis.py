import numpy as np
import pytest

from model.captioner import Captioner
from model.training import hidden_basis
from tests.model.conftest import make_tiny_captioner
from tests.photos import scene


def test_the_basis_is_orthonormal_and_holds_the_largest_variances():
    generator = np.random.default_rng(0)
    spread = np.array([5.0, 3.0, 2.0, 0.5, 0.1])
    turn, _ = np.linalg.qr(generator.normal(size=(5, 5)))
    states = generator.normal(size=(4000, 5)) * spread @ turn + 7
    basis = hidden_basis.fit_basis(states)
    assert basis.components @ basis.components.T == pytest.approx(np.eye(3), abs=1e-5)
    assert basis.explained == pytest.approx(spread[:3] ** 2 / (spread**2).sum(), abs=0.03)
    assert abs(basis.components @ turn[:3].T) == pytest.approx(np.eye(3), abs=0.1)
    assert basis.share_of(states) == pytest.approx(basis.explained, abs=1e-4)
    assert basis.project(states).var(axis=0) == pytest.approx(spread[:3] ** 2, rel=0.1)


def test_the_command_puts_the_basis_beside_the_weights(tmp_path, capsys):
    make_tiny_captioner().save_pretrained(tmp_path / "captioner")
    (tmp_path / "images").mkdir()
    for number in range(3):
        scene(64 + 16 * number).save(tmp_path / "images" / f"{number}.png")
    (tmp_path / "val.txt").write_text("0\n1\n2\n")
    images, split, captioner = (str(tmp_path / name) for name in ("images", "val.txt", "captioner"))
    assert hidden_basis.main(["--images", images, "--split", split, "--model", captioner]) == 0
    basis = Captioner.from_pretrained(tmp_path / "captioner").bases["en"]
    assert basis.components.shape == (3, 32)
    assert basis.components @ basis.components.T == pytest.approx(np.eye(3), abs=1e-5)
    assert "variance" in capsys.readouterr().out
