"""Charts of what the CNN sees hold the trace's numbers, lie where they should on the photo, and say what is seen."""

import numpy as np
import pytest
from PIL import Image

from app.charts.caption.feature_maps import feature_maps
from app.charts.caption.receptive_field import field_by_stage, field_on_photo
from model.traces import Box, FeatureMapsTrace, ReceptiveFieldTrace

PHOTO = Image.new("RGB", (120, 80), "grey")
NAMES = {"stem": "Stem", "block1": "Block 1", "last": "Last"}


def made_maps(count: int = 5, rows: int = 4, columns: int = 4) -> FeatureMapsTrace:
    rng = np.random.default_rng(0)
    strengths = rng.uniform(1, 9, 12).astype(np.float32)
    channels = strengths.argsort()[::-1][:count]
    return FeatureMapsTrace("block3", channels, rng.normal(size=(count, rows, columns)).astype(np.float32), strengths)


def made_field(stage: str = "block1", size: int = 40, side: int = 20) -> ReceptiveFieldTrace:
    """A region at row 2, column 1 of a 4 by 4 grid, whose gradient is a peak at its centre with some haze."""
    gradient = np.full((size, size), 1e-4, np.float32)
    gradient[25, 15] = 100
    return ReceptiveFieldTrace(stage, 8, (4, 4), 2, 1, Box(16, 6, 16 + side - 1, 6 + side - 1), gradient)


def texts(figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


# Feature maps


@pytest.mark.parametrize("count", [1, 5, 6, 17])
def test_the_photo_comes_first_and_then_every_channel_by_number_and_strength(count):
    trace = made_maps(count) if count < 12 else made_maps(12)
    figure = feature_maps(trace, PHOTO).figure
    maps = [one for one in figure.data if one.type == "heatmap"]
    assert len(maps) == len(trace.channels) and len(figure.layout.images) == 1
    assert texts(figure)[0] == "the photo"
    assert texts(figure)[1:] == [f"no. {channel}: {trace.strengths[channel]:.1f}" for channel in trace.channels]


def test_each_map_runs_from_its_least_to_its_greatest_value():
    trace = made_maps(3)
    for drawn, own in zip(feature_maps(trace, PHOTO).figure.data[1:], trace.maps, strict=True):
        levels = np.asarray(drawn.z, float)
        assert levels.min() == 0 and levels.max() == 255
        np.testing.assert_allclose(levels / 255, (own - own.min()) / np.ptp(own), atol=1 / 255)


def test_a_map_that_is_the_same_everywhere_is_drawn_too():
    flat = FeatureMapsTrace("stem", np.array([0]), np.full((1, 3, 3), 6.0, np.float32), np.zeros(2, np.float32))
    assert not np.asarray(feature_maps(flat, PHOTO).figure.data[1].z).any()
    assert "No channel" in feature_maps(flat, PHOTO).words


def test_maps_have_the_photos_shape():
    figure = feature_maps(made_maps(2, rows=5, columns=10), PHOTO).figure
    for axis in ("yaxis", "yaxis2", "yaxis3"):
        assert figure.layout[axis].scaleratio == pytest.approx((80 / 5) / (120 / 10))
        assert tuple(figure.layout[axis].range) == (5, 0)


def test_the_maps_in_words():
    trace = made_maps(5)
    text = feature_maps(trace, PHOTO).words
    assert f"Channel {trace.channels[0]} differs most" in text and "5 of 12 channels" in text
    assert f"{trace.share:.0%}" in text


# Receptive fields


def rectangles(figure) -> list[tuple]:
    return [(shape.y0, shape.x0, shape.y1, shape.x1) for shape in figure.layout.shapes if shape.showlegend]


def test_three_boxes_lie_on_the_photo_cut_at_its_edge():
    figure = field_on_photo(made_field(side=100), PHOTO, (4, 4)).figure
    assert figure.layout.xaxis.range == (0, 40) and figure.layout.yaxis.range == (40, 0)
    theory, effective, cell = rectangles(figure)
    assert theory == (16, 6, 40, 40)
    field = made_field(side=100).effective()
    assert effective == (field.top, field.left, field.bottom + 1, field.right + 1)
    assert cell == (20, 10, 30, 20)


def test_colour_lies_where_the_gradient_is():
    drawn = next(one for one in field_on_photo(made_field(), PHOTO, (4, 4)).figure.data if one.type == "heatmap")
    values = np.asarray(drawn.z)
    row, column = np.unravel_index(np.nanargmax(values), values.shape)
    assert drawn.y0 + row * drawn.dy == pytest.approx(25, abs=1) and drawn.x0 + column * drawn.dx == pytest.approx(
        15, abs=1
    )
    assert drawn.zmax == 1 and np.nanmin(values) > 0


def test_clicks_find_every_region_of_the_grid():
    points = next(one for one in field_on_photo(made_field(), PHOTO, (2, 4)).figure.data if one.type == "scatter")
    found = {tuple(place): (y, x) for place, x, y in zip(points.customdata, points.x, points.y, strict=True)}
    assert len(found) == 8 and found[(1, 1)] == (10, 5) and found[(2, 4)] == (30, 35)
    assert points.marker.opacity == 0 and points.selected.marker.opacity == points.unselected.marker.opacity == 0


def test_the_field_in_words():
    text = field_on_photo(made_field(), PHOTO, (2, 4)).words
    assert "depends on 20 × 20 pixels; the photo has 40 × 40" in text
    assert f"takes {made_field().width():.1%} of the photo's width" in text and "0.06% of its area" in text


def test_a_region_that_nothing_changes_says_so():
    field = made_field()
    silent = ReceptiveFieldTrace("stem", 8, (4, 4), 2, 1, field.theoretical, np.zeros((40, 40), np.float32))
    figure, words, _wide = field_on_photo(silent, PHOTO, (4, 4))
    assert len(rectangles(figure)) == 2 and "no small change" in words


def test_growth_shows_both_widths_of_every_stage_and_marks_one():
    fields = [made_field("stem", side=4), made_field("block1", side=20), made_field("last", side=90)]
    figure = field_by_stage(fields, NAMES, "block1").figure
    theory, fact = figure.data
    assert list(theory.y) == [4, 20, 90]
    np.testing.assert_allclose(fact.y, [field.width() * 40 for field in fields])
    assert list(figure.layout.xaxis.ticktext) == list(NAMES.values())
    line, band = figure.layout.shapes
    assert line.y0 == line.y1 == 40 and band.x0 < 1 < band.x1


def test_growth_in_words_names_the_stage_that_outgrows_the_photo():
    fields = [made_field("stem", side=4), made_field("last", side=90)]
    words = field_by_stage(fields, NAMES, "stem").words
    assert words.startswith("From “Last” on") and "2.2 times as wide" in words
    assert "From" not in field_by_stage(fields[:1], NAMES, "stem").words
