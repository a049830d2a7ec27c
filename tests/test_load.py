"""The measurement of how many visitors a server carries: its visitors are real sessions, and it notices failures."""

from collections import Counter

import pytest

from tests import load, room_load


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server's address, its process, and where its rooms are kept."""
    database = f"sqlite:///{tmp_path_factory.mktemp('rooms') / 'rooms.sqlite'}"
    with load.served(AFTERIMAGE_DATABASE=database) as (address, process):
        assert process.is_running()
        yield address, process, database


@pytest.fixture
def address(server):
    return server[0]


def test_a_visitor_brings_a_photo_and_moves_a_slider(address):
    report = load.measure(users=1, seconds=1, pace=0.1, address=address)
    figures = report.as_dict()
    assert figures["failures"] == []
    assert {action: one["count"] for action, one in figures["seconds"].items()} == {
        "open": 1,
        "photo": 1,
        "slider": 1,
        "start": 1,
        "all": 3,
    }
    assert all(0 < one["median"] <= one["p95"] <= one["longest"] for one in figures["seconds"].values())


def test_what_fails_is_told(address, monkeypatch):
    monkeypatch.setattr(load, "photo_of_ones_own", lambda chance: b"no photo")
    report = load.measure(users=1, seconds=1, pace=0.1, address=address)
    assert report.failures == ["RuntimeError: The page still shows a sample, not the visitor's own photo."]


def test_a_page_without_the_widget_is_told(address):
    visitor = load.Visitor(address, "about", "lang=en")
    try:
        with pytest.raises(RuntimeError, match="no widget caption_beam"):
            visitor.set("caption_beam", double_array_value={"data": [5]})
    finally:
        visitor.close()


def test_a_class_answers_and_all_is_counted_once(server):
    address, process, database = server
    result = room_load.play([address], users=3, answers=6, pace=0.1, database=database, process=process)
    assert result.failures == []
    assert (result.sent, result.counted, result.lost, result.doubled) == (6, 6, 0, 0)
    assert len(result.shown) == 6 and all(wait > 0 for wait in result.shown) and result.processor > 0
    assert result.lines()[-1] == "answers: 6 sent, 6 counted, 0 lost, 0 doubled"


def test_what_is_lost_does_not_make_up_for_what_is_doubled():
    result = room_load.Result()
    result.compare(Counter(dog=2, cat=1), Counter(dog=1, cat=2))
    assert (result.sent, result.counted, result.lost, result.doubled) == (3, 3, 1, 1)
