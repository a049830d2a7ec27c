"""axe finds no serious or critical fault, nothing is wider than a phone, and the keyboard reaches every control.

Each page opens by its address, without an error, on its theme's ground; a lesson leads with its figure.

axe-core checks the page that the browser made: names, labels, contrast, headings, tables. Each page is looked at in
English on a light projector, then in Chinese on a dark phone: contrast does not depend on the language, nor names on
the theme, so the other two combinations would find nothing new.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser

LESSONS = [
    f"/lessons?lessons_lesson={code}"
    for code in (
        *("brain", "neuron", "recurrence", "training", "fading"),
        *("captioning", "after", "exercise", "glossary"),
    )
]
#: Those that lead with their figure: on a laptop it begins in the first screen.
LEADING = [one for one in LESSONS if not one.endswith(("=training", "=glossary"))]
CAPTION = [
    *(f"/caption?caption_view={view}" for view in ("looked", "nearly", "beam", "memory", "gates", "formulas")),
    *(
        f"/caption?caption_part=experiments&caption_experiment={one}"
        for one in ("siblings", "eye", "hide", "saliency", "transformer")
    ),
    "/caption?caption_guess=true",
    "/caption?caption_source=file&caption_all=true&caption_scores=true",
]
OTHERS = [
    *("/?", "/class?", "/about?"),
    *(f"/sequence?sequence_view={view}" for view in ("step", "train", "gradients", "landscape")),
    *(f"/neurons?neurons_view={view}" for view in ("one", "summing", "learning", "memory", "table")),
]

#: Buttons, links and labels whose words end in dots.
CUT = """() => [...document.querySelectorAll('[data-testid="stMain"] :is(button, a, label) p')]
    .filter(it => getComputedStyle(it).overflowX !== 'visible' && it.scrollWidth > it.clientWidth + 1)
    .map(it => it.innerText)"""
#: Pixels.
PHONE: Any = {"width": 390, "height": 844}

#: Faults of Streamlit's own that no page can mend: axe's rule, the element, and why it is let pass.
SCROLLS = "What is too wide for its place scrolls there; a test below holds that the keyboard can scroll it."
STREAMLITS_OWN = {
    ("scrollable-region-focusable", ".katex-display"): SCROLLS,
    ("scrollable-region-focusable", '[data-testid="stTable"] > div'): SCROLLS,
    ("scrollable-region-focusable", '[data-testid="stCode"] pre'): SCROLLS,
}


def faults(page: Page, found: dict) -> list[str]:
    """The serious and critical faults of an axe report, but those named in ``STREAMLITS_OWN``."""
    return [
        f"{fault['id']} ({fault['impact']}): {node['html']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        if not any(
            fault["id"] == rule and page.locator(node["target"][0]).first.evaluate(f"it => it.matches({selector!r})")
            for rule, selector in STREAMLITS_OWN
        )
    ]


#: What axe does here: it names each element that fails, since naming all that pass takes most of its time; faults that
#: are moderate anyway are not looked for. What is inside of charts has its own tests (``tests.app.charts``).
ONLY: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {rule: {"enabled": False} for rule in ("region", "landmark-unique")},
}


def looked_at(page: Page) -> dict:
    """What axe finds."""
    return Axe().run(page, context={"exclude": [[".main-svg"]]}, options=ONLY).response


def assert_sound(page: Page) -> None:
    found = looked_at(page)
    assert len(found["passes"]) > 10  # axe did look
    assert not faults(page, found)


def assert_fits_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    settle(page)
    width = "it => it.scrollWidth"
    assert page.locator("html").evaluate(width) <= PHONE["width"]
    assert page.get_by_test_id("stMain").evaluate(width) <= PHONE["width"]
    assert not page.evaluate(CUT)


def in_chinese_and_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.locator(".st-key-lang_shown").get_by_role("radio", name="简体中文").click()
    page.mouse.move(0, 0)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    settle(page)


def assert_opened(page: Page, root: Path, language: str, scheme: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    theme = tomllib.loads((root / ".streamlit" / "config.toml").read_text())["theme"]
    red, green, blue = bytes.fromhex(theme[scheme]["backgroundColor"].lstrip("#"))
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")


@pytest.mark.parametrize("path", [*OTHERS, *CAPTION, *LESSONS])
def test_everybody_can_use_the_page(visit, root, path):
    page = visit(f"{path}&lang=en", color_scheme="light")
    assert_opened(page, root, "en", "light")
    if path in LEADING:
        assert page.get_by_test_id("stPlotlyChart").first.bounding_box()["y"] < 700
    assert_sound(page)
    assert_fits_a_phone(page)
    in_chinese_and_dark(page)
    assert_opened(page, root, "zh-Hans", "dark")
    assert_sound(page)
    assert_fits_a_phone(page)


def test_everybody_can_use_the_share_dialog_and_axe_does_see_faults(visit):
    page = visit("/about?lang=en", color_scheme="light")
    for language in ("en", "zh"):
        page.locator(".st-key-share_open button").click()
        expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
        settle(page)
        assert_sound(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        if language == "en":
            in_chinese_and_dark(page)
    page.locator("h1").evaluate("it => it.insertAdjacentHTML('afterend', '<img src=\"data:,\"><button></button>')")
    found = looked_at(page)
    assert {fault.split(" ")[0] for fault in faults(page, found)} == {"image-alt", "button-name"}


def test_charts_that_a_narrow_window_is_too_narrow_for_scroll_in_their_place(visit):
    """One that is no phone's: there they take another shape."""
    page = visit("/lessons?lessons_lesson=recurrence", viewport=PHONE)
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart.locator(".main-svg").first).to_be_visible()
    page.wait_for_function("document.querySelector('.main-svg').getBoundingClientRect().width > 500")
    place = page.locator('[class*="st-key-wide-"] [data-testid="stElementContainer"]').first
    assert place.bounding_box()["width"] <= PHONE["width"]
    place.evaluate("it => it.scrollBy(1000, 0)")
    assert place.evaluate("it => it.scrollLeft") > 100


def focused(page: Page, what: str) -> bool:
    """Press Tab until the focus is on an element for which the JavaScript ``what`` holds; False where it never is."""
    for _press in range(100):
        page.keyboard.press("Tab")
        if page.evaluate(f"({what})(document.activeElement)"):
            return True
    return False


@pytest.mark.parametrize(
    ("path", "width", "selector"),
    [
        ("/lessons?lessons_lesson=fading", 280, ".katex-display"),
        ("/sequence?sequence_view=train", 390, '[data-testid="stTable"] > div'),
        ("/lessons?lessons_lesson=exercise", 390, '[data-testid="stCode"] pre'),
    ],
)
def test_the_keyboard_scrolls_what_is_too_wide(visit, path, width, selector):
    """By itself, or from a part of it that has the focus."""
    page = visit(path, viewport=PHONE | {"width": width})
    place = f"document.activeElement.closest({selector!r})"
    assert focused(page, f"() => {place} && {place}.scrollWidth > {place}.clientWidth")
    for _press in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{place}.scrollLeft > 0")


#: Controls that are seen, but the small + and - beside a number, whose part the arrow keys play. A group of choices is
#: one stop, and the arrow keys go on from there.
CONTROLS = """() => {
    const all = document.querySelectorAll('button:not([tabindex="-1"]), a[href], input, textarea, summary');
    const seen = [...all].filter(it => !it.disabled && it.checkVisibility());
    return [...new Set(seen.map(it => it.closest('[role="radiogroup"]') ?? it))];
}"""
#: Whether the element with the focus, or what is drawn for it, has a ring, a shadow or an edge of the primary colour.
IS_SEEN = """(primary) => {
    const at = document.activeElement;
    const drawn = [at, at.parentElement, at.parentElement.parentElement];
    drawn.push(...(at.closest('label') ?? at).querySelectorAll('*'));
    return drawn.map(it => getComputedStyle(it)).some(it => it.boxShadow !== 'none' || it.borderColor === primary
        || (it.outlineStyle !== 'none' && parseFloat(it.outlineWidth) > 0));
}"""


@pytest.mark.parametrize(("path", "drawn"), [("/caption", ".looked-map.now"), ("/neurons", ".js-plotly-plot")])
def test_tab_reaches_every_control_and_shows_where_it_is(visit, path, drawn):
    page = visit(f"{path}?lang=en", color_scheme="dark")
    expect(page.locator(drawn).first).to_be_visible()
    page.add_style_tag(content="*, ::before, ::after { transition: none !important }")  # rings fade in
    page.evaluate(f"() => {{ window.left = ({CONTROLS})() }}")
    assert page.evaluate("left.length") > 20
    unseen = []
    for _press in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        page.evaluate("left = left.filter(it => !it.contains(document.activeElement))")
        page.wait_for_timeout(20)
        if not page.evaluate(IS_SEEN, "rgb(63, 145, 226)"):
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 90)"))
    assert not unseen
    assert page.evaluate("left.map(it => it.outerHTML.slice(0, 200))") == []
