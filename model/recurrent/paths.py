"""The path of the state: many units seen on a few axes."""

from collections.abc import Sequence

import numpy as np

from model.traces import HiddenBasis


def fit_basis(hidden: Sequence[np.ndarray], axes: int = 2) -> HiddenBasis:
    """The view that shows most of these states' variance: their principal axes (PCA).

    An axis has no sign of its own; each is turned so that its largest weight is positive, and stays so.

    Args:
        hidden: states (T, H) of one or many sequences, or of one sequence at many snapshots: they share the view.
        axes: how many, K. Where there are no more units than that, the axes are the units themselves, around zero.
    """
    states = np.concatenate(list(hidden)).astype(np.float64)
    units = states.shape[1]
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
