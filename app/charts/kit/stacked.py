"""A figure's columns below each other, for a phone: there, side by side, none of them can be read.

A figure says where things stand as shares of its plot area, from 0 to 1 across and from the bottom up ("paper" in
Plotly's words). Each column becomes a row as wide as the area, and everything moves with the column that it stands in.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.charts.kit.style import ON_PHONE, SMALL, TAG, width_of

#: More columns than these are a table of pictures, which takes another shape on a phone.
MOST = 3
#: Lines of words are set smaller to fit, down to this size.
LEAST = 11
#: How wide a Latin letter is, as a share of the type size.
LETTER = 0.52

Spec = dict[str, Any]


class Rows(NamedTuple):
    """Where each column goes."""

    #: From where to where each column reaches across the figure; the first becomes the uppermost row.
    columns: Sequence[tuple[float, float]]
    #: Pixels from the left to the right.
    width: float
    #: How high a row is, and where its bottom stands, as shares of the new area.
    height: float
    bottoms: Sequence[float]

    def of(self, x: float) -> int:
        """The column in which ``x`` lies, or which it comes after."""
        return max((k for k, (start, _end) in enumerate(self.columns) if start <= x + 1e-6), default=0)

    def across(self, x: float, row: int) -> float:
        start, end = self.columns[row]
        return (x - start) / (end - start)

    def up(self, y: float, row: int) -> float:
        return self.bottoms[row] + y * self.height

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place on the paper. What stands under the whole figure, such as a player, stays there."""
        row = self.of(x)
        return self.across(x, row), self.up(y, row) if y > 0 else y


def stacked(spec: Spec) -> Spec:
    """``spec``, a figure's ``to_dict``, with its columns as rows; itself where it has one column, or a table's."""
    layout = spec["layout"]
    columns = _columns(layout)
    if not 2 <= len(columns) <= MOST:
        return spec
    margin = layout["margin"]
    area, between = layout["height"] - margin["t"] - margin["b"], min(margin["t"] + margin["b"], 110)
    count = len(columns)
    whole = count * area + (count - 1) * between
    width = ON_PHONE - margin["l"] - margin["r"]
    rows = Rows(columns, width, area / whole, [(count - 1 - k) * (area + between) / whole for k in range(count)])
    unseen = {name for name, axis in _axes(layout) if _unseen(axis)}
    frames = [
        one
        | {"data": [_moved_trace(trace, spec["data"][k], rows, layout, unseen) for k, trace in _numbered(one)]}
        | ({"layout": _moved_layout(one["layout"], rows)} if "layout" in one else {})
        for one in spec.get("frames", [])
    ]
    moved = _moved_layout(layout, rows) | {"height": layout["height"] + round(whole - area)}
    data = [_moved_trace(trace, trace, rows, layout, unseen) for trace in spec["data"]]
    return spec | {"data": data, "layout": moved} | ({"frames": frames} if frames else {})


def _axes(layout: Spec) -> list[tuple[str, Spec]]:
    return [(name, axis) for name, axis in layout.items() if name.startswith(("xaxis", "yaxis"))]


def _unseen(axis: Spec) -> bool:
    """Whether it only carries words that lie over the whole figure."""
    return axis.get("visible") is False and tuple(axis.get("domain", (0, 1))) == (0, 1)


def _columns(layout: Spec) -> list[tuple[float, float]]:
    """The stretches across the figure that its axes take; those that overlap are one."""
    seen = [axis for name, axis in _axes(layout) if name[0] == "x" and not _unseen(axis)]
    columns: list[tuple[float, float]] = []
    for start, end in sorted(tuple(axis.get("domain", (0, 1))) for axis in seen):
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    return columns


def _moved_layout(layout: Spec, rows: Rows) -> Spec:
    moved = dict(layout)
    anchors = {}
    for name, axis in _axes(layout):
        if name[0] == "x" and "domain" in axis and not _unseen(axis):
            row = rows.of(axis["domain"][0])
            moved[name] = axis | {"domain": [min(max(rows.across(x, row), 0.0), 1.0) for x in axis["domain"]]}
            anchors[axis.get("anchor", "y")] = row
    for name, axis in _axes(layout):
        anchored = anchors.get(name.replace("axis", ""))
        if name[0] == "y" and anchored is not None:
            moved[name] = axis | {"domain": [rows.up(y, anchored) for y in axis.get("domain", (0, 1))]}
            if "matches" in axis and axis.get("showticklabels") is False:  # It stood beside the one that tells them.
                moved[name]["showticklabels"] = True
    for kind in ("annotations", "images", "shapes", "sliders", "updatemenus"):
        if kind in layout:
            moved[kind] = [_moved_part(part, rows, kind) for part in layout[kind]]
    for name, axis in layout.items():
        if name.startswith("coloraxis") and "colorbar" in axis:
            moved[name] = axis | {"colorbar": _moved_bar(axis["colorbar"], rows)}
    return moved


def _moved_part(part: Spec, rows: Rows, kind: str) -> Spec:
    if kind in ("sliders", "updatemenus"):
        return part | {"y": rows.point(0.0, part["y"])[1]} if "y" in part else part
    if part.get("xref") != "paper" or part.get("yref") != "paper":
        return part
    if kind == "shapes":
        row = rows.of(part["x0"])
        across = {end: rows.across(part[end], row) for end in ("x0", "x1")}
        return part | across | {end: rows.up(part[end], row) for end in ("y0", "y1")}
    x, y = rows.point(part["x"], part["y"])
    moved = part | {"x": x, "y": y}
    if kind == "images":
        start, end = rows.columns[rows.of(part["x"])]
        moved |= {"sizex": part["sizex"] / (end - start), "sizey": part["sizey"] * rows.height}
    return moved


def _moved_bar(bar: Spec, rows: Rows) -> Spec:
    """A colour bar, which stands to the right of its column, or lies under the whole figure."""
    if bar.get("orientation") == "h":
        return bar | {"y": bar["y"] * rows.height if bar["y"] < 0 else bar["y"]}
    row = rows.of(bar.get("x", 1.0) - 0.05)
    moved = bar | {"x": rows.across(bar.get("x", 1.0), row), "y": rows.up(bar.get("y", 0.5), row)}
    return moved | ({} if bar.get("lenmode") == "pixels" else {"len": bar.get("len", 1.0) * rows.height})


def _moved_trace(trace: Spec, whole: Spec, rows: Rows, layout: Spec, unseen: set[str]) -> Spec:
    """A trace, or what a frame says of the trace ``whole``; its points move where its axes lie over all columns."""
    if "colorbar" in trace:
        trace = trace | {"colorbar": _moved_bar(trace["colorbar"], rows)}
    names = [whole.get(f"{letter}axis", letter).replace(letter, f"{letter}axis", 1) for letter in "xy"]
    if not unseen.issuperset(names) or not {"x", "y"} <= trace.keys():
        return trace
    (x_low, x_high), (y_low, y_high) = (layout[name].get("range", (0, 1)) for name in names)
    points = [
        rows.point((x - x_low) / (x_high - x_low), (y - y_low) / (y_high - y_low))
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    font = {}
    if "right" in str(trace.get("textposition", "")) and isinstance(trace.get("text"), (list, tuple)):
        room = rows.width * (1 - min(x for x, _y in points))
        font = {"textfont": fitting(trace.get("textfont", {}), trace["text"], room)}
    return (
        trace
        | font
        | {
            "x": [x_low + x * (x_high - x_low) for x, _y in points],
            "y": [y_low + y * (y_high - y_low) for _x, y in points],
        }
    )


def pixels(texts: Sequence[str], size: float) -> float:
    """About how wide the longest line of the texts is in type of that size."""
    lines = [TAG.sub("", line) for text in texts for line in str(text).split("<br>")]
    return max(map(width_of, lines), default=0) * size * LETTER


def fitting(font: Spec, texts: Sequence[str], room: float) -> Spec:
    """The font in which the longest line of the texts is about as wide as there is room, in pixels; no smaller than
    ``LEAST``."""
    size = font.get("size", SMALL)
    taken = pixels(texts, size)
    return font | {"size": size if taken <= room else max(LEAST, round(size * room / taken, 1))}


def _numbered(frame: Spec) -> list[tuple[int, Spec]]:
    """A frame's traces, each with its number in the figure."""
    return list(zip(frame.get("traces", range(len(frame["data"]))), frame["data"], strict=True))
