"""Colours, type sizes and how words become text in a figure."""

import plotly.graph_objects as go

from app.charts.caption import gates
from app.charts.kit.style import enlarged, escape, percent, room_under, shortened, shown, width_of, wrapped
from tests.traces_made import make_trace


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
    figure = gates.unit_course(make_trace(1, ["background"] * 20), 0).figure
    assert figure.layout.margin.b == room_under(["(start)", *["background"] * 20])


def test_escaping():
    assert escape("<b>&$x$") == "&lt;b&gt;&amp;&#36;x&#36;"
    assert shown("") == "(end)" and shown("<") == "&lt;"


def test_shares_as_text():
    assert [percent(share) for share in (0, 3e-9, 2e-6, 0.00042, 0.003, 0.0994, 0.0996, 0.54, 1)] == [
        *("0.0%", "3·10⁻⁷%", "0.0002%", "0.04%", "0.3%", "9.9%", "10%", "54%", "100%")
    ]


def test_words_are_cut_by_the_room_they_take():
    assert width_of("dog") == 3 and width_of("狗") == 2
    assert shortened("motorcycle", 10) == "motorcycle" and shortened("motorcycles", 10) == "motorcycl…"
    assert width_of(shortened("摩托车骑手在路上", 9)) <= 9


def test_lines_break_between_words_or_chinese_characters_and_never_within_a_tag():
    assert wrapped("a person was said", 9) == "a person<br>was said"
    assert wrapped("几个，不是一个", 9) == "几个，不<br>是一个"
    assert wrapped('<span style="color: red">two</span> words\nand more', 9) == (
        '<span style="color: red">two</span> words<br>and more'
    )
    assert wrapped("a<b", 2) == "a<b" and wrapped("", 9) == ""
    assert wrapped("<b>one</b> two<br>three four", 9) == "<b>one</b> two<br>three<br>four"
