"""Surgery on a run: what is named is replaced, the rest stays, and the measures are what their formulas say."""

import math

import numpy as np
import pytest
import torch
from PIL import Image

from model.captioner.editing import Edit
from model.captioner.holding import hold
from model.captioner.patching import ForcedReading, patch
from model.captioner.settings import Sampling, SearchSettings
from model.captioner.swapping import swap
from model.errors import SettingError, WordError
from model.traces.editing import PARTS
from tests.model.conftest import make_tiny_captioner

#: A caption for teacher forcing; the small captioner's own may be of any length.
WORDS = {"a": ["a", "dog", "runs", "on", "the", "grass"], "b": ["two", "children", "play", "in", "the", "water"]}


@pytest.fixture(scope="module")
def photos():
    rng = np.random.default_rng(0)
    return {name: Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8)) for name in ("a", "b", "c")}


@pytest.fixture(scope="module")
def runs(tiny_captioner, photos):
    """A's and B's captions read, and a shorter one's."""
    speaker = tiny_captioner.speakers["en"]
    regions = {name: tiny_captioner.look(photo) for name, photo in photos.items()}
    return {
        "a": ForcedReading.of(speaker, regions["a"], WORDS["a"]),
        "b": ForcedReading.of(speaker, regions["b"], WORDS["b"]),
        "c": ForcedReading.of(speaker, regions["c"], ["a", "cat"]),
    }


def assert_same(one, other):
    assert one.words == other.words and one.beams == other.beams and one.alternatives == other.alternatives
    for name in ("log_probs", "attention", "context_gate", "hidden", "context", "initial_hidden", "log_sums"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name, gate in one.gates.items():
        np.testing.assert_array_equal(gate, other.gates[name])


@pytest.mark.parametrize("settings", [{"beam": 1}, {"beam": 4, "lang": "zh"}, {"sample": Sampling(seed=3)}])
@pytest.mark.parametrize("hold_on", [False, True])
def test_an_edit_that_changes_nothing_gives_the_very_same_trace(tiny_captioner, photos, settings, hold_on):
    own = tiny_captioner.caption(photos["a"], max_words=6, **settings)
    for edit in ({}, {"hidden": lambda h: h, "context": lambda c: c, "photo": photos["a"]}):
        assert_same(own, tiny_captioner.edit(photos["a"], 1, hold=hold_on, max_words=6, **edit, **settings))


def test_what_stood_there_anyway_changes_nothing(tiny_captioner, photos):
    own = tiny_captioner.caption(photos["a"], beam=1, prefix=WORDS["a"][:3], max_words=6)
    edit = {"hidden": own.hidden[2], "context": own.context[2], "previous": own.words[1], "photo": photos["a"]}
    assert_same(own, tiny_captioner.edit(photos["a"], 2, **edit, beam=1, prefix=WORDS["a"][:3], max_words=6))


def test_replacing_everything_gives_the_others_continuation(tiny_captioner, photos):
    """At one place in two captions: from there on nothing of A is left but its words."""
    settings = {"beam": 1, "max_words": 12, "repeat": True}
    b = tiny_captioner.caption(photos["b"], prefix=WORDS["b"][:3], **settings)
    edit = {"hidden": b.hidden[3], "context": b.context[3], "previous": b.words[2], "photo": photos["b"]}
    edited = tiny_captioner.edit(photos["a"], 3, **edit, prefix=WORDS["a"][:3], **settings)
    assert edited.words[:3] == tuple(WORDS["a"][:3]) and edited.words[3:] == b.words[3:]
    np.testing.assert_allclose(edited.log_probs[3:], b.log_probs[3:], atol=1e-5)
    np.testing.assert_allclose(edited.hidden[3:], b.hidden[3:], atol=1e-5)
    assert edited.end_log_prob == pytest.approx(b.end_log_prob, abs=1e-5)


def test_only_what_is_named_changes_and_only_from_there_on(tiny_captioner, photos):
    settings = {"beam": 1, "prefix": WORDS["a"], "max_words": 6}
    own, other = (tiny_captioner.caption(photos[name], **settings) for name in ("a", "b"))
    edited = tiny_captioner.edit(photos["a"], 2, hidden=np.zeros(32), **settings)
    for name in ("attention", "context", "context_gate"):  # all of them come before the memory
        np.testing.assert_array_equal(getattr(edited, name)[:3], getattr(own, name)[:3])
        assert not np.array_equal(getattr(edited, name)[3], getattr(own, name)[3])
    np.testing.assert_array_equal(edited.hidden[:2], own.hidden[:2])
    assert not edited.hidden[2].any() and edited.hidden[3].any()
    held = tiny_captioner.edit(photos["a"], 2, hidden=np.zeros(32), hold=True, **settings)
    assert held.hidden[1].any() and not held.hidden[2:].any()
    looking = tiny_captioner.edit(photos["a"], 2, photo=photos["b"], **settings)
    np.testing.assert_array_equal(looking.attention[:2], own.attention[:2])
    # One's first memory comes from the photo, so even from the start it is not the other's caption.
    assert not np.array_equal(looking.attention[2], own.attention[2])
    assert not np.array_equal(looking.attention[2], other.attention[2])


def test_in_a_beam_every_hypothesis_is_edited(tiny_captioner, photos):
    seen = []

    def noted(hidden):
        seen.append(hidden.shape)
        return hidden

    tiny_captioner.edit(photos["a"], 1, hidden=noted, beam=4, max_words=5)
    assert seen == [(32,)] * 4


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        ({"hidden": np.zeros(31)}, SettingError),
        ({"hidden": np.full(32, np.nan)}, SettingError),
        ({"hidden": lambda h: h[:3]}, SettingError),
        ({"context": "text"}, SettingError),
        ({"previous": "xylophone"}, WordError),
        ({"at": -1}, SettingError),
        ({"at": 7}, SettingError),
        ({"at": True}, SettingError),
    ],
)
def test_what_cannot_be_put_there_is_refused_in_a_sentence(tiny_captioner, photos, edit, error):
    with pytest.raises(error):
        tiny_captioner.edit(photos["a"], **{"at": 1, "max_words": 6} | edit)


def test_a_step_that_no_caption_has_is_refused():
    captioner = make_tiny_captioner()
    with torch.no_grad():
        captioner.network.decoders["en"].word_bias[captioner.network.config.end_token_id] = 100
    regions, only_a = torch.rand(4, 1280), SearchSettings(beam=1, prefix=("a",))
    assert captioner.describe(regions, only_a, Edit(1, hidden=np.zeros(32))).words == ("a",)
    with pytest.raises(SettingError, match=r"at step 2, but .* up to 1"):
        captioner.describe(regions, only_a, Edit(2))


def test_a_patched_run_is_that_run_with_one_edit(tiny_captioner, photos, runs):
    """Each cell of the map by the search itself, which computes one run at a time."""
    trace = patch(runs["a"], runs["b"], 4, 3, [runs["c"]])
    assert trace.steps_a.tolist() == [0, 1, 2, 3, 4] and trace.steps_b.tolist() == [-1, 0, 1, 2, 3]
    assert (trace.word, trace.words_a[-1]) == ("in", "the")
    token = tiny_captioner.speakers["en"].tokenizer.convert_tokens_to_ids("in")
    b = tiny_captioner.caption(photos["b"], beam=1, prefix=WORDS["b"], max_words=6)

    def log_prob(**edit) -> float:
        """log p of B's word behind A's: read as a caption of A whose fifth word it is."""
        words = [*WORDS["a"][:4], "in"]
        return float(tiny_captioner.edit(photos["a"], **edit, beam=1, prefix=words, max_words=5).log_probs[4])

    assert token and trace.log_prob_a == pytest.approx(log_prob(at=4), abs=1e-5)
    assert trace.log_prob_b == pytest.approx(float(b.log_probs[3]), abs=1e-5)
    for k, (step, theirs) in enumerate(zip(trace.steps_a.tolist(), trace.steps_b.tolist(), strict=True)):
        values = {
            "hidden": b.states[theirs + 1],
            "context": b.context[theirs] if theirs >= 0 else None,
            "previous": b.words[theirs - 1] if theirs >= 1 else None,
        }
        for p, part in enumerate(PARTS):
            if values[part] is not None:
                assert trace.log_probs[p, k] == pytest.approx(log_prob(at=step, **{part: values[part]}), abs=1e-5)
    assert np.isnan(trace.log_probs[1:, 0]).all() and np.isfinite(trace.log_probs[:, 1:]).all()
    # A's start is read before B's first word, too: replaced by itself, or by another word where the places differ.
    np.testing.assert_allclose(
        trace.recovered, (trace.log_probs - trace.log_prob_a) / (trace.log_prob_b - trace.log_prob_a)
    )
    # The third caption has two words: the step of its end is the nearest that it has.
    assert np.isfinite(trace.log_probs_others[0, 0]).tolist() == [False, True, True, True, True]


def test_patching_from_the_photos_is_patching_of_their_captions(tiny_captioner, photos):
    settings = {"beam": 2, "lang": "zh", "max_words": 5}
    captions = {name: tiny_captioner.caption(photo, **settings) for name, photo in photos.items()}
    trace = tiny_captioner.patching(photos["a"], photos["b"], 1, 2, [photos["c"]], **settings)
    assert trace.words_a == captions["a"].words[:2] and trace.words_b == captions["b"].words[:3]
    assert trace.log_prob_b == pytest.approx(float(captions["b"].log_probs[2]), abs=1e-4)
    assert trace.log_probs_others.shape == (1, 3, len(trace.steps_a)) and trace.lang == "zh"


def test_a_run_patched_by_itself_stays_and_its_twin_recovers_all(runs):
    same = patch(runs["a"], runs["a"], 3, 3)
    np.testing.assert_allclose(same.log_probs[0], same.log_prob_a, atol=1e-5)
    assert not same.meaningful
    # What the last step predicts from are its memory, its context and its word.
    trace = patch(runs["a"], runs["b"], 3, 3)
    assert trace.apart == pytest.approx(trace.log_prob_b - trace.log_prob_a)


def test_small_changes_of_a_unit_act_as_its_gradient_says(tiny_captioner, photos, runs):
    """d log p(word) / dh by autograd, against what an edit by a small step does."""
    run, at = runs["a"], 3
    token = tiny_captioner.speakers["en"].tokenizer.convert_tokens_to_ids(WORDS["a"][at])
    state = run.states[at + 1].clone().requires_grad_()
    log_probs = run.log_probs(run.embedded[at].clone(), state, run.contexts[at].clone())
    [gradient] = torch.autograd.grad(log_probs[token], state)
    for unit in (0, 7, 31):
        moved = []
        for step in (0.01, -0.01):
            change = np.eye(32)[unit] * step
            edited = tiny_captioner.edit(
                photos["a"], at, hidden=lambda h, c=change: h + c, beam=1, prefix=WORDS["a"], max_words=6
            )
            moved.append(float(edited.log_probs[at]))
        assert (moved[0] - moved[1]) / 0.02 == pytest.approx(float(gradient[unit]), abs=2e-4)


def test_holding_units_costs_what_the_edit_costs(tiny_captioner, photos, runs):
    values = np.linspace(-1, 1, 32)
    trace = hold(runs["a"], 2, values, [3, 5, 3], seed=4, draws=7)
    assert trace.units == (3, 5) and trace.random_units.shape == (7, 2) and trace.word == "runs"
    assert not np.isin(trace.random_units, trace.units).any()

    def log_prob(units) -> float:
        held = np.isin(np.arange(32), units)
        edited = tiny_captioner.edit(
            photos["a"], 2, hidden=lambda h: np.where(held, values, h), beam=1, prefix=WORDS["a"], max_words=6
        )
        return float(edited.log_probs[2])

    assert trace.log_prob == pytest.approx(log_prob([]), abs=1e-5)
    assert trace.log_prob_held == pytest.approx(log_prob([3, 5]), abs=1e-5)
    for unit in (0, 9, 31):
        assert trace.costs[unit] == pytest.approx(trace.log_prob - log_prob([unit]), abs=1e-5)
    for units, cost in zip(trace.random_units, trace.random_costs, strict=True):
        assert cost == pytest.approx(trace.log_prob - log_prob(units), abs=1e-5)
    assert trace.share_as_costly == (trace.random_costs >= trace.cost).mean()
    for row, units in enumerate(([], [3, 5], trace.random_units[0])):
        held = np.isin(np.arange(32), units)
        edited = tiny_captioner.edit(
            photos["a"], 2, hidden=lambda h, m=held: np.where(m, values, h), beam=1, prefix=WORDS["a"], max_words=6
        )
        chances = dict(zip(trace.next_words, trace.next_chances[row], strict=True))
        for word, chance in edited.alternatives[2]:
            assert chances[word] == pytest.approx(chance, abs=1e-5)


def test_the_units_picked_are_those_that_cost_most_and_draws_repeat(runs):
    one, two = (hold(runs["a"], 1, np.zeros(32), seed=1) for _ in range(2))
    assert set(one.units) == set(np.argsort(-one.costs)[:10]) and one.costs[one.units[0]] == one.costs.max()
    np.testing.assert_array_equal(one.random_units, two.random_units)
    assert not np.array_equal(one.random_units, hold(runs["a"], 1, np.zeros(32), seed=2).random_units)
    everything = hold(runs["a"], 1, np.zeros(32), list(range(32)), draws=3)
    assert everything.random_units.shape == (3, 0) and everything.random_costs == pytest.approx(0, abs=1e-6)
    assert math.isfinite(everything.cost)


def test_crossed_runs_are_the_edits_of_one(tiny_captioner, photos, runs):
    """A at its fourth word, B at its third: all four pairs of memory and photo, by the search itself."""
    trace = swap(runs["a"], runs["b"], 3, 2)
    assert trace.words == ("on", "play")
    hidden = [run.states[at + 1].numpy() for run, at in ((runs["a"], 3), (runs["b"], 2))]
    for memory in (0, 1):
        for photo, name in enumerate(("a", "b")):
            for word, said in enumerate(trace.words):
                words = [*WORDS["a"][:3], said]
                edit = {"hidden": hidden[memory], "photo": photos[name]}
                edited = tiny_captioner.edit(photos["a"], 3, **edit, beam=1, prefix=words, max_words=4)
                assert trace.log_probs[memory, photo, word] == pytest.approx(float(edited.log_probs[3]), abs=1e-5)
    balance = trace.log_probs[..., 1] - trace.log_probs[..., 0]
    both = trace.by_memory + trace.by_photo
    assert both == pytest.approx(float(balance[1, 1] - balance[0, 0]), abs=1e-6)
    assert trace.interaction == pytest.approx(float((balance[1, 1] - balance[0, 1]) - (balance[1, 0] - balance[0, 0])))
    # As the page says: a word's score is a sum of what memory and picture give it.
    assert trace.interaction == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("wrong", [{"at": 6}, {"values": np.zeros(3)}, {"units": [32]}, {"units": ["1"]}, {"seed": -1}])
def test_holding_what_is_not_there_is_refused(runs, wrong):
    settings = {"at": 1, "values": np.zeros(32)} | wrong
    with pytest.raises(SettingError):
        hold(runs["a"], **settings)


def test_captions_without_such_a_word_are_refused(runs, tiny_captioner, photos):
    with pytest.raises(SettingError):
        patch(runs["a"], runs["b"], 6, 0)
    with pytest.raises(SettingError, match="one language"):
        other = ForcedReading.of(tiny_captioner.speakers["zh"], tiny_captioner.look(photos["b"]), ["一", "只"])
        patch(runs["a"], other, 0, 0)
    with pytest.raises(SettingError, match="empty"):
        patch(ForcedReading.of(runs["a"].speaker, torch.zeros(4, 1280) + 0.1, []), runs["b"], 0, 0)
