"""The pictures: scikit-learn's 1,797 handwritten digits (Alpaydin and Kaynak 1998, UCI Machine Learning Repository).

They are 8x8 pixels and fill them, so a frame of ``FARTHEST`` empty pixels is laid around each: now a digit can be
shifted so far without losing ink.
"""

from functools import cache
from typing import NamedTuple

import torch
from sklearn.datasets import load_digits
from torch import Tensor
from torch.nn.functional import pad

#: As far as a digit can be shifted, in pixels; the width of the frame.
FARTHEST = 2
#: Pixels along a picture's side, the frame included.
SIDE = 8 + 2 * FARTHEST
#: So many of the digits are for testing; nothing is learned from them.
TESTED = 500


class Digits(NamedTuple):
    """Pictures (N, SIDE, SIDE) from 0, paper, to 1, ink; and which digits they show, (N,)."""

    images: Tensor
    labels: Tensor


@cache
def digits() -> tuple[Digits, Digits]:
    """Those to learn from and those to test with: always the same, drawn once by lot. Do not change them in place."""
    loaded = load_digits()
    images = pad(torch.tensor(loaded.images, dtype=torch.float32) / 16, (FARTHEST,) * 4)
    labels = torch.tensor(loaded.target)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    learned, tested = order[:-TESTED], order[-TESTED:]
    return Digits(images[learned], labels[learned]), Digits(images[tested], labels[tested])


def shifted(images: Tensor, down: int, right: int) -> Tensor:
    """Pictures (N, SIDE, SIDE) moved by so many pixels, at most ``FARTHEST`` each way; below 0 is up, or left."""
    return images.roll((down, right), dims=(1, 2))  # What leaves at one side and enters at the other is empty frame.


def scrambled(images: Tensor, seed: int) -> Tensor:
    """Pictures (N, SIDE, SIDE) with their pixels in another order: one order for all, drawn by ``seed``."""
    order = torch.randperm(SIDE * SIDE, generator=torch.Generator().manual_seed(seed))
    return images.flatten(1)[:, order].view_as(images)
