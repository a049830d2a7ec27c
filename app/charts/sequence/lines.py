"""What charts of several lines share: labels beside their ends that keep apart, and a logarithmic axis."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from app.charts.kit.style import SMALL, note

#: Pixels from one label to the next.
APART = 19
#: A logarithmic axis reaches down to its largest value times this.
DEPTH = 1e-20


#: Plotly's markers as letters.
MARKS = {"circle": "●", "square": "■", "diamond": "◆", "cross": "✚", "x": "✖", "circle-open": "○", "dash": "– –"}


class Label(NamedTuple):
    """A text at the height ``y`` of an axis, already escaped, with its line's colour and marker before it."""

    text: str
    y: float
    colour: str
    symbol: str


def end_labels(labels: Sequence[Label], axis: Mapping[str, Any], *, height: float) -> list[dict[str, Any]]:
    """Labels on the right of a plot, as annotations: each as near as can be to its ``y`` on the y axis, which has the
    ``range`` and ``type`` of ``axis`` and is ``height`` pixels high. Those that would cover each other move apart."""
    low, high = axis["range"]
    at = [np.log10(max(label.y, 1e-300)) if axis.get("type") == "log" else label.y for label in labels]
    wanted = [(min(max(y, low), high) - low) / (high - low) * height for y in at]
    return [
        note(
            _marked(label),
            x=1,
            y=place / height,
            xanchor="left",
            yanchor="middle",
            xshift=6,
            font={"size": SMALL},
        )
        for label, place in zip(labels, spread(wanted, APART, height), strict=True)
    ]


def labels_below(labels: Sequence[Label], *, first: float) -> list[dict[str, Any]]:
    """The same labels below each other under a plot, for a phone: the uppermost ``first`` pixels under it."""
    return [
        note(_marked(label), x=0, y=0, xanchor="left", yanchor="top", yshift=-first - APART * k)
        for k, label in enumerate(labels)
    ]


def _marked(label: Label) -> str:
    return f'<span style="color:{label.colour}">{MARKS[label.symbol]}</span> {label.text}'


def spread(wanted: Sequence[float], apart: float, height: float) -> list[float]:
    """Places from 0 to ``height`` near those wanted, in the same order, at least ``apart`` from each other (or evenly,
    where there is no room for that)."""
    apart = min(apart, height / max(len(wanted) - 1, 1))
    order = np.argsort(wanted, kind="stable")
    places = np.array(wanted, np.float64)[order]
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + apart)
    # What ran over the top goes down, and pushes the others down.
    ceiling = height
    for k in range(len(places) - 1, -1, -1):
        places[k] = min(places[k], ceiling)
        ceiling = places[k] - apart
    back = np.empty_like(places)
    back[order] = places
    return back.tolist()


def log_range(values: np.ndarray, *, depth: float = DEPTH, least: float = 1.0) -> list[float]:
    """The range of a logarithmic axis for these values, as powers of ten, with a little room; ``least`` powers or more.
    Zeros and what is no number do not count, nor does what lies below the largest times ``depth``."""
    counted = values[np.isfinite(values) & (values > 0)]
    if not len(counted):
        return [-1.0, 1.0]
    high = float(np.log10(counted.max()))
    low = float(np.log10(max(counted.min(), counted.max() * depth)))
    middle, half = (high + low) / 2, max(high - low, least) / 2
    return [middle - 1.1 * half, middle + 1.1 * half]


def log_ticks(between: Sequence[float]) -> dict[str, Any]:
    """On a logarithmic axis, powers of ten alone where there are at least two of them, and at most about six."""
    decades = between[1] - between[0]
    return {"dtick": max(1, round(decades / 6)), "exponentformat": "power"} if decades >= 2 else {}
