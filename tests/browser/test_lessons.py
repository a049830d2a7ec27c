"""The course's main path in a real browser: read, answer, go on, follow a link, come back."""

import json

import pytest
from playwright.sync_api import expect

from app.lessons.course import course
from tests.browser.conftest import holds, settle, wait_for_address

pytestmark = pytest.mark.browser

#: For each language: the page's title, the feedback to a right answer, the next lesson's button, a link to try.
WORDS = {
    "en": ("Lessons", "Right.", "Next:", "Type a text of your own and step through it"),
    "zh": ("课程", "对。", "下一课", "输入你自己的文字，逐步观看"),
}


@pytest.mark.parametrize("lang", WORDS)
def test_a_lesson_is_read_answered_and_tried(visit, lang):
    title, right, following, link = WORDS[lang]
    page = visit(f"/lessons?lessons_lesson=recurrence&lang={lang}")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_be_visible()
    page.get_by_test_id("stRadio").first.locator("label").last.click()
    settle(page)
    expect(page.get_by_text(right).first).to_be_visible()
    page.get_by_role("button", name=following).click()
    settle(page)
    wait_for_address(page, lambda url: "lessons_lesson=training" in url)
    again = visit(f"/lessons?lessons_lesson=recurrence&lang={lang}")
    again.get_by_text(link).click()
    settle(again)
    wait_for_address(again, lambda url: "/sequence" in url and f"lang={lang}" in url)
    expect(again.get_by_test_id("stPlotlyChart").first).to_be_visible()
    expect(again.get_by_test_id("stException")).to_have_count(0)


def test_progress_is_saved_and_goes_on_in_another_session(visit, tmp_path):
    page = visit("/lessons?lessons_lesson=recurrence")
    page.get_by_test_id("stRadio").first.locator("label").last.click()
    settle(page)
    page.get_by_text("How far you came").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save how far I came").click()
    file = tmp_path / "course.json"
    download.value.save_as(file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved["answers"] == {"recurrence-1": {"answer": 1, "right": True}}
    assert len(saved["questions"]["recurrence"]) == 3
    other = visit("/lessons?lessons_lesson=recurrence")
    other.get_by_text("How far you came").click()
    other.locator('input[type="file"]').set_input_files(file)
    expect(other.get_by_text(WORDS["en"][1]).first).to_be_visible()


def test_a_link_opens_what_it_names_whatever_was_open_before(visit):
    page = visit("/lessons?lessons_lesson=brain")
    page.get_by_text("The whole table, idea by idea").click()
    wait_for_address(page, lambda url: "neurons_view=table" in url)
    settle(page)
    page.get_by_role("link", name="Lessons").first.click()
    expect(page.get_by_text("Change both neurons").first).to_be_visible()
    page.get_by_text("Change both neurons").first.click()
    wait_for_address(page, lambda url: "neurons_cell=chattering" in url)
    settle(page)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    assert "neurons_view" not in page.url  # The first view is not named.


def test_the_whole_course_is_walked_from_lesson_to_lesson(visit):
    """Each lesson begins at its top, shows its figure and its questions, and leads on to the next; the glossary ends
    the course."""
    *taught, last = course()
    page = visit("/lessons?lang=zh")
    following = page.get_by_role("button", name=WORDS["zh"][2])
    top = "document.querySelector('[data-testid=\"stMain\"]').scrollTop"
    cards = page.locator("[class*='st-key-lessons_open_'] button")
    expect(cards).to_have_count(len(course()))
    cards.first.click()
    wait_for_address(page, lambda url: f"lessons_lesson={taught[0]}" in url)
    settle(page)
    for code in taught:
        if code != "training":  # its figure comes with the first step
            expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
        if code != "exercise":  # its mathematics is code
            expect(page.locator(".katex").first).to_be_visible()
        expect(page.get_by_test_id("stRadio").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        following.scroll_into_view_if_needed()
        assert page.evaluate(top) > 500
        following.click()
        after = (*taught, last)[taught.index(code) + 1]
        wait_for_address(page, holds(f"lessons_lesson={after}"))
        settle(page)
        assert page.evaluate(top) == 0
    expect(following).to_have_count(0)
    expect(page.get_by_text("GRU").first).to_be_visible()
