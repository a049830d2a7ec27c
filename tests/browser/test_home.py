"""The home page in a real browser: its films play by themselves, or not at all; its doors lead on; it fits a phone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.home.traces import BITS, PRESET
from tests.browser.conftest import nudge, settle, wait_for_address

pytestmark = pytest.mark.browser

#: For each language the page's first words, the name of the door to the course, the section for teachers, the switch.
WORDS = {
    "en": ("See how a recurrent network", "Begin with lesson 1", "For teachers", "Moving pictures"),
    "zh": ("看循环神经网络", "从第 1 课开始", "给教师", "播放动画"),
}

#: How many words are said, how far the ring has gone, how much of the voltage is drawn.
MOMENT = """() => {
  const style = selector => getComputedStyle(document.querySelector(selector));
  return [
    [...document.querySelectorAll('.film-said')].filter(word => getComputedStyle(word).opacity == 1).length,
    style('.film-now').left + style('.film-now').top,
    style('.film-plane img').clipPath,
  ]
}"""


def moments(page: Page, seconds: float = 3.0) -> list[list]:
    expect(page.locator(".film")).to_have_count(3)
    seen = [page.evaluate(MOMENT)]
    for _ in range(round(seconds / 0.5)):
        page.wait_for_timeout(500)
        seen.append(page.evaluate(MOMENT))
    return seen


@pytest.mark.parametrize("lang", WORDS)
def test_three_films_play_by_themselves(visit, lang):
    words, lesson, teachers, still = WORDS[lang]
    page = visit(f"/?lang={lang}")
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name=lesson)).to_be_visible()
    expect(page.get_by_role("heading", name=teachers)).to_be_visible()
    seen = moments(page)
    assert all(len(set(course)) > 1 for course in zip(*seen, strict=True)), "A film stands still."
    for film in page.locator(".film").all():
        assert film.get_attribute("role") == "img" and len(film.get_attribute("aria-label")) > 30
    # The switch stills them, and the address remembers.
    page.get_by_text(still).click()
    settle(page)
    wait_for_address(page, lambda url: "home_moving=false" in url)
    assert all(len(set(course)) == 1 for course in zip(*moments(page, 2), strict=True))


def test_who_asked_for_less_motion_sees_the_ends(visit):
    page = visit("/", reduced_motion="reduce")
    (said,), (_ring,), (drawn,) = (set(course) for course in zip(*moments(page, 2), strict=True))
    assert said == page.locator(".film-said").count() and drawn == "none"
    expect(page.get_by_text("Moving pictures")).to_be_hidden()


def test_more_current_makes_more_spikes(visit):
    page = visit("/?home_current=10")
    expect(page.locator(".film").nth(2)).to_contain_text("6 spikes")
    slider = page.get_by_role("slider")
    for _ in range(20):
        nudge(slider, "ArrowRight")
    settle(page)
    expect(page.locator(".film").nth(2)).not_to_contain_text("6 spikes")
    wait_for_address(page, lambda url: "home_current=20" in url)
    page.get_by_role("button", name="Compare the two").click()
    wait_for_address(page, lambda url: "/neurons" in url and "neurons_hh_amplitude=20" in url)


def test_the_doors_lead_on_by_keyboard_and_a_step_of_the_hour_opens_its_page(visit):
    page = visit("/")
    page.get_by_text("One hour, minute by minute").click()
    line = page.get_by_role("link", name="The same two equations hold a bit").first
    line.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sequence")
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    # Whatever one does there, one press of Back returns to the plan, open, at its line.
    page.get_by_label("A sequence to read").fill("1111")
    page.get_by_label("A sequence to read").press("Enter")
    wait_for_address(page, lambda url: "sequence_text=1111" in url)
    settle(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Afterimage")
    settle(page)
    expect(page.get_by_text("Each line opens the right page")).to_be_visible()
    expect(line).to_be_in_viewport()
    assert "home_hour=true" in page.url and "sequence_" not in page.url
    page.get_by_role("button", name="Open the laboratory").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sequence")
    settle(page)
    # The page's own default does not stand in the address.
    known = parse_qs(urlsplit(page.url).query)
    assert known.get("sequence_preset", [PRESET]) == [PRESET]
    assert known.get("sequence_text", [BITS]) == [BITS]
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Afterimage")
    settle(page)
    page.get_by_role("button", name="Begin with lesson 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lessons")


@pytest.mark.parametrize("lang", WORDS)
def test_it_fits_a_phone(visit, lang):
    """In the projector's type, too, which an address may ask for: a phone has no switch for it."""
    for projector in ("false", "true"):
        page = visit(f"/?lang={lang}&projector={projector}", viewport={"width": 390, "height": 844})
        for expander in page.get_by_test_id("stExpander").all():
            expander.locator("summary").click()
        settle(page)
        assert_fits_a_phone(page)


def assert_fits_a_phone(page: Page) -> None:
    wide = page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
    )
    assert wide <= 0
    for film in page.locator(".film").all():
        box = film.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
