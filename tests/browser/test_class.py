"""One teacher and two phones in a room: a round of every activity, in both languages, and nothing for students that
is the teacher's."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, settle, wait_for_address
from tests.browser.test_accessibility import assert_fits_a_phone, assert_sound

pytestmark = pytest.mark.browser

#: What a teacher's page says when both have answered; the button's and the label's words.
SAID = {
    "en": ("2 of 2 answered.", "Sent:", "2 in the room"),
    "zh": ("2 人中已有 2 人回答。", "已发送：", "房间里有 2 人"),
}


def opened(visit, language: str, **options) -> tuple[Page, str]:
    """A teacher who has opened a room, and its code."""
    teacher = visit(f"/class?lang={language}", **options)
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


def reveal(teacher: Page, language: str, charts: int = 1) -> None:
    """Reveal when both have answered; their number stays, and the page is sound."""
    expect(teacher.get_by_text(SAID[language][0])).to_be_visible()
    teacher.locator(".st-key-class_reveal button").click()
    expect(teacher.locator(".st-key-class_reveal button")).to_be_disabled()
    expect(teacher.get_by_test_id("stPlotlyChart")).to_have_count(charts)
    expect(teacher.get_by_text(SAID[language][0])).to_be_visible()
    settle(teacher)
    assert_sound(teacher)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_a_teacher_and_two_phones_go_through_every_activity(visit, language, scheme):
    teacher, code = opened(visit, language, color_scheme=scheme)
    phones = [visit(f"/class?room={code}&lang={language}", color_scheme=scheme, **PHONE) for _phone in range(2)]
    expect(teacher.get_by_text(SAID[language][2])).to_be_visible()
    assert_sound(teacher)
    assert_sound(phones[0])

    ask(teacher, 0)
    word = {"en": "man", "zh": "男"}[language]
    expect(phones[1].locator('[class*="st-key-class_word"] input')).to_be_visible()
    settle(phones[1])
    assert_sound(phones[1])
    for phone in phones:
        field = phone.locator('[class*="st-key-class_word"] input')
        field.click()
        field.type(word)
        phone.get_by_role("option", name=word, exact=True).click()
        send(phone, language)
    phones[0].reload()
    settle(phones[0])
    expect(phones[0].get_by_text(re.compile(SAID[language][1] + r"\s*" + word))).to_be_visible()
    expect(phones[0].locator('[class*="st-key-class_send"]')).to_have_count(0)
    assert_fits_a_phone(phones[0])
    reveal(teacher, language)
    teacher.locator(".st-key-class_next button").click()
    expect(teacher.locator(".st-key-class_reveal button")).to_be_enabled()
    for phone in phones:
        expect(phone.locator('[class*="st-key-class_send"] button')).to_be_visible()

    ask(teacher, 1)
    for phone in phones:
        chart = phone.locator('[class*="st-key-class_tap"] .nsewdrag').first
        expect(chart).to_be_visible()
        settle(phone)
        box = chart.bounding_box()
        phone.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.3)
        expect(phone.locator('[class*="st-key-class_send"] button')).to_be_enabled()
        settle(phone)
        if phone is phones[0]:
            # By keyboard: a row further down.
            row = phone.locator('[class*="st-key-class_row"] input')
            assert (row.input_value(), phone.locator('[class*="st-key-class_column"] input').input_value()) == (
                "3",
                "5",
            )
            row.fill("4")
            row.press("Enter")
            settle(phone)
            assert_sound(phone)
            assert_fits_a_phone(phone)
        send(phone, language)
    place = {"en": ("row 4, column 5", "row 3, column 5"), "zh": ("第 4 行第 5 列", "第 3 行第 5 列")}[language]
    for phone, words in zip(phones, place, strict=True):
        expect(phone.get_by_text(words)).to_be_visible()
    reveal(teacher, language)

    ask(teacher, 2)
    for number, phone in enumerate(phones):
        field = phone.locator('[class*="st-key-class_spikes"] input')
        field.fill(str(number))
        field.press("Enter")
        if not number:
            expect(phone.locator('[class*="st-key-class_send"] button')).to_be_enabled()
            settle(phone)
            assert_sound(phone)
            assert_fits_a_phone(phone)
        send(phone, language)
    reveal(teacher, language, charts=2)

    teacher.get_by_test_id("stTopNavLink").nth(4).click()
    teacher.locator(".st-key-lessons_open_captioning button").click()
    teacher.locator('[class*="st-key-lessons_ask"] button').first.click()
    expect(teacher.locator(".st-key-class_reveal button")).to_be_enabled()
    for phone in phones:
        phone.locator('[class*="st-key-class_choice"] label').nth(1).click()
        send(phone, language)
    reveal(teacher, language)
    settle(phones[1])
    assert_sound(phones[1])
    assert_fits_a_phone(phones[1])


def test_a_students_link_can_do_nothing_that_only_a_teacher_may(visit):
    teacher, code = opened(visit, "en")
    teacher.locator(".st-key-share_open button").click()
    shared = teacher.get_by_role("dialog").get_by_test_id("stCode").inner_text()
    assert f"room={code}" in shared and "class_teach" not in shared and "class_key" not in shared
    teacher.keyboard.press("Escape")
    ask(teacher, 0)
    names = ("reveal", "next", "back", "closing", "asking", "ask_", "show_link", "export", "kind")
    controls = ", ".join(f'[class*="st-key-class_{one}"]' for one in names)
    for one in names:
        expect(teacher.locator(f'[class*="st-key-class_{one}"]')).not_to_have_count(0)
    for forged in ("", "&class_teach=1", f"&class_key={'x' * 22}"):
        student = visit(f"/class?room={code}&lang=en{forged}", **PHONE)
        expect(student.locator('[class*="st-key-class_send"] button')).to_be_visible()
        expect(student.locator(controls)).to_have_count(0)
        keys = [one["value"] for one in teacher.context.cookies() if one["name"] == f"afterimage_key_{code}"]
        assert len(keys) == 1 and keys[0] not in student.content()


def test_the_teachers_link_leads_the_room_elsewhere_and_the_key_leaves_the_address(visit):
    teacher, code = opened(visit, "en")
    teacher.locator(".st-key-class_more summary").click()
    settle(teacher)
    teacher.locator(".st-key-class_show_link label").click()
    link = teacher.get_by_test_id("stCode").last
    expect(link).to_contain_text("class_key")
    parts = urlsplit(link.inner_text())
    other = visit(f"{parts.path}?{parts.query}&lang=en")
    wait_for_address(other, lambda url: "class_key" not in url)
    assert code in other.url
    expect(other.locator('[class*="st-key-class_asking"]')).to_be_visible()
    while not any(one["name"] == f"afterimage_key_{code}" for one in other.context.cookies()):
        other.wait_for_timeout(50)  # the browser keeps the key a moment after the page is seen
    other.reload()
    settle(other)
    expect(other.locator('[class*="st-key-class_asking"]')).to_be_visible()


def test_closing_ends_it_for_all(visit):
    teacher, code = opened(visit, "en")
    phone = visit(f"/class?room={code}&lang=en", **PHONE)
    teacher.locator(".st-key-class_more summary").click()
    settle(teacher)
    teacher.locator(".st-key-class_closing button").click()
    teacher.locator(".st-key-class_close button").click()
    expect(teacher.get_by_text("all that was in it is deleted")).to_be_visible()
    expect(phone.get_by_text("The room is closed")).to_be_visible()


def test_all_is_seen_at_once_on_a_projector_and_on_a_phone(visit):
    """Nobody scrolls: the code while all come in, later the question, the count and the buttons; on the phone photo,
    question and button."""
    teacher, code = opened(visit, "en", viewport={"width": 1920, "height": 1080})
    teacher.locator(".st-key-projector label").click()
    wait_for_address(teacher, lambda url: "projector=true" in url)
    settle(teacher)
    shown = teacher.locator(".st-key-class_code h2")
    assert shown.inner_text() == code and shown.evaluate("it => parseFloat(getComputedStyle(it).fontSize)") > 100
    for part in (shown, teacher.get_by_role("img", name="QR code"), teacher.get_by_text("0 in the room")):
        assert_seen(part, 1080)
    ask(teacher, 0)
    expect(teacher.locator('[class*="st-key-class_asking"] details')).not_to_have_attribute("open", "")
    phone = visit(f"/class?room={code}&lang=en", **PHONE)
    for part in (
        teacher.locator(".st-key-class_reveal button"),
        teacher.get_by_text("0 of 1 answered."),
        teacher.get_by_role("img", name="The photo"),
    ):
        assert_seen(part, 1080)
    assert_seen(phone.get_by_role("img", name="The photo"), PHONE["viewport"]["height"])
    assert_seen(phone.locator('[class*="st-key-class_send"] button'), PHONE["viewport"]["height"] - 100)


def assert_seen(part: Locator, height: int) -> None:
    """It lies above ``height`` whole, in pixels from the window's top, where the page has not been scrolled."""
    expect(part).to_be_visible()
    box = part.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= height
