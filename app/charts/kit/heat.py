"""How a map of attention becomes colour over a photo: one scale for the page's figures and the exported pictures.

A veil lies over the photo, dark where the share is 0, and is lifted where the model looked; at the top it is a faint
yellow light. So on any photo, on black and on white, brighter means more: a test holds that.
"""

import numpy as np
from PIL import Image

from model.traces import CaptionTrace

#: Where on the scale, red, green, blue (0 to 255), and how opaque (0 to 1).
VEIL = (
    (0.00, 0, 0, 0, 0.88),
    (0.25, 0, 0, 0, 0.72),
    (0.50, 0, 0, 0, 0.46),
    (0.75, 58, 54, 30, 0.16),
    (1.00, 255, 248, 150, 0.28),
)

#: Colours of maps that stand alone or have two sides: they grow brighter evenly (after matplotlib's "plasma"), so that
#: all kinds of colour vision can order them, and start clear.
STOPS = (
    (0.00, 70, 3, 159, 0.00),
    (0.20, 126, 3, 168, 0.16),
    (0.45, 204, 71, 120, 0.60),
    (0.70, 248, 149, 64, 0.88),
    (1.00, 240, 249, 33, 1.00),
)

#: A smoothed map has this many points along each region's side.
FINER = 4

#: The grey that stands for a photo under a scale.
GREY = 150

#: The scale always reaches this many times an even share, so that a map that prefers nothing is not bright.
LEAST_TOP = 4
#: The share at the top of the fixed scale, the same for all photos: on it, a look that spreads wide stays dim.
FIXED_TOP = 0.2


def colour_scale(opacity: float) -> list[list]:
    """The scale for Plotly, its opacity multiplied by ``opacity`` (0 to 1)."""
    return [[at, f"rgba({r}, {g}, {b}, {alpha * opacity:.3f})"] for at, r, g, b, alpha in VEIL]


def scale_on_grey(opacity: float) -> list[list]:
    """The same as it looks over a grey photo: opaque, for a scale beside the photo on any page."""
    mixed = [(at, [(1 - a * opacity) * GREY + a * opacity * part for part in rgb]) for at, *rgb, a in VEIL]
    return [[at, "rgb({:.0f}, {:.0f}, {:.0f})".format(*rgb)] for at, rgb in mixed]


def css_scale(opacity: float) -> str:
    """The same as the ground of an element."""
    return f"linear-gradient(to right, {', '.join(f'{colour} {at:.0%}' for at, colour in colour_scale(opacity))})"


def paint(values: np.ndarray, top: float, opacity: float) -> np.ndarray:
    """The same scale for Pillow: shares (rows, columns) from 0 to ``top`` as RGBA bytes (rows, columns, 4)."""
    at, *channels = np.array(VEIL).T
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
