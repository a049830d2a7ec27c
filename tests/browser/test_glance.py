"""At first glance: what a laptop, a projector and a phone show before anybody scrolls, in both languages.

Photo, sentence with the word marked, gates and play are in one screen; nothing lies on another, nothing is cut;
settings leave a phone's result free.
"""

from itertools import combinations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, settle, wait_for_address

pytestmark = pytest.mark.browser

LAPTOP = {"viewport": {"width": 1366, "height": 768}}
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}
#: The film's parts, as the eye takes them in.
PARTS = (".looked-photo", ".looked-said", ".looked-player", ".looked-note", ".looked-legend")
#: What holds text or a control and is narrower or lower than what it holds, where nothing scrolls; and words one upon
#: another.
CUT = """() => {
    const wrong = [], main = document.querySelector('[data-testid="stMain"]');
    for (const one of main.querySelectorAll('p, button, h1, h2, h3, label, td, th, .looked-word')) {
        const style = getComputedStyle(one), box = one.getBoundingClientRect();
        if (!one.checkVisibility() || !box.width || !one.innerText.trim() || style.fontSize === '0px') continue;
        if (one.closest('[class*="st-key-seen-group-views"], [class*="st-key-wide-"], .katex, svg')) continue;
        if (box.right > innerWidth + 1 || box.left < -1) wrong.push(['out', one.innerText.slice(0, 40)]);
        if (['hidden', 'clip'].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
            wrong.push(['cut', one.innerText.slice(0, 40)]);
    }
    return wrong;
}"""


def box(locator: Locator) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    found = locator.bounding_box()
    assert found, "It is not seen."
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def apart(one: tuple, other: tuple) -> bool:
    return one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] + 1 or other[3] <= one[1] + 1


def assert_nothing_is_cut(page: Page) -> None:
    assert not page.evaluate(CUT)
    assert page.get_by_test_id("stMain").evaluate("it => it.scrollWidth <= it.clientWidth + 1")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("size", "query"), [(LAPTOP, ""), (PROJECTOR, "&projector=true"), (PHONE, "")], ids=["laptop", "projector", "phone"]
)
def test_photo_sentence_gates_and_play_are_in_one_screen(visit, size, query, lang):
    page = visit(f"/caption?lang={lang}{query}", **size)
    film = page.locator(".looked")
    film.wait_for()
    settle(page)
    parts = {name: box(film.locator(name)) for name in PARTS}
    for name in (".looked-photo", ".looked-said", ".looked-player"):
        left, top, right, bottom = parts[name]
        assert left >= 0 and top >= 0, name
        assert right <= size["viewport"]["width"] and bottom <= size["viewport"]["height"], (name, parts[name])
    assert all(apart(one, other) for one, other in combinations(parts.values(), 2)), parts
    words = [box(word) for word in film.locator(".looked-word").all()]
    assert words and all(apart(one, other) for one, other in combinations(words, 2))
    assert film.locator(".looked-word.now").count() == 1
    assert_nothing_is_cut(page)
    # The button of a phone's settings lies on nothing.
    if size is PHONE:
        button = box(page.locator(".sheet-button"))
        assert all(apart(button, part) for part in parts.values())


def test_the_settings_of_a_phone_are_a_sheet_that_closes(visit):
    page = visit("/caption?lang=en", **PHONE)
    gallery = page.locator(".st-key-caption_gallery")
    expect(gallery).to_be_hidden()
    page.locator(".sheet-button").click()
    expect(gallery).to_be_visible()
    before = page.locator(".looked-said").inner_text()
    page.get_by_role("button", name="A dog").click()
    settle(page)
    page.locator(".sheet-button").click()
    expect(gallery).to_be_hidden()
    expect(page.locator(".looked-said")).not_to_have_text(before)
    assert page.locator(".st-key-seen-group-projector").is_hidden()


def test_the_photo_stays_beside_the_caption_in_every_view_and_the_figure_begins_in_sight(visit):
    page = visit("/caption?lang=en&caption_view=beam")
    for name in ("What it nearly said", "What it remembered", "Its gates", "The beam"):
        page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("radio", name=name)).first.click()
        settle(page)
        photo, said = box(page.locator(".st-key-caption_photo_beside img")), box(page.get_by_role("heading", level=3))
        assert 120 <= photo[2] - photo[0] <= 240 and photo[3] <= 768
        assert apart(photo, said) and min(photo[3], said[3]) > max(photo[1], said[1])
        assert box(page.get_by_test_id("stPlotlyChart").first)[1] < 700, name


def test_a_link_carries_the_guessing_after_an_upload_was_tried(visit, root):
    page = visit("/caption?lang=en")
    page.get_by_role("radio", name="File").click()
    settle(page)
    page.locator('input[type="file"]').set_input_files(root / "assets" / "samples" / "dog.jpg")
    settle(page)
    page.get_by_role("radio", name="Gallery").click()
    settle(page)
    page.locator(".st-key-caption_guess label").click()
    wait_for_address(page, lambda url: "caption_guess=true" in url)


@pytest.mark.parametrize("path", ["/sequence", "/neurons"])
def test_on_a_phone_the_result_comes_first(visit, path):
    page = visit(f"{path}?lang=zh", **PHONE)
    chart = page.get_by_test_id("stPlotlyChart").first
    chart.wait_for()
    assert chart.bounding_box()["y"] < 844
    assert_nothing_is_cut(page)
    expect(page.locator(".sheet-button")).to_be_visible()


def test_streamlits_own_words_are_chinese_on_a_chinese_page(visit):
    page = visit("/caption?lang=zh&caption_source=file")
    words = "it => [getComputedStyle(it).fontSize, getComputedStyle(it, '::after').content]"
    size, text = page.locator('[data-testid="stFileUploaderDropzone"] button p').first.evaluate(words)
    assert size == "0px" and text == '"选择文件"'
    expect(page.get_by_test_id("stFileUploaderDropzoneInstructions")).to_be_hidden()


def test_on_a_phone_the_row_of_views_shows_the_one_that_is_chosen(visit):
    page = visit("/caption?lang=en&caption_view=formulas", **PHONE)
    row = page.locator(".st-key-seen-group-views")
    expect(
        row.get_by_role("radio", name="The formulas").or_(row.get_by_role("button", name="The formulas"))
    ).to_be_in_viewport(ratio=0.9)
