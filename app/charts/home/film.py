"""What the films share: their style, and how a course of values becomes the motion of an element."""

import html
from collections.abc import Iterable

from app.charts.kit.chart import Markup
from app.charts.kit.style import HIGHLIGHT, QUIET

#: A style that stops all films where they are.
STILL_STYLE = "<style>.film * { animation-play-state: paused !important }</style>"
STYLE = f"""<style>
.film {{ display: flex; flex-direction: column; gap: 0.5rem; }}
.film-picture {{ position: relative; border-radius: 0.5rem; overflow: hidden; }}
.film-picture img {{ position: absolute; inset: 0; width: 100%; height: 100%; }}
.film-look {{ image-rendering: pixelated; }}
.film-line {{ min-height: 3.4em; line-height: 1.7; }}
.film-said {{ border-bottom: 3px solid transparent; }}
.film-plane {{ position: absolute; inset: 0.5rem 0.5rem 1.6rem 1.8rem; }}
.film-plane {{ border: solid {QUIET}; border-width: 0 0 1px 1px; }}
.film-plane > :not(img) {{ position: absolute; translate: -50% -50%; line-height: 1; font-style: normal; }}
.film-now {{ width: 1.7em; height: 1.7em; border: 3px solid currentColor; border-radius: 50%; box-sizing: border-box; }}
.film-axis {{ position: absolute; font-size: 0.8rem; line-height: 1; }}
.film-bits {{ display: flex; justify-content: space-between; text-align: center; line-height: 1.5; }}
.film-bits > span > * {{ display: block; font-style: normal; }}
.film-cell {{ display: inline-block; width: 1.4em; height: 1.4em; vertical-align: middle; border-radius: 50%;
  border: 2px solid {QUIET}; box-sizing: border-box; }}
.film-fire {{ display: block; width: 100%; height: 100%; border-radius: 50%; background: {HIGHLIGHT}; }}
@media (prefers-reduced-motion: reduce) {{
  .film * {{ animation: none !important; }}
  [class*="st-key-home_moving"] {{ display: none; }}
}}
</style>"""


def film(picture: str, line: str, moves: str, in_words: str, ratio: str = "3 / 2") -> Markup:
    """A film: a picture of the ratio width / height, a line under it, the keyframes that move both, and what
    it shows in words."""
    told = html.escape(in_words)
    body = f'<div class="film-picture" style="aspect-ratio: {ratio}">{picture}</div><div class="film-line">{line}</div>'
    markup = f'<style>{moves}</style><div class="film" role="img" aria-label="{told}">{body}</div>'
    return Markup(markup, in_words)


def keyframes(name: str, moments: Iterable[tuple[float, str]]) -> str:
    """CSS that gives an element these declarations at these moments, shares of the film's time from 0 to 1."""
    return f"@keyframes {name} {{ " + " ".join(f"{share:.3%} {{ {what} }}" for share, what in moments) + " }\n"


def plays(name: str, seconds: float, timing: str = "step-end") -> str:
    """What an element's style says to play ``name`` again and again; by ``step-end`` it jumps from moment to moment."""
    return f"animation: {name} {seconds:.2f}s {timing} infinite;"
