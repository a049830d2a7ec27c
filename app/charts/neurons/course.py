"""A quantity's course in time: what the panels of a neuron and of a unit have in common."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np


class CoursePanel(NamedTuple):
    """A panel over time, ms."""

    #: What stands above it.
    title: str
    #: Plotly traces as dicts with their ``type``; they stay while the film goes on.
    parts: list[dict[str, Any]]
    #: The y axis from bottom to top.
    between: tuple[float, float]
    #: What the film marks with dots at each moment: for each quantity its times and its values.
    marked: list[tuple[np.ndarray, np.ndarray]]

    def cursor(self, time: float) -> dict[str, list[float]]:
        """A line from the panel's floor to its ceiling at ``time``, by way of the marked values."""
        # A step's value holds until the next step.
        marks = sorted(round(at(times, values, time), 4) for times, values in self.marked)
        return {"x": [round(time, 3)] * (len(marks) + 2), "y": [self.between[0], *marks, self.between[1]]}


def at(times: np.ndarray, values: np.ndarray, time: float) -> float:
    """The value of the step into which ``time`` falls; the first or the last one outside."""
    place = int(np.searchsorted(times, time + 1e-9, side="right")) - 1
    return float(values[min(max(place, 0), len(values) - 1)])


def around(*values: np.ndarray, room: float = 0.08, least: float = 1e-6) -> tuple[float, float]:
    """An axis that holds all values, with some room below and above."""
    low, high = min(float(each.min()) for each in values), max(float(each.max()) for each in values)
    spare = max(high - low, least) * room
    return low - spare, high + spare


def thinned(times: np.ndarray, values: np.ndarray, most: int = 1600) -> tuple[np.ndarray, np.ndarray]:
    """At most about ``most`` points that look like all of them: of each stretch the lowest and the highest value, so
    that no spike is lost."""
    if len(values) <= most:
        return times.astype(np.float32), values.astype(np.float32)
    each = -(-2 * len(values) // most)
    starts = range(0, len(values), each)
    places = {0, len(values) - 1}
    for start in starts:
        part = values[start : start + each]
        places |= {start + int(part.argmin()), start + int(part.argmax())}
    kept = sorted(places)
    return times[kept].astype(np.float32), values[kept].astype(np.float32)


def line(times: np.ndarray, values: np.ndarray, colour: str, hover: str, **settings: Any) -> dict[str, Any]:
    """A line; ``hover`` is what the pointer reads, with %{x} and %{y}."""
    x, y = thinned(times, values)
    style = {"color": colour, "width": 2.5} | settings.pop("line", {})
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": style,
        "hovertemplate": hover + "<extra></extra>",
        **settings,
    }


def level(between: Sequence[float], y: float, colour: str, dash: str = "dot") -> dict[str, Any]:
    """A quiet horizontal line from one time to another."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(between),
        "y": [y, y],
        "line": {"color": colour, "width": 1.5, "dash": dash},
        "hoverinfo": "skip",
    }
