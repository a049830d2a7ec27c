"""Two networks that learn to read digits: how often each is right, and what both say to one digit."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.style import HIGHLIGHT, LOOKS, QUIET, note, percent, styled
from app.charts.sequence.lines import APART, Label, end_labels, labels_below
from app.i18n import _
from model.traces import DigitReading, DigitsTrace

#: The height of the curves' figure and what of it is not plot, in pixels.
HEIGHT, TOP, BOTTOM = 264, 34, 52
#: Steps that the axis has room for before there are so many.
SHORTEST = 50
#: The height of the two figures of one digit.
ROWS_HEIGHT = 320
#: The likeliest digit by guessing.
CHANCE = 0.1
DIGITS = [str(digit) for digit in range(10)]


def names() -> dict[str, str]:
    """What the networks are called."""
    return {"cnn": _("CNN"), "gru": _("GRU")}


@chart
def learning(trace: DigitsTrace, *, narrow: bool = False) -> Chart:
    """The share of test digits read rightly against the training steps, a line a network; dashed: guessing. In a
    ``narrow`` figure their names stand below."""
    axis = {"range": [0, 1.03], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"}
    figure = go.Figure()
    ends = []
    for (colour, dash, symbol), (name, shares) in zip(LOOKS, trace.accuracy.items(), strict=False):
        called = names()[name]
        text = _("{network}, step {step}: {share} right").format(network=called, step="%{x}", share="%{y:.1%}")
        figure.add_scatter(
            x=trace.steps,
            y=shares,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 8},
            hovertemplate=text + "<extra></extra>",
            showlegend=False,
        )
        ends.append(Label(f"{called} {percent(shares[-1])}", shares[-1], colour, symbol))
    ends.append(Label(_("guessing 10%"), CHANCE, QUIET, "dash"))
    figure.add_hline(CHANCE, line={"color": QUIET, "dash": "dash", "width": 2}, layer="below")
    below = APART * len(ends) + 8 if narrow else 0
    margin = {"l": 64, "r": 16 if narrow else 130, "t": TOP, "b": BOTTOM + below}
    styled(figure, height=HEIGHT + below, margin=margin, uirevision="digits")
    last = int(trace.steps[-1])
    figure.update_layout(
        xaxis={
            "title": {"text": _("training step"), "standoff": 4},
            "range": [0, max(last, SHORTEST) * 1.01],
            "showgrid": False,
        },
        yaxis=axis,
        annotations=[
            note(_("<b>test digits read rightly</b>"), x=0, y=1, xanchor="left", yanchor="bottom", yshift=6),
            *(labels_below(ends, first=BOTTOM) if narrow else end_labels(ends, axis, height=HEIGHT - TOP - BOTTOM)),
        ],
    )
    return Chart(figure, _describe_learning(trace))


def _describe_learning(trace: DigitsTrace) -> str:
    """How often each is right after how many steps."""
    text = _("After {steps} steps the CNN reads {cnn} of the test digits rightly, the GRU {gru}; guessing, 10%.")
    last = {name: percent(shares[-1]) for name, shares in trace.accuracy.items()}
    return text.format(steps=int(trace.steps[-1]), **last)


@chart
def row_by_row(reading: DigitReading) -> Chart:
    """The picture, and beside each of its rows the GRU's answer so far, a column for each digit; a ring is around
    the likeliest digit after each row. Both panels have the same rows."""
    rows = len(reading.image)
    figure = make_subplots(
        1,
        2,
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=[_("what it reads"), _("the GRU so far")],
    )
    ink = _("row {row}, column {column}: ink {ink}").format(row="%{customdata}", column="%{x}", ink="%{z:.2f}")
    numbered = np.tile(np.arange(1, rows + 1)[:, None], rows)
    paper = {"zmin": 0, "zmax": 1, "showscale": False, "xgap": 1, "ygap": 1}
    figure.add_heatmap(
        z=reading.image,
        x=numbered[:, 0],
        customdata=numbered,
        colorscale=[[0, "#FFFFFF"], [1, "#1B2733"]],
        hovertemplate=ink + "<extra></extra>",
        row=1,
        col=1,
        **paper,
    )
    share = _("after row {row}: {digit} with {share}").format(row="%{customdata}", digit="%{x}", share="%{z:.1%}")
    figure.add_heatmap(
        z=reading.gru,
        x=DIGITS,
        customdata=numbered[:, :10],
        colorscale="Cividis",
        hovertemplate=share + "<extra></extra>",
        row=1,
        col=2,
        **paper,
    )
    figure.add_scatter(
        x=[DIGITS[best] for best in reading.gru.argmax(axis=1)],
        y=list(range(rows)),
        mode="markers",
        marker={"symbol": "circle-open", "size": 11, "color": HIGHLIGHT, "line": {"width": 3}},
        hoverinfo="skip",
        row=1,
        col=2,
    )
    styled(figure, height=ROWS_HEIGHT, margin={"l": 50, "r": 10, "t": 34, "b": 40}, dragmode=False, showlegend=False)
    figure.update_yaxes(
        range=[rows - 0.5, -0.5],
        tickvals=list(range(rows)),
        ticktext=[str(row + 1) for row in range(rows)],
        showgrid=False,
        fixedrange=True,
    )
    figure.update_yaxes(title={"text": _("row"), "standoff": 4}, col=1)
    figure.update_xaxes(showgrid=False, fixedrange=True)
    figure.update_xaxes(visible=False, col=1)
    figure.update_xaxes(type="category", categoryarray=DIGITS, tickangle=0, dtick=1, col=2)
    return Chart(figure, _describe_row_by_row(reading))


def _describe_row_by_row(reading: DigitReading) -> str:
    """From which row on the GRU holds to its last answer."""
    best = reading.gru.argmax(axis=1)
    others = np.flatnonzero(best != best[-1])
    since = int(others[-1]) + 2 if len(others) else 1
    text = (
        _("The GRU says {digit} from row {row} of {rows} on, with {share} after the last.")
        if since < len(best)
        else _("The GRU says {digit} only after the last of {rows} rows, with {share}.")
    )
    return text.format(digit=best[-1], row=since, rows=len(best), share=percent(reading.gru[-1].max()))


@chart
def answers(reading: DigitReading) -> Chart:
    """How likely each network finds each digit: a pair of bars a digit."""
    figure = go.Figure()
    shares_of = {"cnn": reading.cnn, "gru": reading.gru[-1]}
    for (colour, _dash, _symbol), pattern, (name, shares) in zip(LOOKS, ("", "/"), shares_of.items(), strict=False):
        text = _("{network}: {digit} with {share}").format(network=names()[name], digit="%{x}", share="%{y:.1%}")
        figure.add_bar(
            x=DIGITS,
            y=shares,
            name=names()[name],
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate=text + "<extra></extra>",
        )
    styled(figure, height=ROWS_HEIGHT, margin={"l": 56, "r": 10, "t": 34, "b": 40}, dragmode=False)
    figure.update_layout(
        barmode="group",
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        xaxis={"type": "category", "tickangle": 0, "dtick": 1, "showgrid": False, "fixedrange": True},
        yaxis={"range": [0, 1], "tickformat": ".0%", "fixedrange": True},
    )
    return Chart(figure, _describe_answers(reading))


def _describe_answers(reading: DigitReading) -> str:
    """What is right, and what each says."""
    text = _("It is a {label}. The CNN says {cnn} ({cnn_share}), the GRU {gru} ({gru_share}).")
    return text.format(
        label=reading.label,
        **reading.said,
        cnn_share=percent(reading.cnn.max()),
        gru_share=percent(reading.gru[-1].max()),
    )
