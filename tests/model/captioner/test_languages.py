"""A language is one record: a third one, with random weights, goes through all that a caption goes through."""

import math

import pytest
import torch
from PIL import Image

from model.captioner import Captioner, Sampling
from model.captioner.__main__ import main as caption_from_shell
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.languages import CHINESE, ENGLISH, LANGUAGES, Language
from model.captioner.repetition import Repetition
from model.captioner.tokenizer import split_words, train_tokenizer
from model.errors import SettingError
from model.training.dataset import Captioned, CaptionedPhotos
from model.training.scores import Scorer

GERMAN = Language(
    code="de",
    name="German",
    own_name="Deutsch",
    token=r"[a-zäöüß0-9]+(?:-[a-zäöüß0-9]+)*",
    unit="word",
    between=" ",
    function_words=frozenset(
        ["der", "die", "das", "ein", "eine", "einen", "einem", "im", "am", "auf", "mit", "und", "ist"]
    ),
    numbers=frozenset(["zwei", "drei"]),
    again=frozenset(["anderer", "weiterer"]),
    sides=("links", "rechts"),
    scored_in="words",
    example="zwei Kinder",
)
CAPTIONS = [
    "Ein Hund läuft auf dem Gras.",
    "Zwei Kinder spielen im Wasser",
    "Ein Mann mit Hut und ein weiterer Mann",
    "Eine Frau trägt einen grünen Hut",
]


@pytest.fixture
def german(monkeypatch) -> Captioner:
    """A captioner of random weights that speaks German alone, once the record is there."""
    monkeypatch.setitem(LANGUAGES, "de", GERMAN)
    tokenizer = train_tokenizer(CAPTIONS, "de", 1)
    config = CaptionerConfig(
        backbone="tf_efficientnet_lite0",
        image_size=64,
        vocabulary={"de": len(tokenizer)},
        context_size=24,
        attention_size=16,
        embedding_size=20,
        hidden_size=32,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Captioner(CaptionerModel(config), {"de": tokenizer})


def test_its_words(german):
    tokenizer = german.tokenizers["de"]
    assert split_words("Ein Hund läuft auf Gras.", tokenizer) == ["ein", "hund", "läuft", "auf", "gras"]
    assert not {tokenizer.unk_token_id} & set(tokenizer("ein grünen hut trägt").input_ids)


@pytest.mark.parametrize(
    "way", [{"beam": 1}, {"beam": 3}, {"sample": Sampling(seed=1)}, {"prefix": ("zwei", "Kinder")}]
)
def test_its_captions(german, way):
    trace = german.caption(Image.new("RGB", (64, 64), "green"), lang="de", max_words=8, **way)
    assert trace.lang == "de" and trace.caption == " ".join(trace.words)
    assert set(trace.words) <= set(german.tokenizers["de"].get_vocab())
    assert not german.speakers["de"].repetition.repeats(
        german.tokenizers["de"].convert_tokens_to_ids(list(trace.words))
    )


def test_it_is_saved_loaded_and_spoken_in_a_shell(german, tmp_path, capsys):
    german.save_pretrained(tmp_path / "german")
    photo = tmp_path / "photo.png"
    Image.new("RGB", (64, 64), "green").save(photo)
    assert caption_from_shell([str(photo), "--lang", "de", "--model", str(tmp_path / "german")]) == 0
    said = capsys.readouterr().out.strip().removeprefix(f"{photo}: ")
    assert said == Captioner.from_pretrained(tmp_path / "german").caption(photo, lang="de").caption


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("ein Hut und ein Hut", ["hut"]),
        ("zwei Kinder und zwei Frau", []),
        ("ein Mann und ein weiterer Mann", []),
    ],
)
def test_nothing_is_said_twice_in_it(german, text, again):
    tokenizer = german.tokenizers["de"]
    words = split_words(text, tokenizer)
    repeats = Repetition(tokenizer, "de").repeats(tokenizer.convert_tokens_to_ids(words))
    assert [words[place] for place in repeats] == again


def test_its_captions_are_scored(german):
    references = {"a": ["Ein grüner Hut.", "ein Hut, grün"], "b": ["Zwei Kinder im Wasser"]}
    figures = Scorer(references, "de").all({"a": "ein grüner hut", "b": "zwei Hunde"})
    assert figures["tokenizer"] == "words"
    # Of 5 words 4 are right, and the nearest references have 7.
    assert figures["bleu1"] == pytest.approx(4 / 5 * math.exp(1 - 7 / 5))
    assert figures["vocabulary"] == 5 and figures["meteor"] is None and figures["nouns_right"] is None


def test_a_photo_of_which_it_says_left_is_not_mirrored(german, tmp_path):
    said = ["ein Mann steht links", "ein Mann steht dort", "ein linkischer Mann"]
    photos = [Captioned(tmp_path / "photo.png", {"de": [text]}) for text in said]
    learn = CaptionedPhotos(photos, german.tokenizers, lambda photo, may_be_mirrored, draw: {})
    assert learn.may_be_mirrored == [False, True, True]


@pytest.mark.parametrize(
    ("language", "text", "sided"),
    [
        (ENGLISH, "a man on the LEFT", True),
        (ENGLISH, "a man", False),
        (CHINESE, "左边的人", True),
        (CHINESE, "人", False),
    ],
)
def test_left_and_right(language, text, sided):
    photo = Captioned(None, {language.code: [text]})
    learn = CaptionedPhotos([photo], {}, lambda photo, may_be_mirrored, draw: {})
    assert learn.may_be_mirrored == [not sided]


def test_a_language_without_a_record_is_named():
    with pytest.raises(SettingError, match=r"“fr”.*en, zh"):
        train_tokenizer(["un chien"], "fr")


def test_codes_are_those_of_the_records():
    assert all(code == language.code for code, language in LANGUAGES.items())
