"""How numbers become text, with true minus signs."""

import numpy as np


def number(x: float, digits: int = 3) -> str:
    """A number with ``digits`` decimals, or as a power of ten where it is large: ``−0.250``, ``1.2e6``, ``∞``."""
    if np.isnan(x):
        return "NaN"
    if np.isinf(x):
        return "∞" if x > 0 else "−∞"
    return _plain(f"{x:.{digits}f}" if abs(x) < 1000 else f"{x:.1e}")


def size(x: float) -> str:
    """A number whose order of magnitude matters, with two digits: ``0.00065``, ``320``, ``4.1e-12``, ``0``."""
    if not np.isfinite(x):
        return number(x)
    return _plain(f"{float(f'{x:.2g}'):g}" if x == 0 or 1e-4 <= abs(x) < 1000 else f"{x:.1e}")


def signed(x: float, digits: int = 3) -> str:
    """A number with its sign, a plus too, and ``digits`` decimals: ``+0.250``, ``−0.250``."""
    return minus(f"{x + 0.0:+.{digits}f}")


def minus(text: str) -> str:
    """``text`` with true minus signs."""
    return text.replace("-", "−")


def _plain(written: str) -> str:
    """Python's number with true minus signs, and without an exponent's ``+`` and leading zeros."""
    mantissa, e, exponent = written.partition("e")
    if not float(mantissa):
        mantissa = mantissa.removeprefix("-")
    return minus(mantissa + (f"e{int(exponent)}" if e else ""))
