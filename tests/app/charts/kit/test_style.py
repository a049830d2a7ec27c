"""What holds for all charts: readable from the back of a room, on light and dark pages, in both languages."""

import re
from collections.abc import Iterator
from gettext import NullTranslations

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from app import i18n
from app.charts.caption import alternatives, attention, beam, gates, hidden
from app.charts.kit.style import enlarged, escape, inked, percent, room_under, shortened, shown, width_of
from tests.traces_made import VOCABULARY, make_basis, make_trace

PHOTO = Image.new("RGB", (300, 200), "teal")
LOOK = {"opacity": 0.7, "smooth": True}
BASIS = make_basis()

CHARTS = {
    "where it looked": lambda trace: attention.where_it_looked(trace, PHOTO, **LOOK),
    "all words": lambda trace: attention.all_words(trace, PHOTO, **LOOK),
    "nearly said": lambda trace: alternatives.nearly_said(trace),
    "guess": lambda trace: alternatives.nearly_said(trace, hide_from=0),
    "search tree": beam.search_tree,
    "path in 2-D": lambda trace: hidden.path_2d({"a": trace, "b": trace}, BASIS),
    "path in 3-D": lambda trace: hidden.path_3d({"a": trace, "b": trace}, BASIS),
    "memory": hidden.heat_map,
    "update gate": lambda trace: gates.gate_heat_map(trace, "update_gate", sort="similarity"),
    "reset gate": lambda trace: gates.gate_heat_map(trace, "reset_gate", sort="change"),
    "unit": lambda trace: gates.unit_course(trace, 0),
}
TRACES = {
    "empty": make_trace(1, 0),
    "one word": make_trace(1, 1, channels=1, rows=1, columns=1, beam=1),
    "twenty": make_trace(1, 20, beam=10),
    "Chinese": make_trace(1, list("一只狗在草地上跑")),
}


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


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_every_trace_gives_a_figure_for_any_page(chart, trace):
    figure = chart(trace)
    content = figure.to_plotly_json()
    content["layout"].pop("template")
    for name in ("paper_bgcolor", "plot_bgcolor"):
        assert content["layout"][name] == "rgba(0, 0, 0, 0)"
    assert "color" not in content["layout"]["font"]
    assert figure.layout.height >= 100
    # The slider's own labels are unseen: the words stand under the bars, in full.
    small = [(place, size) for place, size in fonts(content) if size < 14 and ".sliders." not in place]
    assert not small


LATIN = re.compile(r"[A-Za-z]+")


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_text_takes_the_pages_colour_on_wish(chart):
    layout = go.Figure(inked(chart(TRACES["twenty"]).to_dict(), "#123456")).layout
    assert layout.font.color == layout.legend.font.color == "#123456"
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.tickfont.color == axis.title.font.color == "#123456"


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_all_type_and_the_height_grow_for_a_projector_and_the_figure_itself_stays(chart):
    figure = chart(TRACES["twenty"])
    before = figure.to_json()
    large = enlarged(figure, 2)
    type_before, type_after = dict(fonts(figure.to_plotly_json())), dict(fonts(large.to_plotly_json()))
    assert type_before and type_after == {place: 2 * size for place, size in type_before.items()}
    assert large.layout.height == 2 * figure.layout.height
    assert large.layout.margin.l == 2 * figure.layout.margin.l
    assert figure.to_json() == before


def test_lines_and_marks_grow_in_frames_too_and_what_is_measured_on_axes_stays():
    figure = go.Figure()
    figure.add_scatter(x=[1, 2], y=[3, 4], mode="lines+markers", marker_size=[5, 6], line_width=3, meta=[7])
    figure.add_scatter(x=[1, 2], y=[3, 4])
    figure.add_bar(x=[1, 2], y=[3, 4], width=0.5, marker_line_width=1)
    figure.add_contour(z=[[1, 2], [3, 4]], contours={"start": 1, "end": 2, "size": 1}, line_width=3)
    figure.add_heatmap(z=[[1, 2], [3, 4]], xgap=1, colorbar={"len": 100, "lenmode": "pixels", "thickness": 12})
    figure.add_heatmap(z=[[1, 2], [3, 4]], colorbar={"len": 0.5})
    figure.add_annotation(text="a", x=1, y=1, yshift=4, ax=10, ay=-20, arrowwidth=2)
    figure.frames = [{"name": "0", "data": [{"type": "scatter", "marker": {"size": 9}}], "traces": [0]}]
    line, plain, bar, contour, heat, share = enlarged(figure, 2).data
    assert list(line.marker.size) == [10, 12] and line.line.width == 6
    assert list(line.x) == [1, 2] and list(line.y) == [3, 4] and list(line.meta) == [7]
    assert (plain.line.width, plain.marker.size) == (4, 12)  # twice what Plotly gives by default
    assert bar.width == 0.5 and bar.marker.line.width == 2
    assert contour.contours.size == 1 and contour.line.width == 6
    assert (heat.xgap, heat.colorbar.len, heat.colorbar.thickness) == (2, 200, 24)
    assert share.colorbar.len == 0.5
    large = enlarged(figure, 2)
    (said,) = large.layout.annotations
    assert (said.x, said.y, said.yshift, said.ax, said.ay, said.arrowwidth) == (1, 1, 8, 20, -40, 4)
    (frame,) = large.frames
    assert frame.name == "0" and frame.data[0].marker.size == 18 and frame.traces == (0,)


def test_leaning_words_have_room_under_the_axis():
    level, leaning = room_under(["a", "dog"]), room_under(["through"] * 20)
    assert leaning > level + 20
    figure = gates.unit_course(make_trace(1, ["background"] * 20), 0)
    assert figure.layout.margin.b == room_under(["(start)", *["background"] * 20])


class Shouting(NullTranslations):
    """A translation whose texts are known from those that nobody translated."""

    def gettext(self, message: str) -> str:
        return f"TRANSLATED {message}"


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_every_text_of_a_chart_is_translated(chart, trace, monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Shouting())
    figure = chart(trace).to_plotly_json()
    figure["layout"].pop("template")
    words = {*trace.words, *VOCABULARY, "a", "b"}
    for text in texts(figure):
        if "TRANSLATED" not in text:
            plain = re.sub(r"<[^>]*>|%\{[^}]*\}", " ", text)
            assert all(any(word.startswith(part) for word in words) for part in LATIN.findall(plain)), text


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


def test_escaping():
    assert escape("<b>&$x$") == "&lt;b&gt;&amp;&#36;x&#36;"
    assert shown("") == "(end)" and shown("<") == "&lt;"


def test_shares_as_text():
    assert [percent(share) for share in (0, 2e-6, 0.00042, 0.003, 0.0994, 0.0996, 0.54, 1)] == [
        *("0.0%", "0.0002%", "0.04%", "0.3%", "9.9%", "10%", "54%", "100%")
    ]


def test_words_are_cut_by_the_room_they_take():
    assert width_of("dog") == 3 and width_of("狗") == 2
    assert shortened("motorcycle", 10) == "motorcycle" and shortened("motorcycles", 10) == "motorcycl…"
    assert width_of(shortened("摩托车骑手在路上", 9)) <= 9
