"""Where it looked, all words at once: each one's attention over the photo, and how far the gate on it was open."""

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from app.charts.caption.captions import told_apart
from app.charts.kit.chart import Chart, chart
from app.charts.kit.heat import colour_scale, top_of
from app.charts.kit.maps import add_map, add_scale, coloured, lay_photo
from app.charts.kit.photos import data_uri
from app.charts.kit.style import LARGE, ON_PHONE, escape, note, percent, styled
from app.i18n import _
from model.traces import CaptionTrace

#: Milliseconds that each word stays.
PACE = 800

# Heights and margins in pixels. The width is the page's; this is the narrowest that all is laid out for.
NARROWEST, EDGE, GAP = 700, 12, 6
PHOTO_AT_MOST, SCALE = 520, 80


@chart
def all_words(
    trace: CaptionTrace,
    photo: Image.Image,
    *,
    opacity: float,
    smooth: bool,
    fixed: bool = False,
    narrow: bool = False,
) -> Chart:
    """All words at once: for each a small photo with the map over it; above it the word, over how many regions the look
    was spread, and how far the gate on what it saw was open. One colour scale serves all, as in the film. In a
    ``narrow`` figure two stand side by side."""
    if not trace.words:
        return Chart(_photo_alone(trace, photo), describe_looks(trace))
    across = 3 if photo.width > 1.8 * photo.height else 4 if photo.width > 0.8 * photo.height else 5
    if narrow:
        across = 2
    down = -(-len(trace.words) // across)
    each = _height(photo, ((ON_PHONE if narrow else NARROWEST) - 2 * EDGE) / across * 0.94)
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
    top = top_of(trace, fixed)
    add_scale(figure, trace, smooth, top=top, opacity=opacity, y=-GAP / area)
    figure.update_layout(coloraxis={"cmin": 0, "cmax": top, "colorscale": colour_scale(opacity), "showscale": False})
    return Chart(figure, describe_looks(trace), wide=not narrow)


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


def describe_looks(trace: CaptionTrace) -> str:
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


def _photo_alone(trace: CaptionTrace, photo: Image.Image) -> go.Figure:
    height = _height(photo, NARROWEST - 2 * EDGE)
    figure = make_subplots()
    styled(figure, height=height + 60, margin={"l": EDGE, "r": EDGE, "t": 50, "b": 10})
    lay_photo(figure, photo, data_uri(photo, 900), trace)
    figure.add_scatter(x=[None], y=[None], hoverinfo="skip", showlegend=False)
    text = _("The caption is empty: there was no word to look for.")
    return figure.add_annotation(
        note(text, x=0.5, y=1, yanchor="bottom", yshift=8, align="center", font={"size": LARGE})
    )
