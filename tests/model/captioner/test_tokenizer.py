import pytest

from model.captioner.languages import CHINESE, ENGLISH
from model.captioner.tokenizer import split_words, train_tokenizer


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("A dog, running.", ["a", "dog", "running"]),
        ("A man's T-shirt isn't red!", ["a", "man", "'s", "t-shirt", "is", "n't", "red"]),
        ("two 10-year-olds", ["two", "10-year-olds"]),
        ("  ...  ", []),
    ],
)
def test_english_words(text, tokens):
    assert train_tokenizer([text], "en", 1).tokenize(text) == tokens


def test_chinese_characters_and_latin_runs():
    text = "一个穿T恤的人,拿着iPhone 15。"
    tokens = ["一", "个", "穿", "t", "恤", "的", "人", "拿", "着", "iphone", "15"]
    assert train_tokenizer([text], "zh", 1).tokenize(text) == tokens


def test_rare_words_are_unknown_and_frequent_ones_come_first():
    tokenizer = train_tokenizer(["b b b a a a a c"], "en", 3)
    assert tokenizer.convert_ids_to_tokens(list(range(len(tokenizer)))) == [
        "<pad>",
        "<start>",
        "<end>",
        "<unk>",
        "a",
        "b",
    ]
    assert tokenizer("a c b").input_ids == [4, 3, 5]


def test_special_tokens_cannot_be_typed():
    tokenizer = train_tokenizer(["start end a pad"], "en", 1)
    assert not {0, 1, 2, 3} & set(tokenizer("a <pad a", add_special_tokens=False).input_ids)


def test_writing_out():
    assert ENGLISH.write_out(["a", "man", "'s", "hat"]) == "a man's hat"
    assert ENGLISH.write_out(["is", "n't"]) == "isn't"
    assert CHINESE.write_out(["一", "只", "狗"]) == "一只狗"
    assert ENGLISH.write_out([]) == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  A man's hat. ", ["a", "man", "'s", "hat"]),
        ("a café", ["a", "café"]),
        ("dog 🎉", ["dog", "🎉"]),
        ("<start> dog", ["<start>", "dog"]),
        ("...", []),
        ("", []),
    ],
)
def test_what_is_typed_becomes_words_and_nothing_is_lost(typed, words):
    assert split_words(typed, train_tokenizer(["a dog"], "en", 1)) == words


def test_typed_chinese_needs_no_spaces():
    assert split_words("两个人,穿T恤", train_tokenizer(["两"], "zh", 1)) == ["两", "个", "人", "穿", "t", "恤"]
