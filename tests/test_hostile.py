"""A small share of the trial of ``tests.hostile``; times are judged by the trial itself, not by a test."""

import pytest

from tests.hostile.__main__ import MOST_MEGABYTES, Row, at_a_server, at_the_library, table
from tests.hostile.library import ANSWERED, FAILED, REFUSED, Outcome, attempt
from tests.hostile.made import hostile_files, hostile_photos, hostile_texts


def _is_clean(row: Row) -> None:
    assert row.outcomes, row.name
    failures = [f"{one.name}: {one.said}" for one in row.outcomes if one.kind == FAILED]
    assert not failures, failures
    assert row.megabytes < MOST_MEGABYTES, row.name


def test_the_library_answers_or_refuses_with_a_sentence():
    photos, bombs, texts, files = at_the_library(photos=80, texts=20, files=40, seed=1)
    for row in (photos, bombs, texts, files):
        _is_clean(row)
    assert photos.counts[ANSWERED] > 10
    assert photos.counts[REFUSED] > 10
    assert not bombs.counts[ANSWERED]
    assert files.counts[REFUSED] > 10


def test_a_server_answers_or_refuses_with_a_sentence():
    photos, bombs, texts, files = at_a_server(photos=12, texts=12, files=12, seed=2, every=1)
    for row in (photos, bombs, texts, files):
        _is_clean(row)
    assert not bombs.counts[ANSWERED]


@pytest.mark.parametrize("made", [hostile_photos, hostile_texts, hostile_files])
def test_a_seed_makes_the_same_again(made):
    first, again, other = (list(made(seed, 8)) for seed in (3, 3, 4))
    assert first == again != other


def test_exceptions_are_found_and_the_table_counts_them(monkeypatch):
    from model.captioner import Captioner

    monkeypatch.setattr(Captioner, "look", lambda *_: 1 / 0)
    from tests.hostile import library

    monkeypatch.setattr(library, "_captioner", lambda: Captioner.__new__(Captioner))
    monkeypatch.setattr(Captioner, "known_words", lambda self, words, lang: words)
    found = attempt("photo", "a photo", b"anything")
    assert found.kind == FAILED
    assert "ZeroDivisionError" in found.said
    row = Row("photos", [found, Outcome("b", ANSWERED), Outcome("c", REFUSED, "No.", 9.0)])
    assert not row.passed
    assert table([row]).splitlines()[1].split()[1:5] == ["3", "1", "1", "1"]
