"""Where the words beside a path's points stand, so that none lies on another, on the path, or out of the picture."""

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
#: So many type sizes of line cross a label that one line passes through.
CROSSING = 1.6


class Path(NamedTuple):
    """Points of a path, each with what is written beside it."""

    x: np.ndarray
    y: np.ndarray
    texts: Sequence[str]


def labels(
    paths: Sequence[Path], *, across: float, down: float, size: float, equal: bool = False
) -> list[tuple[list[str], list[str]]]:
    """For each path its texts, and Plotly's ``textposition`` of each, in a plot ``across`` by ``down`` pixels.

    One after another, a path's last first, each label takes the side where it lies least on other labels and out of
    the plot, then on the fewest points, then on the least of the paths' lines. One that would hide another, a point, or
    more of the lines than a crossing, wherever it stood, is left out, but for a path's last: the pointer shows it.
    ``equal`` says that both axes have one scale.
    """
    points = np.concatenate([np.column_stack([path.x, path.y]) for path in paths]).astype(float)
    span = np.maximum(np.ptp(points, axis=0), 1e-9)
    scale = np.array([across, down]) * (1 - FREE) / span
    if equal:
        scale[:] = scale.min()
    pixels = (points - points.min(axis=0)) * scale
    middle, sides_of_plot = (pixels.min(axis=0) + pixels.max(axis=0)) / 2, np.array([across, down])
    plot = np.concatenate([middle - sides_of_plot / 2, middle + sides_of_plot / 2])
    last = np.cumsum([len(path.x) for path in paths])[:-1] - 1
    lines = np.delete(np.stack([pixels[:-1], pixels[1:]], axis=1), last, axis=0)  # none from one path to the next
    drawn = _Drawn(plot, pixels, lines)
    taken: list[np.ndarray] = []
    placed, first = [], 0
    for path in paths:
        texts, sides = [""] * len(path.texts), [""] * len(path.texts)
        # Where a path ends is to be read first.
        for place in (len(texts) - 1, *range(len(texts) - 1)):
            text = path.texts[place]
            sides[place], box = _best(pixels[first + place], text, size, taken, drawn)
            hides = bool(_points_in(box, drawn.points)) or _crossed(box, drawn.lines) > CROSSING * size
            if text and not any(_overlap(box, other) for other in taken) and (place == len(texts) - 1 or not hides):
                taken.append(box)
                texts[place] = text
        first += len(texts)
        placed.append((texts, sides))
    return placed


class _Drawn(NamedTuple):
    """What is in the picture already, in pixels: the plot's box, all points (N, 2), all lines (M, 2, 2)."""

    plot: np.ndarray
    points: np.ndarray
    lines: np.ndarray


def _best(point: np.ndarray, text: str, size: float, taken: list[np.ndarray], drawn: _Drawn):
    """The side with the least in the way, and the label's box there: left, bottom, right, top."""

    def cost(side: str) -> tuple[int, int, int]:
        box = _box(point, text, size, *SIDES[side])
        covered = sum(_overlap(box, other) for other in taken)
        outside = float(np.prod(box[2:] - box[:2])) - _overlap(box, drawn.plot)
        return round(covered + outside), _points_in(box, drawn.points), round(_crossed(box, drawn.lines))

    side = min(SIDES, key=cost)
    return side, _box(point, text, size, *SIDES[side])


def _points_in(box: np.ndarray, points: np.ndarray) -> int:
    return int(((points > box[:2]) & (points < box[2:])).all(axis=1).sum())


def _crossed(box: np.ndarray, lines: np.ndarray) -> float:
    """How many pixels of the lines are in the box (Liang and Barsky 1984)."""
    start, way = lines[:, 0], lines[:, 1] - lines[:, 0]
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    into, out = (box[:2] - start) / way, (box[2:] - start) / way
    first = np.maximum(np.minimum(into, out).max(axis=1), 0)
    last = np.minimum(np.maximum(into, out).min(axis=1), 1)
    return float((np.maximum(last - first, 0) * np.linalg.norm(way, axis=1)).sum())


def _box(point: np.ndarray, text: str, size: float, right: int, up: int) -> np.ndarray:
    wide, high = 0.56 * size * width_of(text), 1.2 * size
    left = point[0] + right * GAP + (right - 1) * wide / 2
    bottom = point[1] + up * GAP + (up - 1) * high / 2
    return np.array([left, bottom, left + wide, bottom + high])


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    """The area that two boxes share."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    return float(np.prod(np.maximum(sides, 0)))
