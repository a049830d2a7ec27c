"""Everything that was made of the captioner's weights was made of those that are shipped."""

import json
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open

from app.home.traces import caption_file
from model.captioner import Captioner, SearchSettings
from model.captioner.digest import digest_of
from model.captioner.gallery import sample, samples
from model.captioner.image import to_pixels
from model.captioner.kept_saliency import BASELINE, METHOD, SALIENCY_FILE, load_saliency
from model.captioner.moments import MOMENTS_FILE, load_moments
from model.captioner.probes import PROBES_FILE, load_probes
from model.captioner.saliency import explain
from model.captioner.siblings import FIGURES
from model.hidden_basis import BASIS_FILE

AGAIN = 'The weights are others now: make DATA="..." weights'


@pytest.fixture(scope="module")
def shipped(root):
    return root / "assets" / "captioner"


def test_what_was_made_of_the_weights_names_them(root, shipped):
    named: dict[str, list[str]] = {}  # by language, the digests that its files name
    for lang in Captioner.from_pretrained(shipped).languages:
        with safe_open(shipped / lang / BASIS_FILE, "numpy") as basis:
            named[lang] = [basis.metadata()["captioner_digest"]]
        for made in (PROBES_FILE, MOMENTS_FILE, SALIENCY_FILE):
            with safe_open(shipped / lang / made, "numpy") as opened:
                named[lang].append(opened.metadata()["captioner_digest"])
        named[lang].append(json.loads(caption_file(lang).read_text(encoding="utf-8"))["captioner_digest"])
        named[lang].append(json.loads((shipped / f"people-{lang}.json").read_text())["captioner_digest"])
        named[lang].append(json.loads((shipped / f"honesty-{lang}.json").read_text())["digest"])
    for one in json.loads((shipped / "figures.json").read_text()):
        if one["step"] == "self_critical":
            named[one["lang"]].append(one["captioner_digest"])
    named["en"].append(json.loads((root / "assets" / "siblings" / FIGURES).read_text())["captioner_digest"])
    screenshot: Any = Image.open(root / "assets" / "screenshot.png")
    named["en"].append(screenshot.text["captioner_digest"])
    assert sum(map(len, named.values())) >= 12
    for lang, digests in named.items():
        assert len(digests) >= 7 and set(digests) == {digest_of(shipped, lang)}, AGAIN
    assert digest_of(shipped, "en") != digest_of(shipped, "zh")


def test_the_index_of_moments_is_small_and_knows_the_words(shipped):
    captioner = Captioner.from_pretrained(shipped)
    sizes = [(shipped / lang / MOMENTS_FILE).stat().st_size for lang in captioner.languages]
    assert sum(sizes) < 3e6
    for lang in captioner.languages:
        index = load_moments(shipped / lang)
        assert set(index.words) <= set(captioner.tokenizers[lang].get_vocab())
        assert index.like(index.hidden[0]).similarity[0] == pytest.approx(1.0)
        assert index.like(index.hidden[0], captioner.bases[lang]).similarity[0] == pytest.approx(1.0)


def test_the_shipped_probes_read_better_than_guessing(shipped):
    for lang in Captioner.from_pretrained(shipped).languages:
        for name, probe in load_probes(shipped / lang).items():
            assert probe.score.accuracy >= min(probe.score.majority, 0.98), name
            assert probe.score.tested_photos > 50


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_word_of_every_sample_was_explained_beforehand(shipped, lang):
    captioner = Captioner.from_pretrained(shipped)
    kept = load_saliency(shipped / lang)
    for one in samples():
        caption = captioner.describe(captioner.look(one.open()), SearchSettings(lang))
        for place in range(len(caption.words)):
            assert kept.find(one.key, caption, place), (one.key, caption.words[place])
    assert (shipped / lang / SALIENCY_FILE).stat().st_size < 1e6


def test_what_was_explained_beforehand_is_what_asking_gives(shipped):
    captioner, photo = Captioner.from_pretrained(shipped), sample("dog").open()
    caption = captioner.describe(captioner.look(photo), SearchSettings())
    now = explain(captioner, to_pixels(photo, 260), caption, 2, METHOD, BASELINE)
    known = load_saliency(shipped / "en").find("dog", caption, 2)
    assert known is not None
    assert np.corrcoef(known.regions.ravel(), now.regions.ravel())[0, 1] > 0.99
    assert known.regions.sum() == pytest.approx(now.regions.sum(), rel=0.05)
    assert known.baseline_log_prob == pytest.approx(now.baseline_log_prob, abs=0.01)
