"""A figure for a phone: columns below each other, and no title or note wider than the picture."""

from html import unescape

from app.charts.kit.stacked import LEAST, LETTER, Spec, fitting, pixels, stacked
from app.charts.kit.style import NORMAL, ON_PHONE, SMALL, room_under, wrapped

#: Pixels of a further line of a note; the share of a plot's width that a scale beside it may take.
LINE, SCALE = 15, 0.25


def for_phone(spec: Spec, *, columns: bool) -> Spec:
    """``spec``, a figure's ``to_dict``, as a phone shows it. ``columns`` says whether it is too wide as it is."""
    return with_room_for_words(fitted(stacked(spec) if columns else spec))


def with_room_for_words(spec: Spec) -> Spec:
    """Words along the lowest x axis lean where a phone has no room for them to stand level, and need more under it."""
    layout = spec["layout"]
    margin = layout["margin"]
    across = (ON_PHONE - margin["l"] - margin["r"]) * (1 - SCALE)
    under = max((room_under(words, round(across * share)) for words, share in _words_below(layout)), default=0)
    more = max(under - margin["b"], 0)
    return spec | {"layout": layout | {"margin": margin | {"b": margin["b"] + more}, "height": layout["height"] + more}}


def _words_below(layout: Spec) -> list[tuple[list[str], float]]:
    """The words along each x axis at the figure's bottom that may lean, and the share of the width that it takes."""
    found = []
    for name, axis in layout.items():
        if name.startswith("xaxis") and axis.get("autotickangles") and axis.get("ticktext") is not None:
            upright = layout.get(axis.get("anchor", "y").replace("y", "yaxis"), {})
            start, end = axis.get("domain", (0, 1))
            if upright.get("domain", (0, 1))[0] < 0.01 and axis.get("showticklabels", True):
                found.append(([unescape(word) for word in axis["ticktext"]], end - start))
    return found


def fitted(spec: Spec) -> Spec:
    """Titles of x axes and notes that begin or end at a place are set smaller where they would be cut, and in two lines
    where that does not do."""
    layout = dict(spec["layout"])
    margin = layout["margin"]
    across = ON_PHONE - margin["l"] - margin["r"]
    for name, axis in layout.items():
        if name.startswith("xaxis") and (title := axis.get("title", {})).get("text"):
            middle = margin["l"] + across * sum(axis.get("domain", (0, 1))) / 2
            layout[name] = axis | {"title": _smaller(title, 2 * min(middle, ON_PHONE - middle), NORMAL)}
    notes, lines = [], 0
    for one in layout.get("annotations", []):
        side = one.get("xanchor")
        if one.get("xref") == "paper" and side in ("left", "right") and one.get("text"):
            x = margin["l"] + across * one["x"] + one.get("xshift", 0)
            room = ON_PHONE - x if side == "left" else x
            one = _smaller(one, room, SMALL)
            if pixels([one["text"]], one["font"]["size"]) > room:
                one |= {"text": wrapped(one["text"], int(room / LEAST / LETTER))}
                lines = 1
        notes.append(one)
    if notes:
        layout["annotations"] = notes
    if lines:
        layout["margin"] = margin | {"t": margin["t"] + LINE}
        layout["height"] += LINE
    return spec | {"layout": layout}


def _smaller(text: Spec, room: float, usual: int) -> Spec:
    """A title or note in type that fits the room, in pixels."""
    return text | {"font": fitting({"size": usual} | text.get("font", {}), [text["text"]], room)}
