"""Where it looked, as a small film that the browser plays: the photo, the sentence with its words' gates, and play."""

import base64
import html
import io
from pathlib import Path

import numpy as np
from PIL import Image

from app.charts.caption.attention import PACE, describe_looks, gate_means, regions_used
from app.charts.caption.captions import joined_pieces
from app.charts.kit.chart import Markup, chart
from app.charts.kit.heat import css_scale, paint, top_of
from app.charts.kit.maps import coloured, resolution
from app.charts.kit.photos import data_uri
from app.charts.kit.style import HIGHLIGHT, QUIET, percent
from app.i18n import _
from model.traces import CaptionTrace

#: The photo's longest side as it is sent, pixels.
LONGEST = 900

_HERE = Path(__file__).parent
_STYLE = (_HERE / "film.css").read_text("utf-8").replace("HIGHLIGHT", HIGHLIGHT).replace("QUIET", QUIET)
#: What makes films play; once a page.
SCRIPT = f"<script>{(_HERE / 'film.js').read_text('utf-8')}</script>"


@chart
def where_it_looked(
    trace: CaptionTrace,
    photo: Image.Image,
    *,
    opacity: float,
    smooth: bool,
    fixed: bool = False,
    step: int = 0,
    given: int = 0,
) -> Markup:
    """For each word, where the model looked: the photo is bright there and dim elsewhere.

    Beside the photo stands the caption. Over each of its words a bar shows how far the gate on what it saw was open,
    because a map always sums to 1, even when the gate is shut. A click on a word, play and a slider change the word:
    the browser does that alone. ``opacity`` (0 to 1) is that of the veil; with ``smooth`` the grid of regions is
    interpolated, and the figure says so. One scale serves all words: it reaches up to the caption's largest share, or,
    ``fixed``, as high for all photos. Word ``step`` (from 0) comes first. So many words were ``given``, and are framed.
    """
    words = describe_looks(trace)
    step = min(step, max(len(trace.words) - 1, 0))
    body = _photo(trace, photo, opacity, smooth, fixed, step, words)
    if trace.words:
        said = "".join(_word(trace, text, place, step, given) for place, text in enumerate(joined_pieces(trace)))
        title = _("The caption; the bar over a word: how far the gate on what it saw was open")
        side = f'<div class="looked-said" role="group" aria-label="{_safe(title)}" title="{_safe(title)}">{said}</div>'
        side += _player(trace, step) + f'<p class="looked-note">{_safe(_note(trace, step, given))}</p>'
        side += _legend(trace, opacity, smooth, fixed)
    else:
        side = f'<p class="looked-note">{_safe(words)}</p>'
    markup = f'<div class="looked" data-pace="{PACE}"><div class="looked-body">{body}<div>{side}</div></div></div>'
    return Markup(f"<style>{_STYLE}</style>{markup}", words)


def _safe(text: str) -> str:
    return html.escape(text)


def _photo(
    trace: CaptionTrace, photo: Image.Image, opacity: float, smooth: bool, fixed: bool, step: int, words: str
) -> str:
    """The photo, and a map a word over it: one is seen. Each knows its regions' shares, row by row."""
    rows, columns = trace.attention.shape[1:]
    maps = []
    for t, (own, colours) in enumerate(zip(trace.attention, coloured(trace, smooth), strict=True)):
        kinds = "looked-map" + " smooth" * smooth + " now" * (t == step)
        shares = " ".join(f"{share:.4f}" for share in own.flat)
        maps.append(f'<img class="{kinds}" alt="" src="{_png(paint(colours, top_of(trace, fixed), opacity))}"')
        maps.append(f' data-shares="{shares}">')
    region = _("Row {row}, column {column}: {share} of the attention")
    shape = f'style="--ratio: {photo.width / photo.height:.5f}" data-grid="{rows} {columns}"'
    place = f'{shape} data-region="{_safe(region)}"'
    picture = f'<img alt="" src="{data_uri(photo, LONGEST)}">' + "".join(maps)
    return f'<div class="looked-photo" role="img" aria-label="{_safe(words)}" {place}>{picture}</div>'


def _word(trace: CaptionTrace, text: str, place: int, step: int, given: int) -> str:
    gate = f'<span class="looked-gate"><i style="height: {gate_means(trace)[place]:.1%}"></i></span>'
    kinds = "looked-word" + " said" * (place <= step) + " now" * (place == step)
    kinds += " given" * (place < given)
    current = ' aria-current="true"' if place == step else ""
    return (
        f'<button type="button" class="{kinds}"{current} data-note="{_safe(_note(trace, place, given))}">{gate}'
        f'<span class="looked-text">{_safe(text)}</span></button>'
    )


def _note(trace: CaptionTrace, t: int, given: int) -> str:
    """What is said of word ``t``."""
    text = _("“{word}”: a look as wide as {regions} of {all} regions; the gate on it {share} open")
    if t < given:
        text = _("“{word}” was given; a look as wide as {regions} of {all} regions; the gate on it {share} open")
    return text.format(
        word=trace.words[t],
        regions=f"{regions_used(trace)[t]:.0f}",
        all=trace.attention[t].size,
        share=percent(gate_means(trace)[t]),
    )


def _player(trace: CaptionTrace, step: int) -> str:
    play, pause, word = _safe(_("Play")), _safe(_("Pause")), _("Word")
    named = f'aria-label="{_safe(word)}" aria-valuetext="{_safe(trace.words[step])}"'
    slider = f'<input type="range" class="looked-at" min="0" max="{len(trace.words) - 1}" value="{step}" {named}>'
    names = f'aria-label="{play}" data-play="{play}" data-pause="{pause}"'
    button = f'<button type="button" class="looked-play" {names}>▶</button>'
    shown = 'class="looked-player"' if len(trace.words) > 1 else "hidden"
    return f"<div {shown}>{button}{slider}</div>"


def _legend(trace: CaptionTrace, opacity: float, smooth: bool, fixed: bool) -> str:
    """What brighter means, over a grey that stands for the photo, on a light page as on a dark one."""
    title = _("Brighter is more: {scale}").format(scale=resolution(trace, smooth))
    ends = f'<span class="looked-ends"><span>0%</span><span>{percent(top_of(trace, fixed))}</span></span>'
    scale = f'<span class="looked-scale"><i style="background: {css_scale(opacity)}"></i></span>'
    return f'<p class="looked-legend">{_safe(title)}{scale}{ends}</p>'


def _png(colours: np.ndarray) -> str:
    """RGBA bytes (rows, columns, 4) as the address of a small image."""
    stored = io.BytesIO()
    Image.fromarray(colours, "RGBA").save(stored, "PNG")
    return "data:image/png;base64," + base64.b64encode(stored.getvalue()).decode("ascii")
