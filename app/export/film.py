"""The attention as an animated GIF: the page's film, to put into slides."""

import io
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.charts.caption.attention import PACE, gate_means
from app.charts.caption.captions import COMING, is_chinese, lines_of
from app.charts.kit.heat import paint, top_of
from app.charts.kit.photos import shrunk
from app.charts.kit.style import HIGHLIGHT, QUIET, percent
from app.i18n import _
from model.traces import CaptionTrace

#: The photo's longest side, the sizes of type and the space around text, in pixels.
PHOTO_SIDE, LARGE, SMALL, SPACE = 600, 26, 18, 14
#: No frame is narrower, however narrow the photo; and the side of the samples from which colours are chosen.
NARROWEST, SAMPLE = 300, 100
PAPER, INK = "#FFFFFF", "#222222"
#: Behind the current Chinese word.
GROUND = "#FBE3BF"

#: Fonts that can draw Chinese, by the file names under which systems know them, each with the face's place in its file;
#: then one that at least draws accents. Pillow looks for them where the system keeps its fonts.
FONTS = (
    ("NotoSansCJK-Regular.ttc", 2),
    ("NotoSansSC-Regular.otf", 0),
    ("NotoSansSC-Regular.ttf", 0),
    ("SourceHanSansSC-Regular.otf", 0),
    ("wqy-microhei.ttc", 0),
    ("wqy-zenhei.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
    ("msyh.ttc", 0),
    ("simhei.ttf", 0),
    ("PingFang.ttc", 0),
    ("Hiragino Sans GB.ttc", 0),
    ("STHeiti Light.ttc", 0),
    ("DejaVuSans.ttf", 0),
)


def attention_gif(
    trace: CaptionTrace, photo: Image.Image, *, opacity: float, smooth: bool, fixed: bool = False
) -> bytes:
    """An endless GIF, a frame a word: the photo with the word's attention over it, the caption under it with the word
    marked, and a bar for how far the gate on what it saw was open. An empty caption gives the photo alone.

    The colours' scale is ``fixed`` or the caption's own, as in the page's film.
    Where the system has no font for Chinese, Chinese words come out as boxes.
    """
    sized = _sized(photo)
    top = top_of(trace, fixed)
    frames = [_frame(trace, sized, t, opacity, smooth, top) for t in range(len(trace.words))] or [sized]
    palette = _palette(frames)
    first, *rest = [frame.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for frame in frames]
    stored = io.BytesIO()
    first.save(stored, "GIF", save_all=True, append_images=rest, duration=PACE, loop=0)
    return stored.getvalue()


def _sized(photo: Image.Image) -> Image.Image:
    """The photo in RGB, its longest side ``PHOTO_SIDE``."""
    scale = PHOTO_SIDE / max(photo.size)
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    return shrunk(photo, 4 * PHOTO_SIDE).resize(size, Image.Resampling.LANCZOS)


def _palette(frames: list[Image.Image]) -> Image.Image:
    """One palette of 256 colours for all frames, so that what stays does not flicker."""
    across = 5
    sheet = Image.new("RGB", (SAMPLE * across, SAMPLE * -(-len(frames) // across)), PAPER)
    for place, frame in enumerate(frames):
        sheet.paste(frame.resize((SAMPLE, SAMPLE)), (place % across * SAMPLE, place // across * SAMPLE))
    return sheet.quantize(256, Image.Quantize.MEDIANCUT)


def _frame(trace: CaptionTrace, photo: Image.Image, t: int, opacity: float, smooth: bool, top: float) -> Image.Image:
    """The picture for word ``t``, its colours for shares from 0 to ``top``."""
    how = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    shares = np.asarray(Image.fromarray(trace.attention[t]).resize(photo.size, how)).clip(min=0)
    looked = Image.fromarray(paint(shares, top, opacity), "RGBA")
    over = Image.alpha_composite(photo.convert("RGBA"), looked).convert("RGB")

    width = max(photo.width, NARROWEST)
    lines = lines_of(trace, int((width - 2 * SPACE) / (0.6 * LARGE)))
    step = round(LARGE * 1.45)
    page = Image.new("RGB", (width, photo.height + SPACE + step * len(lines) + 2 * SPACE + SMALL), PAPER)
    page.paste(over, ((width - photo.width) // 2, 0))
    draw = ImageDraw.Draw(page)
    y = photo.height + SPACE
    for line in lines:
        _draw_line(draw, line, t, y)
        y += step
    _draw_gate(draw, gate_means(trace)[t], y + SPACE // 2, width)
    return page


def _draw_line(draw: ImageDraw.ImageDraw, line: list[tuple[str, int]], current: int, y: int) -> None:
    """Pieces of the caption side by side: those said black, the current one coloured and underlined (in Chinese, on a
    ground of its own), the rest grey."""
    font, x = _font(LARGE), float(SPACE)
    for text, place in line:
        word = text.lstrip()
        x += font.getlength(text[: len(text) - len(word)])
        colour = INK if place < current else COMING if place > current else HIGHLIGHT
        end = x + font.getlength(word)
        if place == current and is_chinese(word):
            draw.rounded_rectangle((x - 2, y - 1, end + 2, y + LARGE * 1.3), radius=5, fill=GROUND)
        draw.text((x, y), word, fill=colour, font=font, anchor="la")
        if place == current and not is_chinese(word):
            draw.line((x, y + LARGE * 1.25, end, y + LARGE * 1.25), fill=HIGHLIGHT, width=3)
        x = end


def _draw_gate(draw: ImageDraw.ImageDraw, gate: float, y: int, width: int) -> None:
    """A bar from shut to open across the page, and beside it the share in words."""
    text = _("gate {share} open").format(share=percent(gate))
    font = _font(SMALL)
    start = SPACE * 2 + font.getlength(_("gate {share} open").format(share="00.0%"))
    end = width - SPACE
    draw.text((SPACE, y), text, fill=INK, font=font, anchor="la")
    if end > start:
        draw.rectangle((start, y + 3, end, y + SMALL), outline=QUIET)
        draw.rectangle((start, y + 3, start + (end - start) * float(gate), y + SMALL), fill=QUIET)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name, face in FONTS:
        try:
            return ImageFont.truetype(name, size, index=face)
        except OSError:
            continue
    return ImageFont.load_default(size)
