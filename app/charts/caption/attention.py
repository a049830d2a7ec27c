"""Where it looked: the attention of each word over the photo, and how far the gate on what it saw was open."""

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from app.charts.caption.captions import marked, told_apart
from app.charts.kit.chart import Chart, chart
from app.charts.kit.heat import colour_scale, top_of
from app.charts.kit.maps import add_map, colour_bar, coloured, lay_photo
from app.charts.kit.photos import data_uri
from app.charts.kit.player import BUTTONS, player
from app.charts.kit.style import (
    HIGHLIGHT,
    LARGE,
    NORMAL,
    QUIET,
    escape,
    note,
    percent,
    room_under,
    styled,
    word_axis,
)
from app.i18n import _
from model.traces import CaptionTrace

#: Milliseconds that each word stays.
PACE = 800

# Heights and margins in pixels. The width is the page's; this is the narrowest that all is laid out for.
NARROWEST = 700
RIGHT, EDGE = 20, 12
PHOTO_AT_MOST = 520
SCALE, PLAYER, STRIP, LINE, GAP = 80, 82, 74, 28, 6
#: Latin letters of the largest type to a line.
LETTERS = 54


@chart
def where_it_looked(
    trace: CaptionTrace, photo: Image.Image, *, opacity: float, smooth: bool, fixed: bool = False, step: int = 0
) -> Chart:
    """The photo as a small film: for each word, where the model looked, in colour over the photo.

    Above stands the caption with the current word marked. Under the photo, play, pause and a slider run in the
    browser; under these, a bar for each word shows how far the gate on what it saw was open, because a map always
    sums to 1, even when the gate is shut. ``opacity`` (0 to 1) is that of the colours; with ``smooth`` the grid of
    regions is interpolated, and the figure says so. One colour scale serves all words: it reaches up to the caption's
    largest share, or, ``fixed``, as high for all photos. Word ``step`` (from 0) comes first.
    """
    height = _height(photo, NARROWEST - BUTTONS - RIGHT)
    if not trace.words:
        return Chart(_photo_alone(trace, photo, height), _describe_where_it_looked(trace))
    area = height + SCALE + PLAYER + STRIP
    figure = make_subplots(rows=2, cols=1, row_heights=[height, STRIP], vertical_spacing=(SCALE + PLAYER) / area)
    colours = coloured(trace, smooth)
    bar = colour_bar(trace, smooth, y=1 - (height + GAP) / area)
    scale = {"zmin": 0, "zmax": top_of(trace, fixed), "colorscale": colour_scale(opacity), "colorbar": bar}
    add_map(figure, trace.attention[step], colours[step], **scale)
    _add_gates(figure, trace, step)
    lines = 1 + marked(trace, 0, LETTERS).count("<br>")
    top, bottom = 20 + LINE * lines, room_under(trace.words)
    styled(figure, height=top + area + bottom, margin={"l": BUTTONS, "r": RIGHT, "t": top, "b": bottom})
    lay_photo(figure, photo, data_uri(photo, 900), trace)
    texts = [_texts(trace, t, STRIP / area) for t in range(len(trace.words))]
    figure.update_layout(annotations=texts[step], showlegend=False)
    words = [escape(word) for word in trace.words]
    # Each word stands under its bar, so the slider reaches from the middle of the first to that of the last.
    place = {"top": 1 - (height + SCALE) / area, "edge": 0.5 / len(words)}
    figure.update_layout(player(len(words), start=step, names=words, pace=PACE, **place))
    # Of dicts: traces made by Plotly's classes would be checked twice, and that takes half of the chart's time.
    figure.frames = [
        {
            "name": str(t),
            "data": [
                {"type": "heatmap", "z": colours[t]},
                {"type": "heatmap", "z": trace.attention[t]},
                {"type": "bar", "marker": {"color": _lit(trace, t)}},
            ],
            "traces": [0, 1, 2],
            "layout": {"annotations": texts[t]},
        }
        for t in range(len(trace.words))
    ]
    return Chart(figure, _describe_where_it_looked(trace), wide=True)


@chart
def all_words(trace: CaptionTrace, photo: Image.Image, *, opacity: float, smooth: bool, fixed: bool = False) -> Chart:
    """All words at once: for each a small photo with the map over it; above it the word, over how many regions the look
    was spread, and how far the gate on what it saw was open. One colour scale serves all, as in the film."""
    if not trace.words:
        return where_it_looked(trace, photo, opacity=opacity, smooth=smooth, fixed=fixed)
    across = 3 if photo.width > 1.8 * photo.height else 4 if photo.width > 0.8 * photo.height else 5
    down = -(-len(trace.words) // across)
    each = _height(photo, (NARROWEST - 2 * EDGE) / across * 0.94)
    head = 76
    area = down * each + (down - 1) * head
    figure = make_subplots(rows=down, cols=across, horizontal_spacing=0.06 / across, vertical_spacing=head / area)
    styled(figure, height=head + area + SCALE, margin={"l": EDGE, "r": EDGE, "t": head, "b": SCALE})
    small, colours = data_uri(photo, 320), coloured(trace, smooth)
    spread = _("{regions} of {all} regions")
    of_words = zip(trace.words, regions_used(trace), gate_means(trace), strict=True)
    for t, (word, regions, gate) in enumerate(of_words):
        axis = str(t + 1) if t else ""
        add_map(figure, trace.attention[t], colours[t], axis, coloraxis="coloraxis")
        lay_photo(figure, photo, small, trace, axis)
        seen = spread.format(regions=f"{regions:.0f}", all=trace.attention[t].size)
        text = f"<b>{escape(word)}</b><br>{seen}<br>" + _("gate {share} open").format(share=percent(gate))
        place = {"xref": f"x{axis} domain", "yref": f"y{axis} domain", "x": 0, "y": 1}
        figure.add_annotation(note(text, **place, xanchor="left", yanchor="bottom"))
    for t in range(len(trace.words), across * down):
        figure.layout[f"xaxis{t + 1}"].visible = figure.layout[f"yaxis{t + 1}"].visible = False
    bar = colour_bar(trace, smooth, y=-GAP / area)
    scale = {"cmin": 0, "cmax": top_of(trace, fixed), "colorscale": colour_scale(opacity), "colorbar": bar}
    figure.update_layout(coloraxis=scale)
    return Chart(figure, _describe_where_it_looked(trace), wide=True)


def gate_means(trace: CaptionTrace) -> np.ndarray:
    """How far the gate on the looked-at content was open for each word, the mean over its channels, (T,)."""
    return trace.context_gate.mean(axis=1)


def regions_used(trace: CaptionTrace) -> np.ndarray:
    """Over how many regions each word's look was spread, (T,): an even look over so many would have the same entropy.

    It is the perplexity exp(-sum_i alpha_ti log alpha_ti), from 1 to the number of all regions.
    """
    weights = trace.attention.astype(float)
    informations = np.log(weights, out=np.zeros_like(weights), where=weights > 0)  # 0 log 0 is 0
    return np.exp(-(weights * informations).sum(axis=(1, 2)))


def _describe_where_it_looked(trace: CaptionTrace) -> str:
    """The film in four sentences: over how many regions the looks were spread, the largest share of one region, the
    word with the sharpest look and where that fell, and the gate's range."""
    if not trace.words:
        return _("The caption is empty: there was no word to look for.")
    shares = np.array([[part.sum() for part in _ninths(one)] for one in trace.attention])
    t, place = np.unravel_index(shares.argmax(), shares.shape)
    look = _("While saying “{word}” it looked most at {place} ({share} of the attention in {part} of {all} regions).")
    gate = _("The gate on what it saw was most open for “{most}” ({high}) and least for “{least}” ({low}).")
    gates, regions, names = gate_means(trace), regions_used(trace), told_apart(trace.words)
    most, least = int(gates.argmax()), int(gates.argmin())
    wide, narrow = int(regions.argmax()), int(regions.argmin())
    if len(names) > 1:
        spread = _(
            "A look is spread as if evenly over {fewest} regions (for “{narrow}”) to {most} (for “{wide}”), of {all}."
        )
    else:
        spread = _("The look is spread as if evenly over {fewest} of {all} regions.")
    spread = spread.format(
        fewest=f"{regions[narrow]:.0f}",
        most=f"{regions[wide]:.0f}",
        narrow=names[narrow],
        wide=names[wide],
        all=trace.attention[0].size,
    )
    peak = _("Here no region has more than {peak} of a word's attention; an even look gives each {even}.")
    peak = peak.format(peak=percent(trace.attention.max()), even=percent(1 / trace.attention[0].size))
    looked = look.format(
        word=names[t],
        place=_places()[place],
        share=percent(shares[t, place]),
        part=_ninths(trace.attention[t])[place].size,
        all=trace.attention[t].size,
    )
    opened = gate.format(most=names[most], high=percent(gates[most]), least=names[least], low=percent(gates[least]))
    return f"{spread} {peak} {looked} {opened}"


def _ninths(one: np.ndarray) -> list[np.ndarray]:
    """A map cut into three by three parts, from the upper left to the lower right."""
    return [part for band in np.array_split(one, 3, axis=0) for part in np.array_split(band, 3, axis=1)]


def _places() -> tuple[str, ...]:
    return (
        *(_("the upper left"), _("the top"), _("the upper right")),
        *(_("the left"), _("the middle"), _("the right")),
        *(_("the lower left"), _("the bottom"), _("the lower right")),
    )


def _height(photo: Image.Image, width: float) -> int:
    """The height in pixels of ``photo`` when it is ``width`` wide; within reason for very long and very high ones."""
    return round(min(max(width * photo.height / photo.width, 60), PHOTO_AT_MOST))


def _photo_alone(trace: CaptionTrace, photo: Image.Image, height: int) -> go.Figure:
    figure = make_subplots()
    styled(figure, height=height + 60, margin={"l": BUTTONS, "r": RIGHT, "t": 50, "b": 10})
    lay_photo(figure, photo, data_uri(photo, 900), trace)
    figure.add_scatter(x=[None], y=[None], hoverinfo="skip", showlegend=False)
    return figure.add_annotation(_above(_("The caption is empty: there was no word to look for.")))


def _above(text: str) -> dict:
    return note(text, x=0.5, y=1, yanchor="bottom", yshift=8, align="center", font={"size": LARGE})


def _texts(trace: CaptionTrace, t: int, strip: float) -> list[dict]:
    """What is written while word ``t`` is said; the bars fill the lowest ``strip`` of the plot's height."""
    gate = _("“{word}”: a look as wide as {regions} of {all} regions; the gate on it {share} open")
    gate = gate.format(
        word=escape(trace.words[t]),
        regions=f"{regions_used(trace)[t]:.0f}",
        all=trace.attention[t].size,
        share=percent(gate_means(trace)[t]),
    )
    return [
        _above(marked(trace, t, LETTERS)),
        note(gate, x=0.5, y=strip, xanchor="center", yanchor="bottom", yshift=4, font={"size": NORMAL}),
    ]


def _lit(trace: CaptionTrace, t: int) -> list[str]:
    """The bars' colours while word ``t`` is said."""
    return [HIGHLIGHT if place == t else QUIET for place in range(len(trace.words))]


def _add_gates(figure: go.Figure, trace: CaptionTrace, step: int) -> None:
    """The strip of bars under the photo: one bar a word, from shut to open."""
    words = [escape(word) for word in trace.words]
    places = list(range(len(words)))
    figure.add_bar(
        x=places,
        y=gate_means(trace),
        width=min(0.75, len(words) / 8),
        marker={"color": _lit(trace, step), "line_width": 0},
        customdata=words,
        hovertemplate="%{customdata}: %{y:.0%}<extra></extra>",
        row=2,
        col=1,
    )
    word_axis(figure, trace.words, row=2)
    figure.update_yaxes(range=[0, 1], tickvals=[0, 0.5, 1], tickformat=".0%", row=2)
    figure.update_yaxes(fixedrange=True, automargin=False, row=2)
