"""A Transformer that captions, to set beside this project's own captioner: any BLIP, GIT or ViT-GPT2 from the Hub.

    folder on disk ──from_pretrained──► TransformerCaptioner ──caption(photo)──► TransformerCaption

The model is read from a folder by the transformers library, without the network: safetensors alone (unpickling can run
a stranger's code), and only architectures that the library itself has (``trust_remote_code`` would run the folder's).
torch and transformers are first imported where they are needed: nobody who does not compare waits for them.
"""

from __future__ import annotations

import json
import threading
import time
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from model.errors import UserError
from model.traces import TransformerCaption

if TYPE_CHECKING:
    from transformers import BaseImageProcessor, PreTrainedModel, PreTrainedTokenizerBase

#: The kinds of models that caption a picture without a question, by transformers' names.
KINDS = ("blip", "git", "vision-encoder-decoder")
WEIGHTS = "model.safetensors"
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
#: Where a caption is cut, in tokens.
MAX_TOKENS = 30


class TransformerCaptioner:
    """A Transformer ready to caption. Threads may share it: it captions one photo at a time."""

    def __init__(
        self,
        network: PreTrainedModel,
        image_processor: BaseImageProcessor,
        tokenizer: PreTrainedTokenizerBase,
        name: str,
        megabytes: float,
    ):
        self.network = network.eval()
        self.image_processor = image_processor
        self.tokenizer = tokenizer
        self.name = name
        self.megabytes = megabytes
        self.parameters = sum(weights.numel() for weights in network.parameters())
        self._one_at_a_time = threading.Lock()

    @classmethod
    def from_pretrained(cls, folder: str | PathLike, name: str = "") -> TransformerCaptioner:
        """Load what ``hf download`` or ``save_pretrained`` wrote; ``name`` is what it is called, the folder's name
        where it is left out. Half-precision weights are computed with in single precision.

        Raises:
            UserError: when the folder holds no model of ``KINDS`` in safetensors, or a damaged one.
        """
        folder = Path(folder)
        name = name or folder.resolve().name
        _check(folder, name)

        import model.torchvision_cpu  # noqa: F401  (before transformers, which imports torchvision)

        # isort: split
        from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer

        here_alone: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            loaded: Any = AutoModelForImageTextToText.from_pretrained(
                folder, use_safetensors=True, dtype="float32", output_loading_info=True, **here_alone
            )
            network, report = loaded
            image_processor = AutoImageProcessor.from_pretrained(folder, **here_alone)
            tokenizer = AutoTokenizer.from_pretrained(folder, **here_alone)
        except Exception as error:  # Broken files end in every kind of exception.
            raise _damaged(name) from error
        # The library fills missing weights with noise. A pooler is for classification: no caption needs one.
        if any("pooler" not in weight for weight in report["missing_keys"]):
            raise _damaged(name)
        return cls(network, image_processor, tokenizer, name, (folder / WEIGHTS).stat().st_size / 1e6)

    def caption(self, image: Image.Image, beam: int = 3, max_tokens: int = MAX_TOKENS) -> TransformerCaption:
        """Describe an RGB picture by beam search, ``beam`` wide (1 is greedy), in at most ``max_tokens`` tokens.

        Each token's log-probability is the softmax's over the network's own scores, before any of the search's rules.
        """
        import torch

        with self._one_at_a_time, torch.inference_mode():
            begun = time.perf_counter()
            pixels = self.image_processor(images=image, return_tensors="pt")["pixel_values"]
            found = self.network.generate(
                pixel_values=pixels,
                num_beams=beam,
                do_sample=False,
                max_new_tokens=max_tokens,
                return_dict_in_generate=True,
                output_logits=True,
            )
            seconds = time.perf_counter() - begun
            tokens, log_probs = _read(found)
        ended = bool(tokens) and tokens[-1] in _ends(self.network)
        said = tokens[:-1] if ended else tokens
        return TransformerCaption(
            caption=str(self.tokenizer.decode(said, skip_special_tokens=True)).strip(),
            tokens=tuple(str(self.tokenizer.decode([token])).strip() for token in said),
            log_probs=np.array(log_probs[: len(said)], np.float32),
            end_log_prob=log_probs[-1] if ended else None,
            beam=beam,
            name=self.name,
            seconds=seconds,
            parameters=self.parameters,
            megabytes=self.megabytes,
            kept_per_token=_kept_per_token(found.past_key_values),
        )


def _read(found: Any) -> tuple[list[int], list[float]]:
    """The best hypothesis' tokens behind the prompt, and the log-probability of each.

    ``found`` is what ``generate`` gives. ``logits[t]`` (beam, words) are those of all hypotheses at step t;
    ``beam_indices`` says which was this one's.
    """
    rows = found.beam_indices[0].tolist() if "beam_indices" in found else [0] * len(found.logits)
    tokens = found.sequences[0, -len(rows) :].tolist()
    scores = [found.logits[step][row].float().log_softmax(-1) for step, row in enumerate(rows)]
    return tokens, [float(one[token]) for one, token in zip(scores, tokens, strict=True)]


def _ends(network: PreTrainedModel) -> list[int]:
    """The tokens that end a caption."""
    if network.config.model_type == "blip":  # it generates with an end of its own, whatever its configuration says
        return [network.config.text_config.sep_token_id]
    ends = network.generation_config.eos_token_id
    return ends if isinstance(ends, list) else [ends]


def _kept_per_token(cache: Any) -> int:
    """How many numbers its attention keeps for each token: a key and a value in every layer."""
    own = getattr(cache, "self_attention_cache", cache)  # what it keeps of the picture lies in a cache beside it
    return sum(kept[0, :, 0].numel() for layer in own.layers for kept in (layer.keys, layer.values))


def _check(folder: Path, name: str) -> None:
    """Refuse what is no model, of a kind that does not caption, or not in safetensors, before any of it is loaded."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise UserError(
            "The folder “{name}” holds no model. Accepted are captioning models of the Hugging Face Hub of the kinds "
            "{kinds}, with config.json, model.safetensors, tokenizer and image processor.",
            name=name,
            kinds=", ".join(KINDS),
        )
    if config.get("model_type") not in KINDS:
        raise UserError(
            "The model “{name}” is of the kind “{kind}”. Accepted are captioning models of the kinds {kinds}.",
            name=name,
            kind=str(config.get("model_type"))[:40],
            kinds=", ".join(KINDS),
        )
    # The library would also load the file that such an entry names, pickled ones included.
    if not (folder / WEIGHTS).is_file() or config.get("transformers_weights"):
        if any(file.suffix in PICKLED for file in folder.iterdir()):
            raise UserError(
                "The weights of “{name}” are pickled, and unpickling can run a stranger's code. Please take a version "
                "of it with model.safetensors.",
                name=name,
            )
        raise UserError(
            "The model “{name}” has no weights in model.safetensors. Please download it again, with this file.",
            name=name,
        )


def _damaged(name: str) -> UserError:
    return UserError("The model “{name}” is damaged or incomplete. Please download it again.", name=name)
