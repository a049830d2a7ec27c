"""Everything that was made of the captioner's weights was made of those that are shipped."""

import json
import time

import pytest
from PIL import Image
from safetensors import safe_open

from app.home.traces import caption_file
from model.captioner import Captioner
from model.captioner.honesty_file import digest_of
from model.captioner.moments import MOMENTS_FILE, load_moments
from model.captioner.probes import PROBES_FILE, load_probes
from model.captioner.siblings import FIGURES
from model.hidden_basis import BASIS_FILE

AGAIN = 'The weights are others now: make DATA="..." weights'


@pytest.fixture(scope="module")
def shipped(root):
    return root / "assets" / "captioner"


def test_what_was_made_of_the_weights_names_them(root, shipped):
    digest, named = digest_of(shipped), {}
    for lang in Captioner.from_pretrained(shipped).languages:
        with safe_open(shipped / lang / BASIS_FILE, "numpy") as basis:
            named[f"hidden basis, {lang}"] = basis.metadata()["captioner_digest"]
        for made in (PROBES_FILE, MOMENTS_FILE):
            with safe_open(shipped / lang / made, "numpy") as opened:
                named[f"{made}, {lang}"] = opened.metadata()["captioner_digest"]
        named[f"home, {lang}"] = json.loads(caption_file(lang).read_text(encoding="utf-8"))["captioner_digest"]
        named[f"people, {lang}"] = json.loads((shipped / f"people-{lang}.json").read_text())["captioner_digest"]
        named[f"honesty, {lang}"] = json.loads((shipped / f"honesty-{lang}.json").read_text())["digest"]
    for one in json.loads((shipped / "figures.json").read_text()):
        if one["step"] == "self_critical":
            named[f"figures, {one['lang']}, {one['photos_of']}"] = one["captioner_digest"]
    named["siblings"] = json.loads((root / "assets" / "siblings" / FIGURES).read_text())["captioner_digest"]
    named["README's picture"] = Image.open(root / "assets" / "screenshot.png").text["captioner_digest"]
    assert {name for name, of in named.items() if of != digest} == set(), AGAIN
    assert len(named) >= 16


def test_the_index_of_moments_is_small_and_quick(shipped):
    captioner = Captioner.from_pretrained(shipped)
    sizes = [(shipped / lang / MOMENTS_FILE).stat().st_size for lang in captioner.languages]
    assert sum(sizes) < 3e6
    for lang in captioner.languages:
        index = load_moments(shipped / lang)
        assert set(index.words) <= set(captioner.tokenizers[lang].get_vocab())
        index.like(index.hidden[0], captioner.bases[lang])
        index.pattern({3: True, 5: False})
        begun = time.thread_time()  # what else the machine does is no matter
        for basis in (None, captioner.bases[lang]):
            index.like(index.hidden[7], basis)
        index.pattern({3: True, 5: False, 9: True})
        assert time.thread_time() - begun < 3 * 0.05


def test_the_shipped_probes_read_better_than_guessing(shipped):
    for lang in Captioner.from_pretrained(shipped).languages:
        for name, probe in load_probes(shipped / lang).items():
            assert probe.score.accuracy >= min(probe.score.majority, 0.98), name
            assert probe.score.tested_photos > 50
