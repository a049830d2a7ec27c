"""The neurons page in a real browser: five views, presets, the film, the f-I curve that comes later, links, Chinese."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.neurons.facts import ROWS, UNKNOWN
from tests.browser.conftest import holds, nudge, settle, wait_for_address

pytestmark = pytest.mark.browser

VIEWS = {
    "1 One neuron": "one",
    "2 Summing inputs": "summing",
    "3 Learning": "learning",
    "4 Memory": "memory",
    "5 The table": "table",
}


def plot(page: Page, key: str):
    """The chart of that key; while one takes another's place, there may be two."""
    return page.locator(f".st-key-{key} .js-plotly-plot").last


def lines(page: Page) -> list[str]:
    """The lines of the film as they are drawn, the left side's first."""
    film = plot(page, "neurons_chart_film")
    film.wait_for()
    return film.evaluate("plot => [...plot.querySelectorAll('.js-line')].map(line => line.getAttribute('d'))")


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize(("size", "scheme"), [((1366, 768), "light"), ((1920, 1080), "dark")])
def test_both_neurons_are_seen_without_scrolling(visit, size, scheme):
    page = visit("/neurons", viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    film = plot(page, "neurons_chart_film")
    film.wait_for()
    assert film.bounding_box()["y"] < size[1] * 0.6
    # No text of the figure leaves it.
    assert film.evaluate(
        "plot => { const all = plot.getBoundingClientRect();"
        " return [...plot.querySelectorAll('.annotation-text, .textpoint text')].every(text => {"
        " const box = text.getBoundingClientRect(); return !box.width || box.right <= all.right + 1; }); }"
    )


def test_a_preset_changes_both_sides_and_all_five_views_open(visit):
    page = visit("/neurons")
    before = lines(page)
    choose(page, "For a class", "A unit that remembers")
    wait_for_address(page, lambda url: "neurons_model=lif" in url and "neurons_activation=tanh" in url)
    settle(page)
    expect(page.get_by_text("How small can w_rec be")).to_be_visible()
    after = lines(page)
    # The first line is the membrane's voltage, on the left; the last but the cursors' is x, on the right.
    assert before[0] != after[0] and before[-3] != after[-3]
    expect(page.get_by_text("It is fed its own last output")).to_be_visible()
    choose(page, "For a class", "A neuron that bursts")
    expect(page.get_by_text("which variable ends a burst")).to_be_visible()
    settle(page)
    expect(page.get_by_text("phase plane").first).to_be_visible()
    for label, code in VIEWS.items():
        page.get_by_role("radio", name=label, exact=True).click()
        if code != "one":
            wait_for_address(page, holds(f"neurons_view={code}"))
        settle(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_test_id("stTable" if code == "table" else "stPlotlyChart").first).to_be_visible()


def test_the_film_plays_in_the_browser_without_asking_the_server(visit):
    page = visit("/neurons?neurons_model=izhikevich&neurons_cell=chattering")
    film = plot(page, "neurons_chart_film")
    film.wait_for()
    settle(page)
    page.evaluate(
        "() => { const send = WebSocket.prototype.send; window.sent = 0;"
        " WebSocket.prototype.send = function (...a) { window.sent++; return send.apply(this, a); } }"
    )
    expect(film).to_contain_text("spikes so far: 0")
    still = [line for line in lines(page) if line]
    film.locator(".updatemenu-button").first.click()
    page.wait_for_function("plot => /spikes so far: [1-9]/.test(plot.innerText)", arg=film.element_handle())
    assert page.evaluate("window.sent") == 0
    # What does not move stays: voltage, u and current; y, a and x; the plane's path and line; the activation.
    assert sum(line in still for line in lines(page)) >= 9


def test_the_curve_comes_after_the_film_and_the_old_one_is_grey_until_then(visit):
    """Settings that nobody had before, so that the curve has to be computed: a warm axon's takes some seconds."""
    page = visit("/neurons?neurons_hh_temperature=8.4")
    plot(page, "neurons_chart_rates").wait_for()
    settle(page)
    slider = page.get_by_role("slider", name="Amplitude (µA/cm²)")
    page.get_by_text("The neuron's own numbers").click()
    warmth = page.get_by_role("slider", name="Temperature (°C)")
    # On a fast machine the grey curve stands for a blink: what passes is noted in the page.
    page.evaluate(
        """() => {
            window.passed = new Set();
            new MutationObserver(() => {
                if (document.querySelector(".st-key-neurons_chart_stale .js-plotly-plot")) passed.add("stale");
                if (document.body.innerText.includes("being computed; grey")) passed.add("said");
            }).observe(document.body, {childList: true, subtree: true, characterData: true});
        }"""
    )
    nudge(warmth, "ArrowRight")
    page.wait_for_function("passed.has('stale') && passed.has('said')")
    # The user is not kept waiting: the film follows the next change, whether the curve is ready or not.
    nudge(slider, "ArrowRight")
    wait_for_address(page, lambda url: "neurons_hh_amplitude=10." in url)
    plot(page, "neurons_chart_rates").wait_for()
    expect(page.get_by_text("Type II")).to_be_visible()
    expect(plot(page, "neurons_chart_stale")).to_have_count(0)


def test_a_link_reproduces_both_traces(visit):
    """What the sender set by hand, the receiver gets, in the other language, too."""
    page = visit("/neurons?neurons_model=lif&neurons_kind=noise&neurons_lif_sigma=1.5")
    page.get_by_role("radio", name="tanh").click()
    wait_for_address(page, lambda url: "neurons_activation=tanh" in url)
    settle(page)
    address = urlsplit(page.url)
    files = []
    for one in (page, visit(f"{address.path}?{address.query}"), visit(f"{address.path}?{address.query}&lang=zh")):
        button = one.locator(".st-key-neurons_export_neurons_json button")
        with one.expect_download() as pending:
            button.click()
        files.append(json.loads(Path(pending.value.path()).read_bytes()))
    assert files[0] == files[1] == files[2]
    assert files[0]["unit"]["activation"] == "tanh" and files[0]["neuron"]["model"] == "lif"


def test_the_table_is_filtered_and_searched(visit):
    page = visit("/neurons?neurons_view=table")
    rows = page.get_by_test_id("stTable").locator("tbody tr")
    claims = page.get_by_role("heading", name="Often said: right or wrong?")
    expect(claims).to_be_visible()
    expect(rows).to_have_count(len(ROWS))
    page.get_by_role("radio", name="? unknown").click()
    expect(claims).to_have_count(0)
    expect(rows).to_have_count(sum(row.verdict == UNKNOWN for row in ROWS))
    expect(page.get_by_text("Credit assignment")).to_be_visible()
    page.get_by_role("radio", name="All", exact=True).click()
    expect(claims).to_be_visible()
    expect(rows).to_have_count(len(ROWS))
    settle(page)
    field = page.get_by_role("textbox", name="Search")
    field.fill("86 billion")
    field.press("Enter")
    wait_for_address(page, lambda url: "neurons_search" in url)
    expect(page.get_by_text("Plasticity", exact=True)).to_have_count(0)
    link = page.get_by_role("link", name="Azevedo et al. 2009").first
    expect(link).to_have_attribute("href", "https://doi.org/10.1002/cne.21974")


def test_chinese_page_and_file(visit):
    page = visit("/neurons?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("神经元")
    film = plot(page, "neurons_chart_film")
    expect(film).to_contain_text("膜电位")
    assert "membrane" not in film.inner_text()
    page.locator(".st-key-neurons_view_shown").get_by_role("radio").last.click()
    wait_for_address(page, lambda url: "neurons_view=table" in url)
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    head = Path(download.value.path()).read_text("utf-8-sig").splitlines()[0]
    assert head == "概念,生物,人工,结论,出处"


def test_hidden_groups_are_out_of_sight(visit):
    page = visit("/neurons?hide=preset,neuron,unit,question")
    expect(page.get_by_text("Stimulus", exact=True)).to_be_visible()
    for text in ("For a class", "Living neuron, a model", "Weight w"):
        expect(page.get_by_text(text, exact=True)).to_be_hidden()
    expect(page.get_by_text("Try:")).to_have_count(0)
