"""The photo to point at, and the class's map of it beside the network's attention."""

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from app.charts.kit.chart import Chart, chart
from app.charts.kit.heat import LEAST_TOP, colour_scale
from app.charts.kit.numbers import number
from app.charts.kit.over_photo import frame, lay_square
from app.charts.kit.style import HIGHLIGHT, LARGE, note, percent, styled
from app.i18n import _
from model.rooms.kinds import GRID
from model.traces import Box, Looks

#: Pixels: the largest height of the photo, what stands above it, and the width that it is laid out for.
HIGHEST, HEAD, PHONE, HALF = 480, 44, 350, 480


@chart
def region_picker(photo: Image.Image, chosen: int | None = None) -> Chart:
    """The photo under a grid of regions, each of which can be tapped; ``chosen``, counted row by row, is framed.

    A point has its region's number as ``customdata``.
    """
    figure = go.Figure()
    height = min(PHONE * photo.height / photo.width, HIGHEST)
    styled(figure, height=round(height), margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False, dragmode=False)
    lay_square(figure, photo, GRID)
    rows, columns = np.divmod(np.arange(GRID * GRID), GRID)
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=columns + 0.5,
        y=rows + 0.5,
        mode="markers",
        marker={"size": 40, "symbol": "square", "opacity": 0},
        customdata=np.arange(GRID * GRID),
        selected=unseen,
        unselected=unseen,
        hoverinfo="none",
    )
    for line in range(1, GRID):
        for around in ({"x0": line, "x1": line, "y0": 0, "y1": GRID}, {"y0": line, "y1": line, "x0": 0, "x1": GRID}):
            figure.add_shape(type="line", **around, line={"width": 1, "color": "rgba(255, 255, 255, 0.35)"})
    if chosen is not None:
        row, column = divmod(chosen, GRID)
        frame(figure, Box(top=row, bottom=row, left=column, right=column), HIGHLIGHT)
    figure.update_layout(hovermode="closest", hoverdistance=-1, clickmode="event+select")
    return Chart(figure, _picker_in_words(chosen))


@chart
def looks_beside(looks: Looks, photo: Image.Image) -> Chart:
    """The photo twice: coloured by the share of the class that pointed at each region, and by the network's attention.
    Each has a scale of its own up to its largest share, since people point and attention spreads."""
    figure = go.Figure()
    height = min(HALF * photo.height / photo.width, HIGHEST)
    styled(figure, height=round(height) + HEAD, margin={"l": 0, "r": 0, "t": HEAD, "b": 0}, dragmode=False)
    answers = max(int(looks.counts.sum()), 1)
    maps = ((_("the class"), looks.counts / answers), (_("the network"), looks.attention))
    hover = _("Row {row}, column {column}: {share}").format(row="%{y:.0f}", column="%{x:.0f}", share="%{z:.1%}")
    for place, (name, shares) in enumerate(maps):
        axis = str(place + 1) if place else ""
        domain = [0.51 * place, 0.51 * place + 0.49]
        figure.layout[f"xaxis{axis}"] = {"domain": domain, "anchor": f"y{axis}"}
        figure.layout[f"yaxis{axis}"] = {"anchor": f"x{axis}"}
        lay_square(figure, photo, GRID, axis)
        # The axes count edges from 0; a cell's middle is its number less a half.
        figure.add_heatmap(
            z=shares,
            x0=0.5,
            y0=0.5,
            zmin=0,
            zmax=float(max(shares.max(), LEAST_TOP / shares.size)),
            colorscale=colour_scale(0.75),
            showscale=False,
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
            hovertemplate=hover + "<extra></extra>",
        )
        figure.add_annotation(
            note(f"<b>{name}</b>", x=domain[0], y=1, xanchor="left", yanchor="bottom", yshift=8, font={"size": LARGE})
        )
    return Chart(figure, _looks_in_words(looks), wide=True)


def _picker_in_words(chosen: int | None) -> str:
    text = _("The photo in {rows} rows and {columns} columns of regions.").format(rows=GRID, columns=GRID)
    if chosen is None:
        return text
    row, column = divmod(chosen, GRID)
    return f"{text} " + _("Chosen: row {row}, column {column}.").format(row=row + 1, column=column + 1)


def _looks_in_words(looks: Looks) -> str:
    """How well both agree, against chance and against how well people agree among themselves; and the gate."""
    answers = int(looks.counts.sum())
    if not answers:
        return _("Nobody has pointed at the photo.")
    text = [_("{count} pointed.").format(count=answers)]
    if looks.agreement is not None and looks.by_chance is not None:
        rank = _(
            "Rank correlation of the class's map with the network's: {rho}; of all places to which the network's map "
            "can be shifted, {share} fit as well."
        )
        text.append(rank.format(rho=_signed(looks.agreement), share=percent(looks.by_chance)))
    if looks.halves is not None:
        among = _("Two random halves of the class agree with each other by {rho}.")
        text.append(among.format(rho=_signed(looks.halves)))
    gate = _("For “{word}” the network's gate on what it saw was {share} open.")
    text.append(gate.format(word=looks.word, share=percent(looks.gate)))
    return " ".join(text)


def _signed(value: float) -> str:
    return number(value, 2)
