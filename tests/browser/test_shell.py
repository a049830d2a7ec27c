"""The pages' frame in a real browser: the address, the language, hidden controls, no network."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, wait_for_address

pytestmark = pytest.mark.browser


def title(page: Page):
    return page.get_by_role("heading", level=1)


def links(page: Page):
    return page.get_by_test_id("stTopNavLink")


def parameters(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_the_browsers_language_is_the_first_guess_and_icons_come_with_the_app(visit):
    page = visit("/about", locale="zh-CN")
    expect(title(page)).to_have_text("关于")
    assert "lang" not in parameters(page.url)
    expect(links(page).first).to_be_visible()
    page.wait_for_function("document.fonts.check('16px \"Material Symbols Rounded\"')")


def test_the_switch_changes_the_language_and_the_address(visit):
    page = visit("/about")
    page.get_by_role("radio", name="简体中文").click()
    expect(title(page)).to_have_text("关于")
    expect(page).to_have_title("关于 · Afterimage")
    wait_for_address(page, lambda url: url.endswith("/about?lang=zh"))
    page.go_back()
    expect(title(page)).to_have_text("About")
    page.go_forward()
    expect(title(page)).to_have_text("关于")


def test_language_and_hidden_groups_survive_the_change_of_page(visit):
    page = visit("/?lang=zh&hide=language,search")

    def kept(url: str) -> bool:
        return parameters(url) == {"lang": ["zh"], "hide": ["language,search"]}

    wait_for_address(page, kept)
    settle(page)
    links(page).last.click()
    expect(title(page)).to_have_text("关于")
    wait_for_address(page, kept)
    page.reload()
    expect(title(page)).to_have_text("关于")
    expect(page.get_by_role("radio", name="English")).to_be_hidden()
    links(page).nth(0).click()
    page.get_by_role("button", name="给照片配一句话").click()
    expect(title(page)).to_have_text("看图说话")
    wait_for_address(page, lambda url: urlsplit(url).path == "/caption" and kept(url))


def test_a_slow_phone_keeps_the_language_too(visit):
    """It is pressed on before the browser has drawn the fields that hold what stands in the address."""
    page = visit("/about?lang=zh&hide=language,search")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.reload()
    links(page).nth(0).click()
    page.get_by_role("button", name="给照片配一句话").click()
    expect(title(page)).to_have_text("看图说话")
    wait_for_address(page, lambda url: parameters(url) == {"lang": ["zh"], "hide": ["language,search"]})


def test_two_visitors_in_different_languages_do_not_mix(visit):
    english, chinese = visit("/?lang=en"), visit("/?lang=zh")
    for page in (english, chinese):
        links(page).last.click(no_wait_after=True)
    expect(title(english)).to_have_text("About")
    expect(title(chinese)).to_have_text("关于")


def test_hidden_groups_are_out_of_sight_and_reach(visit):
    page = visit("/about?hide=navigation,language")
    expect(title(page)).to_be_visible()
    expect(links(page)).to_have_count(0)
    expect(page.get_by_role("radio", name="English")).to_have_count(0)
    # What the address says stands in fields that nobody sees: they leave no gap.
    plain, shown = visit("/about"), visit("/about?lang=en&hide=search")
    expect(shown.get_by_role("radio", name="English")).to_be_visible()
    expect(links(shown)).to_have_count(7)
    top = [title(one).bounding_box()["y"] for one in (plain, shown)]
    header = plain.get_by_test_id("stHeader").bounding_box()
    assert abs(top[0] - top[1]) < 2 and max(top) < header["y"] + header["height"] + 40


def test_odd_addresses_do_no_harm(visit):
    odd = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "z" * 6000, "a,b,,%", "\0\n"]
    for first, second in (odd[:2], odd[2:4], odd[4:] * 2):
        page = visit(f"/about?lang={quote(first)}&hide={quote(','.join(odd))}&lang={quote(second)}")
        expect(title(page)).to_have_text("About")
        expect(page.get_by_test_id("stException")).to_have_count(0)
