"""Probes read what they were fitted to read, from captions whose answers are known by hand."""

import dataclasses
import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from model.captioner.probes import PROBES_FILE, QUESTIONS, Probe, load_probes, read, save_probes
from model.captioner.settings import SearchSettings
from model.captioner.word_classes import MAX_COUNT, answers
from model.errors import MissingFileError, WeightsError
from model.traces import ProbeScore
from model.training import probes as command
from tests.traces_made import make_trace

SCORE = ProbeScore(0.9, 0.6, 0.7, 100, 10, 40, 4)


def test_answers_are_those_a_reader_gives():
    """Before each word, of the words so far."""
    words = ["two", "men", "and", "a", "brown", "dog"]
    found = answers(words, "en")
    assert found["person"].tolist() == [0, 0, 1, 1, 1, 1]
    assert found["animal"].tolist() == [0, 0, 0, 0, 0, 0]
    assert found["colour"].tolist() == [0, 0, 0, 0, 0, 1]
    assert found["several"].tolist() == [-1, 1, 1, 1, 0, 0]
    assert found["said"].tolist() == [0, 1, 2, 3, 4, 5]
    assert found["to_come"].tolist() == [6, 5, 4, 3, 2, 1]
    chinese = answers(list("一只黑狗和两个男孩"), "zh")
    assert chinese["animal"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1]
    assert chinese["several"].tolist() == [-1, 0, 0, 0, 0, 0, 1, 1, 1]
    assert chinese["person"].tolist()[-2:] == [0, 1]


def test_long_counts_are_not_told_apart():
    found = answers(["a"] * 30, "en")
    assert found["said"].max() == found["to_come"].max() == MAX_COUNT["en"]
    assert answers([], "en")["said"].shape == (0,)
    assert set(answers(["un", "chien"], "fr")) == {"said", "to_come"}  # a language without lists


def made_probes() -> dict[str, Probe]:
    rng = np.random.default_rng(0)
    counts = {name: 2 if name not in ("said", "to_come") else 5 for name in QUESTIONS}
    return {
        name: Probe(
            rng.normal(size=(count, 32)).astype(np.float32),
            rng.normal(size=count).astype(np.float32),
            np.arange(count),
            SCORE,
        )
        for name, count in counts.items()
    }


def test_what_is_written_is_read(tmp_path):
    save_probes(made_probes(), tmp_path, "digest")
    trace = make_trace(1, ["a", "dog", "runs"])
    for one, other in zip(read(made_probes(), trace), read(load_probes(tmp_path), trace), strict=True):
        assert one.question == other.question and one.score == other.score
        np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=1e-5)
        np.testing.assert_allclose(one.probabilities.sum(axis=1), 1, rtol=1e-5)
        assert (one.read == other.read).all() and one.probabilities.shape[0] == 3


def test_missing_and_damaged_files_are_told(tmp_path):
    with pytest.raises(MissingFileError):
        load_probes(tmp_path)
    save_probes(made_probes(), tmp_path, "digest")
    content = bytearray((tmp_path / PROBES_FILE).read_bytes())
    content[-1] ^= 1
    (tmp_path / PROBES_FILE).write_bytes(content)
    with pytest.raises(WeightsError):
        load_probes(tmp_path)


def captions_with_signs(count: int):
    """Captions whose first unit is the sign of whether a person was said, and whose second is the words said."""
    rng = np.random.default_rng(1)
    for seed in range(count):
        words = rng.choice(["a", "man", "dog", "two", "red", "on"], 7).tolist()
        trace = make_trace(seed, words, units=16, channels=8)
        hidden = trace.hidden.copy()
        right = answers(words, "en")
        hidden[:, 0] = right["person"] * 1.6 - 0.8
        hidden[:, 1] = right["said"] / 6 - 0.5
        yield dataclasses.replace(trace, hidden=hidden)


@pytest.fixture(scope="module")
def fitted(tiny_captioner):
    """Probes of made memories; the random GRU's are left as they are made up."""
    captions = list(captions_with_signs(60))
    with pytest.MonkeyPatch.context() as patch:
        noise = np.random.default_rng(2)
        patch.setattr(
            command, "random_memories", lambda some, _speaker: [noise.normal(size=one.hidden.shape) for one in some]
        )
        patch.setattr(command, "STRENGTH", 1.0)
        return captions, command.fit(captions, tiny_captioner.speakers["en"])


def test_what_stands_in_the_memory_is_read_and_noise_is_not(fitted):
    captions, probes = fitted
    score = probes["person"].score
    assert score.accuracy > 0.99 > 0.9 > score.random
    assert (score.fitted_photos, score.tested_photos) == (42, 18)
    assert (score.fitted_steps, score.tested_steps) == (42 * 7, 18 * 7)
    trace = next(one for one in read(probes, captions[0]) if one.question == "person")
    assert trace.right == 1
    # The first words of a caption have had no number: they are not asked.
    assert probes["several"].score.fitted_steps < 42 * 7 and set(probes["several"].classes) == {0, 1}


def test_what_is_hardly_ever_said_has_no_probe(tiny_captioner, monkeypatch, tmp_path):
    captions = [make_trace(seed, ["a", "dog", "runs", "on"], units=32, channels=24) for seed in range(30)]
    monkeypatch.setattr(command, "random_memories", lambda some, _speaker: [one.hidden for one in some])
    probes = command.fit(captions, tiny_captioner.speakers["en"])
    assert set(probes) == {"animal", "said", "to_come"}  # no person, no colour, never several
    save_probes(probes, tmp_path, "digest")
    assert list(load_probes(tmp_path)) == ["animal", "said", "to_come"]


def test_the_shipped_map_is_scikit_learns(fitted):
    """Two answers' weights and the scaler, folded into one softmax, are what the pipeline computes."""
    rng = np.random.default_rng(3)
    states = rng.normal(2, 3, (200, 16))
    photo = np.repeat(np.arange(20), 10)
    for classes in (2, 4):
        truth = (states[:, 0] > 2).astype(int) if classes == 2 else rng.integers(0, 4, 200)
        fitted_to = photo < 14
        probe = command._fit(states, states, truth, fitted_to, ~fitted_to, photo)
        mean, scale = states[fitted_to].mean(axis=0), states[fitted_to].std(axis=0)
        own = LogisticRegression(C=command.STRENGTH, max_iter=500).fit(
            (states[fitted_to] - mean) / scale, truth[fitted_to]
        )
        np.testing.assert_allclose(
            probe.probabilities(states), own.predict_proba((states - mean) / scale), rtol=1e-3, atol=1e-5
        )
        assert probe.score.accuracy == pytest.approx(own.score((states[~fitted_to] - mean) / scale, truth[~fitted_to]))
        assert probe.score.random == probe.score.accuracy  # both were given the same states


def test_a_random_gru_reads_the_same_words_and_differs_by_seed_alone(tiny_captioner):
    regions = tiny_captioner.look(np.zeros((64, 64, 3), np.uint8))
    speaker = tiny_captioner.speakers["en"]
    captions = [
        speaker.describe(regions, SearchSettings(beam=1, prefix=words, max_words=len(words)))
        for words in (["a", "dog"], ["two", "children", "play"])
    ]
    one, again, other = (command.random_memories(captions, speaker, seed) for seed in (0, 0, 1))
    assert [states.shape for states in one] == [(2, 32), (3, 32)]
    for states, same, differs, caption in zip(one, again, other, captions, strict=True):
        np.testing.assert_array_equal(states, same)
        assert not np.allclose(states, differs) and not np.allclose(states, caption.hidden)


def test_the_trained_weights_in_its_place_give_the_memory_itself(tiny_captioner, monkeypatch):
    """So it is only the weights that are random: with the decoder's own, its memories come out."""
    speaker = tiny_captioner.speakers["en"]
    regions = tiny_captioner.look(np.zeros((64, 64, 3), np.uint8))
    caption = speaker.describe(regions, SearchSettings(beam=1, prefix=("a", "dog", "runs"), max_words=3))
    own = speaker.decoder.cell.state_dict()
    monkeypatch.setattr(command.OneStep, "initialise", lambda cell: cell.load_state_dict(own))
    [states] = command.random_memories([caption], speaker)
    np.testing.assert_allclose(states, caption.hidden, atol=1e-5)


def test_scores_travel_as_json(tmp_path):
    """The file's metadata is text that other tools can read."""
    import safetensors

    save_probes(made_probes(), tmp_path, "digest")
    with safetensors.safe_open(tmp_path / PROBES_FILE, "np") as opened:
        about = opened.metadata()
    assert about["captioner_digest"] == "digest" and json.loads(about["scores"])["person"]["accuracy"] == 0.9
