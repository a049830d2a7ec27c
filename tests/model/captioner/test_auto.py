"""The captioner through transformers' own doors: AutoConfig, AutoModel, AutoTokenizer and a pipeline."""

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import AutoConfig, AutoModel, AutoTokenizer, pipeline

from model.captioner import Captioner, CaptionerConfig, CaptionerModel
from model.captioner.pipeline import TASK, CaptionPipeline
from model.errors import PhotoError, SettingError


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (80, 120, 3), dtype=np.uint8))


@pytest.fixture(scope="module")
def describe(tiny_captioner_dir) -> CaptionPipeline:
    # Its types know the tasks of transformers alone, not those that are registered.
    return pipeline(TASK, model=str(tiny_captioner_dir))  # type: ignore[call-overload]


def test_the_configuration(tiny_captioner, tiny_captioner_dir):
    config = AutoConfig.from_pretrained(tiny_captioner_dir)
    assert type(config) is CaptionerConfig
    assert config.vocabulary == tiny_captioner.network.config.vocabulary


def test_the_network_has_all_its_weights(tiny_captioner_dir):
    network, report = AutoModel.from_pretrained(tiny_captioner_dir, output_loading_info=True)
    assert type(network) is CaptionerModel and not report["missing_keys"] and not report["unexpected_keys"]
    weights = Captioner.from_pretrained(tiny_captioner_dir).network.state_dict()
    assert all(torch.equal(tensor, weights[name]) for name, tensor in network.state_dict().items())


def test_the_shipped_configuration_names_its_kind():
    config = AutoConfig.from_pretrained("assets/captioner")
    assert type(config) is CaptionerConfig and config.vocabulary.keys() == {"en", "zh"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_tokenizers(tiny_captioner, tiny_captioner_dir, lang):
    tokenizer = AutoTokenizer.from_pretrained(tiny_captioner_dir / lang)
    assert tokenizer.get_vocab() == tiny_captioner.tokenizers[lang].get_vocab()


@pytest.mark.parametrize("settings", [{}, {"lang": "zh", "beam": 2, "max_words": 6}], ids=str)
def test_the_pipeline_says_what_the_captioner_says(describe, tiny_captioner_dir, photo, settings):
    [said] = describe(photo, **settings)
    expected = Captioner.from_pretrained(tiny_captioner_dir).caption(photo, **settings)
    assert said["generated_text"] == expected.caption
    assert said["trace"].hidden == pytest.approx(expected.hidden, abs=1e-5)


def test_the_pipeline_takes_several_photos_and_files(describe, photo, tmp_path):
    photo.save(tmp_path / "photo.png")
    several = describe([photo, str(tmp_path / "photo.png")])
    assert [said["generated_text"] for [said] in several] == [describe(photo)[0]["generated_text"]] * 2


def test_the_pipelines_errors_are_sentences(describe, photo):
    with pytest.raises(PhotoError):
        describe(b"no photo")
    with pytest.raises(SettingError, match="fr"):
        describe(photo, lang="fr")
