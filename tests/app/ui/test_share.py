"""Sharing with a class: the link opens the same page, and the QR code says the link."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

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


def stands(test: AppTest, group: str) -> bool:
    """Whether the page has such controls as it is."""
    try:
        return test.container(key=f"seen-group-{group}") is not None
    except KeyError:
        return False


def test_a_lessons_dialog_offers_that_lessons_controls_alone(app):
    test = app(lang="en", page="lessons", lessons_lesson="training")
    test.button(key="share_open").click().run()
    offered = test.pills(key="share_hide").options
    assert OF_PAGES["lessons"]["resting"] not in offered and OF_PAGES["lessons"]["rate"] in offered


@pytest.mark.parametrize("page", OF_PAGES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_dialog_offers_the_pages_own_groups(app, page, lang):
    test = app(lang=lang, page=page)
    test.button(key="share_open").click().run()
    assert not test.exception
    offered = test.pills(key="share_hide")
    own = {group: name for group, name in OF_PAGES[page].items() if stands(test, group)}
    assert len(offered.options) == len(EVERYWHERE | own)
    assert own or page == "class"
    assert f"lang={lang}" in test.code[-1].value and "hide=share" in test.code[-1].value
