"""The README's picture: the caption page as a visitor finds it, in headless Chromium.

``python -m tests.screenshot FILE`` takes it. The picture carries the digest of the weights that it shows.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import sync_playwright

from model.captioner.digest import digest_of
from tests.browser.conftest import ARGUMENTS, NAMES, served, settle

ROOT = Path(__file__).parents[1]


def take(file: Path) -> None:
    """Write the picture."""
    log = Path(tempfile.mkdtemp()) / "log.txt"
    browser_path = next(filter(None, map(shutil.which, NAMES)))
    with served(ROOT, log, sys.executable, "-m", "streamlit", "run") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1366, "height": 1010}, locale="en-GB")
        page.goto(f"{address}/caption")
        settle(page)
        page.locator(".js-plotly-plot").first.wait_for(timeout=120_000)
        page.wait_for_timeout(2000)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(128)
        browser.close()
    about = PngImagePlugin.PngInfo()
    about.add_text("captioner_digest", digest_of(ROOT / "assets" / "captioner", "en"))
    shot.save(file, optimize=True, pnginfo=about)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
