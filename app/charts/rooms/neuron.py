"""A neuron's current, and, once the class has predicted, what it did under it: narrow enough for a phone."""

import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import SMALL, VERMILLION, note, styled
from app.charts.neurons.course import CoursePanel, around, line
from app.charts.neurons.voltage import neuron_courses, voltage_in_words
from app.i18n import _
from model.traces import NeuronTrace, Stimulated

# Pixels: the panels of the current and of the voltage, the line above each, the time axis.
CURRENT, VOLTAGE, TITLE, AXIS, LEFT = 80, 190, 34, 50, 56


@chart
def current_shown(asked: Stimulated) -> Chart:
    """The current alone, which is what the class has to go by."""
    hover = _("{time} ms: {value}").format(time="%{x:.1f}", value="%{y:.2f}")
    title = _("injected current ({unit})").format(unit=asked.unit or _("no unit"))
    course = CoursePanel(
        title,
        [line(asked.time, asked.current, VERMILLION, hover)],
        around(asked.current),
        [(asked.time, asked.current)],
    )
    return Chart(_panels([(course, CURRENT)], float(asked.time[-1])), _current_in_words(asked))


def _current_in_words(asked: Stimulated) -> str:
    """From where to where the current goes, and when it is another one than at rest."""
    low, high = (f"{value:g}".replace("-", "−") for value in (asked.current.min(), asked.current.max()))
    rest = min(asked.current[0], asked.current[-1], key=abs)
    on = asked.time[asked.current != rest]
    if not len(on):
        text = _("A current of {high} {unit} all the time, {duration} ms.")
    else:
        text = _("A current from {low} to {high} {unit}; it is on from {start} to {stop} ms, of {duration} ms.")
    start, stop = (f"{on[place]:.0f}" if len(on) else "" for place in (0, -1))
    return text.format(low=low, high=high, unit=asked.unit, duration=f"{asked.time[-1]:.0f}", start=start, stop=stop)


@chart
def answer_shown(trace: NeuronTrace) -> Chart:
    """The current, and the voltage with its spikes under it."""
    voltage, _inside, current = neuron_courses(trace)
    figure = _panels([(current, CURRENT), (voltage, VOLTAGE)], float(trace.time[-1]))
    return Chart(figure, voltage_in_words(trace))


def _panels(courses: list[tuple[CoursePanel, int]], until: float) -> go.Figure:
    height = sum(TITLE + pixels for _course, pixels in courses)
    figure, top = go.Figure(), 0
    for place, (course, pixels) in enumerate(courses, start=1):
        top += TITLE
        number = str(place) if place > 1 else ""
        figure.add_traces([part | {"xaxis": "x", "yaxis": f"y{number}"} for part in course.parts])
        domain = [max(0.0, 1 - (top + pixels) / height), 1 - top / height]
        figure.layout[f"yaxis{number}"] = {
            "domain": domain,
            "range": list(course.between),
            "nticks": 5,
            "fixedrange": True,
        }
        figure.add_annotation(
            note(course.title, x=0, y=domain[1], xanchor="left", yanchor="bottom", xshift=-LEFT + 4, yshift=3)
        )
        top += pixels
    styled(figure, height=height + AXIS, margin={"l": LEFT, "r": 12, "t": 0, "b": AXIS, "pad": 0})
    figure.update_xaxes(
        range=[0, until],
        anchor=f"y{len(courses) if len(courses) > 1 else ''}",
        fixedrange=True,
        title={"text": _("time (ms)"), "font": {"size": SMALL}, "standoff": 2},
    )
    return figure.update_layout(showlegend=False, hovermode="closest", dragmode=False)
