"""The page About in a real browser: its tables unfold and stay within the page, its sources are links."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1366), ("zh", "dark", 390)])
def test_everything_unfolds_and_nothing_is_wider_than_the_page(visit, language, scheme, width):
    page = visit(f"/about?lang={language}", color_scheme=scheme, viewport={"width": width, "height": 844})
    folded = page.locator('[data-testid="stExpander"] summary')
    expect(folded).to_have_count(7)
    for summary in folded.all():
        summary.click()
    settle(page)
    expect(page.get_by_text("@software{afterimage")).to_be_visible()
    expect(page.get_by_role("cell", name="parity-gru")).to_be_visible()
    expect(page.get_by_role("cell", name="Stefan van der Walt")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    sources = page.get_by_test_id("stMain").get_by_role("link")
    assert sources.count() >= 8
    assert all(link.get_attribute("href").startswith(("http", "#")) for link in sources.all())
