"""What a chart gives: its figure, and in words what the figure shows; and the list of all charts.

A chart is a public function of ``app.charts`` that draws a trace::

    @chart
    def search_tree(trace: CaptionTrace) -> Chart:
        ...
        return Chart(figure, _in_words(trace), wide=True)

Pages draw it by ``app.ui.drawing.draw``. That it can be read by everybody (type, colours, both languages, its words)
is tested for all charts of the list, each with examples of what its parameters are annotated with.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import plotly.graph_objects as go


class Chart(NamedTuple):
    """A picture of a trace that Plotly draws."""

    figure: go.Figure
    #: What it shows, in sentences: its alternative text.
    words: str
    #: Whether it cannot be read in a narrow window: it keeps its own width there and scrolls in its place. On a phone
    #: nothing scrolls: columns stand below each other (``kit.stacked``), and a chart without them has a shape of its
    #: own for a phone, for which it takes ``narrow``.
    wide: bool = False


class Markup(NamedTuple):
    """A picture of a trace that the browser draws from HTML, in which all that was typed is escaped."""

    html: str
    #: What it shows, in sentences.
    words: str


#: All charts of the modules that were imported, in the order of their definition.
CHARTS: list[Callable[..., Chart | Markup]] = []

Drawn = TypeVar("Drawn", bound=Callable[..., Chart | Markup])


def chart(function: Drawn) -> Drawn:
    """Put a chart on the list."""
    CHARTS.append(function)
    return function
