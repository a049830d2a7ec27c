"""The theme can be read by everybody: contrast by WCAG 2.2, chart colours for all kinds of colour vision."""

import re
import tomllib
from itertools import combinations

import numpy as np
import pytest

#: What protanopes, deuteranopes and tritanopes see, on linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.
VISION = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
#: Linear sRGB to CIE XYZ, relative to the white point D65 (IEC 61966-2-1).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
TO_XYZ /= TO_XYZ.sum(axis=1, keepdims=True)


def rgb(colour: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(colour.lstrip("#")), np.uint8) / 255


def linear(colour: np.ndarray) -> np.ndarray:
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """WCAG's contrast ratio of two sRGB colours, 1 to 21."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB: a distance of 2 can just be seen."""
    x, y, z = np.cbrt(TO_XYZ @ np.clip(light, 1e-3, 1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.fixture(params=["light", "dark"])
def theme(request, root) -> dict:
    return tomllib.loads((root / ".streamlit" / "config.toml").read_text())["theme"][request.param]


@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_stands_out(theme, ground):
    paper, text = rgb(theme[ground]), rgb(theme["textColor"])
    assert contrast(text, paper) >= 7
    assert contrast(0.6 * text + 0.4 * paper, paper) >= 4.5  # captions
    assert contrast(rgb(theme["linkColor"]), paper) >= 4.5
    assert contrast(rgb(theme["primaryColor"]), paper) >= 4.5


def test_grounds_and_edges_in_the_style_are_the_themes(theme, root):
    style = (root / "app" / "ui" / "style.css").read_text()
    [grounds] = re.findall(r"stroke: light-dark\((#\w{6}), (#\w{6})\)", style)
    assert theme["backgroundColor"].lower() in grounds
    [edges] = re.findall(r"border-inline-color: light-dark\((#\w{6}), (#\w{6})\)", style)
    assert theme["borderColor"].lower() in edges


def test_code_and_the_ring_around_a_charts_button_stand_out(theme, root):
    text = rgb(theme["textColor"])
    style = (root / "app" / "ui" / "style.css").read_text()
    mixed = re.findall(r"color-mix\(in srgb, (#\w{6}) (\d+)%, currentcolor\)", style)
    assert len(mixed) == 4
    for colour, share in mixed:
        seen = rgb(colour) * int(share) / 100 + text * (1 - int(share) / 100)
        assert contrast(seen, rgb(theme["secondaryBackgroundColor"])) >= 4.5
    [ring] = re.findall(r"outline: 2px solid (#\w{6})", style)
    assert contrast(rgb(ring), rgb(theme["backgroundColor"])) >= 3


def test_the_chosen_one_of_several_stands_out(theme):
    paper, primary = rgb(theme["backgroundColor"]), rgb(theme["primaryColor"])
    assert contrast(primary, 0.1 * primary + 0.9 * paper) >= 4.5


def test_no_button_needs_white_on_the_primary_colour(root):
    sources = [path.read_text(encoding="utf-8") for path in (root / "app").rglob("*.py")]
    assert sources and not any('type="primary"' in source for source in sources)


def test_chart_colours_stand_out(theme):
    paper = rgb(theme["backgroundColor"])
    assert min(contrast(rgb(colour), paper) for colour in theme["chartCategoricalColors"]) >= 3


@pytest.mark.parametrize("vision", VISION)
def test_chart_colours_differ_for_all_kinds_of_colour_vision(theme, vision):
    seen = [lab(np.array(VISION[vision]) @ linear(rgb(colour))) for colour in theme["chartCategoricalColors"]]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 15
