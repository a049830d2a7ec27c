"""Nothing said twice: the rule, and that every search keeps it."""

from typing import Any

import pytest
import torch

from model.captioner.repetition import Repetition
from model.captioner.settings import Sampling, SearchSettings
from model.captioner.tokenizer import split_words, train_tokenizer

SENTENCES = {
    "en": ["a man in a black hat and a coat", "two men and two women on top of another dog next to the other dogs"],
    "zh": ["一个男人和另一个女人在草地上的衣服", "两个其他小孩", "盘子里放着红色的果", "穿狗高玩具山"],
}


def repeated(text: str, lang: str) -> list[str]:
    """The words of a text that say a thing again."""
    tokenizer = train_tokenizer([*SENTENCES[lang], text], lang, 1)
    words = split_words(text, tokenizer)
    tokens: Any = tokenizer.convert_tokens_to_ids(words)
    return [words[place] for place in Repetition(tokenizer, lang).repeats(tokens)]


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("a man in a black hat and hat", ["hat"]),
        ("a cat is laying on top of a cat", ["cat"]),
        ("a plate of food that is on a plate", ["plate"]),
        ("a man in a black hat and a black coat", ["black"]),
        ("two men and two women", []),
        ("a dog next to another dog", []),
        ("a dog and the other dog", []),
        ("two dogs and another dog and a dog", ["dog"]),
        ("the man and the woman on the top", []),
    ],
)
def test_in_english_a_word_that_names_something_comes_once(text, again):
    assert repeated(text, "en") == again


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("一个小孩抱着一个小孩", ["孩"]),
        ("一个男人和一个女人", []),
        ("一个男人和另一个男人", []),
        ("两个男人和两个女人", []),
        ("穿衣服的男人和穿衣服的女人", ["衣", "服"]),
        ("盘子里放着一个红色的果果", ["果"]),
        ("狗狗在高高的山上玩玩具", []),
    ],
)
def test_in_chinese_a_pair_of_characters_comes_once(text, again):
    assert repeated(text, "zh") == again


def test_every_search_keeps_the_rule_unless_told_otherwise(tiny_captioner):
    """A decoder of random weights says the same again and again, if it may."""
    drawn = torch.Generator().manual_seed(0)
    regions = torch.rand(4, tiny_captioner.network.config.region_channels, generator=drawn)
    for settings in ({"beam": 1}, {"beam": 4}, {"sample": Sampling(temperature=0.3)}):
        traces = {
            repeat: tiny_captioner.describe(regions, SearchSettings(repeat=repeat, max_words=12, **settings))
            for repeat in (True, False)
        }
        tokens = {
            repeat: tiny_captioner.tokenizers["en"].convert_tokens_to_ids(list(trace.words))
            for repeat, trace in traces.items()
        }
        repeats = tiny_captioner.speakers["en"].repetition.repeats
        assert repeats(tokens[True]) and not repeats(tokens[False]), settings


def test_the_tree_shows_what_was_left_out(tiny_captioner):
    regions = torch.rand(4, tiny_captioner.network.config.region_channels)
    trace = tiny_captioner.describe(regions, SearchSettings(beam=3, max_words=12))
    left_out = [node for node in trace.beams if node.repeats]
    assert left_out
    for node in left_out:
        said, parent = [], node.parent
        while parent >= 0:
            said.append(trace.beams[parent].word)
            parent = trace.beams[parent].parent
        assert node.state == "dropped" and node.word in said
        # It would have been among the best: it is likelier than some that was chosen in its step.
        assert node.log_prob > min(n.log_prob for n in trace.beams if n.step == node.step and not n.repeats)
    assert not any(
        node.repeats
        for node in tiny_captioner.describe(regions, SearchSettings(beam=3, max_words=12, repeat=True)).beams
    )


def test_words_that_the_user_wants_may_come_twice(tiny_captioner):
    regions = torch.rand(4, tiny_captioner.network.config.region_channels)
    trace = tiny_captioner.describe(regions, SearchSettings(prefix=("a", "dog", "on", "a", "dog")))
    assert trace.words[:5] == ("a", "dog", "on", "a", "dog")
