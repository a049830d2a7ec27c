"""Markdown, HTML and LaTeX in every field and parameter: shown as they are, and nobody else is asked for anything.

That no other host is asked is held by ``visit`` for every test here.
"""

import json
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from app.ui.markdown import JOINER
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser

HOST = "evil.example"
TEXTS = {
    "picture": f"![x](//{HOST}/1.png)",
    "HTML": f"<img src=//{HOST}/2.png onerror=alert(1)><script>alert(2)</script>",
    "link": f"[x](http://{HOST}) http://{HOST} www.{HOST} a@{HOST}",
    "formula": f"$\\href{{http://{HOST}}}{{x}}$ $$x^2$$",
    "marks": ":streamlit: :smile: :material/home: :red[x] **b** `c` # h -> y",
}
ALL = " ".join(TEXTS.values())
#: One of each kind, so short that a message quotes it whole, and that no field cuts it off.
SHORT = f"![](//{HOST})<a href=//{HOST}>$x$ **b** :smile: {HOST}"
#: Pages with the fields that take a text, each with the parameters that hold it.
PAGES = {
    "/caption": ("caption_start",),
    "/caption?caption_guess=true": (),
    "/caption?caption_part=experiments&caption_experiment=hide": ("caption_hide_box", "caption_hide_word"),
    "/sequence?sequence_network=untrained": ("sequence_text",),
    "/sequence?sequence_network=untrained&sequence_task=text": ("sequence_text",),
    "/sequence?sequence_view=train&sequence_task=numbers": ("sequence_series",),
    "/sequence?sequence_view=train&sequence_task=text&sequence_corpus=own": ("sequence_own_text",),
    "/sequence?sequence_view=gradients&sequence_network=untrained&sequence_task=text": ("sequence_text",),
    "/neurons?neurons_view=table": ("neurons_search", "neurons_verdict"),
    "/lessons?lessons_lesson=glossary": ("lessons_search",),
    "/about": ("lang", "hide"),
}


def made_of_it(page: Page) -> list[str]:
    """What the page made of the texts: elements that go to the host, and formulas, pictures and code in messages."""
    return page.evaluate(
        """host => {
            const found = []
            for (const one of document.querySelectorAll('[href], [src], [srcset], [action], [style]'))
                for (const name of ['href', 'src', 'srcset', 'action', 'style'])
                    if ((one.getAttribute(name) ?? '').includes(host)) found.push(one.outerHTML.slice(0, 200))
            const told = '[data-testid=stAlert], [data-testid=stCaptionContainer]'
            for (const one of document.querySelectorAll(told))
                if (one.textContent.includes(host))
                    for (const made of one.querySelectorAll('a, img, code, strong, h1, .katex, [role=img] svg + *'))
                        found.push(made.outerHTML.slice(0, 200))
            return found
        }""",
        HOST,
    )


@pytest.mark.parametrize("place", PAGES)
def test_what_is_said_is_shown_as_it_is(visit, place):
    """By an address, then typed over it in every field."""
    said = urlencode(dict.fromkeys(PAGES[place], SHORT))
    page = visit(f"{place}{'&' if '?' in place else '?'}{said}" if said else place)

    def check(text: str) -> None:
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert not made_of_it(page), text

    check(SHORT)
    fields = page.locator("input[type=text]:visible, textarea:visible")
    for number in range(fields.count()):
        field = fields.nth(number)
        if not field.is_visible() or field.get_attribute("role") == "combobox" or field.get_attribute("inputmode"):
            continue
        # Of a caption's start the first unknown word alone is quoted: there each kind comes first once.
        for text in (*TEXTS.values(), ALL) if place == "/caption" else (ALL, SHORT):
            field.fill(text[: int(field.get_attribute("maxlength") or 10_000)])
            field.press("Control+Enter")
            settle(page)
            check(text)


def test_what_an_address_says_at_length_is_shown_as_it_is(visit):
    """All kinds at once, longer than some fields take."""
    for place in ("/caption", "/sequence?sequence_view=train&sequence_task=numbers", "/about"):
        page = visit(f"{place}{'&' if '?' in place else '?'}{urlencode(dict.fromkeys(PAGES[place], ALL))}")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert not made_of_it(page), place
        if "sequence" in place:  # The error quotes what was said, to the letter.
            expect(page.get_by_test_id("stAlert").first).to_contain_text(ALL.split()[0][:20])


def test_an_error_quotes_what_was_typed_to_the_letter(visit):
    page = visit("/caption?" + urlencode({"caption_start": f"http://{HOST}/é"}))  # é: no word of it can be read
    told = page.get_by_test_id("stAlert").filter(has_text=HOST).first
    expect(told).to_be_visible()
    assert f"http://{HOST}/é" in told.inner_text().replace(JOINER, "")
    assert told.locator("a").count() == 0


def test_files_and_their_names_are_shown_as_they_are(visit):
    page = visit("/sequence")
    page.get_by_text("Save and load").click()
    content = json.dumps(
        {"format": "afterimage sequence settings", "version": 1, "settings": {f"![](//{HOST}/3.png)": 1}}
    )
    file = {"name": f"![](__{HOST}_4.png) $x$.json", "mimeType": "application/json", "buffer": content.encode()}
    page.locator("input[type=file]").first.set_input_files(file)
    told = page.get_by_test_id("stAlert").first
    expect(told).to_contain_text(f"![](//{HOST}/3.png)")
    assert not made_of_it(page)
