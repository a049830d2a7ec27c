"""The translations are complete, fit their templates, and go to the right user."""

import ast
import re
import threading
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from app import i18n
from model.errors import PhotoError, UserError

UPDATE = "Run `make i18n`, then complete app/locale/zh/LC_MESSAGES/afterimage.po."


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def texts(catalogue: Catalog) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    return read(i18n.LOCALE / "zh" / "LC_MESSAGES" / "afterimage.po")


@pytest.fixture
def provider():
    """Lets a test say who knows the language, and puts the app's own provider back."""
    before = i18n._provider
    yield i18n.language_from
    i18n.language_from(before)


def test_no_text_hides_in_an_f_string(root):
    """Where Python is older than 3.12, extraction does not look into them."""
    hidden = [
        f"{path.relative_to(root)}:{inner.lineno}"
        for path in (root / "app").rglob("*.py")
        for outer in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(outer, ast.JoinedStr)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id in ("_", "N_")
        and isinstance(inner.args[0], ast.Constant)
    ]
    assert not hidden


def test_every_text_of_the_source_is_in_the_catalogues(root, chinese, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    extracted = tmp_path / "extracted.pot"
    command = [
        "pybabel",
        "--quiet",
        "extract",
        "--mapping",
        "pyproject.toml",
        "--output",
        str(extracted),
        "app",
        "model",
    ]
    CommandLineInterface().run(command)
    source = texts(read(extracted))
    assert "Home" in source  # gettext in the app
    assert "The language switch" in source  # N_
    assert "This file is empty. Please choose another one." in source  # an error of the model
    assert texts(read(i18n.LOCALE / "afterimage.pot")) == source, UPDATE
    assert texts(chinese) == source, UPDATE


def test_every_text_has_a_chinese_translation(chinese):
    open_ends = [message.id for message in chinese if message.id and (message.fuzzy or not message.string)]
    assert not open_ends, UPDATE


def test_translations_have_the_placeholders_of_their_templates(chinese):
    """Of one that counts, the form for many: that for one may say "once"."""
    pairs = [(m.id[-1], m.string[0]) if m.pluralizable else (m.id, m.string) for m in chinese if m.id and m.string]
    assert not [pair for pair in pairs if fields(pair[0]) != fields(pair[1])]


def test_english_and_chinese_count(provider):
    forms = ("{count} word", "{count} words")
    assert [i18n.ngettext(*forms, count).format(count=count) for count in (0, 1, 2)] == ["0 words", "1 word", "2 words"]
    with i18n.speaking("zh"):
        assert [i18n.ngettext(*forms, count).format(count=count) for count in (1, 2)] == ["1 个词", "2 个词"]


def test_chinese_is_read_without_anything_compiled():
    assert not list(i18n.LOCALE.rglob("*.mo"))
    with i18n.speaking("zh"):
        assert i18n._("Home") == "首页"
    assert i18n._("Home") == "Home"


def test_what_has_no_translation_stays_english():
    with i18n.speaking("zh"):
        assert i18n._("never translated {x}") == "never translated {x}"
        assert i18n._("") == ""  # not the catalogue's header


@pytest.mark.parametrize("language", ["", "xx", "../zh", "zh\0", "ZH", "<script>"])
def test_unknown_languages_are_english(provider, language):
    provider(lambda: language)
    assert i18n.current_language() == "en"
    assert i18n._("Home") == "Home"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", "zh"), ("zh", "zh"), ("zh_TW", "zh"), ("en-GB", "en"), ("de-DE", "en"), ("", "en"), (None, "en")],
)
def test_the_language_closest_to_a_browsers_locale(locale, language):
    assert i18n.closest_language(locale) == language


def test_threads_with_different_languages_do_not_mix(provider):
    """Two users' threads ask for the same text in turn, many times, and each gets its own language."""
    users = threading.local()
    provider(lambda: users.language)
    in_turn = threading.Barrier(2, timeout=30)
    heard: dict[str, set[str]] = {"en": set(), "zh": set()}

    def use(language: str) -> None:
        users.language = language
        for _ in range(200):
            in_turn.wait()
            heard[language].add(i18n._("Home"))

    threads = [threading.Thread(target=use, args=(language,)) for language in heard]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"en": {"Home"}, "zh": {"首页"}}


def test_speaking_is_for_its_own_thread_alone(provider):
    provider(lambda: "en")
    heard = []
    with i18n.speaking("zh"):
        other = threading.Thread(target=lambda: heard.append(i18n.current_language()))
        other.start()
        other.join()
        assert i18n.current_language() == "zh"
    assert heard == ["en"]


def test_errors_of_the_model_are_translated_with_their_values():
    error = PhotoError("This file is larger than {limit} MB. Please choose a smaller one.", limit=20)
    assert str(error) == "This file is larger than 20 MB. Please choose a smaller one."
    with i18n.speaking("zh"):
        sentence = i18n.translate_error(error)
    assert "20 MB" in sentence and "This file" not in sentence


def test_values_in_errors_are_not_taken_for_templates():
    error = UserError("{name} is no photo.", name="{secret}.txt")
    assert str(error) == i18n.translate_error(error) == "{secret}.txt is no photo."


def test_bold_text_is_bold_in_chinese(chinese):
    """Markdown does not close ** between punctuation and a letter, and Chinese has no space to put there."""
    translations = [message.string for message in chinese if isinstance(message.string, str)]
    bold = [found for text in translations for found in re.findall(r"\*\*(.+?)\*\*(.?)", text)]
    assert len(bold) > 5
    assert not [inside for inside, after in bold if not inside[-1].isalnum() and after.isalnum()]
