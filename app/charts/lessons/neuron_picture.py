"""A neuron as textbooks draw it: dendrites, cell body, axon, synapses; and the way a signal takes through it."""

import numpy as np
import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import BLUE, NORMAL, ORANGE, QUIET, SMALL, hide_axes, styled, wrapped
from app.i18n import _

HEIGHT = 250
#: On a phone: Latin letters to a line, and how much higher each name stands.
LETTERS, SHIFTS = 11, (-0.15, -0.2, 0.0, -0.3, 0.4)
#: Where dendrites end, seen from the cell body at (0, 0); the axon runs to the right.
DENDRITES = ((-2.6, 1.5), (-3.0, 0.5), (-2.9, -0.6), (-2.4, -1.5), (-1.2, 1.9), (-1.1, -1.9))
#: A dendrite's point, of 21, at which a twig leaves it.
TWIG = 12
#: Where the axon's branches end, each at a synapse.
ENDS = ((7.4, 1.3), (7.9, 0.0), (7.4, -1.3))
#: Where the axon branches.
FORK = 6.0


@chart
def neuron_picture(*, narrow: bool = False) -> Chart:
    """Dendrites at the left, the cell body, the axon to its synapses at the right, with their names; these take two
    lines in a ``narrow`` figure."""
    figure = go.Figure()
    lines = {"mode": "lines", "hoverinfo": "skip", "showlegend": False}
    for x, y in DENDRITES:
        along = np.linspace(0, 1, 21)
        bent = y * along + 0.25 * np.sin(2 * np.pi * along) * np.sign(y)
        figure.add_scatter(x=x * along, y=bent, line={"color": BLUE, "width": 5}, **lines)
        fork = x * along[TWIG], bent[TWIG]
        ends = fork[0] + 0.4 * x - 0.15, fork[1] + 0.4 * y + 0.55
        figure.add_scatter(x=(fork[0], ends[0]), y=(fork[1], ends[1]), line={"color": BLUE, "width": 3}, **lines)
    figure.add_scatter(x=[0, FORK], y=[0, 0], line={"color": QUIET, "width": 6}, **lines)
    for x, y in ENDS:
        figure.add_scatter(x=[FORK, x], y=[0, y], line={"color": QUIET, "width": 4}, **lines)
    figure.add_scatter(
        x=[0], y=[0], mode="markers", marker={"size": 64, "color": BLUE}, hoverinfo="skip", showlegend=False
    )
    synapses = np.array(ENDS)
    figure.add_scatter(
        x=synapses[:, 0],
        y=synapses[:, 1],
        mode="markers",
        marker={"size": 18, "color": ORANGE, "symbol": "diamond"},
        hoverinfo="skip",
        showlegend=False,
    )
    # A spike on its way.
    figure.add_scatter(
        x=[2.2, 2.6, 2.8, 3.0, 3.2, 3.6],
        y=[0.45, 0.45, 1.3, 0.25, 0.45, 0.45],
        line={"color": ORANGE, "width": 3},
        **lines,
    )
    names: tuple[tuple[float, float, str], ...] = (
        (-2.6, 2.85, _("dendrites: gather")),
        (1.3, -1.45, _("cell body: adds up")),
        (3.0, 1.75, _("a spike")),
        (3.6, -0.55, _("axon: carries it on")),
        (7.3, 2.1, _("synapses: pass it on")),
    )
    if narrow:
        names = tuple((x, y + shift, wrapped(name, LETTERS)) for (x, y, name), shift in zip(names, SHIFTS, strict=True))
    for x, y, name in names:
        figure.add_annotation(x=x, y=y, text=name, showarrow=False, font={"size": SMALL if narrow else NORMAL})
    styled(figure, height=HEIGHT, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False, hovermode=False)
    hide_axes(figure)
    figure.update_xaxes(range=[-4, 9.2], fixedrange=True)
    figure.update_yaxes(range=[-2.3, 3.2], fixedrange=True)
    return Chart(figure, _in_words(), wide=not narrow)


def _in_words() -> str:
    """What is drawn, from left to right."""
    return _(
        "A signal's way, from left to right: dendrites gather currents, the cell body adds them up, a spike runs down "
        "the axon, and synapses pass it on to the next neurons."
    )
