"""What the encoder sees of a photo, which of its pixels spoke for a word, and a part of it that may be hidden."""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

#: What an effective receptive field holds of the gradient's sum, unless said otherwise.
HELD = 0.95


@dataclass(frozen=True)
class FeatureMapsTrace:
    """What the C channels of one stage of the encoder answered to a photo, and the maps of the M strongest."""

    #: The stage's code, such as ``"block3"`` (``model.captioner.seeing``).
    stage: str
    #: Which channels the maps are of, from 0 to C - 1, the strongest first, (M,).
    channels: np.ndarray
    #: Their activations, (M, rows, columns).
    maps: np.ndarray
    #: Of all channels, in their own order: the standard deviation of the activation over the grid, (C,).
    strengths: np.ndarray

    @property
    def share(self) -> float:
        """What the M maps hold of all that tells places apart at this stage: of the C channels' variances' sum."""
        variances = self.strengths**2
        return float(variances[self.channels].sum() / variances.sum()) if variances.any() else 0.0


class Box(NamedTuple):
    """A rectangle of pixels, the first and the last row and column included; it may reach beyond the photo."""

    top: int
    left: int
    bottom: int
    right: int

    def clipped(self, size: int) -> "Box":
        """What of it lies on a photo of ``size`` by ``size`` pixels."""
        return Box(*(min(max(edge, 0), size - 1) for edge in self))


class PhotoPart(NamedTuple):
    """A part of a photo, its edges in per cent of the photo's width and height, from the upper left."""

    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def parse(cls, text: str) -> "PhotoPart | None":
        """``"10-40-20-60"`` (left, right, top, bottom, whole per cent); None where it names no box inside a photo."""
        edges = text.split("-")
        if len(edges) != 4 or not all(edge.isascii() and edge.isdigit() and len(edge) <= 3 for edge in edges):
            return None
        box = cls(*map(int, edges))
        return box if 0 <= box.left < box.right <= 100 and 0 <= box.top < box.bottom <= 100 else None

    def __str__(self) -> str:
        return "-".join(str(round(edge)) for edge in self)

    @property
    def share(self) -> float:
        """How much of the photo it covers, from 0 to 1."""
        return (self.right - self.left) * (self.bottom - self.top) / 1e4

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, upper, right and lower edge in a picture, as Pillow counts: every pixel that the box touches."""

        def between(low: float, high: float, size: int) -> tuple[int, int]:
            low, high = (round(edge * size / 100, 6) for edge in (low, high))
            return math.floor(low), math.ceil(high)

        (left, right), (top, bottom) = between(self.left, self.right, width), between(self.top, self.bottom, height)
        return left, top, right, bottom


@dataclass(frozen=True)
class ReceptiveFieldTrace:
    """Which of a photo's pixels one region of one of the encoder's stages depends on: at most, and in fact.

    The region's answer y is the sum of its C channels' activations. The photo has ``size`` by ``size`` pixels, as the
    encoder gets it.
    """

    #: The stage's code, its number of channels, and its grid of (rows, columns).
    stage: str
    channels: int
    grid: tuple[int, int]
    #: Which region of the grid, both from 0.
    row: int
    column: int
    #: The theoretical receptive field: no pixel outside can matter. The padding around the photo is counted.
    theoretical: Box
    #: |dy/dpixel|, summed over the three colours, (size, size): the effective receptive field on this photo.
    gradient: np.ndarray

    @property
    def cell(self) -> Box:
        """The region's own place: the photo divided evenly among the regions, as maps over the photo show them."""
        size, (rows, columns) = len(self.gradient), self.grid
        top, left = self.row * size // rows, self.column * size // columns
        return Box(top, left, (self.row + 1) * size // rows - 1, (self.column + 1) * size // columns - 1)

    @property
    def theoretical_side(self) -> int:
        """The theoretical field's width, pixels."""
        return self.theoretical.right - self.theoretical.left + 1

    def area(self, share: float = HELD) -> float:
        """The smallest part of the photo's area whose pixels hold ``share`` of the gradient's sum, from 0 to 1."""
        ranked = np.sort(self.gradient, axis=None)[::-1].cumsum(dtype=float)
        return float(np.searchsorted(ranked, share * ranked[-1]) + 1) / ranked.size if ranked[-1] else 0.0

    def effective(self, share: float = HELD) -> Box | None:
        """The smallest square around the theoretical field's centre that holds ``share`` of the gradient's sum,
        clipped to the photo; None where the gradient is 0 everywhere."""
        if not self.gradient.any():
            return None
        down, across = np.indices(self.gradient.shape)
        top, left, bottom, right = self.theoretical
        # Twice the distance from the centre, so that a centre between two pixels stays a whole number.
        distance = np.maximum(abs(2 * down - top - bottom), abs(2 * across - left - right))
        held = np.bincount(distance.ravel(), weights=self.gradient.ravel()).cumsum()
        reach = int(np.searchsorted(held, share * held[-1]))
        corner = (top + bottom - reach) // 2, (left + right - reach) // 2
        return Box(*corner, corner[0] + reach, corner[1] + reach).clipped(len(self.gradient))

    def width(self, share: float = HELD) -> float:
        """The width of that square as a part of the photo's width, from 0 to 1."""
        box = self.effective(share)
        return (box.right - box.left + 1) / len(self.gradient) if box else 0.0


@dataclass(frozen=True)
class SaliencyTrace:
    """Which of a photo's pixels spoke for one word of its caption, found from outside, beside the word's attention.

    What is explained is f(photo) = log p(word | photo, words before), in nats. ``baseline`` says what "nothing to be
    seen" is: the photo that this one is compared with, or whose pixels a hidden patch gets.
    """

    #: ``"integrated_gradients"`` of the pixels, ``"regions"`` (the same of the regions' vectors), or ``"occlusion"``.
    method: Literal["integrated_gradients", "regions", "occlusion"]
    #: ``"grey"`` or ``"blurred"``.
    baseline: Literal["grey", "blurred"]
    #: The word, and its place in the caption, from 0.
    word: str
    place: int
    #: Nats for each pixel, (size, size). Integrated gradients: summed over the colours, what the pixel adds to f; of
    #: regions: what the region adds that this pixel is in.
    #: Occlusion: what f loses when the patch that this pixel is in is hidden. Below 0 it spoke against the word.
    pixels: np.ndarray
    #: The same on attention's grid, (rows, columns): the region's pixels' sum; or its patch's loss.
    regions: np.ndarray
    #: The word's attention, (rows, columns), sums to 1.
    attention: np.ndarray
    #: f(photo), and f(baseline).
    log_prob: float
    baseline_log_prob: float
    #: Spearman's rank correlation of ``attention`` and |``regions``| over the regions, from -1 to 1; NaN where one of
    #: them is the same everywhere.
    agreement: float


@dataclass(frozen=True)
class SaliencyControl:
    """A saliency map's control: the same from networks whose weights were shuffled (``model.captioner.shuffled``)."""

    #: What was shuffled, P parts, and the seeds of the shuffles, S.
    parts: tuple[str, ...]
    seeds: tuple[int, ...]
    #: Their maps, as ``SaliencyTrace.regions``, (P, S, rows, columns).
    regions: np.ndarray
    #: Spearman's rank correlation of each with the trained network's map, signs aside, (P, S); NaN where one of the two
    #: is the same everywhere.
    agreement: np.ndarray
