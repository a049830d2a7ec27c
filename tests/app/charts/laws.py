"""What holds for every figure: clear paper, large type, numbers that JSON knows; and the texts that a reader sees."""

import json
import re
from collections.abc import Iterator
from gettext import NullTranslations

import numpy as np

LATIN = re.compile(r"[A-Za-z]+")
#: What stands before each text that was translated.
MARK = "TRANSLATED "


class Shouting(NullTranslations):
    """A translation whose texts are known from those that nobody translated."""

    def gettext(self, message: str) -> str:
        return MARK + message

    def ngettext(self, one: str, many: str, count: int) -> str:
        return MARK + (one if count == 1 else many)


def fonts(part, path: str = "") -> Iterator[tuple[str, float]]:
    """The sizes of all fonts in a figure, each with its place."""
    if isinstance(part, dict):
        for key, value in part.items():
            if "font" in key and isinstance(value, dict) and "size" in value:
                sizes = value["size"] if isinstance(value["size"], (list, tuple)) else [value["size"]]
                yield from ((f"{path}.{key}", size) for size in sizes)
            yield from fonts(value, f"{path}.{key}")
    elif isinstance(part, (list, tuple)):
        for place, value in enumerate(part):
            yield from fonts(value, f"{path}.{place}")


def texts(part) -> Iterator[str]:
    """The texts that a reader of the figure sees."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "ticktext", "hovertext", "hovertemplate", "name", "label"):
                values = (
                    value if isinstance(value, str) else list(np.ravel(value)) if not isinstance(value, dict) else []
                )
                yield from ([values] if isinstance(values, str) else map(str, values))
            yield from texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from texts(value)


def check(figure) -> dict:
    """Laws of every figure; gives it as the browser gets it."""
    content = figure.to_plotly_json()
    content["layout"].pop("template")
    for name in ("paper_bgcolor", "plot_bgcolor"):
        assert content["layout"][name] == "rgba(0, 0, 0, 0)"
    assert "color" not in content["layout"]["font"]
    # The slider's labels are unseen.
    assert not [(place, size) for place, size in fonts(content) if size < 14 and ".sliders." not in place]
    assert figure.layout.height >= 100
    sent = figure.to_json()
    assert "NaN" not in re.sub(r'"[^"]*"', "", sent) and "Infinity" not in re.sub(r'"[^"]*"', "", sent)
    return json.loads(sent)
