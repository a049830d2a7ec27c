"""The course's main path in a real browser: read, answer, go on, follow a link, come back."""

import pytest
from playwright.sync_api import expect

from app.lessons.course import course
from tests.browser.conftest import settle, wait_for_address

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


@pytest.mark.parametrize("lang", WORDS)
def test_the_whole_course_is_walked_from_lesson_to_lesson(visit, lang):
    """Each lesson shows its figure and its questions, and leads on to the next; the glossary ends the course."""
    *taught, last = course()
    page = visit(f"/lessons?lang={lang}")
    for code in taught:
        if code != "training":  # its figure comes with the first step
            expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
        if code != "exercise":  # its mathematics is code
            expect(page.locator(".katex").first).to_be_visible()
        expect(page.get_by_test_id("stRadio").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        following = (*taught, last)[taught.index(code) + 1]
        page.get_by_role("button", name=WORDS[lang][2]).click()
        wait_for_address(page, lambda url, code=following: f"lessons_lesson={code}" in url)
        settle(page)
    expect(page.get_by_role("button", name=WORDS[lang][2])).to_have_count(0)
    expect(page.get_by_text("GRU").first).to_be_visible()
