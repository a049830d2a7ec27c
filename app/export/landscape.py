"""A landscape and fixed points as tables (CSV) and as JSON. A complex number is a pair, its real part first."""

from collections.abc import Sequence
from typing import Any

from app.export.files import csv_table, json_file, plain
from model.traces import FixedPoint, LandscapeTrace


def points_csv(points: Sequence[FixedPoint]) -> bytes:
    """A row a point: kind, speed, state, and its eigenvalues' real and imaginary parts."""
    size = len(points[0].state) if points else 0
    head = ["kind", "speed", *(f"state_{k}" for k in range(size))]
    head += [f"eigenvalue_{k}_{part}" for k in range(size) for part in ("real", "imaginary")]
    rows = (
        [
            *(point.kind, point.speed, *point.state.tolist()),
            *(part for value in point.eigenvalues.tolist() for part in (value.real, value.imag)),
        ]
        for point in points
    )
    return csv_table(head, rows)


def points_json(points: Sequence[FixedPoint]) -> bytes:
    """All points with all their numbers."""
    return json_file("afterimage fixed points", {"points": [_point(point) for point in points]})


def landscape_csv(trace: LandscapeTrace) -> bytes:
    """A row a place of the field: both variables, and what becomes of them."""
    head = ["x", "y", "change_x", "change_y"]
    rows = (
        [x, y, *trace.change[row, column].tolist()]
        for row, y in enumerate(trace.y.tolist())
        for column, x in enumerate(trace.x.tolist())
    )
    return csv_table(head, rows)


def landscape_json(trace: LandscapeTrace) -> bytes:
    """The field, the points, the fall and the path."""
    named = ("x", "y", "change", "fall", "path", "symbols")
    content = {name: plain(getattr(trace, name)) for name in named}
    return json_file("afterimage landscape", content | {"points": [_point(point) for point in trace.points]})


def _point(point: FixedPoint) -> dict[str, Any]:
    pairs = [[value.real, value.imag] for value in point.eigenvalues.tolist()]
    return {"kind": point.kind, "speed": point.speed, "state": point.state.tolist(), "eigenvalues": plain(pairs)}
