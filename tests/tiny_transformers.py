"""Transformers that caption, small enough to make in a second: random weights and few words, everything else real."""

from typing import Any

import model.torchvision_cpu  # noqa: F401  (before transformers, which imports torchvision)

# isort: split
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessor,
    GitConfig,
    GitForCausalLM,
    GPT2Config,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
)

SENTENCES = ["a dog runs on the grass", "two children play in the water", "a man sitting on a bed with a cat"]
#: The places of the special tokens.
PAD, UNKNOWN, START, END = range(4)
SIDE, PATCH = 32, 8
TEXT: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
EYE: dict[str, Any] = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 40}
PIXELS: dict[str, Any] = {"image_size": SIDE, "patch_size": PATCH}
SPECIAL: dict[str, Any] = {"pad_token_id": PAD, "bos_token_id": START, "eos_token_id": END}


def _tokenizer() -> PreTrainedTokenizerFast:
    """Word pieces, as BLIP and GIT have them, learned from a few sentences."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer.train_from_iterator(SENTENCES, trainers.WordPieceTrainer(vocab_size=60, special_tokens=special))
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), special, strict=True))
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


def _blip(words: int) -> PreTrainedModel:
    text = TEXT | SPECIAL | {"vocab_size": words, "encoder_hidden_size": EYE["hidden_size"], "sep_token_id": END}
    return BlipForConditionalGeneration(BlipConfig(text_config=text, vision_config=EYE | PIXELS, projection_dim=16))


def _git(words: int) -> PreTrainedModel:
    return GitForCausalLM(GitConfig(vision_config=EYE | PIXELS, vocab_size=words, **TEXT, **SPECIAL))


def _vision_encoder_decoder(words: int) -> PreTrainedModel:
    decoder = GPT2Config(vocab_size=words, n_embd=24, n_layer=2, n_head=4, add_cross_attention=True, **SPECIAL)
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(ViTConfig(**EYE, **PIXELS), decoder)
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = START, PAD, END
    return VisionEncoderDecoderModel(config)


KINDS = {"blip": _blip, "git": _git, "vision-encoder-decoder": _vision_encoder_decoder}


def save_tiny_transformer(folder: str, kind: str = "blip", seed: int = 0) -> None:
    """Write a captioning Transformer of that kind to ``folder``, as ``hf download`` would leave it there.

    Its weights are spread wide, so that some words are likelier than others.
    """
    tokenizer = _tokenizer()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = KINDS[kind](len(tokenizer))
        with torch.no_grad():
            for weights in network.parameters():
                if weights.ndim > 1:
                    weights.normal_(std=0.3)
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    BlipImageProcessor(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)
