"""Four small decoders that differ in their cell, or in having attention: what a GRU is good for, and what attention is.

All see the same regions of the same eye, and learned the same captions by the same recipe
(``model.training.siblings``). Their hidden sizes are chosen so that they have about equally many parameters.
"""

import json
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerFast

from model.captioner.config import CaptionerConfig
from model.captioner.decoder import Decoder
from model.captioner.figures import FIGURES
from model.captioner.speaker import Speaker
from model.errors import MissingFileError
from model.files import replacing
from model.hidden_basis import load_basis, save_basis
from model.traces import HiddenBasis
from model.weights import damaged, load_weights, save_weights

#: The siblings by their names: what differs from one to the other.
KINDS: dict[str, dict[str, Any]] = {
    "rnn_tanh": {"cell": "rnn_tanh", "hidden_size": 274},
    "lstm": {"cell": "lstm", "hidden_size": 128},
    "gru": {"cell": "gru", "hidden_size": 160},
    "gru_mean": {"cell": "gru", "hidden_size": 179, "attention": "mean"},
}
#: What is common to all of them.
COMMON: dict[str, Any] = {"context_size": 160, "attention_size": 96, "embedding_size": 128, "dropout": 0.3}
#: A sibling's own weights.
WEIGHTS = "decoder.safetensors"


@dataclass(frozen=True)
class Sibling:
    """One of ``KINDS``, ready to speak, with the view onto its own memory."""

    kind: str
    speaker: Speaker
    basis: HiddenBasis

    @property
    def parameters(self) -> int:
        """How many numbers its decoder learned."""
        return sum(parameter.numel() for parameter in self.speaker.decoder.parameters())


def configured(kind: str, vocabulary: dict[str, int]) -> CaptionerConfig:
    """The configuration of a sibling that speaks the one language of ``vocabulary``."""
    return CaptionerConfig(vocabulary=vocabulary, **COMMON, **KINDS[kind])


def save_sibling(sibling: Sibling, directory: str | PathLike) -> None:
    """Write its configuration, its decoder's weights in half precision, and its basis."""
    with replacing(Path(directory)) as beside:
        sibling.speaker.config.save_pretrained(beside)
        weights = {name: tensor.half() for name, tensor in sibling.speaker.decoder.state_dict().items()}
        save_weights(weights, beside / WEIGHTS)
        save_basis(sibling.basis, beside)


def load_siblings(directory: str | PathLike, tokenizer: PreTrainedTokenizerFast) -> dict[str, Sibling]:
    """All siblings in a folder, by their kinds; they have the captioner's own vocabulary.

    Raises:
        MissingFileError: when the folder or one of its files is missing.
        WeightsError: when one is damaged.
    """
    return {kind: load_sibling(Path(directory) / kind, kind, tokenizer) for kind in KINDS}


def load_sibling(directory: Path, kind: str, tokenizer: PreTrainedTokenizerFast) -> Sibling:
    """What ``save_sibling`` wrote; half-precision weights are computed with in single precision.

    Raises:
        MissingFileError, WeightsError: as ``load_siblings``.
    """
    if not (directory / "config.json").is_file():
        raise MissingFileError(
            "{folder} holds no sibling (config.json is missing). Please get the whole project again.",
            folder=directory.name,
        )
    weights = load_weights(directory / WEIGHTS)
    try:
        config = CaptionerConfig.from_pretrained(directory, local_files_only=True)
        ((lang, size),) = config.vocabulary.items()
        decoder = Decoder(config, size)
        decoder.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
    except Exception as error:  # Broken JSON, a size that is no number, tensors of another shape: all end here.
        raise damaged(directory / WEIGHTS) from error
    return Sibling(kind, Speaker(decoder, config, tokenizer, lang), load_basis(directory))


def read_figures(directory: str | PathLike) -> dict[str, list[dict]]:
    """Each kind's figures on the validation photos, one entry a seed, as the training command measured them."""
    return json.loads((Path(directory) / FIGURES).read_text(encoding="utf-8"))["kinds"]
