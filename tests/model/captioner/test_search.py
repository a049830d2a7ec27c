import itertools
import math

import pytest
import torch

from model.captioner.config import LENGTH_PENALTY, CaptionerConfig
from model.captioner.decoder import Decoder
from model.captioner.search import search
from model.captioner.settings import Sampling, SearchSettings
from model.errors import SettingError

VOCABULARY = 9  # 4 special tokens and 5 words
WORDS = range(4, VOCABULARY)


@pytest.fixture(params=range(4))
def decoder_and_regions(request):
    torch.manual_seed(request.param)
    config = CaptionerConfig(region_channels=6, context_size=8, attention_size=5, embedding_size=7, hidden_size=9)
    decoder = Decoder(config, VOCABULARY).eval()
    for parameter in decoder.parameters():
        torch.nn.init.normal_(parameter, std=0.6)
    return decoder, torch.randn(4, 6), config


@torch.no_grad()
def log_prob(decoder, regions, config, tokens) -> list[float]:
    """log p of each token and the end, by teacher forcing: another way than the search's."""
    words = torch.tensor([[[config.start_token_id, *tokens]]])
    scores = decoder(regions[None], words)[0, 0]
    scores[:, [config.pad_token_id, config.start_token_id, config.unknown_token_id]] = -torch.inf
    log_probs = scores.log_softmax(-1)
    return [float(log_probs[t, token]) for t, token in enumerate([*tokens, config.end_token_id])]


@torch.no_grad()
def find(decoder, regions, config, *, prefix=(), length_penalty=LENGTH_PENALTY, **settings):
    """The search for these settings; the ``prefix`` is of tokens."""
    wanted = SearchSettings(prefix=[str(token) for token in prefix], **settings)
    return search(decoder, regions, config, wanted, start=prefix, length_penalty=length_penalty)


def test_scores_are_those_of_teacher_forcing(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    for settings in ({"beam": 1}, {"beam": 4}, {"sample": Sampling(seed=3)}, {"prefix": [5, 7]}):
        found = find(decoder, regions, config, max_words=6, **settings)
        assert found.log_probs == pytest.approx(log_prob(decoder, regions, config, found.tokens), abs=1e-4)
        assert len(found.steps) == len(found.tokens) + 1


def test_greedy_takes_the_most_likely_token_each_time(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    found = find(decoder, regions, config, beam=1, max_words=6)
    for token, options in zip(found.tokens, found.alternatives, strict=False):
        assert options[0][0] == token


@pytest.mark.parametrize("length_penalty", [0.3, 0.6, 1.5])
def test_a_wide_enough_beam_finds_the_best_of_all_captions(decoder_and_regions, length_penalty):
    decoder, regions, config = decoder_and_regions
    longest = 3
    everything = [c for n in range(longest + 1) for c in itertools.product(WORDS, repeat=n)]

    def score(tokens):
        return sum(log_prob(decoder, regions, config, tokens)) / (len(tokens) + 1) ** length_penalty

    best = max(everything, key=score)
    from model.captioner import settings as module

    wide = len(WORDS) ** longest
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_BEAM", wide * 2)
        found = find(decoder, regions, config, beam=wide * 2, max_words=longest, length_penalty=length_penalty)
    assert tuple(found.tokens) == best


def test_alternatives_are_probabilities_best_first(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    found = find(decoder, regions, config, beam=3, max_words=6)
    for chosen, (options, log_p) in zip(
        found.tokens, zip(found.alternatives, found.log_probs, strict=True), strict=False
    ):
        probabilities = [p for _, p in options]
        assert probabilities == sorted(probabilities, reverse=True)
        assert sum(probabilities) <= 1 + 1e-5
        if chosen in dict(options):
            assert dict(options)[chosen] == pytest.approx(math.exp(log_p), rel=1e-4)


def test_the_tree_holds_the_caption_and_adds_up(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    found = find(decoder, regions, config, beam=3, max_words=6)
    finished = {}
    for place, node in enumerate(found.tree):
        assert node.parent < place
        assert node.step == (0 if node.parent < 0 else found.tree[node.parent].step + 1)
        assert node.parent < 0 or found.tree[node.parent].state == "kept"
        if node.state == "finished":
            path: list[int] = []
            before = node.parent
            while before >= 0:
                path.insert(0, found.tree[before].token)
                before = found.tree[before].parent
            finished[tuple(path)] = node.log_prob
            assert node.token == config.end_token_id
    assert finished[tuple(found.tokens)] == pytest.approx(sum(found.log_probs), abs=1e-4)
    kept_at = [sum(node.step == t and node.state != "dropped" for node in found.tree) for t in range(7)]
    assert max(kept_at) <= 2 * 3


def test_who_is_kept_lives_on_to_the_next_step(decoder_and_regions):
    """The search ends as soon as enough captions are finished; who was still alive then is dropped."""
    decoder, regions, config = decoder_and_regions
    with torch.no_grad():
        decoder.word_bias[config.end_token_id] += 2
    found = find(decoder, regions, config, beam=3, max_words=12)
    last = max(node.step for node in found.tree)
    assert last < 12 and sum(node.state == "finished" for node in found.tree) >= 3
    assert {node.state for node in found.tree if node.step == last} <= {"finished", "dropped"}
    assert any(node.state == "kept" for node in found.tree)


def test_a_beam_asks_the_decoder_once_a_step(decoder_and_regions, monkeypatch):
    decoder, regions, config = decoder_and_regions
    calls = []
    once = decoder.step

    def noted(*given):
        calls.append(given[0].shape)
        return once(*given)

    monkeypatch.setattr(decoder, "step", noted)
    found = find(decoder, regions, config, beam=5, max_words=6)
    assert len(calls) == 1 + max(node.step for node in found.tree)
    assert max(shape[1] for shape in calls) <= 5


def test_a_caption_starts_as_told_and_goes_on(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    for settings in ({"beam": 1}, {"beam": 3}, {"sample": Sampling()}):
        found = find(decoder, regions, config, prefix=[8, 4, 8], max_words=7, **settings)
        assert found.tokens[:3] == [8, 4, 8]
    assert find(decoder, regions, config, prefix=[8, 4, 8], max_words=3).tokens == [8, 4, 8]


def test_the_same_seed_draws_the_same_words_whatever_others_draw(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    before = torch.get_rng_state()
    one = find(decoder, regions, config, sample=Sampling(seed=5, temperature=2.0), max_words=12)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(3)
    assert find(decoder, regions, config, sample=Sampling(seed=5, temperature=2.0), max_words=12).tokens == one.tokens
    others = {tuple(find(decoder, regions, config, sample=Sampling(seed=s), max_words=12).tokens) for s in range(9)}
    assert len(others) > 1


def test_drawing_among_one_word_is_greedy(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    greedy = find(decoder, regions, config, beam=1, max_words=6).tokens
    for one in (Sampling(top_k=1), Sampling(top_p=1e-6), Sampling(temperature=0.05, top_p=0.5)):
        assert find(decoder, regions, config, sample=one, max_words=6).tokens == greedy


def test_sampled_words_follow_the_distribution(decoder_and_regions):
    decoder, regions, config = decoder_and_regions
    expected = dict(find(decoder, regions, config, beam=1, max_words=1).alternatives[0])
    n = 400
    first = [find(decoder, regions, config, sample=Sampling(seed=s), max_words=1) for s in range(n)]
    for token, p in expected.items():
        drawn = sum((found.tokens or [config.end_token_id])[0] == token for found in first) / n
        assert drawn == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / n) + 1e-3)


@pytest.mark.parametrize(
    "settings", [{"beam": 0}, {"beam": 21}, {"max_words": 0}, {"max_words": 51}, {"prefix": [4] * 5, "max_words": 4}]
)
def test_settings_out_of_range_are_named(decoder_and_regions, settings):
    decoder, regions, config = decoder_and_regions
    with pytest.raises(SettingError):
        find(decoder, regions, config, **settings)


@pytest.mark.parametrize(
    "settings", [{"temperature": 0}, {"temperature": 9}, {"top_k": -1}, {"top_p": 0}, {"top_p": 1.1}]
)
def test_sampling_out_of_range_is_named(settings):
    with pytest.raises(SettingError):
        Sampling(**settings)
