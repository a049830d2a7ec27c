"""What all charts share: colours, type sizes, and how words become text in a figure.

The figures sit on a light or a dark page, so paper and plot are transparent, the grid is a grey that shows on both,
and text takes the page's own colour: no chart sets black or white.
"""

import html
import re
from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart
from app.i18n import _

# Okabe and Ito's palette for all kinds of colour vision (2008), https://jfly.uni-koeln.de/color/
BLUE = "#0072B2"
SKY = "#56B4E9"
GREEN = "#009E73"
ORANGE = "#E69F00"
VERMILLION = "#D55E00"
PINK = "#CC79A7"

#: The one thing to look at now: the current word, the winning path.
HIGHLIGHT = VERMILLION
#: All else of the same kind.
QUIET = "#7A8CA0"
GRID = "rgba(128, 128, 128, 0.25)"
CLEAR = "rgba(0, 0, 0, 0)"

#: One look per caption, for captions laid over each other: told apart by colour, dash and marker.
LOOKS = (
    (BLUE, "solid", "circle"),
    (VERMILLION, "dash", "square"),
    (GREEN, "dot", "diamond"),
    (PINK, "dashdot", "cross"),
    (ORANGE, "longdash", "x"),
    (SKY, "longdashdot", "circle-open"),
)

#: Type sizes in pixels, to be read from the back of a room.
SMALL, NORMAL, LARGE = 14, 16, 20
#: How wide a figure is on a phone, in pixels.
ON_PHONE = 358


#: What a line is broken between: Latin words with the space behind them, other characters with their punctuation; a tag
#: belongs to what it stands beside.
TAG = re.compile("<[^>]*>")
PIECES = re.compile(rf"(?:{TAG.pattern}|[!-\u2E7F])+[，。、；：？！”）]* ?| |[^ -\u2E7F][，。、；：？！”）]*")


#: Digits as exponents.
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def escape(text: str) -> str:
    """``text`` so that Plotly shows it as it is: no tags, no entities, no TeX."""
    return html.escape(text, quote=False).replace("$", "&#36;")


def shown(word: str) -> str:
    """A word as figures show it: escaped, and the end of the caption by its name."""
    return escape(word) if word else _("(end)")


def percent(share: float) -> str:
    """A share from 0 to 1 as text, with decimals where it is small: ``54%``, ``0.3%``, ``0.02%``, ``3·10⁻⁷%``."""
    if 0 < share < 0.001:
        first, e, power = f"{share * 100:.1g}".partition("e")
        return f"{first}·10⁻{power.lstrip('-0').translate(RAISED)}%" if e else f"{first}%"
    return f"{share:.1%}" if share < 0.0995 else f"{share:.0%}"


def width_of(text: str) -> int:
    """How much room ``text`` takes, in Latin letters: one for most characters, two for Chinese ones and their like."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def shortened(word: str, width: int) -> str:
    """``word``, cut with an ellipsis where it takes more room than ``width`` Latin letters."""
    if width_of(word) <= width:
        return word
    kept = word[:width]
    while width_of(kept) >= width:
        kept = kept[:-1]
    return f"{kept}…"


def wrapped(text: str, width: int) -> str:
    """``text`` in lines of at most about ``width`` Latin letters, broken at spaces, or within Chinese anywhere; lines
    that it has already stay lines."""
    if "<br>" in text:
        return "<br>".join(wrapped(line, width) for line in text.split("<br>"))
    lines = [""]
    for part in PIECES.findall(re.sub(r"[\n\r\t]", " ", text)):
        if lines[-1] and width_of(TAG.sub("", lines[-1] + part.rstrip())) > width:
            lines.append("")
        lines[-1] += part
    return "<br>".join(line.strip() for line in lines)


def styled(figure: go.Figure, *, height: int, **layout) -> go.Figure:
    """``figure`` in the house style, ``height`` pixels high and as wide as the page gives; ``layout`` is added."""
    house = {
        "height": height,
        "autosize": True,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"size": NORMAL},
        "hoverlabel": {"font": {"size": NORMAL}},
        "legend": figure.layout.legend.to_plotly_json() | {"font": {"size": NORMAL}},
        "modebar": {"bgcolor": CLEAR},
        "margin": {"l": 60, "r": 20, "t": 40, "b": 50, "pad": 0},
    }
    # ``overwrite`` sets each part at once. Without it, Plotly goes through all parts of each one by one, and takes
    # three times as long.
    own = {name: layout.pop(name) for name in house.keys() & layout.keys()}
    figure.layout.update(_joined(house, own), overwrite=True)
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        usual = {"tickfont": {"size": SMALL}, "title": {"font": {"size": NORMAL}}, "gridcolor": GRID, "zeroline": False}
        usual["title"] |= axis.title.to_plotly_json()
        axis.update(_joined(usual, layout.pop(axis.plotly_name, {})), overwrite=True)
    return figure.update_layout(**layout)


def _joined(one: Any, other: Any) -> Any:
    """Two parts of a figure as one, the other first where they disagree."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {name: _joined(one.get(name), value) for name, value in other.items()}
    return other


def room_under(words: Sequence[str], across: int = 580) -> int:
    """Pixels for words under an axis ``across`` pixels long: more where they must lean."""
    longest = max(width_of(shortened(word, 16)) for word in words) * SMALL * 0.6
    return 36 if longest < across / len(words) else round(28 + longest * 0.75)


def word_axis(figure: go.Figure, words: Sequence[str], **which) -> None:
    """Words along the lowest x axis at 0, 1, 2, ...; they lean where they have no room to stand level."""
    figure.layout.margin.b = room_under(words)
    figure.update_xaxes(
        range=[-0.5, len(words) - 0.5],
        tickvals=list(range(len(words))),
        ticktext=[escape(shortened(word, 16)) for word in words],
        autotickangles=[0, -40, -90],
        showgrid=False,
        fixedrange=True,
        automargin=False,
        **which,
    )


def inked(spec: dict[str, Any], colour: str) -> dict[str, Any]:
    """A figure's ``to_dict`` with all its text in ``colour``, the page's own: Streamlit's charts have a paler grey.

    Written straight into what is sent: for Plotly's objects the same takes a sixth of the time of the whole chart.
    """
    layout = spec["layout"]
    axes = {"xaxis", "yaxis", *(name for name in layout if name.startswith(("xaxis", "yaxis")))}
    places = [("font",), ("legend", "font"), ("coloraxis", "colorbar", "tickfont")]
    places += [("coloraxis", "colorbar", "title", "font")]
    places += [place for axis in sorted(axes) for place in ((axis, "tickfont"), (axis, "title", "font"))]
    for place in places:
        part = layout
        for name in place:
            part = part.setdefault(name, {})
        part["color"] = colour
    return spec


#: What Plotly measures in pixels, wherever in a figure it stands. ``width`` is not so for a bar, see ``_grown``.
PIXELS = {
    *("size", "width", "height", "thickness", "l", "r", "t", "b", "pad", "xpad", "ypad", "borderpad"),
    *("xshift", "yshift", "ax", "ay", "standoff", "startstandoff", "ticklen", "xgap", "ygap", "tracegroupgap"),
    *("gridwidth", "linewidth", "tickwidth", "zerolinewidth", "outlinewidth", "borderwidth", "arrowwidth"),
}
#: Parts that are measured on an axis.
ON_AXES = {"contours", "xbins", "ybins"}


def enlarged(figure: go.Figure, factor: float) -> go.Figure:
    """``figure`` with type, lines, marks, margins and height ``factor`` times as large, frames included.

    All that is measured in pixels grows alike, so that what stood beside each other still does; only the width stays
    the page's. Marks of Plotly's own that have no size in the figure, such as the slider's handle, stay as they are.
    """
    large = go.Figure(
        data=[_grown(_with_defaults(trace.to_plotly_json()), factor) for trace in figure.data],
        layout=_grown(figure.layout.to_plotly_json(), factor),
    )
    # Not by the constructor: what is in frames was checked when the figure was made.
    large.frames = [_grown(frame.to_plotly_json(), factor) for frame in figure.frames]
    return large


def _grown(part: Any, factor: float, name: str = "") -> Any:
    """``part`` of a figure, called ``name`` there, with its pixels multiplied."""
    if isinstance(part, dict):
        # A trace's own width is that of bars, on their axis; a colour bar's length may be a share of the plot's.
        kept = ON_AXES | ({"width"} if "type" in part else set())
        grown = {key: value if key in kept else _grown(value, factor, key) for key, value in part.items()}
        if part.get("lenmode") == "pixels":
            grown["len"] *= factor
        return grown
    if isinstance(part, (list, tuple)) and any(isinstance(one, dict) for one in part):
        return [_grown(one, factor, name) for one in part]
    return _times(part, factor) if name in PIXELS else part


def _times(value: Any, factor: float) -> Any:
    """A number or several, times ``factor``; nothing else is changed."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value * factor
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_times(one, factor) for one in value]
    return value


def _with_defaults(trace: dict[str, Any]) -> dict[str, Any]:
    """``trace`` with the sizes that Plotly would give its lines and marks."""
    if trace["type"].startswith("scatter"):
        mode = trace.get("mode", "lines+markers")
        if "lines" in mode:
            trace["line"] = {"width": 2} | trace.get("line", {})
        if "markers" in mode:
            trace["marker"] = {"size": 6} | trace.get("marker", {})
    return trace


def hide_axes(figure: go.Figure) -> None:
    """Take lines, ticks and labels from all axes so far."""
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)


def note(text: str, **place) -> dict:
    """A line of text without an arrow, as a layout annotation; ``text`` is already escaped where it needs to be."""
    plain = {"xref": "paper", "yref": "paper", "showarrow": False, "align": "left", "font": {"size": SMALL}}
    return plain | {"text": text} | place


def message(text: str) -> Chart:
    """A chart that only says ``text``, where a trace has nothing to draw."""
    figure = styled(go.Figure(), height=160)
    figure.add_annotation(note(text, x=0.5, y=0.5, align="center", font={"size": NORMAL}))
    hide_axes(figure)
    return Chart(figure, text)
