"""Hide and see: the photo to mark a box on, one word's attention with and without it, and what hiding it cost."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from app.charts.caption.captions import told_apart
from app.charts.kit.chart import Chart, chart
from app.charts.kit.heat import colour_scale, top_of
from app.charts.kit.maps import add_map, add_scale, lay_photo
from app.charts.kit.photos import data_uri
from app.charts.kit.style import (
    BLUE,
    NORMAL,
    QUIET,
    SMALL,
    VERMILLION,
    escape,
    message,
    note,
    percent,
    styled,
    word_axis,
)
from app.i18n import _
from model.traces import CaptionTrace, PhotoPart

#: Per cent of the photo between two of the points that catch the pointer.
STEP = 2
#: The photos' height in pixels, and that of what stands above and below a map.
PHOTO, HEAD, SCALE = 300, 36, 70


@chart
def markable(photo: Image.Image, box: PhotoPart | None) -> Chart:
    """The photo with the box's outline, in axes of per cent from the upper left; unseen points over all of it catch
    the pointer, so that a box can be dragged (``selection.box`` of the page's selection then has its edges)."""
    places = np.arange(0, 101, STEP)
    x, y = (grid.ravel() for grid in np.meshgrid(places, places))
    figure = _photo(photo, x, y)
    if box:
        frame = {"type": "rect", "x0": box.left, "x1": box.right, "y0": box.top, "y1": box.bottom}
        # A dark line under a light one: one of them shows on any photo.
        figure.add_shape(**frame, line={"width": 5, "color": "black"})
        figure.add_shape(**frame, line={"width": 3, "color": "white", "dash": "dash"})
    # The frame that is dragged: it shows on light and dark photos, and goes when the page draws the box.
    figure.update_layout(newselection_line={"color": VERMILLION, "width": 3, "dash": "solid"})
    figure.update_layout(dragmode="select")
    return Chart(figure, _describe_box(box))


@chart
def covered_photo(photo: Image.Image, box: PhotoPart | None) -> Chart:
    """The photo that the network sees, in which ``box`` is already covered, beside the markable one."""
    return Chart(_photo(photo, [None], [None]), _describe_box(box))


def _photo(photo: Image.Image, x: Sequence | np.ndarray, y: Sequence | np.ndarray) -> go.Figure:
    """The photo in axes of per cent from the upper left, and unseen points over it."""
    figure = go.Figure()
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"size": 4, "opacity": 0},
        selected=unseen,
        unselected=unseen,
        hoverinfo="skip",
    )
    styled(figure, height=PHOTO, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    place = {"xref": "x", "yref": "y", "x": 0, "y": 0, "sizex": 100, "sizey": 100}
    figure.add_layout_image(source=data_uri(photo, 700), sizing="stretch", layer="below", **place)
    bare = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.update_xaxes(range=[0, 100], **bare)
    figure.update_yaxes(
        range=[100, 0], scaleanchor="x", scaleratio=photo.height / photo.width, constraintoward="top", **bare
    )
    return figure.update_layout(dragmode=False, hovermode=False)


def _describe_box(box: PhotoPart | None) -> str:
    """Where the box lies, in a sentence."""
    if box is None:
        return _("Nothing is hidden.")
    return _(
        "Hidden: {left} to {right} % of the width and {top} to {bottom} % of the height, {share} of the photo."
    ).format(
        left=round(box.left),
        right=round(box.right),
        top=round(box.top),
        bottom=round(box.bottom),
        share=percent(box.share),
    )


@chart
def two_maps(
    whole: CaptionTrace,
    photo: Image.Image,
    place: int,
    hidden: CaptionTrace,
    covered: Image.Image,
    other: int,
    box: PhotoPart | None,
) -> Chart:
    """The attention for word ``place`` of ``whole`` over the photo, beside that for word ``other`` of ``hidden`` over
    the photo with ``box`` covered. One colour scale serves both."""
    spacing = 0.03
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=spacing)
    styled(figure, height=HEAD + PHOTO + SCALE, margin={"l": 0, "r": 0, "t": HEAD, "b": SCALE})
    titles = (_("“{word}”, whole photo"), _("“{word}”, part hidden"))
    for axis, trace, image, t, title in (
        ("", whole, photo, place, titles[0]),
        ("2", hidden, covered, other, titles[1]),
    ):
        add_map(figure, trace.attention[t], trace.attention[t], axis, coloraxis="coloraxis")
        lay_photo(figure, image, data_uri(image, 500), trace, axis)
        at = {"xref": f"x{axis} domain", "yref": f"y{axis} domain", "x": 0.5, "y": 1}
        text = f"<b>{escape(title.format(word=told_apart(trace.words)[t]))}</b>"
        figure.add_annotation(note(text, **at, xanchor="center", yanchor="bottom", yshift=4, font={"size": NORMAL}))
    top = max(top_of(whole), top_of(hidden))
    add_scale(figure, whole, False, top=top, opacity=0.8, y=-6 / PHOTO)
    figure.update_layout(coloraxis={"cmin": 0, "cmax": top, "colorscale": colour_scale(0.8), "showscale": False})
    return Chart(figure, _describe_two_maps(whole, place, hidden, other, box), wide=True)


def _describe_two_maps(whole: CaptionTrace, place: int, hidden: CaptionTrace, other: int, box: PhotoPart | None) -> str:
    """How much of the attention lay in the box, before and after it was covered."""
    if box is None:
        return _("Nothing is hidden: both maps are the same.")
    before, after = attention_in(whole.attention[place], box), attention_in(hidden.attention[other], box)
    text = _("The box had {before} of the attention for “{word}”; covered, it has {after} of that for “{other}”.")
    word, other_word = told_apart(whole.words)[place], told_apart(hidden.words)[other]
    return text.format(before=percent(before), word=word, after=percent(after), other=other_word)


def attention_in(one: np.ndarray, box: PhotoPart) -> float:
    """The share of a map (rows, columns) that lies in the box; of a region cut by its edge, the part inside counts."""

    def inside(low: float, high: float, size: int) -> np.ndarray:
        edges = np.arange(size + 1) / size * 100
        return (np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)).clip(min=0) / (100 / size)

    rows, columns = one.shape
    return float(inside(box.top, box.bottom, rows) @ one @ inside(box.left, box.right, columns))


@chart
def costs(whole: CaptionTrace, forced: CaptionTrace) -> Chart:
    """For each word of the caption, how likely it was with the whole photo (a disc) and with a part hidden (a cross),
    on a scale on which equal lengths are equal ratios. ``forced`` is the same caption, read to the decoder with the
    part hidden. The number above a word is the ratio, where it is 1.5 or more."""
    if not whole.words:
        return message(_("The caption is empty: there is no word to lose."))
    before, after = np.exp(whole.log_probs), np.exp(forced.log_probs)
    places = list(range(len(whole.words)))
    figure = go.Figure()
    steps = [(t, p) for t in places for p in (before[t], after[t], None)]
    x, y = zip(*steps, strict=True)
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": 4, "color": QUIET}, hoverinfo="skip", showlegend=False)
    names = [escape(word) for word in whole.words]
    for name, values, marker in (
        (_("whole photo"), before, {"symbol": "circle", "size": 14, "color": BLUE}),
        (_("part hidden"), after, {"symbol": "x", "size": 12, "color": VERMILLION}),
    ):
        hover = [f"{word}: {percent(float(p))}" for word, p in zip(names, values, strict=True)]
        figure.add_scatter(
            x=places, y=values, mode="markers", name=name, marker=marker, hovertext=hover, hoverinfo="text+name"
        )
    top = float(max(before.max(), after.max()))
    for t, ratio in enumerate(np.exp(whole.log_probs - forced.log_probs)):
        if max(ratio, 1 / ratio) >= 1.5:
            text = f"÷ {_number(ratio)}" if ratio > 1 else f"× {_number(1 / ratio)}"
            at = {"x": t, "xref": "x", "y": math.log10(max(before[t], after[t])), "yref": "y"}
            figure.add_annotation(note(text, **at, yanchor="bottom", yshift=9, font={"size": SMALL}))
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    styled(figure, height=330, margin={"l": 80, "r": 10, "t": 40, "b": 40}, legend=legend, hovermode="closest")
    lowest = math.floor(math.log10(float(min(before.min(), after.min()))) - 0.1)
    decades = range(lowest, 1, max(1, -lowest // 6))
    figure.update_yaxes(
        type="log",
        range=[lowest, math.log10(top) + 0.12 * (math.log10(top) - lowest)],
        tickvals=[10.0**decade for decade in decades],
        ticktext=[percent(10.0**decade) for decade in decades],
        title_text=_("probability of the word"),
        fixedrange=True,
    )
    word_axis(figure, whole.words)
    return Chart(figure, _describe_costs(whole, forced))


def _describe_costs(whole: CaptionTrace, forced: CaptionTrace) -> str:
    """The word that lost most, and what became of the caption as a whole."""
    cost = whole.log_probs - forced.log_probs
    if not abs(cost).max() > 0.005:
        return _("No word became more or less likely.")
    t = int(cost.argmax())
    texts = []
    if cost[t] > 0.005:
        text = _("Hiding cost “{word}” most: it fell from {before} to {after}.")
        before, after = (percent(math.exp(trace.log_probs[t])) for trace in (whole, forced))
        texts.append(text.format(word=told_apart(whole.words)[t], before=before, after=after))
    total = float(cost.sum())
    if abs(total) < 0.05:
        text = _("All the caption's words together are about as likely as before.")
    elif total >= 0:
        text = _("All the caption's words together became {times} times less likely.")
    else:
        text = _("All the caption's words together became {times} times more likely.")
    return " ".join([*texts, text.format(times=_number(math.exp(abs(total))))])


def _number(ratio: float) -> str:
    """A ratio of 1 or more to two figures or so; very large ones as a power of ten."""
    if ratio >= 1e5:
        return f"10^{math.log10(ratio):.0f}"
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"
