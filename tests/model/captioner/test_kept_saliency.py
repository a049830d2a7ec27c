"""Saliency that is computed beforehand: what is kept is what asking gives, in squares."""

import numpy as np
import pytest

from model.captioner import SearchSettings
from model.captioner.gallery import sample
from model.captioner.image import to_pixels
from model.captioner.kept_saliency import (
    BASELINE,
    FINE,
    METHOD,
    SALIENCY_FILE,
    KeptSaliency,
    Question,
    load_saliency,
    save_saliency,
)
from model.captioner.saliency import explain, over_regions
from model.errors import MissingFileError, WeightsError

PLACES = (0, 2)


@pytest.fixture(scope="module")
def asked(tiny_captioner):
    """A sample's caption, and what was asked of it."""
    photo = sample("dog").open()
    caption = tiny_captioner.describe(tiny_captioner.look(photo), SearchSettings(prefix=("a", "dog", "runs")))
    pixels = to_pixels(photo, tiny_captioner.network.config.image_size)
    return caption, [explain(tiny_captioner, pixels, caption, place, METHOD, BASELINE) for place in PLACES]


@pytest.fixture
def kept(asked):
    caption, found = asked
    return KeptSaliency.of(
        [(Question("dog", caption.words[: place + 1]), one) for place, one in zip(PLACES, found, strict=True)]
    )


def test_what_is_kept_is_what_was_asked(asked, kept, tmp_path):
    caption, found = asked
    save_saliency(kept, tmp_path, "digest")
    again = load_saliency(tmp_path)
    for place, asked_now in zip(PLACES, found, strict=True):
        known = again.find("dog", caption, place)
        assert known is not None and (known.word, known.place) == (asked_now.word, place)
        np.testing.assert_array_equal(known.regions, asked_now.regions)
        np.testing.assert_array_equal(known.attention, asked_now.attention)
        squares = over_regions(asked_now.pixels, (FINE, FINE))
        np.testing.assert_allclose(known.pixels, squares, atol=np.abs(squares).max() / 254 * 1.001)
        assert known.log_prob == pytest.approx(asked_now.log_prob, abs=1e-4)
        assert known.baseline_log_prob == pytest.approx(asked_now.baseline_log_prob, abs=1e-5)
        assert known.agreement == pytest.approx(asked_now.agreement)
        assert (known.method, known.baseline) == (METHOD, BASELINE)


def test_nothing_is_known_of_other_words_and_photos(asked, kept):
    caption, _found = asked
    assert kept.find("dog", caption, 1) is None
    assert kept.find("cameraman", caption, 0) is None


def test_damage_is_told(kept, tmp_path):
    with pytest.raises(MissingFileError):
        load_saliency(tmp_path)
    cut = KeptSaliency(kept.questions[1:], kept.squares, kept.largest, kept.regions, kept.baseline_log_prob)
    save_saliency(cut, tmp_path, "digest")
    with pytest.raises(WeightsError):
        load_saliency(tmp_path)
    (tmp_path / SALIENCY_FILE).write_bytes(b"nothing")
    with pytest.raises(WeightsError):
        load_saliency(tmp_path)
