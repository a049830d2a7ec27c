"""How a map of attention becomes colour over a photo: one scale for the page's figures and the exported pictures.

The scale starts fully transparent at 0 and grows opaque slowly, because real maps give every region a little: what
stands out is where the model looked more than elsewhere. Its colours grow brighter evenly (after matplotlib's
"plasma"), so that all kinds of colour vision can order them.
"""

import numpy as np
from PIL import Image

from model.traces import CaptionTrace

#: Where on the scale, red, green, blue (0 to 255), and how opaque (0 to 1).
STOPS = (
    (0.00, 70, 3, 159, 0.00),
    (0.20, 126, 3, 168, 0.16),
    (0.45, 204, 71, 120, 0.60),
    (0.70, 248, 149, 64, 0.88),
    (1.00, 240, 249, 33, 1.00),
)

#: A smoothed map has this many points along each region's side.
FINER = 4

#: The scale always reaches this many times an even share, so that a map that prefers nothing looks pale.
LEAST_TOP = 4
#: The share at the top of the fixed scale, the same for all photos: on it, a look that spreads wide is pale.
FIXED_TOP = 0.2


def colour_scale(opacity: float) -> list[list]:
    """The scale for Plotly, its opacity multiplied by ``opacity`` (0 to 1)."""
    return [[at, f"rgba({r}, {g}, {b}, {alpha * opacity:.3f})"] for at, r, g, b, alpha in STOPS]


def paint(values: np.ndarray, top: float, opacity: float) -> np.ndarray:
    """The same scale for Pillow: shares (rows, columns) from 0 to ``top`` as RGBA bytes (rows, columns, 4)."""
    at, *channels = np.array(STOPS).T
    red, green, blue, alpha = (np.interp(values / top, at, channel) for channel in channels)
    return np.stack([red, green, blue, alpha * opacity * 255], axis=-1).round().astype(np.uint8)


def top_of(trace: CaptionTrace, fixed: bool = False) -> float:
    """The share at the top of the scale: the caption's largest, so that all its words' maps can be compared; or, where
    it is ``fixed``, ``FIXED_TOP``, so that those of different photos can be."""
    if fixed:
        return FIXED_TOP
    regions = max(1, trace.attention.shape[1] * trace.attention.shape[2])
    return float(min(1.0, max(trace.attention.max(initial=0), LEAST_TOP / regions)))


def smoothed(attention: np.ndarray) -> np.ndarray:
    """Maps (T, rows, columns) on a grid ``FINER`` times as fine, by Pillow's bicubic resampling.

    Bicubic overshoots below 0 beside a peak; a share cannot be negative, so that is cut off.
    """
    length, rows, columns = attention.shape
    size = (columns * FINER, rows * FINER)
    finer = [np.asarray(Image.fromarray(one).resize(size, Image.Resampling.BICUBIC)) for one in attention]
    return np.array(finer, np.float32).reshape(length, rows * FINER, columns * FINER).clip(min=0)
