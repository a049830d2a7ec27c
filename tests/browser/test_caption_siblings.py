"""One photo, four memories, in a real browser: what they say, their paths and gates, and their scores to take away."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.models import ASSETS, SIBLINGS
from model.captioner import Captioner, SearchSettings
from model.captioner.gallery import samples
from model.captioner.siblings import KINDS, load_siblings, read_figures
from tests.browser.conftest import settle, wait_for_address

pytestmark = pytest.mark.browser

PATH = "/caption?caption_part=experiments&caption_experiment=siblings"


def press(page: Page, name: str) -> None:
    """Choose one of several, whichever role Streamlit gives it."""
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()


def download(page: Page, name: str) -> list[dict[str, str]]:
    with page.expect_download() as pending:
        page.get_by_role("button", name=name).click()
    return list(csv.DictReader(io.StringIO(Path(pending.value.path()).read_text("utf-8-sig"))))


def test_four_memories_say_what_the_shipped_weights_say(visit):
    captioner = Captioner.from_pretrained(ASSETS / "captioner")
    regions = captioner.look(samples()[0].open())
    siblings = load_siblings(SIBLINGS, captioner.tokenizers["en"])
    page = visit(f"{PATH}&caption_beam=2")
    plot = page.locator(".js-plotly-plot").first
    expect(plot.locator(".scatterlayer .trace")).to_have_count(len(KINDS))
    for sibling in siblings.values():
        caption = sibling.speaker.describe(regions, SearchSettings(beam=2)).caption
        expect(page.get_by_text(f"“{caption}”", exact=True).first).to_be_visible()
        expect(page.get_by_text(f"{sibling.parameters:,} parameters").first).to_be_visible()
    words = download(page, "Their words")
    assert len({row["model"] for row in words}) == len(KINDS)


def test_paths_gates_and_scores_are_a_key_away_and_stand_in_the_address(visit):
    page = visit("/caption")
    press(page, "Experiments")  # This is the first of them.
    wait_for_address(page, lambda url: "caption_part=experiments" in url)
    settle(page)
    plot = page.locator(".js-plotly-plot").first
    press(page, "What they keep")
    wait_for_address(page, lambda url: "caption_siblings_part=gates" in url)
    expect(plot.locator(".heatmaplayer image")).to_have_count(len(KINDS) - 1)  # The plain RNN has no gate.
    expect(plot.get_by_text("No gate")).to_be_visible()
    settle(page)  # Until then it may be drawn once more, and lie elsewhere.
    # What stands in a gate's place stands in the plain RNN's panel, the left one above.
    note, panels = plot.get_by_text("No gate").bounding_box(), plot.bounding_box()
    assert note["x"] + note["width"] < panels["x"] + panels["width"] / 2
    assert note["y"] < panels["y"] + panels["height"] / 2
    settle(page)
    press(page, "Their scores")
    wait_for_address(page, lambda url: "caption_siblings_part=scores" in url)
    measured = read_figures(SIBLINGS)
    runs = sum(map(len, measured.values()))
    expect(plot.locator(".scatterlayer .points path")).to_have_count(3 * runs)  # BLEU-4, METEOR, CIDEr
    table = download(page, "Their scores (CSV)")
    told = {(row["kind"], int(row["seed"])): float(row["cider"]) for row in table}
    assert told == {(kind, one["seed"]): one["cider"] for kind, of_seeds in measured.items() for one in of_seeds}


def test_in_chinese_they_still_speak_english(visit):
    page = visit(f"{PATH}&lang=zh", locale="zh-CN")
    for name in ("普通 RNN", "LSTM", "GRU", "没有注意力的 GRU"):
        expect(page.get_by_text(name, exact=False).first).to_be_visible()
    said = page.get_by_test_id("stText").filter(has_text="“").all_inner_texts()[-len(KINDS) :]
    assert all(caption.strip().strip("“”").isascii() for caption in said)
