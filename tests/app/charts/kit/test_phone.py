"""A phone's figures have room for what stands under and beside them there."""

from app.charts.caption.hidden import heat_map
from app.charts.kit.phone import for_phone
from app.charts.kit.style import room_under
from tests.traces_made import make_trace


def test_words_that_lean_on_a_phone_alone_have_room_under_the_axis():
    words = list("一个男人在照相")
    spec = heat_map(make_trace(1, words)).figure.to_dict()
    phone = for_phone(spec, columns=False)
    level, leaning = spec["layout"]["margin"]["b"], phone["layout"]["margin"]["b"]
    assert level == room_under(["(start)", *words]) == 36
    assert leaning == room_under(["(start)", *words], 220) > 60
    # The plot itself stays as high as it was.
    assert phone["layout"]["height"] - leaning == spec["layout"]["height"] - level


def test_a_few_short_words_stand_level_there_too():
    spec = heat_map(make_trace(1, ["a"])).figure.to_dict()
    assert for_phone(spec, columns=False)["layout"]["margin"] == spec["layout"]["margin"]
