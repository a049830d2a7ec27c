"""A captioner small enough to make in a second: random weights, a small vocabulary, everything else real."""

import pytest
import torch

from model.captioner import Captioner
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.tokenizer import train_tokenizer

ENGLISH = ["a dog runs on the grass", "two children play in the water", "a man's t-shirt isn't red", "a cat on a bed"]
CHINESE = ["一只狗在草地上跑", "两个孩子在水里玩", "一个穿着红色T恤的男人"]


def make_tiny_captioner(seed: int = 0) -> Captioner:
    tokenizers = {"en": train_tokenizer(ENGLISH, "en", 1), "zh": train_tokenizer(CHINESE, "zh", 1)}
    config = CaptionerConfig(
        backbone="tf_efficientnet_lite0",
        image_size=64,
        vocabulary={lang: len(tokenizer) for lang, tokenizer in tokenizers.items()},
        context_size=24,
        attention_size=16,
        embedding_size=20,
        hidden_size=32,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Captioner(CaptionerModel(config), tokenizers)


@pytest.fixture(scope="session")
def tiny_captioner() -> Captioner:
    return make_tiny_captioner()


@pytest.fixture(scope="session")
def tiny_captioner_dir(tiny_captioner, tmp_path_factory):
    directory = tmp_path_factory.mktemp("captioner")
    tiny_captioner.save_pretrained(directory)
    return directory
