"""Inside the memory, in a real browser: swapped, held, looked up, read off; its landscape; the code behind a view."""

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import settle, wait_for_address

pytestmark = pytest.mark.browser

SURGERY = "/caption?caption_sample=cat&caption_part=experiments&caption_experiment=surgery"


def parameter(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query).get(name, [""])[0]


def plot_of(page: Page, place: int = 0) -> Locator:
    plot = page.locator(".js-plotly-plot").nth(place)
    plot.wait_for()
    plot.scroll_into_view_if_needed()
    settle(page)
    return plot


def on_screen(plot: Locator, x: float, y: float) -> list[float]:
    """Where a point of the figure's axes lies."""
    return plot.evaluate(
        """(plot, [x, y]) => {
            const axes = plot._fullLayout, area = plot.getBoundingClientRect();
            return [area.x + axes.xaxis._offset + axes.xaxis.d2p(x), area.y + axes.yaxis._offset + axes.yaxis.d2p(y)];
        }""",
        [x, y],
    )


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as pending:
        page.get_by_role("button", name=name).click()
    return Path(pending.value.path()).read_bytes()


def table(stored: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(stored.decode("utf-8-sig"))))


def test_memories_are_swapped_at_the_chosen_word(visit):
    page = visit(f"{SURGERY}&caption_surgery_word=2")
    expect(page.get_by_text("Memory of B").first).to_be_visible()
    expect(plot_of(page).locator(".scatterlayer .trace")).to_have_count(3)
    pills = page.get_by_test_id("stButtonGroup").filter(has_text="A word of the caption").last
    pills.get_by_role("radio").or_(pills.get_by_role("button")).first.click()
    wait_for_address(page, lambda url: parameter(url, "caption_surgery_other_word") == "1")
    settle(page)
    rows = table(download(page, "The swaps (CSV)"))
    assert [(row["memory"], row["photo"]) for row in rows] == [("A", "A"), ("A", "B"), ("B", "A"), ("B", "B")]


def test_units_brushed_in_the_gates_heat_map_are_held(visit):
    page = visit(f"{SURGERY}&caption_surgery_part=hold")
    page.get_by_text("Choose units in the gates' heat map").click()
    settle(page)
    plot = plot_of(page)
    area = plot.locator(".draglayer .nsewdrag").first

    def drag() -> None:
        box = area.bounding_box()
        across = box["x"] + box["width"] / 2
        page.mouse.move(across, box["y"] + box["height"] * 0.30, steps=4)
        page.mouse.down()
        page.mouse.move(across, box["y"] + box["height"] * 0.33, steps=8)
        page.mouse.up()

    for _try in range(5):  # A chart that is just being drawn may miss it.
        drag()
        page.wait_for_timeout(3000)
        if parameter(page.url, "caption_surgery_units"):
            break
    wait_for_address(page, lambda url: parameter(url, "caption_surgery_units") != "")
    settle(page)
    units = parameter(page.url, "caption_surgery_units").split(",")
    assert 3 <= len(set(units)) <= 50
    held = [row["unit"] for row in table(download(page, "All units (CSV)")) if row["held"] == "1"]
    assert sorted(held) == sorted(set(units))


def test_moments_and_probes_tell_of_the_memory(visit):
    page = visit("/caption?caption_view=moments")
    expect(page.locator("ul.moments mark").first).to_be_visible()
    assert len(table(download(page, "The moments (CSV)"))) == 30
    page = visit("/caption?caption_part=experiments&caption_experiment=probes")
    expect(plot_of(page).locator(".heatmaplayer image").first).to_be_attached()
    assert table(download(page, "What was read (CSV)"))


def test_a_click_into_the_plane_lets_the_state_fall_from_there(visit):
    page = visit("/sequence?sequence_view=landscape")
    plot = plot_of(page)
    for _try in range(5):
        page.mouse.click(*on_screen(plot, -0.6, -0.2))
        page.wait_for_timeout(3000)
        if parameter(page.url, "sequence_start0"):
            break
    wait_for_address(page, lambda url: parameter(url, "sequence_start0") != "")
    settle(page)
    start = [float(parameter(page.url, f"sequence_start{unit}")) for unit in range(2)]
    assert start == pytest.approx([-0.6, -0.2], abs=0.08)
    expect(page.get_by_text("From the start it falls to (−0.97, −0.97)").first).to_be_visible()


def test_the_code_of_a_view_is_taken_as_a_notebook(visit):
    page = visit("/caption?caption_view=gates&caption_unit=41")
    page.get_by_text("The code", exact=True).click()
    wait_for_address(page, lambda url: parameter(url, "caption_code") == "true")
    settle(page)
    expect(page.get_by_text("unit = 41").first).to_be_visible()
    content = json.loads(download(page, "As a notebook"))
    assert content["nbformat"] == 4
    assert any("unit = 41\n" in "".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code")
