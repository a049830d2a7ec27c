"""The path of the state: many units seen on two axes."""

from collections.abc import Sequence

import numpy as np

from model.traces import HiddenBasis


def fit_basis(hidden: Sequence[np.ndarray], axes: int = 2) -> HiddenBasis:
    """The view that shows most of these states' variance: their principal axes (PCA, by the SVD of the centred states).

    Args:
        hidden: states (T, H) of one or many sequences, or of one sequence at many snapshots: they share the view.
        axes: how many, K. Where there are no more units than that, the axes are the units themselves, around zero.
    """
    states = np.concatenate(list(hidden)).astype(np.float64)
    units = states.shape[1]
    centred = states - states.mean(axis=0)
    total = float((centred**2).sum())
    if units <= axes:
        mean, components = np.zeros(units), np.eye(units)
        held = (centred**2).sum(axis=0)
    else:
        mean = states.mean(axis=0)
        _, sizes, rows = np.linalg.svd(centred, full_matrices=False)
        components, held = rows[:axes], sizes[:axes] ** 2
    return HiddenBasis(mean, components, held / total if total else np.zeros(len(components)))
