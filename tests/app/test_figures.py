"""The figures that the page shows are those of the card and the README, for every language the captioner speaks."""

import json
import re

import pytest

from app.caption.scores import figures_of


@pytest.fixture(scope="module")
def spoken(root) -> list[str]:
    config = json.loads((root / "assets" / "captioner" / "config.json").read_text(encoding="utf-8"))
    return list(config["vocabulary"])


def test_every_language_was_measured(spoken):
    for lang in spoken:
        steps = figures_of(lang)
        assert steps and all(one["images"] == 1000 and one["beam"] == 5 for one in steps)


def test_readme_and_card_state_the_last_steps_figures(root, spoken):
    readme = (root / "README.md").read_text(encoding="utf-8")
    card = (root / "assets" / "captioner" / "README.md").read_text(encoding="utf-8")
    for lang in spoken:
        last = figures_of(lang)[-1]
        for measure, name in ("bleu4", "BLEU-4"), ("cider", "CIDEr"):
            assert re.search(rf"{name}\s+{100 * last[measure]:.1f}", readme), (lang, name)
            assert f"{last[measure]:.3f}" in card


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_shows_them_when_asked(app, go, lang):
    test = go(app(lang=lang, caption_scores="true"), "caption")
    assert not test.exception
    assert any("BLEU-4" in caption.value for caption in test.caption)
    assert "caption_scores" in test.query_params
