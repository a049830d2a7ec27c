"""The caption page in a real browser: first sight, the film, steering by click, a photo of one's own, downloads."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model.captioner import Captioner
from model.captioner.gallery import samples
from tests.browser.conftest import settle, wait_for_address
from tests.photos import encoded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def trace(root):
    return Captioner.from_pretrained(root / "assets" / "captioner").caption(samples()[0].open())


def caption(page: Page):
    return page.get_by_role("heading", level=3)


def parameter(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def view(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()
    settle(page)


@pytest.mark.parametrize(("size", "scheme"), [((1366, 768), "light"), ((1920, 1080), "dark")])
def test_caption_and_photo_are_seen_without_scrolling(visit, trace, size, scheme):
    page = visit("/caption", viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    expect(caption(page)).to_have_text(f"“{trace.caption}”")
    expect(caption(page)).to_be_in_viewport()
    expect(page.locator(".looked-photo")).to_be_in_viewport(ratio=1)
    expect(page.locator(".looked-play")).to_be_in_viewport(ratio=1)


def test_the_film_plays_without_asking_the_server_and_all_can_be_taken_away(visit, trace):
    page = visit("/caption")
    film = page.locator(".looked")
    note, words = film.locator(".looked-note"), film.locator(".looked-word")
    expect(words).to_have_count(len(trace.words))
    runs = []
    page.on("websocket", lambda socket: runs.append(socket))
    page.evaluate(
        "() => { const send = WebSocket.prototype.send; window.sent = 0;"
        " WebSocket.prototype.send = function (...a) { window.sent++; return send.apply(this, a); } }"
    )
    words.first.click()
    expect(note).to_contain_text(f"“{trace.words[0]}”: a look as wide as")
    shown = film.locator(".looked-map.now")
    expect(shown).to_have_count(1)
    first = shown.get_attribute("src")
    film.locator(".looked-play").click()
    expect(film.locator(".looked-play")).to_have_attribute("aria-label", "Pause")
    expect(note).to_contain_text(f"“{trace.words[-1]}”: a look as wide as")
    expect(film.locator(".looked-play")).to_have_attribute("aria-label", "Play")
    assert shown.get_attribute("src") != first
    # The slider by the keyboard, and what the pointer finds.
    film.locator(".looked-at").press("Home")
    expect(note).to_contain_text(f"“{trace.words[0]}”")
    film.locator(".looked-photo").hover(position={"x": 3, "y": 3})
    expect(note).to_have_text(f"Row 1, column 1: {trace.attention[0, 0, 0]:.1%} of the attention")
    film.locator(".looked-play").hover()
    expect(note).to_contain_text(f"“{trace.words[0]}”")
    assert page.evaluate("window.sent") == 0 and not runs

    def download(name: str) -> bytes:
        with page.expect_download() as pending:
            page.get_by_role("button", name=name).click()
        return Path(pending.value.path()).read_bytes()

    assert json.loads(download("Trace (JSON)"))["caption"] == trace.caption
    rows = list(csv.reader(io.StringIO(download("Hidden states (CSV)").decode("utf-8-sig"))))
    assert len(rows[-1]) > trace.hidden.shape[1]
    moving: Any = Image.open(io.BytesIO(download("Attention (GIF)")))
    assert moving.n_frames == len(trace.words)
    # The gallery, by keyboard.
    first = caption(page).inner_text()
    page.get_by_role("button", name="A cup of coffee").focus()
    page.keyboard.press("Enter")
    expect(caption(page)).not_to_have_text(first)
    assert parameter(page, "caption_sample") == "coffee"


def test_clicking_a_word_it_nearly_said_steers_and_undo_goes_back(visit, trace):
    page = visit("/caption?caption_view=nearly")
    plot = page.locator(".js-plotly-plot").first
    plot.wait_for()
    place = 1
    other = next(n for n, (word, _p) in enumerate(trace.alternatives[place]) if word not in ("", trace.words[place]))
    # The points that catch clicks are laid row by row over the table; find the one with this word's data.
    box = plot.evaluate(
        """(plot, [place, word]) => {
            const axes = plot._fullLayout, area = plot.getBoundingClientRect();
            for (const trace of plot.data) {
                const data = trace.customdata || [];
                for (let i = 0; i < data.length; i++)
                    if (data[i][0] === place && data[i][1] === word && trace.x[i] > 0.9)
                        return [area.x + axes.xaxis._offset + axes.xaxis.d2p(trace.x[i]),
                                area.y + axes.yaxis._offset + axes.yaxis.d2p(trace.y[i])];
            }
        }""",
        [place, trace.alternatives[place][other][0]],
    )
    page.mouse.click(*box)
    expect(caption(page)).to_have_count(2)
    start = " ".join([*trace.words[:place], trace.alternatives[place][other][0]])
    expect(caption(page).nth(1)).to_contain_text(start)
    assert parameter(page, "caption_start") == start
    page.get_by_role("button", name="Undo").click()
    expect(caption(page)).to_have_count(1)


def test_a_link_shows_what_the_sender_saw(visit):
    page = visit("/caption")
    page.get_by_role("button", name="A rocket").click()
    settle(page)
    view(page, "Its gates")
    wait_for_address(page, lambda url: "caption_sample=rocket" in url and "caption_view=gates" in url)
    first = caption(page).inner_text()
    address = urlsplit(page.url)
    again = visit(f"{address.path}?{address.query}")
    expect(caption(again)).to_have_text(first)
    expect(again.get_by_text("update gate").first).to_be_visible()
    chinese = visit(f"{address.path}?{address.query}&lang=zh&caption_lang=en")
    expect(caption(chinese)).to_have_text(first)
    both = visit(f"{address.path}?{address.query}&lang=zh")
    expect(caption(both)).to_have_text(re.compile("^“[\u4e00-\u9fff]+”$"))


def test_a_photo_of_ones_own_is_captioned_and_a_bad_file_gets_a_sentence(visit, root, tmp_path):
    page = visit("/caption?caption_source=file")
    good, bad = tmp_path / "mine.jpg", tmp_path / "broken.jpg"
    good.write_bytes(encoded(samples()[2].open(), "JPEG"))
    bad.write_bytes(good.read_bytes()[:2000])
    field = page.locator('input[type="file"]')
    field.set_input_files(bad)
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    settle(page)
    expect(caption(page)).to_have_count(1)
    field.set_input_files(good)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expected = Captioner.from_pretrained(root / "assets" / "captioner").caption(good.read_bytes()).caption
    expect(caption(page)).to_have_text(f"“{expected}”")


def test_hidden_groups_are_out_of_sight(visit):
    page = visit("/caption?hide=photo,search,steer,export")
    expect(caption(page)).to_be_visible()
    for text in ("Photo from", "How it searches for words", "Make it start with these words", "Trace (JSON)"):
        expect(page.get_by_text(text).first).to_be_hidden()
