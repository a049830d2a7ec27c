"""One current, and what a model neuron and an artificial one make of it, one above the other: narrow enough for a
phone. ``app.charts.neurons.side_by_side`` shows more."""

import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import SMALL, escape, note, styled
from app.charts.neurons.unit import unit_courses, unit_in_words
from app.charts.neurons.voltage import neuron_courses, voltage_in_words
from app.i18n import _
from model.traces import NeuronTrace, UnitTrace

# Pixels: the panels, the two lines above each, the time axis.
HEIGHTS, TITLE, AXIS = (64, 170, 110), 52, 50
#: The margin for the numbers of the y axes; titles begin there.
LEFT = 56


@chart
def one_current(neuron: NeuronTrace, unit: UnitTrace, *, step: float, unit_current: str) -> Chart:
    """The current; the neuron's voltage with its spikes; the output of the unit, one step of which lasts ``step`` ms.

    ``unit_current`` says which current is x = 1.
    """
    voltage, _inside, current = neuron_courses(neuron)
    output, *_sum_and_input = unit_courses(unit, step=step, of=escape(unit_current))
    headings = (_("Into both"), _("Living neuron, a model"), _("Artificial neuron"))
    height = sum(HEIGHTS) + TITLE * len(HEIGHTS)
    figure = go.Figure()
    top = 0
    for place, (heading, course) in enumerate(zip(headings, (current, voltage, output), strict=True), start=1):
        top += TITLE
        domain = [max(0.0, 1 - (top + HEIGHTS[place - 1]) / height), 1 - top / height]
        top += HEIGHTS[place - 1]
        number = str(place) if place > 1 else ""
        figure.add_traces([part | {"xaxis": "x", "yaxis": f"y{number}"} for part in course.parts])
        axis = {"domain": domain, "range": list(course.between), "nticks": 5, "fixedrange": True}
        figure.layout[f"yaxis{number}"] = axis
        text = f"<b>{heading}</b><br>{course.title}"
        figure.add_annotation(
            note(text, x=0, y=domain[1], xanchor="left", yanchor="bottom", xshift=-LEFT + 4, yshift=3)
        )
    styled(figure, height=height + AXIS, margin={"l": LEFT, "r": 12, "t": 0, "b": AXIS, "pad": 0})
    figure.update_xaxes(
        range=[0, len(unit.output) * step],
        anchor=f"y{len(HEIGHTS)}",
        fixedrange=True,
        title={"text": _("time (ms)"), "font": {"size": SMALL}, "standoff": 2},
    )
    figure.update_layout(showlegend=False, hovermode="closest", dragmode=False)
    return Chart(figure, " ".join([voltage_in_words(neuron), unit_in_words(unit)]))
