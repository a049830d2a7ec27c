"""Labels beside points: none lies on another, and as many are written as there is room for."""

from itertools import combinations

import numpy as np
import pytest

from app.charts.kit.labels import SIDES, Path, _box, _crossed, _overlap, labels


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


def test_where_there_is_room_labels_stand_off_the_line():
    flat, zigzag = (Path(np.arange(4.0), np.array(y), list("abcd")) for y in ([0.0, 0, 0, 0], [0.0, 1, 0, 1]))
    assert labels([flat], across=500, down=500, size=16) == [(list("abcd"), ["top center"] * 4)]
    [(texts, sides)] = labels([zigzag], across=500, down=500, size=16)
    assert texts == list("abcd")
    at = np.column_stack([zigzag.x, zigzag.y]) * [150, 450]
    lines = np.stack([at[:-1], at[1:]], axis=1)
    assert all(_crossed(_box(point, "a", 16, *SIDES[side]), lines) == 0 for point, side in zip(at, sides, strict=True))


def test_a_label_that_would_hide_lines_or_points_wherever_it_stood_is_left_out_but_for_the_last():
    """A star of spokes: whatever side the word at its middle takes, several pass through it."""
    ends = [(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 24, endpoint=False)]
    x, y = np.array([point for end in ends for point in ((0.0, 0.0), end)] + [(0.0, 0.0)]).T
    texts = ["photographer", *[""] * (len(x) - 1)]
    assert labels([Path(x, y, texts)], across=500, down=500, size=16)[0][0] == [""] * len(x)
    assert labels([Path(x, y, texts[::-1])], across=500, down=500, size=16)[0][0] == texts[::-1]


def test_no_label_leaves_the_plot():
    """The last point is at the right edge, and its line comes from the left."""
    path = Path(np.array([0.0, 1, 2]), np.array([0.0, 0, 1]), ["start", "here", "photographer"])
    [(_texts, sides)] = labels([path], across=300, down=300, size=16)
    assert sides[-1] in ("middle left", "top left")


def test_lines_in_a_box_are_measured():
    box = np.array([0.0, 0, 10, 4])
    through, along, beside = [[-5, 2], [20, 2]], [[3, 1], [3, 3]], [[-5, 9], [20, 9]]
    assert _crossed(box, np.array([through], float)) == pytest.approx(10)
    assert _crossed(box, np.array([along], float)) == pytest.approx(2)
    assert _crossed(box, np.array([beside], float)) == 0
    assert _crossed(box, np.array([through, along, beside], float)) == pytest.approx(12)


def test_two_labels_at_one_place_stand_apart_and_a_ninth_is_left_out():
    path = Path(np.zeros(12), np.zeros(12), ["photographer"] * 12)
    [(texts, sides)] = labels([path], across=500, down=500, size=16)
    written = [side for text, side in zip(texts, sides, strict=True) if text]
    assert len(set(written)) == len(written) < 12
    first, second = (Path(np.zeros(1), np.zeros(1), [word]) for word in "ab")
    (_texts, one), (_others, two) = labels([first, second], across=500, down=500, size=16)
    assert one != two
