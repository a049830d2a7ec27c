"""The index of moments: what is alike is found, and what is better than chance is told by the closed form."""

import dataclasses
import math

import numpy as np
import pytest

from model.captioner.moments import MOMENTS_FILE, Moments, load_moments, save_moments
from model.errors import MissingFileError, SettingError, WeightsError
from tests.traces_made import make_basis, make_trace


@pytest.fixture(scope="module")
def captions():
    return [make_trace(seed, 6) for seed in range(40)]


@pytest.fixture(scope="module")
def index(captions) -> Moments:
    return Moments.of(captions)


def test_memories_are_kept_to_half_a_step(index, captions):
    hidden = np.concatenate([caption.hidden for caption in captions])
    assert index.packed.nbytes == hidden.size / 2
    np.testing.assert_allclose(index.hidden, hidden, atol=1 / 14 + 1e-6)
    row = 6 * 3 + 4
    assert index.moment(row).words == captions[3].words and index.moment(row).place == 4
    assert index.words[row] == index.moment(row).word == captions[3].words[4]


def test_an_odd_number_of_units_and_the_same_caption_twice():
    one, other = make_trace(0, ["a", "dog"], units=5), make_trace(1, ["a", "cat", "runs"], units=5)
    made = Moments.of([one, one, other, make_trace(2, 0, units=5)])
    assert len(made.captions) == 2 and made.hidden.shape[0] == 5
    np.testing.assert_allclose(made.hidden[:2, :5], one.hidden, atol=1 / 14 + 1e-6)


def test_the_nearest_are_those_of_the_cosine(index):
    rng = np.random.default_rng(0)
    asked = rng.uniform(-1, 1, 32)
    found = index.like(asked, most=15)
    cosine = index.hidden @ asked / np.linalg.norm(index.hidden, axis=1) / np.linalg.norm(asked)
    np.testing.assert_allclose(found.similarity, np.sort(cosine)[::-1][:15], rtol=1e-5)
    assert found.mean_similarity == pytest.approx(cosine.mean(), abs=1e-6) and found.searched == len(cosine)
    assert [found.moments[0]] == [index.moment(int(cosine.argmax()))]
    groups = found.by_word
    assert sorted(place for places in groups.values() for place in places) == list(range(15))
    assert all(found.moments[place].word == word for word, places in groups.items() for place in places)
    assert list(map(len, groups.values())) == sorted(map(len, groups.values()), reverse=True)


def test_a_memory_of_the_index_finds_itself(index, captions):
    found = index.like(captions[7].hidden[2])
    assert found.moments[0] == (captions[7].words, 2) and found.similarity[0] > 0.99


def test_in_the_axes_only_what_they_show_counts(index):
    basis = make_basis(0, 32)
    asked = index.hidden[50]
    aside = np.linalg.svd(basis.components)[2][-1] * 5  # at right angles to every axis
    one, other = index.like(asked, basis), index.like(asked + aside, basis)
    np.testing.assert_allclose(one.similarity, other.similarity, atol=1e-4)
    assert one.similarity[0] == pytest.approx(1, abs=1e-5)
    assert index.like(asked + aside).similarity[0] < 0.9


def test_a_pattern_is_better_than_chance_by_so_much(index):
    """Moments before "dog" get a unit that is high: the rest follows from counting."""
    hidden = index.hidden.copy()
    dogs = np.flatnonzero(index.words == "dog")
    others = np.flatnonzero(index.words != "dog")
    quarter = len(hidden) // 4
    assert len(dogs) < quarter
    high = np.concatenate([dogs, others[: quarter - len(dogs)]])
    hidden[:, 3] = -0.5
    hidden[high, 3] = 0.9
    made = Moments.of(
        [
            dataclasses.replace(make_trace(0, 1), words=words, hidden=states)
            for words, states in zip(index.captions, hidden.reshape(-1, 6, 32), strict=True)
        ]
    )
    found = made.pattern({3: True}, len(high) / len(hidden))
    assert found.matched == len(high) == round(found.expected)
    [dog] = [one for one in found.words if one.word == "dog"]
    assert found.words[0] == dog and dog.count == dog.total == len(dogs)
    assert dog.expected == pytest.approx(len(dogs) * len(high) / len(hidden))
    assert dog.lift == pytest.approx(len(hidden) / len(high))
    # All k dogs among the n of N: C(N - k, n - k) / C(N, n).
    n, m, k = len(hidden), len(high), len(dogs)
    assert dog.chance == pytest.approx(math.comb(n - k, m - k) / math.comb(n, m), rel=1e-6)
    low = made.pattern({3: False}, 0.5)
    assert not {one.word for one in low.words} & {"dog"} and low.bounds[0] < 0


def test_several_units_must_all_agree(index):
    found = index.pattern({1: True, 2: False, 8: True}, 0.5)
    holds = np.ones(len(index.hidden), bool)
    for (unit, high), bound in zip(found.units, found.bounds, strict=True):
        holds &= index.hidden[:, unit] >= bound if high else index.hidden[:, unit] <= bound
    assert found.matched == holds.sum() and len(found.examples) == min(12, found.matched)
    assert all(one.count <= one.total and one.chance <= 1 for one in found.words)


@pytest.mark.parametrize("wrong", [{}, {32: True}, {-1: True}, dict.fromkeys(range(11), True), {"a": True}])
def test_no_such_pattern(index, wrong):
    with pytest.raises(SettingError):
        index.pattern(wrong)


def test_no_such_memory_or_share(index):
    for wrong in (np.zeros(3), np.full(32, np.inf), "text"):
        with pytest.raises(SettingError):
            index.like(wrong)
    with pytest.raises(SettingError):
        index.pattern({1: True}, 0.9)
    assert np.isfinite(index.like(np.zeros(32)).similarity).all()


def test_what_is_written_is_read_and_damage_is_told(index, tmp_path):
    with pytest.raises(MissingFileError):
        load_moments(tmp_path)
    save_moments(index, tmp_path, "digest")
    again = load_moments(tmp_path)
    assert again.captions == index.captions and again.lang == "en"
    np.testing.assert_array_equal(again.packed, index.packed)
    cut = Moments(index.captions[1:], index.packed, "en")
    save_moments(cut, tmp_path, "digest")  # captions and memories that do not belong together
    with pytest.raises(WeightsError):
        load_moments(tmp_path)
    (tmp_path / MOMENTS_FILE).write_bytes(b"nothing")
    with pytest.raises(WeightsError):
        load_moments(tmp_path)
