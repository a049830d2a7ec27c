"""One teacher and three phones in a room: a round of every activity, in both languages, and nothing for students that
is the teacher's."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, wait_for_address
from tests.browser.test_accessibility import assert_fits_a_phone, assert_sound

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
#: What a teacher's page says when all three have answered; the button's and the label's words.
SAID = {
    "en": ("3 of 3 answered.", "Sent:", "3 in the room"),
    "zh": ("3 人中已有 3 人回答。", "已发送：", "房间里有 3 人"),
}


def opened(visit, language: str) -> tuple[Page, str]:
    """A teacher who has opened a room, and its code."""
    teacher = visit(f"/class?lang={language}")
    teacher.locator(".st-key-class_open button").click()
    wait_for_address(teacher, lambda url: "room=" in url)
    settle(teacher)
    return teacher, parse_qs(urlsplit(teacher.url).query)["room"][0]


def ask(teacher: Page, kind: int) -> None:
    """Choose the activity with this number, and ask it."""
    place = teacher.locator('[class*="st-key-class_asking"] details')
    if not place.evaluate("it => it.open"):
        place.locator("summary").click()
    teacher.locator(".st-key-class_kind").get_by_role("radio").nth(kind).click()
    button = teacher.locator(f".st-key-class_ask_{('guess', 'look', 'fire')[kind]} button")
    expect(button).to_be_visible()
    settle(teacher)
    button.click()
    expect(teacher.locator(".st-key-class_reveal button")).to_be_enabled()
    settle(teacher)


def send(phone: Page, language: str) -> None:
    button = phone.locator('[class*="st-key-class_send"] button')
    expect(button).to_be_enabled()
    button.click()
    expect(phone.get_by_text(re.compile(SAID[language][1]))).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_teacher_and_three_phones_go_through_every_activity(visit, language):
    teacher, code = opened(visit, language)
    phones = [visit(f"/class?room={code}&lang={language}", **PHONE) for _phone in range(3)]
    expect(teacher.get_by_text(SAID[language][2])).to_be_visible()

    ask(teacher, 0)
    word = {"en": "man", "zh": "男"}[language]
    for phone in phones:
        field = phone.locator('[class*="st-key-class_word"] input')
        field.click()
        field.type(word)
        phone.get_by_role("option", name=word, exact=True).click()
        send(phone, language)
    expect(teacher.get_by_text(SAID[language][0])).to_be_visible()
    phones[0].reload()
    settle(phones[0])
    expect(phones[0].get_by_text(re.compile(SAID[language][1] + r"\s*" + word))).to_be_visible()
    expect(phones[0].locator('[class*="st-key-class_send"]')).to_have_count(0)
    assert_fits_a_phone(phones[0])
    teacher.locator(".st-key-class_reveal button").click()
    expect(teacher.get_by_test_id("stPlotlyChart").first).to_be_visible()
    expect(teacher.get_by_text(SAID[language][0])).to_be_visible()
    settle(teacher)
    assert_sound(teacher)

    ask(teacher, 1)
    for phone in phones:
        chart = phone.locator('[class*="st-key-class_tap"] .nsewdrag').first
        expect(chart).to_be_visible()
        settle(phone)
        box = chart.bounding_box()
        phone.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.3)
        send(phone, language)
    expect(teacher.get_by_text(SAID[language][0])).to_be_visible()
    teacher.locator(".st-key-class_reveal button").click()
    expect(teacher.get_by_test_id("stPlotlyChart").first).to_be_visible()

    ask(teacher, 2)
    for number, phone in enumerate(phones):
        field = phone.locator('[class*="st-key-class_spikes"] input')
        field.fill(str(number))
        field.press("Enter")
        send(phone, language)
    teacher.locator(".st-key-class_reveal button").click()
    expect(teacher.get_by_test_id("stPlotlyChart")).to_have_count(2)
    settle(teacher)

    teacher.get_by_test_id("stTopNavLink").nth(4).click()
    teacher.locator('[class*="st-key-lessons_ask"] button').first.click()
    expect(teacher.locator(".st-key-class_reveal button")).to_be_enabled()
    for phone in phones:
        phone.locator('[class*="st-key-class_choice"] label').nth(1).click()
        send(phone, language)
    expect(teacher.get_by_text(SAID[language][0])).to_be_visible()
    assert_sound(phones[1])


def test_a_students_link_can_do_nothing_that_only_a_teacher_may(visit):
    teacher, code = opened(visit, "en")
    teacher.locator(".st-key-share_open button").click()
    shared = teacher.get_by_role("dialog").get_by_test_id("stCode").inner_text()
    assert f"room={code}" in shared and "class_teach" not in shared and "class_key" not in shared
    teacher.keyboard.press("Escape")
    ask(teacher, 0)
    controls = ", ".join(f".st-key-class_{one}" for one in ("reveal", "next", "back", "close", "asking"))
    expect(teacher.locator(controls)).not_to_have_count(0)
    for forged in ("", "&class_teach=1", f"&class_key={'x' * 22}"):
        student = visit(f"/class?room={code}&lang=en{forged}", **PHONE)
        expect(student.locator('[class*="st-key-class_send"] button')).to_be_visible()
        expect(student.locator(controls)).to_have_count(0)
        keys = [one["value"] for one in teacher.context.cookies() if one["name"] == f"afterimage_key_{code}"]
        assert len(keys) == 1 and keys[0] not in student.content()


def test_the_teachers_link_leads_the_room_elsewhere_and_the_key_leaves_the_address(visit):
    teacher, code = opened(visit, "en")
    teacher.locator("summary").last.click()
    teacher.locator(".st-key-class_show_link label").click()
    link = teacher.get_by_test_id("stCode").last
    expect(link).to_contain_text("class_key")
    parts = urlsplit(link.inner_text())
    other = visit(f"{parts.path}?{parts.query}&lang=en")
    wait_for_address(other, lambda url: "class_key" not in url)
    assert code in other.url
    expect(other.locator('[class*="st-key-class_asking"]')).to_be_visible()
    other.reload()
    settle(other)
    expect(other.locator('[class*="st-key-class_asking"]')).to_be_visible()


def test_closing_ends_it_for_all(visit):
    teacher, code = opened(visit, "en")
    phone = visit(f"/class?room={code}&lang=en", **PHONE)
    teacher.locator("summary").last.click()
    teacher.locator(".st-key-class_close button").click()
    expect(teacher.get_by_text("all that was in it is deleted")).to_be_visible()
    expect(phone.get_by_text("There is no such room")).to_be_visible()
