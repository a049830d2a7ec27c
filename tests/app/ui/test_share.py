"""Sharing with a class: the link opens the same page, and the QR code says the link."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from app.ui.groups import EVERYWHERE, OF_PAGES
from app.ui.share import link_to, qr_code

PLACE = "http://192.168.1.5:8501/caption"


def test_a_link_keeps_the_settings_and_hides_what_was_chosen():
    link = link_to(PLACE, {"caption_beam": "5", "caption_start": "a dog & <b>", "hide": "export"}, ["search", "share"])
    parts = urlsplit(link)
    assert (parts.netloc, parts.path) == ("192.168.1.5:8501", "/caption")
    assert parse_qs(parts.query) == {
        "caption_beam": ["5"],
        "caption_start": ["a dog & <b>"],
        "hide": ["search,share"],
    }
    assert "hide" not in link_to(PLACE, {"hide": "export"}, [])


def test_the_qr_code_is_black_on_white_and_a_link_may_be_too_long():
    with Image.open(io.BytesIO(qr_code(PLACE))) as picture:
        colours = {colour for _count, colour in picture.convert("RGB").getcolors()}
        assert picture.width == picture.height >= 150 and colours == {(0, 0, 0), (255, 255, 255)}
    assert qr_code(PLACE + "?" + "x" * 3000) is None


@pytest.mark.parametrize("page", OF_PAGES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_dialog_offers_the_pages_own_groups(app, page, lang):
    test = app(lang=lang, page=page)
    test.button(key="share_open").click().run()
    assert not test.exception
    offered = test.pills(key="share_hide")
    assert len(offered.options) == len(EVERYWHERE | OF_PAGES.get(page, {}))
    assert f"lang={lang}" in test.code[-1].value and "hide=share" in test.code[-1].value
