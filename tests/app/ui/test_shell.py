"""The pages' frame, by Streamlit's AppTest: pages, languages, hidden controls, odd addresses."""

import json
import re

import pytest

from app.ui.groups import OF_PAGES
from app.ui.shell import PROJECTED
from tests.app.conftest import go_to as go

PAGES = {
    "home": ("Afterimage", "Afterimage"),
    "caption": ("Caption", "看图说话"),
    "sequence": ("Sequence", "序列实验室"),
    "neurons": ("Neurons", "神经元"),
    "lessons": ("Lessons", "课程"),
    "about": ("About", "关于"),
}

#: What a stranger might put where a language or a group's name belongs.
HOSTILE = ["", " ", "<script>alert(1)</script>", "../../etc/passwd", "x," * 5000, "{lang}", "\0", "zh'; --", "🦉"]


@pytest.mark.quick
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_shows_in_every_language(app, name, language):
    test = app(lang=language, page=name)
    assert not test.exception
    assert test.title[0].value == PAGES[name][language == "zh"]


@pytest.mark.parametrize(
    ("locale", "asked", "shown"),
    [
        ("zh-CN", None, "关于"),
        ("zh-CN", "en", "About"),
        ("en-US", None, "About"),
        ("en-US", "zh", "关于"),
        (None, None, "About"),
    ],
)
def test_the_address_decides_the_language_and_else_the_browser(app, locale, asked, shown):
    test = app(locale, **({"lang": asked} if asked else {}))
    assert go(test, "about").title[0].value == shown


def test_the_switch_changes_the_language_and_the_address(app):
    test = app(page="about")
    test.segmented_control(key="lang_shown").set_value("zh").run()
    assert test.title[0].value == "关于"
    assert test.query_params["lang"] == "zh"
    test.segmented_control(key="lang_shown").set_value("en").run()
    assert test.title[0].value == "About"
    assert test.query_params["lang"] == "en"


def test_the_language_stays_when_the_page_changes(app):
    test = app(lang="zh")
    assert [go(test, page).title[0].value for page in ("about", "home", "about")] == ["关于", "Afterimage", "关于"]


def test_projector_mode_stands_in_the_address_and_stays_when_page_and_language_change(app):
    test = app(projector="true", lang="zh")
    for page in ("about", "lessons"):
        go(test, page)
        assert not test.exception and test.toggle(key="projector").value
        assert test.query_params["projector"] == "true" and any(
            "font-size" in one.proto.body for one in test.get("html")
        )
    test.segmented_control(key="lang_shown").set_value("en").run()
    assert test.toggle(key="projector").value


def test_projector_mode_draws_larger_charts(app):
    normal, large = (app(lessons_lesson="recurrence", projector=on, page="lessons") for on in ("false", "true"))
    heights = [
        [json.loads(chart.proto.spec)["layout"]["height"] for chart in test.get("plotly_chart")]
        for test in (normal, large)
    ]
    assert heights[0] and heights[1] == pytest.approx([height * PROJECTED for height in heights[0]])


@pytest.mark.parametrize("page", [page for page, groups in OF_PAGES.items() if groups])
def test_about_names_every_group_that_can_be_hidden(root, page):
    """What the page's sources call a group, and nothing else; About and the share dialog list these."""
    sources = [*(root / "app" / page).rglob("*.py"), root / "app" / "app_pages" / f"{page}.py"]
    code = " ".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r"(?:controls|hidden)\(\"(\w+)\"", code))
    if "look_and_try(" in code:  # what two pages share
        used.add("question")
    if "show_code(" in code:
        used.add("code")
    assert used and set(OF_PAGES[page]) == used


@pytest.mark.parametrize(
    ("hide", "hidden"),
    [("", False), ("language", True), ("navigation, language ", True), ("languages", False), ("Language", False)],
)
def test_a_group_named_in_hide_is_out_of_sight(app, hide, hidden):
    test = app(hide=hide)
    key = ("unseen" if hidden else "seen") + "-group-language"
    assert test.container(key=key).segmented_control[0].key == "lang_shown"


def test_hidden_groups_stay_hidden_on_other_pages(app):
    test = app(hide="language", page="about")
    assert test.container(key="unseen-group-language")


@pytest.mark.parametrize("value", HOSTILE)
def test_odd_addresses_do_no_harm(app, value):
    test = app("zh-CN", lang=value, hide=value, no_such_parameter=value, page="about")
    assert not test.exception
    assert test.title[0].value == "关于"
    shown = [element.value for element in (*test.markdown, *test.caption, *test.header)]
    assert not any("alert(1)" in text or "passwd" in text for text in shown)


def test_repeated_parameters_do_no_harm(app):
    test = app(lang=["zh", "en", "<b>"], hide=["language", "navigation"])
    assert not test.exception


def test_sessions_in_different_languages_do_not_mix(app):
    english, chinese = app(lang="en"), app(lang="zh")
    for _ in range(2):
        assert go(english, "about").title[0].value == "About"
        assert go(chinese, "about").title[0].value == "关于"
        assert english.run().title[0].value == "About"
