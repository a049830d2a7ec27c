"""Numbers as Plotly takes them: short, and with gaps where they are none."""

import numpy as np


def drawn(values: np.ndarray, digits: int = 4) -> list:
    """Numbers of any shape as nested lists, rounded to ``digits`` significant ones; None for NaN and ±∞."""
    values = np.asarray(values, np.float64)
    if values.ndim > 1:
        return [drawn(row, digits) for row in values]
    return [float(f"{x:.{digits}g}") if np.isfinite(x) else None for x in values.tolist()]


def in_float32(values: np.ndarray) -> np.ndarray:
    """Numbers for a heat map, which travel as bytes; NaN, a gap, for ±∞ and for what float32 cannot hold."""
    with np.errstate(over="ignore"):
        values = np.asarray(values, np.float64).astype(np.float32)
    return np.where(np.isfinite(values), values, np.float32(np.nan))
