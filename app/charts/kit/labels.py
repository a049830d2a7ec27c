"""Where the words beside points stand, so that none lies on another."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.charts.kit.style import width_of

#: Where a label can stand, the first ones rather: horizontally and vertically, -1, 0 or 1.
SIDES = {
    "top center": (0, 1),
    "bottom center": (0, -1),
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top right": (1, 1),
    "top left": (-1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}
#: Pixels between a point's middle and its label; of a plot's side, how much Plotly leaves free of points.
GAP, FREE = 7, 0.1


class Path(NamedTuple):
    """Points of a path, each with what is written beside it."""

    x: np.ndarray
    y: np.ndarray
    texts: Sequence[str]


def labels(
    paths: Sequence[Path], *, across: float, down: float, size: float, equal: bool = False
) -> list[tuple[list[str], list[str]]]:
    """For each path its texts, and Plotly's ``textposition`` of each, in a plot ``across`` by ``down`` pixels.

    One after another, each label takes the side where it lies on the fewest labels and points. One that would lie on
    another wherever it stood is left out: the pointer shows it. ``equal`` says that both axes have one scale.
    """
    points = np.concatenate([np.column_stack([path.x, path.y]) for path in paths]).astype(float)
    span = np.maximum(np.ptp(points, axis=0), 1e-9)
    scale = np.array([across, down]) * (1 - FREE) / span
    if equal:
        scale[:] = scale.min()
    pixels = (points - points.min(axis=0)) * scale
    taken: list[np.ndarray] = []
    placed, at = [], 0
    for path in paths:
        texts, sides = [], []
        for text in path.texts:
            side, box = _best(pixels[at], text, size, taken, pixels)
            clear = not text or not any(_overlap(box, other) for other in taken)
            if text and clear:
                taken.append(box)
            texts.append(text if clear else "")
            sides.append(side)
            at += 1
        placed.append((texts, sides))
    return placed


def _best(point: np.ndarray, text: str, size: float, taken: list[np.ndarray], points: np.ndarray):
    """The side with the least in the way, and the label's box there: left, bottom, right, top."""

    def cost(side: str) -> tuple[float, int]:
        box = _box(point, text, size, *SIDES[side])
        inside = (points > box[:2]).all(axis=1) & (points < box[2:]).all(axis=1)
        return sum(_overlap(box, other) for other in taken), int(inside.sum())

    side = min(SIDES, key=cost)
    return side, _box(point, text, size, *SIDES[side])


def _box(point: np.ndarray, text: str, size: float, right: int, up: int) -> np.ndarray:
    wide, high = 0.56 * size * width_of(text), 1.2 * size
    left = point[0] + right * GAP + (right - 1) * wide / 2
    bottom = point[1] + up * GAP + (up - 1) * high / 2
    return np.array([left, bottom, left + wide, bottom + high])


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    """The area that two boxes share."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    return float(np.prod(np.maximum(sides, 0)))
