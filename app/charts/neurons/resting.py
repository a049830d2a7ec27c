"""What holds a membrane at rest: each way through it pulls towards its own potential, as strongly as it lets pass."""

import plotly.graph_objects as go

from app.charts.kit.chart import Chart, chart
from app.charts.kit.numbers import number
from app.charts.kit.style import BLUE, GREEN, HIGHLIGHT, ORANGE, SMALL, note, percent, styled, wrapped
from app.i18n import _
from model.traces import RestingTrace

#: Pixels of a row, and around them; the widest pull, of a way that has all of the conductance.
ROW, AROUND, WIDEST = 62, 96, 26
#: On a phone: a row, and Latin letters to a line.
PHONE_ROW, LETTERS = 84, 30
#: mV: what is always seen.
LOWEST, HIGHEST = -100.0, 75.0


def names_of_ways() -> dict[str, str]:
    return {"K⁺": _("potassium K⁺"), "Na⁺": _("sodium Na⁺"), "leak": _("leak")}


@chart
def balance(trace: RestingTrace, *, narrow: bool = False) -> Chart:
    """A row for each way: a bar from the resting voltage to its potential E, as thick as its share of the conductance;
    the line is the resting voltage. In a ``narrow`` figure names take two lines."""
    figure = go.Figure()
    # On the side of the line where there is more room.
    left = trace.voltage > (LOWEST + HIGHEST) / 2
    beside = {"xanchor": "right" if left else "left", "xshift": -8 if left else 8}
    hover = _("{name}: E = {potential} mV, g = {conductance} mS/cm², current {current} µA/cm²")
    for row, (name, potential, share, conductance, current) in enumerate(
        zip(trace.names, trace.potentials, trace.shares, trace.conductances, trace.currents, strict=True)
    ):
        colour = (BLUE, ORANGE, GREEN)[row % 3]
        shown = names_of_ways()[name]
        told = hover.format(
            name=shown,
            potential=number(potential, 1),
            conductance=number(conductance, 3),
            current=number(current, 2),
        )
        figure.add_scatter(
            x=[trace.voltage, float(potential)],
            y=[row, row],
            mode="lines+markers",
            line={"color": colour, "width": 2 + WIDEST * float(share)},
            marker={"color": colour, "size": [1, 15], "symbol": "diamond"},
            hovertemplate=told + "<extra></extra>",
        )
        label = _("{name}: E = {potential} mV, {share} of the conductance").format(
            name=shown, potential=number(potential, 1), share=percent(float(share))
        )
        label = wrapped(label, LETTERS) if narrow else label
        figure.add_annotation(
            note(f"<b>{label}</b>", xref="x", x=trace.voltage, yref="y", y=row, yanchor="bottom", yshift=15, **beside)
        )
    figure.add_vline(trace.voltage, line={"color": HIGHLIGHT, "width": 3})
    figure.add_annotation(
        note(
            f"<b>V = {number(trace.voltage, 1)} mV</b>",
            xref="x",
            x=trace.voltage,
            y=1,
            yanchor="bottom",
            xanchor="center",
            font={"size": SMALL, "color": HIGHLIGHT},
        )
    )
    rows = len(trace.names)
    styled(
        figure,
        height=(PHONE_ROW if narrow else ROW) * rows + AROUND,
        margin={"l": 12, "r": 12, "t": 30, "b": 48},
        showlegend=False,
    )
    figure.update_layout(dragmode=False, hovermode="closest")
    figure.update_yaxes(visible=False, range=[rows - 0.6, -1.0 if narrow else -0.75], fixedrange=True)
    figure.update_xaxes(range=[LOWEST, HIGHEST], fixedrange=True, title={"text": _("voltage (mV)"), "standoff": 4})
    return Chart(figure, _describe_balance(trace))


def _describe_balance(trace: RestingTrace) -> str:
    """The mean in numbers: each share times its potential, and what they add up to."""
    terms = " + ".join(
        f"{share:.3f} · {_in_brackets(potential)}"
        for share, potential in zip(trace.shares, trace.potentials, strict=True)
    )
    return _("The voltage rests at the weighted mean: {terms} ≈ {voltage} mV.").format(
        terms=terms, voltage=number(trace.voltage, 1)
    )


def _in_brackets(x: float) -> str:
    return f"({number(x, 1)})" if x < 0 else number(x, 1)
