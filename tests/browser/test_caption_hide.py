"""Hide and see in a real browser: a box dragged on the photo, and the same by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import nudge, settle, wait_for_address

pytestmark = pytest.mark.browser

PATH = "/caption?caption_part=experiments&caption_experiment=hide"


def box_in(url: str) -> list[int] | None:
    _before, found, text = url.partition("caption_hide_box=")
    edges = text.partition("&")[0].split("-")
    return list(map(int, edges)) if found and len(edges) == 4 else None


def handles(page: Page, label: str) -> list[int]:
    """Where the two handles of a range slider stand."""
    sliders = page.get_by_test_id("stSlider").filter(has_text=label).get_by_role("slider")
    return [int(float(slider.input_value())) for slider in sliders.all()]


def test_a_dragged_box_is_hidden_and_the_sliders_follow(visit):
    page = visit(f"{PATH}&caption_hide_box=nothing")
    expect(page.get_by_text("Nothing is hidden.").first).to_be_visible()
    expect(page.get_by_text("The caption stays the same.")).to_be_visible()
    plot = page.locator(".js-plotly-plot").first
    plot.scroll_into_view_if_needed()
    settle(page)
    area = plot.locator(".draglayer .nsewdrag").first

    def drag() -> None:
        photo = area.bounding_box()
        for number, (across, down) in enumerate([(0.25, 0.3), (0.5, 0.6), (0.75, 0.8)]):
            page.mouse.move(photo["x"] + photo["width"] * across, photo["y"] + photo["height"] * down, steps=8)
            if number == 0:
                page.mouse.down()
        page.mouse.up()

    for _try in range(5):  # A chart that is just being drawn may miss it.
        drag()
        for _look in range(50):
            page.wait_for_timeout(100)
            if box_in(page.url):
                break
        if box_in(page.url):
            break
    wait_for_address(page, lambda url: box_in(url) is not None)
    settle(page)
    box = box_in(page.url)
    assert box == pytest.approx([25, 75, 30, 80], abs=3)
    assert handles(page, "From left to right") == box[:2]
    assert handles(page, "From top to bottom") == box[2:]
    expect(page.get_by_text(f"Hidden: {box[0]} to {box[1]} % of the width").first).to_be_visible()
    # A quarter of the photo is gone: at least one word is another, or became less or more likely.
    expect(page.get_by_text("No word became more or less likely.")).to_have_count(0)


def test_the_box_moves_by_keyboard_and_the_presets_work(visit):
    page = visit(f"{PATH}&caption_hide_box=20-60-30-70")
    sliders = page.get_by_test_id("stSlider").filter(has_text="From left to right").get_by_role("slider")
    nudge(sliders.last, "ArrowRight")
    wait_for_address(page, lambda url: box_in(url) == [20, 61, 30, 70])
    settle(page)
    page.get_by_role("button", name="Hide nothing").press("Enter")
    wait_for_address(page, lambda url: "caption_hide_box=nothing" in url)
    expect(page.get_by_text("Nothing is hidden.").first).to_be_visible()
    page.get_by_role("button", name="Hide where it looked most").press("Enter")
    wait_for_address(page, lambda url: "caption_hide_box" not in url)
    expect(page.get_by_text("Hidden: ").first).to_be_visible()
