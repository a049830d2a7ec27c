"""What holds for every chart of the list, in every scene that it can be drawn in: readable from the back of a room, on
light and dark pages, in both languages, nothing unescaped, numbers as JSON, and told in words."""

import importlib
import inspect
import pkgutil
import re
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import combinations
from typing import Any, get_type_hints

import numpy as np
import plotly.graph_objects as go
import pytest

import app.charts
from app import i18n
from app.charts.kit.chart import CHARTS, Chart, Markup, chart
from app.charts.kit.phone import for_phone
from app.charts.kit.stacked import stacked
from app.charts.kit.style import NORMAL, ON_PHONE, SMALL, enlarged, inked, width_of
from model.cells import CELLS
from model.traces import CaptionTrace
from tests.app.charts.laws import LATIN, MARK, Shouting, check, fonts, texts
from tests.app.charts.scenes import SCENES, Drawing, drawings, name_of, parameters, scenes_of
from tests.traces_made import VOCABULARY

DRAWINGS = drawings()
#: Of each chart the one with most in it.
RICHEST = list({name_of(one.chart): one for one in reversed(DRAWINGS)}.values())

#: What is no text but mathematics, a unit, a cell's, a measure's or a run's name.
FORMULAS = {*"abcdfghilmnopqrstuwxyzABCEIUVLNOW", "hh", "tanh", "ReLU", "NaN", "RNN", "LSTM", "GRU", "e", "mV", "ms"}
FORMULAS |= {"BLEU", "METEOR", "CIDEr", "CNN"}
#: The cells' own letters and indices.
FORMULAS |= {
    word
    for cell in CELLS.values()
    for letters in re.findall("letters='([^']+)'", repr(cell.formulas))
    for word in re.findall("[A-Za-z]+", letters)
}
HAN = re.compile("[\u4e00-\u9fff]")


@cache
def drawn(drawing: Drawing) -> Chart | Markup:
    """In a language that marks each of its texts: what is left of one without its marks is English."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(i18n, "catalogue", lambda language: Shouting())
        return drawing.draw()


def words_of(drawing: Drawing) -> str:
    """A drawing's words in English."""
    return drawn(drawing).words.replace(MARK, "")


def figure_of(drawing: Drawing) -> go.Figure:
    """A chart's figure; what is made of HTML has none and is left out."""
    made = drawn(drawing)
    if isinstance(made, Markup):
        pytest.skip("not drawn by Plotly")
    return made.figure


each = pytest.mark.parametrize("drawing", DRAWINGS, ids=str)
richest = pytest.mark.parametrize("drawing", RICHEST, ids=lambda drawing: name_of(drawing.chart))


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_every_chart_has_a_scene_to_be_tested_in(chart):
    scenes_of(chart)


def test_every_function_that_gives_a_chart_is_on_the_list():
    kits = ("app.charts.kit", "app.charts.home.film")
    for found in pkgutil.walk_packages(app.charts.__path__, "app.charts."):
        for name, function in inspect.getmembers(importlib.import_module(found.name), inspect.isfunction):
            own = function.__module__ == found.name and not name.startswith("_") and not found.name.startswith(kits)
            if own and get_type_hints(function).get("return") in (Chart, Markup):
                assert function in CHARTS, f"{found.name}.{name} lacks @chart"


def test_a_chart_of_something_unknown_says_what_to_add():
    def glow(trace: CaptionTrace, shine: complex) -> Chart:
        raise NotImplementedError

    with pytest.raises(AssertionError, match="add an example of `shine: complex` to the scene “a caption of"):
        scenes_of(glow)


def test_a_new_chart_of_a_known_trace_is_tested_as_it_is(monkeypatch):
    listed: list[Any] = []
    monkeypatch.setattr("app.charts.kit.chart.CHARTS", listed)

    @chart
    def glow(traces: dict[str, CaptionTrace] | None, *, unit: int = 3) -> Chart:
        raise NotImplementedError

    assert listed == [glow]
    with pytest.raises(AssertionError):
        scenes_of(glow)

    @chart
    def glory(trace: CaptionTrace, *, unit: int = 3) -> Chart:
        raise NotImplementedError

    assert scenes_of(glory) == [name for name, scene in SCENES.items() if CaptionTrace in scene]
    given, more, missing = parameters(glory, "one word")
    assert (set(given), set(more), missing) == ({"trace"}, {"unit"}, [])


@each
def test_its_figure_is_for_any_page(drawing):
    figure = figure_of(drawing)
    assert len(check(figure)["data"]) == len(figure.data)
    for text in texts(figure.to_plotly_json()):
        assert "<b>x" not in text and "$x$" not in text, text


@each
def test_it_is_told_in_plain_words(drawing):
    words = words_of(drawing)
    assert words == words.strip() and words.endswith(".") and "  " not in words
    assert not re.search("<(sub|sup|br|span)|&lt;|&amp;[a-z]", words), words


@each
def test_every_text_is_translated(drawing):
    made = drawn(drawing)
    assert made.words.startswith(MARK), made.words
    # Each sentence is a whole template: nothing stands untranslated between two of them.
    said = re.sub(f"({MARK})+", MARK, made.words)  # a template inside of another
    assert all(part.strip() for part in said.split(MARK)[1:])
    if isinstance(made, Markup):
        return
    known = FORMULAS | {*VOCABULARY} | words_in([make() for make in SCENES[drawing.scene].values()])
    content = made.figure.to_plotly_json()
    content["layout"].pop("template")
    for text in texts(content):
        if MARK not in text:
            plain = re.sub(r"<[^>]*>|%\{[^}]*\}|&[#\w]+;", " ", text)
            # A word may have been cut.
            left = [part for part in LATIN.findall(plain) if not any(word.startswith(part) for word in known)]
            assert not left, text


def words_in(value: Any) -> set[str]:
    """The Latin words of all strings inside a value."""
    if isinstance(value, str):
        return set(LATIN.findall(value))
    if is_dataclass(value) and not isinstance(value, type):
        return words_in([getattr(value, one.name) for one in fields(value)])
    if isinstance(value, dict):
        return words_in([*value, *value.values()])
    if isinstance(value, (list, tuple)):
        return set().union(*map(words_in, value))
    return set()


@richest
def test_it_speaks_chinese(drawing):
    with i18n.speaking("zh"):
        words = drawing.draw().words
    assert words != words_of(drawing) and HAN.search(words) and words.endswith("。")


@richest
def test_all_its_text_takes_the_ink_of_the_page(drawing):
    ink = "#123456"
    layout = go.Figure(inked(figure_of(drawing).to_dict(), ink)).layout
    assert layout.font.color == layout.legend.font.color == ink
    for name in layout:
        if name.startswith(("xaxis", "yaxis")):
            assert layout[name].tickfont.color == layout[name].title.font.color == ink


@richest
def test_all_type_and_the_height_grow_for_a_projector_and_the_figure_itself_stays(drawing):
    figure = figure_of(drawing)
    before = figure.to_json()
    large = enlarged(figure, 2)
    type_before, type_after = dict(fonts(figure.to_plotly_json())), dict(fonts(large.to_plotly_json()))
    assert type_before and type_after.keys() == type_before.keys()
    for place, size in type_before.items():
        np.testing.assert_array_equal(type_after[place], 2 * np.asarray(size))
    assert large.layout.height == 2 * figure.layout.height
    assert large.layout.margin.l == 2 * figure.layout.margin.l
    assert figure.to_json() == before


def places(spec: dict) -> list[float]:
    """All shares of the plot area, and pixels above it, that parts of a figure stand at."""
    layout = spec["layout"]
    axes = [axis for name, axis in layout.items() if name.startswith(("xaxis", "yaxis"))]
    parts = [one for kind in ("annotations", "images") for one in layout.get(kind, []) if one.get("xref") == "paper"]
    return [share for axis in axes for share in axis.get("domain", ())] + [one["x"] for one in parts]


def panels(spec: dict) -> list[tuple[list[float], list[float]]]:
    """Where each of a figure's panels stands, across and up, in the order of its axes."""
    layout = spec["layout"]
    found = []
    for name, axis in sorted(layout.items()):
        if name.startswith("xaxis"):
            upright = layout.get(axis.get("anchor", "y").replace("y", "yaxis"), {})
            found.append((list(axis.get("domain", (0, 1))), list(upright.get("domain", (0, 1)))))
    return found


def overlap(one: tuple, other: tuple) -> bool:
    return all(max(a[0], b[0]) < min(a[1], b[1]) - 1e-9 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("drawing", DRAWINGS, ids=str)
def test_nothing_scrolls_on_a_phone(drawing):
    """What is too wide for it has columns, which stand below each other there, or a shape of its own."""
    made = drawn(drawing)
    if isinstance(made, Markup) or not made.wide:
        return
    spec = made.figure.to_dict()
    assert stacked(spec) is not spec or "narrow" in inspect.signature(drawing.chart).parameters


@pytest.mark.parametrize("drawing", DRAWINGS, ids=str)
def test_a_shape_for_a_phone_fits_it(drawing):
    """What stands beside the plot leaves most of a phone's width to it, and no panel is too narrow to be read."""
    if "narrow" not in inspect.signature(drawing.chart).parameters:
        return
    made = drawing.draw(narrow=True)
    layout = made.figure.layout
    width = ON_PHONE - layout.margin.l - layout.margin.r
    if made.wide:
        spec = made.figure.to_dict()
        assert stacked(spec) is not spec
        return
    assert width > 0.6 * ON_PHONE
    panels = [axis for axis in made.figure.select_xaxes() if axis.visible is not False]
    assert all((axis.domain[1] - axis.domain[0]) * width > 90 for axis in panels if axis.domain)


def on_a_phone(drawing: Drawing) -> dict:
    """A figure as a phone gets it."""
    narrow = {"narrow": True} if "narrow" in inspect.signature(drawing.chart).parameters else {}
    made = drawing.draw(**narrow)
    if isinstance(made, Markup):
        pytest.skip("not drawn by Plotly")
    return for_phone(made.figure.to_dict(), columns=made.wide)


def reach(text: str, size: float) -> float:
    """About how many pixels the longest line of a text takes."""
    lines = re.sub("<(?!br)[^>]*>", "", text).split("<br>")
    return max(map(width_of, lines)) * size * 0.5


@pytest.mark.parametrize("drawing", RICHEST, ids=str)
def test_no_title_or_note_is_cut_on_a_phone(drawing):
    layout = on_a_phone(drawing)["layout"]
    left, right = layout["margin"]["l"], layout["margin"]["r"]
    across = ON_PHONE - left - right
    for name, axis in layout.items():
        title = axis.get("title", {}) if name.startswith("xaxis") and axis.get("visible", True) else {}
        if title.get("text"):
            half = reach(title["text"], title.get("font", {}).get("size", NORMAL)) / 2
            middle = left + across * sum(axis.get("domain", (0, 1))) / 2
            assert half <= min(middle, ON_PHONE - middle) + 4, title["text"]
    for one in layout.get("annotations", []):
        if one.get("xref") == "paper" and one.get("xanchor") in ("left", "right") and one.get("text"):
            taken = reach(one["text"], one.get("font", {}).get("size", SMALL))
            x = left + across * one["x"] + one.get("xshift", 0)
            room = ON_PHONE - x if one["xanchor"] == "left" else x
            assert taken <= room + 8, (one["text"], taken, room)


@pytest.mark.parametrize("drawing", RICHEST, ids=str)
def test_on_a_phone_columns_stand_below_each_other(drawing):
    spec = figure_of(drawing).to_dict()
    rows = stacked(spec)
    if rows is spec:
        return
    assert go.Figure(rows) and all(-0.3 <= share <= 1.1 for share in places(rows))
    assert rows["layout"]["height"] >= 1.5 * spec["layout"]["height"]
    seen = [
        axis
        for name, axis in rows["layout"].items()
        if name.startswith("xaxis") and axis.get("visible", True) and "domain" in axis
    ]
    assert all(axis["domain"][1] - axis["domain"][0] > 0.5 or len(seen) > 8 for axis in seen)
    for (was, now), (other_was, other_now) in combinations(zip(panels(spec), panels(rows), strict=True), 2):
        assert overlap(was, other_was) or not overlap(now, other_now)
    assert len(rows["data"]) == len(spec["data"]) and len(rows.get("frames", [])) == len(spec.get("frames", []))
