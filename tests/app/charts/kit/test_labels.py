"""Labels beside points: none lies on another, and as many are written as there is room for."""

from itertools import combinations

import numpy as np
import pytest

from app.charts.kit.labels import SIDES, Path, _box, _overlap, labels


def boxes(path: Path, texts, sides, size: float) -> list[np.ndarray]:
    """The labels' boxes in a plot of 500 pixels that the path just fills."""
    points = np.column_stack([path.x, path.y])
    pixels = (points - points.min(axis=0)) * 450 / np.ptp(points, axis=0)
    return [_box(at, text, size, *SIDES[side]) for at, text, side in zip(pixels, texts, sides, strict=True) if text]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("words", [["a", "dog"], ["photographer", "一只狗"]])
def test_no_label_lies_on_another(seed, words):
    x, y = np.random.default_rng(seed).normal(size=(2, 20)).cumsum(axis=1)
    path = Path(x, y, words * 10)
    [(texts, sides)] = labels([path], across=500, down=500, size=16)
    drawn = boxes(path, texts, sides, 16)
    assert not any(_overlap(one, other) for one, other in combinations(drawn, 2))
    assert len(drawn) >= 10


def test_where_there_is_room_all_are_written_above():
    path = Path(np.arange(4.0), np.array([0.0, 1, 0, 1]), ["a", "b", "c", "d"])
    assert labels([path], across=500, down=500, size=16) == [(["a", "b", "c", "d"], ["top center"] * 4)]


def test_two_labels_at_one_place_stand_apart_and_a_ninth_is_left_out():
    path = Path(np.zeros(12), np.zeros(12), ["photographer"] * 12)
    [(texts, sides)] = labels([path], across=500, down=500, size=16)
    written = [side for text, side in zip(texts, sides, strict=True) if text]
    assert len(set(written)) == len(written) < 12
    first, second = (Path(np.zeros(1), np.zeros(1), [word]) for word in "ab")
    (_texts, one), (_others, two) = labels([first, second], across=500, down=500, size=16)
    assert one != two
