"""The view onto hidden states is that of the principal axes, and is kept in a file."""

import numpy as np
import pytest

from model.hidden_basis import fit_basis, load_basis, save_basis


def test_the_basis_is_orthonormal_and_holds_the_largest_variances():
    generator = np.random.default_rng(0)
    spread = np.array([5.0, 3.0, 2.0, 0.5, 0.1])
    turn, _ = np.linalg.qr(generator.normal(size=(5, 5)))
    states = generator.normal(size=(4000, 5)) * spread @ turn + 7
    basis = fit_basis([states], axes=3)
    assert basis.components @ basis.components.T == pytest.approx(np.eye(3), abs=1e-5)
    assert basis.explained == pytest.approx(spread[:3] ** 2 / (spread**2).sum(), abs=0.03)
    assert abs(basis.components @ turn[:3].T) == pytest.approx(np.eye(3), abs=0.1)
    assert basis.share_of(states) == pytest.approx(basis.explained, abs=1e-4)
    assert basis.project(states).var(axis=0) == pytest.approx(spread[:3] ** 2, rel=0.1)


def test_two_units_are_seen_as_they_are():
    hidden = np.random.default_rng(0).normal(size=(20, 2)) + 3
    basis = fit_basis([hidden])
    np.testing.assert_array_equal(basis.project(hidden), hidden)
    assert basis.explained.sum() == pytest.approx(1)


def test_more_units_are_seen_on_their_principal_axes():
    rng = np.random.default_rng(0)
    parts = [rng.normal(size=(30, 6)) * [1, 8, 1, 3, 1, 1] + 5 for _ in range(2)]
    basis = fit_basis(parts)
    hidden = np.concatenate(parts)
    assert basis.components.shape == (2, 6)
    np.testing.assert_allclose(basis.components @ basis.components.T, np.eye(2), atol=1e-12)
    assert np.abs(basis.components).argmax(axis=1).tolist() == [1, 3]
    np.testing.assert_allclose(basis.explained, basis.share_of(hidden))
    values = np.linalg.svd(hidden - hidden.mean(axis=0), compute_uv=False) ** 2
    np.testing.assert_allclose(basis.explained, values[:2] / values.sum())
    assert (basis.components.max(axis=1) == np.abs(basis.components).max(axis=1)).all()


def test_a_state_that_stands_still_has_a_view_too():
    for length in (1, 5):
        basis = fit_basis([np.full((length, 4), 0.3)])
        assert basis.components.shape == (2, 4)
        assert np.isfinite(basis.project(np.zeros((3, 4)))).all()
        assert basis.explained.sum() == pytest.approx(0, abs=1e-9)
    assert fit_basis([np.ones((3, 1))]).components.shape == (1, 1)


def test_what_is_saved_is_loaded_in_single_precision(tmp_path):
    basis = fit_basis([np.random.default_rng(2).normal(size=(30, 6))], axes=3)
    save_basis(basis, tmp_path)
    loaded = load_basis(tmp_path)
    for name, array in vars(basis).items():
        np.testing.assert_array_equal(getattr(loaded, name), array.astype(np.float32))
    with pytest.raises(FileNotFoundError):
        load_basis(tmp_path / "nowhere")
