"""Projector mode in a real browser: type, charts and the text's column grow on every page, until it is switched off."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from app.home import teachers
from app.ui.shell import PROJECTED
from tests.browser.conftest import settle, wait_for_address

pytestmark = pytest.mark.browser

FONT = "it => parseFloat(getComputedStyle(it).fontSize)"
LESSON = "/lessons?lessons_lesson=fading&lang=en"


def type_of(page: Page) -> float:
    """The size of running text, in pixels."""
    return page.get_by_test_id("stMain").locator("p:not(button p, label p)").first.evaluate(FONT)


def wait_for_type(page: Page, size: float) -> None:
    settle(page)
    page.wait_for_function(
        "size => Math.abs(parseFloat(getComputedStyle(document.documentElement).fontSize) - size) < 0.1", arg=size
    )


def test_type_grows_by_the_switch_and_stays_on_other_pages_and_in_the_other_language(visit):
    page = visit("/about?lang=en", viewport={"width": 1920, "height": 1080})
    root = page.locator("html").evaluate(FONT)
    text = type_of(page)
    page.locator(".st-key-projector label").click()
    wait_for_address(page, lambda url: "projector=true" in url)
    wait_for_type(page, PROJECTED * root)
    assert type_of(page) == pytest.approx(PROJECTED * text, rel=0.01)
    page.get_by_role("radio", name="简体中文").click()
    wait_for_address(page, lambda url: "lang=zh" in url)
    settle(page)
    page.get_by_test_id("stTopNavLink").nth(3).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("神经元")
    wait_for_address(page, lambda url: "/neurons" in url and "projector=true" in url and "lang=zh" in url)
    wait_for_type(page, PROJECTED * root)
    page.reload()
    wait_for_type(page, PROJECTED * root)
    page.locator(".st-key-projector label").click()
    wait_for_type(page, root)
    wait_for_address(page, lambda url: "projector" not in url)


def test_charts_and_the_texts_column_grow(visit):
    sizes = []
    for query in ("", "&projector=true"):
        page = visit(LESSON + query, viewport={"width": 1920, "height": 1080})
        chart = page.get_by_test_id("stPlotlyChart").first
        expect(chart.locator(".xtick text").first).to_be_visible()
        box = chart.bounding_box()
        sizes.append((box["width"], box["height"], chart.locator(".xtick text").first.evaluate(FONT)))
    assert [large / small for small, large in zip(*sizes, strict=True)] == pytest.approx([PROJECTED] * 3, rel=0.03)
    page.set_viewport_size({"width": 1280, "height": 800})
    settle(page)
    assert_nothing_leaves_the_picture(page)


@pytest.mark.parametrize("path", ["/caption?", "/sequence?lang=zh", "/class?lang=en"])
def test_nothing_leaves_a_small_projectors_picture(visit, path):
    assert_nothing_leaves_the_picture(visit(f"{path}&projector=true", viewport={"width": 1280, "height": 800}))


def assert_nothing_leaves_the_picture(page: Page) -> None:
    assert page.get_by_test_id("stMain").evaluate("it => it.scrollWidth <= it.clientWidth")
    for control in page.get_by_test_id("stMain").locator("button:visible, input:visible").all():
        box = control.bounding_box()
        assert box is None or box["x"] + box["width"] <= 1280


@pytest.mark.parametrize(("plan", "step"), [(teachers.hour, 3), (teachers.second_hour, 2), (teachers.second_hour, 4)])
def test_the_point_of_a_step_is_in_sight_at_the_projector(visit, plan, step):
    """A figure as a whole; of what is higher than the picture, such as a lesson's part, the beginning."""
    link = plan()[step].link
    address = urlencode({**link.parameters, "see": link.see, "projector": "true"})
    page = visit(f"/{link.page}?{address}", viewport={"width": 1920, "height": 1080})
    page.wait_for_function(
        """key => {
            const box = document.querySelector(`.st-key-${key}`)?.getBoundingClientRect();
            const head = document.querySelector('[data-testid="stHeader"]').getBoundingClientRect().bottom;
            return box && box.top >= head && (box.bottom <= innerHeight || box.top < head + 40)
        }""",
        arg=link.see,
    )
    page.mouse.move(1000, 500)
    page.mouse.wheel(0, -5000)  # Whoever scrolls is not called back.
    page.wait_for_timeout(1500)
    assert page.get_by_test_id("stMain").evaluate("it => it.scrollTop") == 0
