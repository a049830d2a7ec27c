"""Summing, learning and memory in a real browser: a slider moves the answer and the address, a lesson sets all."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def move(page: Page, setting: str, target: float) -> None:
    """Move a slider by the keyboard until it stands at ``target``: a page that is being redrawn may miss a key."""
    slider = page.locator(f".st-key-neurons_{setting} input[type=range]")
    for _key in range(200):
        away = float(slider.input_value()) - target
        if abs(away) < 1e-9:
            break
        slider.press("ArrowLeft" if away > 0 else "ArrowRight")
    settle(page)


def parameter(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def text(page: Page, words: str):
    return page.get_by_text(words).first


def assert_told_in_words(page: Page) -> None:
    """Its chart has words for who cannot see it, as wide as a laptop or a phone."""
    words = page.locator('[data-testid="stPlotlyChart"] [role="img"], [data-testid="stPlotlyChart"][aria-label]')
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        expect(page.locator(".js-plotly-plot")).to_have_count(1)
        expect(words.first).to_be_attached()


def test_pulled_apart_the_spikes_no_longer_fire_it(visit):
    page = visit("/neurons?neurons_view=summing&neurons_sum_other=0")
    expect(text(page, "The spiking neuron answers both in the same way.")).to_be_visible()
    move(page, "sum_other", 10)
    expect(text(page, "The spiking neuron tells the two patterns apart.")).to_be_visible()
    expect(text(page, "The weighted sum answers both in the same way.")).to_be_visible()
    assert float(parameter(page, "neurons_sum_other")) == 10
    assert_told_in_words(page)


def test_weakened_step_by_step_the_circuit_forgets(visit):
    page = visit("/neurons?neurons_view=memory")
    expect(text(page, "Circuit: it remembers A.")).to_be_visible()
    move(page, "mem_recurrence", 1.9)
    expect(text(page, "Circuit: nothing remains.")).to_be_visible()
    assert float(parameter(page, "neurons_mem_recurrence")) == 1.9
    expect(text(page, "Unit: it remembers A")).to_be_visible()
    assert_told_in_words(page)


def test_a_lesson_sets_the_sliders_and_the_address(visit):
    page = visit("/neurons?neurons_view=learning")
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="A weight that changes its sign", exact=True).click()
    expect(text(page, "Weight w₁ changed its sign, which no synapse does.")).to_be_visible()
    settle(page)
    assert float(parameter(page, "neurons_learn_target")) == 0
    page.reload()
    settle(page)
    expect(text(page, "Weight w₁ changed its sign, which no synapse does.")).to_be_visible()
    assert_told_in_words(page)
