"""Feature maps: what the strongest channels of one stage of the CNN answered at each place of the photo."""

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.heat import STOPS
from app.charts.kit.over_photo import keep_shape
from app.charts.kit.photos import data_uri
from app.charts.kit.style import NORMAL, ON_PHONE, SMALL, note, percent, styled
from app.i18n import _
from model.traces import FeatureMapsTrace

#: Maps to a row, the photo counted; on a phone.
ACROSS, NARROW = 6, 3
# In pixels: the width of a page, the line above each map, the scale under all, the greatest height of
# a map.
WIDTH, HEAD, SCALE, HIGHEST = 860, 26, 74, 150

#: The house's colours, opaque: a map stands alone here, not over the photo.
COLOURS = [[at, f"rgb({red}, {green}, {blue})"] for at, red, green, blue, _opacity in STOPS]


@chart
def feature_maps(trace: FeatureMapsTrace, photo: Image.Image, *, narrow: bool = False) -> Chart:
    """The photo, and after it the trace's maps in their order, each with its channel's number and strength.

    Each map has a scale of its own, from its least to its greatest value, in 256 levels: strengths are compared by
    their numbers, patterns by eye. A ``narrow`` figure has fewer to a row.
    """
    tiles = len(trace.channels) + 1
    across = NARROW if narrow else ACROSS
    down = -(-tiles // across)
    each = min(round((ON_PHONE if narrow else WIDTH) / across * photo.height / photo.width), HIGHEST)
    area = down * each + (down - 1) * HEAD
    figure = make_subplots(rows=down, cols=across, horizontal_spacing=0.06 / across, vertical_spacing=HEAD / area)
    styled(figure, height=HEAD + area + SCALE, margin={"l": 0, "r": 0, "t": HEAD, "b": SCALE})
    rows, columns = trace.maps.shape[1:]
    _head(figure, _("the photo"), "")
    keep_shape(figure, photo, columns, rows)
    figure.add_scatter(x=[None], y=[None], hoverinfo="skip", showlegend=False)  # axes without a trace are not drawn
    place = {"xref": "x", "yref": "y", "x": 0, "y": 0, "sizex": columns, "sizey": rows}
    figure.add_layout_image(source=data_uri(photo, 320), sizing="stretch", layer="below", **place)
    for number, (channel, one) in enumerate(zip(trace.channels, trace.maps, strict=True), start=2):
        axis = str(number)
        figure.add_heatmap(
            z=_levels(one), x0=0.5, y0=0.5, coloraxis="coloraxis", hoverinfo="skip", xaxis=f"x{axis}", yaxis=f"y{axis}"
        )
        keep_shape(figure, photo, columns, rows, axis)
        _head(
            figure,
            _("no. {channel}: {strength}").format(channel=channel, strength=_short(trace.strengths[channel])),
            axis,
        )
    for number in range(tiles + 1, down * across + 1):
        figure.layout[f"xaxis{number}"].visible = figure.layout[f"yaxis{number}"].visible = False
    bar = {
        "title": {"text": _("the channel's answer"), "side": "top", "font": {"size": SMALL}},
        "tickvals": [0, 255],
        "ticktext": [_("its least"), _("its greatest")],
        "tickfont": {"size": SMALL},
        "orientation": "h",
        "lenmode": "pixels",
        "len": 260,
        "thickness": 12,
        "x": 0.5,
        "xanchor": "center",
        "y": -8 / area,
        "yanchor": "top",
        "outlinewidth": 0,
    }
    figure.update_layout(coloraxis={"cmin": 0, "cmax": 255, "colorscale": COLOURS, "colorbar": bar})
    return Chart(figure, _describe_feature_maps(trace), wide=not narrow)


def _describe_feature_maps(trace: FeatureMapsTrace) -> str:
    """The strongest channel, and how much of the whole stage these maps are."""
    if not trace.strengths.any():
        return _("No channel tells one place of this photo from another.")
    text = _(
        "Channel {channel} differs most between the photo's places (standard deviation {strength}). These {shown} of "
        "{all} channels hold {share} of the stage's variance over places."
    )
    return text.format(
        channel=trace.channels[0],
        strength=_short(trace.strengths[trace.channels[0]]),
        shown=len(trace.channels),
        all=len(trace.strengths),
        share=percent(trace.share),
    )


def _levels(one: np.ndarray) -> np.ndarray:
    """A map as bytes, from its least value, 0, to its greatest, 255: a quarter of the size on the way."""
    reach = np.ptp(one)
    return np.round((one - one.min()) / reach * 255).astype(np.uint8) if reach else np.zeros(one.shape, np.uint8)


def _short(value: float) -> str:
    return f"{value:.1f}" if value >= 0.95 else f"{value:.2g}"


def _head(figure: go.Figure, text: str, axis: str) -> None:
    at = {"xref": f"x{axis} domain", "yref": f"y{axis} domain", "x": 0.5, "y": 1}
    figure.add_annotation(
        note(text, **at, xanchor="center", yanchor="bottom", font={"size": SMALL if axis else NORMAL})
    )
