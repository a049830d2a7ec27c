"""Saliency beside attention: one word, the same photo, two accounts of what in it mattered."""

import math

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from app.charts.kit.chart import Chart, chart
from app.charts.kit.heat import LEAST_TOP, STOPS
from app.charts.kit.numbers import number
from app.charts.kit.over_photo import lay_square
from app.charts.kit.style import NORMAL, SMALL, note, percent, styled
from app.i18n import _
from model.traces import SaliencyControl, SaliencyTrace

#: Against the word: from clear to opaque, in a blue-green that none of the house's colours for attention has.
AGAINST = ((0.20, 0, 90, 140, 0.16), (0.45, 0, 140, 170, 0.60), (0.70, 20, 190, 200, 0.88), (1.00, 120, 245, 230, 1.00))
#: How opaque the strongest colour is.
OPACITY = 0.85
#: The fine map has this many squares along a side: single pixels flicker too much to be read.
FINE = 52
# In pixels: the width of a page, the line above the maps, the scale under them, the greatest height of a map.
WIDTH, HEAD, SCALE, HIGHEST = 950, 34, 80, 340


@chart
def beside_attention(trace: SaliencyTrace, photo: Image.Image) -> Chart:
    """Attention and saliency on the same grid, each region's share of its map, signs aside, on one colour scale; for
    integrated gradients a finer map of the pixels, too, which has the same scale's colours but its own end."""
    regions = shares(trace.regions)
    maps = [(_("Attention"), trace.attention), (_("Saliency"), regions)]
    top = float(max(trace.attention.max(), np.abs(regions).max(), LEAST_TOP / regions.size))
    if trace.method == "integrated_gradients":
        blocks = shares(_blocks(trace.pixels))
        # All but the strongest 0.5 %: a few outliers would make all else look pale.
        highest = float(np.quantile(np.abs(blocks), 0.995)) or 1.0
        maps.append((_("Saliency, in finer squares"), blocks / highest * top))
    return Chart(_maps(maps, photo, len(trace.pixels), top), _describe_beside_attention(trace), wide=True)


@chart
def beside_shuffled(trace: SaliencyTrace, control: SaliencyControl, photo: Image.Image) -> Chart:
    """The trained network's map beside those of the first shuffle of each part, on one scale, each as shares."""
    maps = [(_("Trained"), shares(trace.regions))]
    for part, of_seeds in zip(control.parts, control.regions, strict=True):
        maps.append((shuffled_names()[part], shares(of_seeds[0])))
    top = max(LEAST_TOP / trace.regions.size, *(float(np.abs(values).max()) for _title, values in maps))
    return Chart(_maps(maps, photo, len(trace.pixels), top), _describe_beside_shuffled(control), wide=True)


def _describe_beside_shuffled(control: SaliencyControl) -> str:
    """How much the maps of shuffled networks resemble the trained one's."""
    text = _("{part}: rank correlation with the trained network's map {numbers}.")
    names = shuffled_names()
    return " ".join(
        text.format(part=names[part], numbers=", ".join(number(one, 2) for one in of_seeds))
        for part, of_seeds in zip(control.parts, control.agreement.tolist(), strict=True)
    )


def passed(control: SaliencyControl) -> str:
    """What the control says of the map, in a sentence."""
    if np.isnan(control.agreement).any():
        return _("A shuffled network's map is the same everywhere: there is no order to compare.")
    most = float(np.abs(control.agreement).mean(axis=1).max())
    if most < 0.3:
        return _("Without what was learned, the map is another one: it does hang on what the network learned.")
    return _("Much of the map is there without anything learned: it tells about the photo and the method as well.")


def shuffled_names() -> dict[str, str]:
    """What a reader calls the shuffled parts."""
    return {"decoder": _("Decoder shuffled"), "all": _("Decoder and CNN shuffled")}


def _maps(maps: list[tuple[str, np.ndarray]], photo: Image.Image, size: int, top: float) -> go.Figure:
    """Maps over the photo, side by side on one scale that ends at ``top``; a third of other shape says nothing to the
    pointer."""
    count = len(maps)
    each = min(round(WIDTH / count * photo.height / photo.width), HIGHEST)
    figure = make_subplots(rows=1, cols=count, horizontal_spacing=0.02)
    styled(figure, height=HEAD + each + SCALE, margin={"l": 0, "r": 0, "t": HEAD, "b": SCALE})
    for place, (title, values) in enumerate(maps):
        axis = str(place + 1) if place else ""
        lay_square(figure, photo, size, axis)
        _add_map(figure, values, size, axis, hover=values.shape == maps[0][1].shape)
        at = {"xref": f"x{axis} domain", "yref": f"y{axis} domain", "x": 0.5, "y": 1}
        figure.add_annotation(
            note(f"<b>{title}</b>", **at, xanchor="center", yanchor="bottom", yshift=4, font={"size": NORMAL})
        )
    bar = {
        "title": {"text": _("share of the map: against the word, for it"), "side": "top", "font": {"size": SMALL}},
        "tickformat": ".0%",
        "tickfont": {"size": SMALL},
        "nticks": 7,
        "orientation": "h",
        "lenmode": "pixels",
        "len": 340,
        "thickness": 12,
        "x": 0.5,
        "xanchor": "center",
        "y": -8 / each,
        "yanchor": "top",
        "outlinewidth": 0,
    }
    return figure.update_layout(coloraxis={"cmin": -top, "cmax": top, "colorscale": two_sided(), "colorbar": bar})


def _describe_beside_attention(trace: SaliencyTrace) -> str:
    """Where each map is strongest, and how much the photo changed the word's chance."""
    looked, spoke = _strongest(trace.attention), _strongest(trace.regions)
    text = _(
        "For “{word}” the most attended region is row {row}, column {column} ({share} of the attention); the most "
        "salient is row {other_row}, column {other_column} ({other_share} of the saliency)."
    )
    if trace.regions[looked] < 0:
        text += " " + _("By saliency, the most attended region speaks against the word.")
    return text.format(
        word=trace.word,
        row=looked[0] + 1,
        column=looked[1] + 1,
        share=percent(float(trace.attention[looked])),
        other_row=spoke[0] + 1,
        other_column=spoke[1] + 1,
        other_share=percent(float(np.abs(shares(trace.regions)[spoke]))),
    )


def verdict(trace: SaliencyTrace) -> str:
    """How far the two agree, in a sentence: the rank correlation, and what to make of it."""
    if math.isnan(trace.agreement):
        return _("One of the two maps is the same everywhere: there is no order to compare.")
    if trace.agreement >= 0.6:
        text = _(
            "Rank correlation over the {regions} regions, signs aside: **{number}**. The two largely agree on where it "
            "matters; not on which way."
        )
    elif trace.agreement >= 0.3:
        text = _("Rank correlation over the {regions} regions, signs aside: **{number}**. The two agree in part.")
    elif trace.agreement > -0.3:
        text = _("Rank correlation over the {regions} regions, signs aside: **{number}**. The two hardly agree.")
    else:
        text = _(
            "Rank correlation over the {regions} regions, signs aside: **{number}**. The two contradict each other."
        )
    return text.format(regions=trace.regions.size, number=number(trace.agreement, 2))


def what_the_photo_changed(trace: SaliencyTrace) -> str:
    """How much likelier the photo made the word than the baseline did, in a sentence."""
    change = trace.log_prob - trace.baseline_log_prob
    chance, other = (percent(math.exp(log_prob)) for log_prob in (trace.log_prob, trace.baseline_log_prob))
    if abs(change) < 0.1:
        text = _(
            "After the words before it, “{word}” has a chance of {chance} with the photo and of {other} with the one "
            "it is compared with: the photo hardly matters here, and the map shows small things made large."
        )
    else:
        text = _(
            "After the words before it, “{word}” has a chance of {chance} with the photo and of {other} with the one "
            "it is compared with."
        )
    return text.format(chance=chance, other=other, word=trace.word)


def shares(values: np.ndarray) -> np.ndarray:
    """Each value over the sum of all, signs aside: what is left sums to 1 in absolute value."""
    total = np.abs(values).sum()
    return values / total if total else values


def two_sided() -> list[list]:
    """A scale from -1, against, over a clear 0 to 1, for: the house's colours for attention on the right half."""
    left = [[0.5 - at / 2, r, g, b, alpha] for at, r, g, b, alpha in reversed(AGAINST)]
    right = [[0.5 + at / 2, r, g, b, alpha] for at, r, g, b, alpha in STOPS]
    return [[at, f"rgba({r}, {g}, {b}, {alpha * OPACITY:.3f})"] for at, r, g, b, alpha in left + right]


def _add_map(figure: go.Figure, values: np.ndarray, size: int, axis: str, *, hover: bool) -> None:
    rows, columns = values.shape
    text = _("Row {row}, column {column}: {share} of the map")
    text = text.format(row="%{customdata[0]}", column="%{customdata[1]}", share="%{z:.1%}") + "<extra></extra>"
    figure.add_heatmap(
        z=values.astype(np.float32),
        x0=size / columns / 2,
        dx=size / columns,
        y0=size / rows / 2,
        dy=size / rows,
        coloraxis="coloraxis",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        customdata=np.moveaxis(np.indices(values.shape) + 1, 0, -1) if hover else None,
        hovertemplate=text if hover else None,
        hoverinfo=None if hover else "skip",
    )


def _blocks(pixels: np.ndarray) -> np.ndarray:
    """The pixels' sums over ``FINE`` by ``FINE`` squares, or fewer of one pixel each."""
    size = len(pixels)
    places = np.arange(size) * min(FINE, size) // size
    sums = np.zeros((places[-1] + 1,) * 2)
    np.add.at(sums, (places[:, None], places), pixels)
    return sums


def _strongest(values: np.ndarray) -> tuple[int, int]:
    row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
    return int(row), int(column)
