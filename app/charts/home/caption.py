"""A caption being written: each word as it is said, and over the photo where the network looked for it."""

import base64
import html
import io

import numpy as np
from PIL import Image

from app.charts.caption.captions import lines_of
from app.charts.home.film import film, keyframes, plays
from app.charts.kit.chart import Markup, chart
from app.charts.kit.heat import paint, top_of
from app.charts.kit.photos import data_uri
from app.charts.kit.style import HIGHLIGHT
from app.i18n import _
from model.traces import CaptionTrace

#: Seconds that a word stays, and how many words' time the whole caption stays at the end.
PACE, END = 0.8, 4
#: The photo's longest side, pixels; how strong the colours over it are.
PHOTO_SIDE, OPACITY = 640, 0.85


@chart
def caption_film(trace: CaptionTrace, photo: Image.Image) -> Markup:
    """The film. Where nothing may move, the whole caption stands there, with its sharpest look."""
    slots = len(trace.words) + END
    seconds = slots * PACE
    still = int(trace.attention.max(axis=(1, 2)).argmax()) if trace.words else -1
    looks, said, moves = [], [], []
    for t, (text, attention) in enumerate(zip(_pieces(trace), trace.attention, strict=True)):
        start, end = t / slots, (t + 1) / slots
        before = [(0, "opacity: 0")] if t else []
        moves.append(keyframes(f"look-{t}", [*before, (start, "opacity: 1"), (end, "opacity: 0"), (1, "opacity: 0")]))
        looks.append(
            f'<img class="film-look" alt="" src="{_png(paint(attention, top_of(trace), OPACITY))}" '
            f'style="opacity: {int(t == still)}; {plays(f"look-{t}", seconds)}">'
        )
        marked, plain = (f"opacity: 1; border-color: {colour}" for colour in (HIGHLIGHT, "transparent"))
        moves.append(keyframes(f"said-{t}", [*before, (start, marked), (end, plain), (1, plain)]))
        style = f"{marked if t == still else plain}; {plays(f'said-{t}', seconds)}"
        word = text.lstrip()
        space = " " * (len(text) - len(word))
        said.append(f'{space}<span class="film-said" style="{style}">{html.escape(word)}</span>')
    picture = f'<img alt="" src="{data_uri(photo, PHOTO_SIDE)}">' + "".join(looks)
    ratio = f"{photo.width} / {photo.height}"
    return film(picture, "".join(said), "".join(moves), _describe_caption_film(trace), ratio)


def _describe_caption_film(trace: CaptionTrace) -> str:
    text = _("A photo, and its caption written word by word: “{caption}”. For each word, colours show where it looked.")
    return text.format(caption=trace.caption)


def _pieces(trace: CaptionTrace) -> list[str]:
    """The caption cut before each word, its spaces and stops kept."""
    return [text for line in lines_of(trace, 10_000) for text, _place in line]


def _png(colours: np.ndarray) -> str:
    """RGBA bytes (rows, columns, 4) as the address of a small image."""
    stored = io.BytesIO()
    Image.fromarray(colours, "RGBA").save(stored, "PNG")
    return "data:image/png;base64," + base64.b64encode(stored.getvalue()).decode("ascii")
