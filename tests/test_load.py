"""The measurement of how many visitors a server carries: its visitors are real sessions, and it notices failures."""

import pytest

from tests import load


@pytest.fixture(scope="module")
def address():
    with load.served() as (address, process):
        assert process.is_running()
        yield address


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
