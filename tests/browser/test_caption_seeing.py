"""How the CNN sees, and saliency beside attention, in a real browser: a click on the photo, a link, a download."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import nudge, settle, wait_for_address

pytestmark = pytest.mark.browser

EYE = "/caption?caption_part=experiments&caption_experiment=eye"
SALIENCY = "/caption?caption_part=experiments&caption_experiment=saliency"


def place_of(plot, x: float, y: float) -> list[float]:
    """Where a point of the figure's axes lies on the screen."""
    return plot.evaluate(
        """(plot, [x, y]) => {
            const axes = plot._fullLayout, area = plot.getBoundingClientRect();
            return [area.x + axes.xaxis._offset + axes.xaxis.d2p(x), area.y + axes.yaxis._offset + axes.yaxis.d2p(y)];
        }""",
        [x, y],
    )


def download(page: Page, name: str) -> list[dict[str, str]]:
    with page.expect_download() as pending:
        page.get_by_role("button", name=name).click()
    return list(csv.DictReader(io.StringIO(Path(pending.value.path()).read_text("utf-8-sig"))))


def test_a_click_on_the_photo_chooses_the_region_and_so_do_the_sliders(visit):
    page = visit(f"{EYE}&caption_eye_show=field&caption_eye_stage=last")
    plot = page.locator(".js-plotly-plot").first
    plot.wait_for()
    plot.scroll_into_view_if_needed()
    page.mouse.click(*place_of(plot, 260 * 1.5 / 9, 260 * 2.5 / 9))
    wait_for_address(page, lambda url: "caption_eye_row=3" in url and "caption_eye_column=2" in url)
    settle(page)
    rows = download(page, "Receptive fields (CSV)")
    assert [row["stage"] for row in rows] == ["stem", *(f"block{n}" for n in range(1, 8)), "last"]
    assert (rows[-1]["row"], rows[-1]["column"], rows[-1]["theoretical_px"]) == ("3", "2", "1115")
    nudge(page.get_by_role("slider", name="Column"), "ArrowRight")
    wait_for_address(page, lambda url: "caption_eye_column=3" in url)


def test_a_stage_is_chosen_and_travels_in_the_link(visit):
    page = visit(EYE)
    page.get_by_role("radio", name="Block 6").or_(page.get_by_role("button", name="Block 6", exact=True)).first.click()
    wait_for_address(page, lambda url: "caption_eye_stage=block6" in url)
    settle(page)
    expect(page.get_by_text("9 × 9 places")).to_be_visible()
    expect(page.locator(".js-plotly-plot .heatmaplayer image")).to_have_count(17)
    chinese = visit(f"{EYE}&caption_eye_stage=block6&lang=zh")
    expect(chinese.locator(".js-plotly-plot .heatmaplayer image")).to_have_count(17)


def test_a_words_saliency_is_drawn_and_taken_away(visit):
    page = visit(f"{SALIENCY}&caption_saliency_word=2&caption_saliency_method=occlusion")
    plot = page.locator(".js-plotly-plot").first
    plot.wait_for()
    expect(plot.locator(".heatmaplayer image")).to_have_count(2)
    rows = download(page, "Regions (CSV)")
    assert len(rows) == 81
    assert sum(float(row["attention"]) for row in rows) == pytest.approx(1, abs=1e-3)
    assert any(float(row["saliency_nats"]) for row in rows)
