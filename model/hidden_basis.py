"""The view onto hidden states: fitted to many of them, and kept in a file beside a network's weights."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch

from model import checks
from model.errors import SettingError
from model.traces import HiddenBasis
from model.weights import damaged, load_weights, save_weights

#: What the file is called.
BASIS_FILE = "hidden_basis.safetensors"


def fit_basis(hidden: Sequence[np.ndarray], axes: int = 2) -> HiddenBasis:
    """The view that shows most of these states' variance: their principal axes (PCA).

    An axis has no sign of its own; each is turned so that its largest weight is positive, and stays so.

    Args:
        hidden: states (T, H) of one or many sequences, or of one sequence at many snapshots: they share the view.
        axes: how many, K. Where there are no more units than that, the axes are the units themselves, around zero.
    """
    checks.whole("axes", axes, 1, 1000)
    parts = [checks.array("hidden", part) for part in checks.list_of("hidden", hidden, object, "arrays", 10**7)]
    if not parts or any(part.ndim != 2 or part.shape[1:] != parts[0].shape[1:] or not part.size for part in parts):
        raise SettingError("There are no hidden states of one shape (T, H). Please give at least one array of them.")
    states = np.concatenate(parts)
    units = states.shape[1]
    if not np.isfinite(states).all() or len(states) * units**2 > 1e12:
        raise SettingError("The hidden states are not finite, or too many. Please give others.")
    centred = states - states.mean(axis=0)
    scatter = centred.T @ centred  # (H, H)
    if units <= axes:
        mean, components, held = np.zeros(units), np.eye(units), scatter.diagonal()
    else:
        sizes, columns = np.linalg.eigh(scatter)  # smallest first
        mean, components, held = states.mean(axis=0), columns.T[: -axes - 1 : -1], sizes[: -axes - 1 : -1]
        largest = np.abs(components).argmax(axis=1)
        components = components * np.sign(components[np.arange(axes), largest])[:, None]
    total = scatter.trace()
    return HiddenBasis(mean, components, held / total if total else np.zeros(len(components)))


def save_basis(basis: HiddenBasis, folder: Path, digest: str = "") -> None:
    """Write it into a folder, in single precision, with the digest of the weights whose states it was fitted to."""
    arrays = {name: torch.tensor(np.ascontiguousarray(array, np.float32)) for name, array in vars(basis).items()}
    save_weights(arrays, folder / BASIS_FILE, {"captioner_digest": digest} if digest else None)


def load_basis(folder: Path) -> HiddenBasis:
    """What ``save_basis`` wrote.

    Raises:
        MissingFileError: when there is none in the folder.
        WeightsError: when it is damaged.
    """
    arrays = {name: tensor.numpy() for name, tensor in load_weights(folder / BASIS_FILE).items()}
    if set(arrays) != {field.name for field in fields(HiddenBasis)}:
        raise damaged(folder / BASIS_FILE)
    return HiddenBasis(**arrays)
