"""The figures that the page shows are those of the card and the README, for every language the captioner speaks."""

import json
import re

import numpy as np
import pytest

from app.caption.scores import figures_of, trained_on_cider
from app.models import ASSETS, SIBLINGS
from model.captioner import Captioner
from model.captioner.figures import chance_of_such_means, mean_and_spread
from model.captioner.siblings import load_siblings, read_figures
from model.training import cards


@pytest.fixture(scope="module")
def spoken(root) -> list[str]:
    config = json.loads((root / "assets" / "captioner" / "config.json").read_text(encoding="utf-8"))
    return list(config["vocabulary"])


def test_every_language_was_measured(spoken):
    for lang in spoken:
        steps = figures_of(lang)
        assert steps and all(one["images"] == 1000 and one["beam"] == 5 for one in steps)


@pytest.mark.parametrize("card", cards.CARDS, ids=["captioner", "siblings", "readme"])
def test_the_texts_state_what_was_measured(card):
    text = card.read_text(encoding="utf-8")
    assert text == cards.written(card), "Please run: python -m model.training.cards"
    for name in cards.CARDS[card][1]:
        begin, end = cards.marks_of(name)
        assert text.index(end) > text.index(begin) + len(begin) + 60


def test_readme_and_card_state_the_last_steps_figures(root, spoken):
    readme = (root / "README.md").read_text(encoding="utf-8")
    card = (root / "assets" / "captioner" / "README.md").read_text(encoding="utf-8")
    for lang in spoken:
        last = figures_of(lang)[-1]
        for measure, name in ("bleu4", "BLEU-4"), ("cider", "CIDEr"):
            assert re.search(rf"{name}\s+{100 * last[measure]:.1f}", readme), (lang, name)
            assert f"{last[measure]:.3f}" in card


def test_wherever_the_last_steps_cider_stands_it_is_said_that_it_was_trained_on(app, root):
    told = trained_on_cider()
    assert "Step 3 trains on CIDEr itself" in told
    for page in (app(caption_scores="true", page="caption"), app(page="about")):
        assert told in [caption.value for caption in page.caption]
    for card in ("README.md", "assets/captioner/README.md"):
        text = " ".join((root / card).read_text(encoding="utf-8").split())
        assert re.search("step rewards CIDEr itself|Step 3 trains on CIDEr-D", text), card


def test_the_siblings_card_and_the_page_state_the_same(root):
    card = (root / "assets" / "siblings" / "README.md").read_text(encoding="utf-8")
    measured = read_figures(SIBLINGS)
    for kind, of_seeds in measured.items():
        mean, spread = mean_and_spread(of_seeds)
        assert re.search(rf"\| `{kind}` \| .* \| {mean:.1f} ± {spread:.1f} \|", card), kind
        assert f"{of_seeds[0]['parameters']:,}" in card
    means = [mean_and_spread(of_seeds)[0] for of_seeds in measured.values()]
    widest = max(np.ptp([100 * one["cider"] for one in of_seeds]) for of_seeds in measured.values())
    assert f"up to {np.ptp(means):.1f} points" in card and f"up to {widest:.1f}. " in " ".join(card.split())
    assert f"p = {chance_of_such_means(measured):.2g}." in card


def test_the_shipped_siblings_are_those_that_were_measured():
    tokenizer = Captioner.from_pretrained(ASSETS / "captioner").tokenizers["en"]
    measured = read_figures(SIBLINGS)
    for kind, sibling in load_siblings(SIBLINGS, tokenizer).items():
        assert sibling.parameters == measured[kind][0]["parameters"] == pytest.approx(1.027e6, rel=0.002)
        assert sibling.speaker.config.vocabulary == {"en": len(tokenizer)}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_shows_them_when_asked(app, lang):
    test = app(lang=lang, caption_scores="true", page="caption")
    assert not test.exception
    assert any("BLEU-4" in caption.value for caption in test.caption)
    assert "caption_scores" in test.query_params
