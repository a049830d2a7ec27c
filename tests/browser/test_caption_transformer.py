"""The Transformer beside the GRU in a real browser: first without one, then with one that came into the Hub's cache."""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from model.captioner import hub
from model.captioner.gallery import samples
from model.captioner.transformer import TransformerCaptioner
from tests.browser.conftest import settle, wait_for_address
from tests.tiny_transformers import save_tiny_transformer

pytestmark = pytest.mark.browser
PATH = "/caption?caption_part=experiments&caption_experiment=transformer"


class Server(NamedTuple):
    address: str
    cache: Path


@pytest.fixture(scope="module")
def server(serve, tmp_path_factory) -> Iterator[Server]:
    """The app with an empty cache of the Hub's, whatever this computer has in its own."""
    home = tmp_path_factory.mktemp("hub")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HOME", str(home))
        for name in ("HF_HUB_CACHE", hub.FOLDER, hub.ALLOW_DOWNLOAD):
            patch.delenv(name, raising=False)
        with serve(sys.executable, "-m", "streamlit", "run") as address:
            yield Server(address, home / "hub")


def test_the_page_says_how_to_get_one_and_has_it_when_it_is_there(visit, server):
    page = visit(PATH, base=server.address)
    expect(page.get_by_test_id("stCode").first).to_contain_text(hub.command())
    expect(page.get_by_test_id("stTable")).to_have_count(0)
    plot = page.locator(".js-plotly-plot").first
    expect(plot.locator(".trace.bars")).to_have_count(1)

    folder = server.cache / f"models--{hub.SUGGESTED.repository.replace('/', '--')}" / "snapshots"
    save_tiny_transformer(folder / hub.SUGGESTED.revision)
    page.reload()
    settle(page)
    expect(page.get_by_test_id("stTable")).to_contain_text(hub.SUGGESTED.repository)
    expect(page.get_by_test_id("stCode")).to_have_count(0)
    expect(plot.locator(".trace.bars")).to_have_count(2)
    told = TransformerCaptioner.from_pretrained(folder / hub.SUGGESTED.revision).caption(samples()[0].open(), beam=3)
    expect(page.get_by_role("heading", level=4).nth(1)).to_have_text(f"“{told.caption}”")
    with page.expect_download() as download:
        page.get_by_role("button", name="These probabilities").click()
    table = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    its_own = [row["word"].removeprefix("'") for row in table if row["model"] == hub.SUGGESTED.repository]
    assert its_own == list(told.tokens)


def test_the_experiment_stands_in_the_address(visit):
    page = visit("/caption?caption_part=experiments")
    page.get_by_role("radio", name="A Transformer beside it").or_(
        page.get_by_role("button", name="A Transformer beside it")
    ).first.click()
    wait_for_address(page, lambda url: "caption_experiment=transformer" in url)
    expect(page.get_by_text("What is different at heart.")).to_be_visible()
