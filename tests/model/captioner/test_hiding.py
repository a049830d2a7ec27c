"""Hiding touches what is inside the box and nothing else, and windows of attention are found where they are."""

import numpy as np
import pytest
from PIL import Image

from model.captioner.hiding import FILLS, hide, side_of_ninth, window_box, window_sums
from model.traces import PhotoPart


@pytest.fixture
def photo() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (50, 80, 3), dtype=np.uint8))


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(
    "box", [PhotoPart(10, 40, 20, 60), PhotoPart(0, 100, 0, 100), PhotoPart(99, 100, 99, 100), PhotoPart(0, 1, 40, 41)]
)
def test_only_what_is_inside_changes(photo, box, fill):
    before, after = np.asarray(photo), np.asarray(hide(photo, box, fill))
    left, top, right, bottom = box.pixels(80, 50)
    inside = np.zeros((50, 80), bool)
    inside[top:bottom, left:right] = True
    assert inside.any()
    assert (after[~inside] == before[~inside]).all()
    assert (after[inside] != before[inside]).any(axis=-1).mean() > 0.9


def test_another_fill_is_refused(photo):
    with pytest.raises(ValueError, match="pink"):
        hide(photo, PhotoPart(0, 10, 0, 10), "pink")


def test_edges_in_pixels():
    assert PhotoPart(10, 40, 20, 60).pixels(80, 50) == (8, 10, 32, 30)
    assert PhotoPart(0, 100, 0, 100).pixels(333, 7) == (0, 0, 333, 7)
    assert PhotoPart(33, 34, 0, 1).pixels(16, 16) == (5, 0, 6, 1)  # 5.28 to 5.44: the pixel that it touches
    assert window_box(3, 6, 3, 9, 9).pixels(270, 270) == (180, 90, 270, 180)  # no pixel more by rounding errors


def test_what_it_is_covered_with(photo):
    box = PhotoPart(20, 50, 20, 60)
    left, top, right, bottom = box.pixels(80, 50)
    mean, grey, blur = (np.asarray(hide(photo, box, fill))[top:bottom, left:right] for fill in FILLS)
    assert (mean == np.asarray(photo).reshape(-1, 3).mean(axis=0).round()).all()
    assert (grey == 128).all()
    assert blur.std() < np.asarray(photo).std() / 4


@pytest.mark.parametrize("box", [PhotoPart(10, 40, 20, 60), PhotoPart(0, 100, 0, 100), PhotoPart(0, 1, 99, 100)])
def test_a_box_is_read_as_it_is_written(box):
    assert PhotoPart.parse(str(box)) == box


@pytest.mark.parametrize(
    "text",
    [
        *("", "nothing", "1-2-3", "10-40-20-60-1", "40-10-20-60", "10-10-20-60", "0-101-0-100", "-1-40-20-60"),
        *("1.5-40-20-60", "²-40-20-60", "١-40-20-60", "nan-40-20-60", "10-40-20-" + "9" * 5000, "10-40-20-<b>", "\0"),
    ],
)
def test_what_is_no_box_is_none(text):
    assert PhotoPart.parse(text) is None


def test_share():
    assert PhotoPart(10, 40, 20, 60).share == pytest.approx(0.12)
    assert window_box(0, 0, 3, 9, 9).share == pytest.approx(1 / 9)


def test_window_sums_are_those_counted_by_hand():
    maps = np.random.default_rng(1).random((2, 5, 6))
    sums = window_sums(maps, 3)
    assert sums.shape == (2, 3, 4)
    for t, row, column in np.ndindex(sums.shape):
        assert sums[t, row, column] == pytest.approx(maps[t, row : row + 3, column : column + 3].sum())
    assert window_sums(np.zeros((0, 9, 9)), 3).shape == (0, 7, 7)


def test_a_third_each_way_is_a_ninth():
    assert [side_of_ninth(rows) for rows in (1, 2, 7, 9, 12)] == [1, 1, 2, 3, 4]
