"""The glossary: every term in both languages, in order, found by search, and used on the pages."""

import re

import pytest
from babel.messages.extract import extract_from_dir

from app.i18n import speaking
from app.lessons import glossary
from app.lessons.glossary import TERMS, in_both, in_order, matches
from tests.app.lesson import sound


@pytest.fixture
def lesson(app):
    return lambda **parameters: sound(app(lessons_lesson="glossary", **parameters, page="lessons"))


@pytest.fixture(scope="module")
def texts(root) -> str:
    """All texts of the app but the glossary's, in lower case."""
    found = extract_from_dir(root / "app", method_map=[("**.py", "python")], keywords={"_": None, "N_": None})
    return "\n".join(str(text) for file, _line, text, *_ in found if file != "lessons/glossary.py").casefold()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_shows_all_terms_in_both_languages_and_asks_nothing(lesson, lang):
    test = lesson(lang=lang)
    table = test.table[0].value
    assert list(table.columns[:2]) == (["English", "简体中文"] if lang == "en" else ["简体中文", "English"])
    assert set(table["English"]) == {term.name for term in TERMS} and not test.radio


def test_every_term_has_a_chinese_name():
    same = {term.name for term in TERMS if not re.search(r"[\u4e00-\u9fff]", in_both(term)["zh"])}
    assert same <= {"Adam", "ReLU", "tanh", "Transformer"}
    assert in_both(next(term for term in TERMS if term.name.startswith("GRU")))["zh"].startswith("门控循环单元")


def test_english_is_in_alphabetical_order():
    names = [term.name for term in in_order()]
    assert names == sorted(names, key=str.casefold) and len(set(names)) == len(TERMS)


def test_chinese_is_in_the_order_of_pinyin():
    with speaking("zh"):
        names = [in_both(term)["zh"] for term in in_order()]
    # GB 2312's first level, 0xB0A1 to 0xD7F9, is in the order of pinyin; its second is not.
    for name in names:
        first = next(character for character in name)
        assert first.isascii() or b"\xb0\xa1" <= first.encode("gb2312") <= b"\xd7\xf9", name
    places = [
        names.index(name) for name in names if name[:2] in ("编码", "激活", "卷积", "门控", "权重", "梯度", "遗忘")
    ]
    assert places == sorted(places)
    ordered = [name[0] for name in names if name[0] in "反激卷门权树突遗注"]
    assert ordered == sorted(ordered, key="反激卷门权树突遗注".index)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_every_term_is_used_on_the_pages(texts, term):
    short = term.name.split(",")[0]  # "GRU, gated recurrent unit" is mostly called by its letters
    assert re.search(rf"\b{re.escape(short.casefold())}", texts), short


#: The field's words, by the lesson in which each first occurs, where it is set in bold and explained.
FIRST_SAID = {
    "brain": ("action potential", "neurotransmitter", "dendrites", "excitation", "inhibition", "Nernst potential"),
    "neuron": ("nonlinear", "universal approximation"),
    "recurrence": ("Softmax", "language model"),
    "training": ("cross-entropy", "backpropagation through time", "truncated"),
    "captioning": ("encoder-decoder", "embedding", "teacher forcing"),
    "after": ("self-attention", "positional encoding", "vision-language model"),
    "exercise": ("baseline", "overfitting"),
}


@pytest.mark.parametrize("name", FIRST_SAID)
def test_the_fields_words_are_in_bold_where_they_first_occur_and_in_the_glossary(root, name):
    found = extract_from_dir(root / "app" / "lessons", method_map=[("**.py", "python")], keywords={"_": None})
    said = "\n".join(str(text) for file, _line, text, *_ in found if file == f"{name}.py")
    terms = " ".join(term.name.casefold() for term in TERMS)
    for word in FIRST_SAID[name]:
        assert re.search(rf"\*\*{word}s?\*\*", said), word
        assert word == "universal approximation" or word.casefold().removesuffix("s") in terms, word


def test_search_finds_either_language_and_the_meaning(lesson):
    def found(wanted: str, **more) -> list[str]:
        return list(lesson(lessons_search=wanted, **more).table[0].value["English"])

    assert found("forget") == ["forget gate"]
    assert found("门控") == ["GRU, gated recurrent unit"]
    assert "LSTM, long short-term memory" in found("LONG SHORT-TERM")
    assert found("Adam", lang="zh") == ["Adam"]
    nothing = lesson(lessons_search="<b>zebra</b>")
    assert not nothing.table and "shorter" in nothing.info[0].value
    assert sum(matches(term, " ") for term in TERMS) == len(TERMS)


def test_definitions_are_short():
    assert all(len(term.meaning) <= 120 and term.meaning.endswith(".") for term in glossary.TERMS)
