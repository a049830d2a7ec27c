"""The chart of how sure captioners were: a bar a word as high as its probability, a row a captioner."""

from itertools import pairwise

import numpy as np
import pytest

from app.charts.caption.word_chances import NUMBERED, Said, word_chances


def made(name: str, length: int, seed: int = 0) -> Said:
    chances = np.random.default_rng(seed).uniform(0.05, 0.95, length).astype(np.float32)
    return Said(name, tuple(f"w{place}" for place in range(length)), np.log(chances))


@pytest.mark.parametrize("lengths", [(7,), (9, 12), (3, 30), (1, 1, 5)])
def test_a_bar_a_word_as_high_as_its_probability(lengths):
    rows = [made(f"m{place}", length, place) for place, length in enumerate(lengths)]
    figure = word_chances(rows).figure
    assert [annotation.text for annotation in figure.layout.annotations] == [f"<b>{row.name}</b>" for row in rows]
    tops = []
    for place, (row, bars) in enumerate(zip(rows, figure.data, strict=True)):
        axis = "" if place == 0 else place + 1
        x, y = figure.layout[f"xaxis{axis}"], figure.layout[f"yaxis{axis}"]
        np.testing.assert_allclose(bars.y, np.exp(row.log_probs))
        assert list(x.ticktext) == list(row.words) and list(x.tickvals) == list(bars.x)
        assert list(x.range) == [-0.5, max(lengths) - 0.5] and list(y.range) == [0, 1]
        tops.append(y.domain[1])
    assert tops == sorted(tops, reverse=True)


def test_rows_do_not_overlap_and_have_one_height():
    figure = word_chances([made("a", 30), made("b", 5), made("c", 12)]).figure
    domains = [figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3")]
    assert all(lower[1] < upper[0] for upper, lower in pairwise(domains))
    np.testing.assert_allclose(np.diff(domains, axis=1), np.diff(domains[0])[0])


def test_numbers_stand_on_the_bars_where_they_have_room():
    assert word_chances([made("a", NUMBERED)]).figure.data[0].text[0].endswith("%")
    assert all(bars.text is None for bars in word_chances([made("a", 3), made("b", NUMBERED + 1)]).figure.data)


def test_names_and_words_are_shown_as_they_are():
    row = Said("<b>$x$", ("<i>dog", "$y$"), np.log([0.5, 0.25]))
    shown = word_chances([row]).figure.to_json()
    assert "<i>" not in shown and "$" not in shown.replace("&#36;", "")


def test_an_empty_caption_beside_another_leaves_an_empty_row():
    figure = word_chances([made("a", 4), Said("b", (), np.zeros(0))]).figure
    assert len(figure.data) == 2 and len(figure.data[1].y) == 0


def test_without_any_word_it_says_so():
    empty = [Said("b", (), np.zeros(0))]
    assert "empty" in word_chances(empty).figure.layout.annotations[0].text
    assert word_chances(empty).words == word_chances(empty).figure.layout.annotations[0].text


def test_in_words_the_surest_and_the_least_sure_of_each():
    first = Said("One", ("a", "dog", "runs"), np.log([0.5, 0.9, 0.03]))
    second = Said("Other", ("cat",), np.log([0.25]))
    text = word_chances([first, second]).words
    assert "One was surest of “dog” (90%) and least sure of “runs” (3.0%)." in text
    assert "Other was surest of “cat” (25%)" in text
