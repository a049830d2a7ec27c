"""The captioner: encoder, a decoder for each language, and the way from a photo to a ``CaptionTrace``."""

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, cast

import model.torchvision_cpu  # noqa: F401  (before transformers, which imports torchvision)

# isort: split
import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel, PreTrainedTokenizerFast
from transformers.utils import ModelOutput, logging

from model import checks
from model.captioner.config import CaptionerConfig
from model.captioner.decoder import Decoder
from model.captioner.editing import Change, Edit
from model.captioner.encoder import Encoder
from model.captioner.image import Source, open_photo, to_pixels
from model.captioner.settings import DEFAULT, Sampling, SearchSettings
from model.captioner.speaker import Speaker
from model.cells.layers import OneStep
from model.errors import MissingFileError, SettingError
from model.files import replacing
from model.hidden_basis import BASIS_FILE, load_basis, save_basis
from model.traces import CaptionTrace, HiddenBasis, PatchingTrace
from model.weights import check_finite, check_seal, damaged, seal

#: The file with the weights, as transformers names it.
WEIGHTS = "model.safetensors"

logging.disable_progress_bar()  # loading takes a blink; a shell's output stays clean


class CaptionerModel(PreTrainedModel):
    """The network: one eye, and a decoder for each language of ``config.vocabulary``."""

    config: CaptionerConfig
    config_class = CaptionerConfig
    main_input_name = "regions"

    def __init__(self, config: CaptionerConfig):
        super().__init__(config)
        self.encoder = Encoder(config)
        self.decoders = nn.ModuleDict({lang: Decoder(config, size) for lang, size in config.vocabulary.items()})
        self.post_init()

    def decoder_of(self, lang: str) -> Decoder:
        """The decoder that speaks a language."""
        return cast(Decoder, self.decoders[lang])

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            # The embedding is the output layer, too: at this scale the first scores are of order 1.
            nn.init.normal_(module.weight, std=module.embedding_dim**-0.5)
            if module.padding_idx is not None:
                module.weight[module.padding_idx].zero_()
        elif isinstance(module, OneStep):
            module.initialise()
        elif isinstance(module, Decoder):
            nn.init.zeros_(module.word_bias)

    def forward(
        self,
        words: dict[str, Tensor],
        regions: Tensor | None = None,
        pixels: Tensor | None = None,
        loss: Callable[[Tensor], Tensor] | None = None,
        counts: dict[str, float] | None = None,
    ) -> ModelOutput:
        """The loss for photos already looked at or not: teacher forcing, summed over the languages.

        ``words`` gives each language's captions (B, N, T), start and end included; ``regions`` is (B, R, channels),
        ``pixels`` (B, 3, size, size). ``loss`` is another loss, a function of the regions alone; it is called in here
        since training in several processes only sees what goes on in here. ``counts``: see ``cross_entropy``.
        """
        if regions is None:
            if pixels is None:
                raise ValueError("The network wants photos, as regions or as pixels.")
            regions = self.encoder(pixels.contiguous(memory_format=torch.channels_last))
        return ModelOutput(loss=loss(regions) if loss else self.cross_entropy(regions, words, counts))

    def cross_entropy(
        self, regions: Tensor, words: dict[str, Tensor], counts: dict[str, float] | None = None
    ) -> Tensor:
        """The mean cross-entropy of each next word, summed over the languages.

        Padding and photos without a caption are left out, labels smoothed by ``config.label_smoothing`` (Szegedy et al.
        2016, section 7). ``counts`` are each language's number of words to divide by, those at hand by default: where
        each process has a part of the batch, the parts' mean is the whole's only if all divide by the same.
        """
        counts = counts or {}
        return torch.stack([self._loss(regions, rows, lang, counts.get(lang)) for lang, rows in words.items()]).sum()

    def _loss(self, regions: Tensor, words: Tensor, lang: str, count: float | None) -> Tensor:
        pad = self.config.pad_token_id
        captioned = (words != pad).any(dim=(1, 2))
        if not captioned.any():
            return regions.sum() * 0
        words = words[captioned]
        scores = self.decoders[lang](regions[captioned], words[:, :, :-1])
        losses = nn.functional.cross_entropy(
            scores.flatten(0, -2).float(),
            words[:, :, 1:].flatten(),
            ignore_index=pad,
            label_smoothing=self.config.label_smoothing if self.training else 0.0,
            reduction="sum",
        )
        return losses / (count or (words[:, :, 1:] != pad).sum())


def load_tokenizers(directory: Path, config: CaptionerConfig) -> dict[str, PreTrainedTokenizerFast]:
    """Load the tokenizer of each of the captioner's languages from the folder that has its name.

    Raises:
        OSError, ValueError: when one is missing or damaged.
    """
    return {
        lang: PreTrainedTokenizerFast.from_pretrained(directory / lang, local_files_only=True)
        for lang in config.vocabulary
    }


class Captioner:
    """A captioner ready for use: network, tokenizers, and the basis for looking at its memory.

    It changes nothing in itself when it captions, so many threads may share one.
    """

    def __init__(
        self,
        network: CaptionerModel,
        tokenizers: dict[str, PreTrainedTokenizerFast],
        bases: dict[str, HiddenBasis] | None = None,
    ):
        self.network = network.eval()
        self.tokenizers = tokenizers
        self.bases = bases or {}
        self.speakers = {
            lang: Speaker(network.decoder_of(lang), network.config, tokenizer, lang)
            for lang, tokenizer in tokenizers.items()
        }

    @classmethod
    def from_pretrained(cls, directory: str | PathLike) -> "Captioner":
        """Load what ``save_pretrained`` wrote; half-precision weights are computed with in single precision.

        Raises:
            MissingFileError: when the directory or one of its files is missing; it is a FileNotFoundError, too.
            WeightsError: when one of them is damaged, or a weight is no finite number.
        """
        directory = Path(directory)
        if not (directory / "config.json").is_file():
            raise MissingFileError(
                "{folder} holds no captioner (config.json is missing). Please get the whole project again.",
                folder=directory.name,
            )
        weights = directory / WEIGHTS
        check_seal(weights)
        try:
            loaded: Any = CaptionerModel.from_pretrained(
                directory, local_files_only=True, use_safetensors=True, dtype="float32", output_loading_info=True
            )
            network, report = loaded
            tokenizers = load_tokenizers(directory, network.config)
        except Exception as error:  # Broken JSON, a part of a file, weights of another shape: all end here.
            raise damaged(weights) from error
        if report["missing_keys"]:  # The library would fill them with noise.
            raise damaged(weights)
        check_finite(network.state_dict(), weights)
        with_basis = [lang for lang in tokenizers if (directory / lang / BASIS_FILE).is_file()]
        bases = {lang: load_basis(directory / lang) for lang in with_basis}
        return cls(network, tokenizers, bases)

    def save_pretrained(self, directory: str | PathLike, dtype: torch.dtype = torch.float16) -> None:
        """Write config, weights (safetensors, in half precision), and each language's tokenizer and basis."""
        weights = {
            name: tensor.to(dtype) if tensor.is_floating_point() else tensor
            for name, tensor in self.network.state_dict().items()
        }
        with replacing(Path(directory)) as beside:
            self.network.save_pretrained(beside, state_dict=weights)
            seal(beside / WEIGHTS)
            for lang, tokenizer in self.tokenizers.items():
                tokenizer.save_pretrained(beside / lang)
            for lang, basis in self.bases.items():
                save_basis(basis, beside / lang)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can caption in."""
        return tuple(self.tokenizers)

    @torch.inference_mode()
    def look(self, image: Source) -> Tensor:
        """The eye alone: a photo to regions (rows * columns, channels).

        Raises:
            PhotoError: when the photo cannot be opened.
        """
        return self.look_at(to_pixels(open_photo(image), self.network.config.image_size))

    @torch.inference_mode()
    def look_at(self, pixels: Tensor) -> Tensor:
        """The eye alone: pixels (3, size, size), as ``to_pixels`` gives them, to regions (rows * columns, channels)."""
        weight = next(self.network.parameters())  # a caller may have moved the network, or halved its precision
        pixels = pixels.to(weight.device, weight.dtype)
        return self.network.encoder(pixels[None].to(memory_format=torch.channels_last))[0]

    def caption(
        self,
        image: Source,
        lang: str = "en",
        beam: int = 3,
        prefix: Sequence[str] = (),
        sample: Sampling | None = None,
        max_words: int = 20,
        repeat: bool = False,
    ) -> CaptionTrace:
        """Describe a photo, and tell all that happened on the way.

        Args:
            image: the bytes of a file, a path, an open file, a PIL image, or an array; see ``open_photo``.
            lang: one of ``languages``.
            beam: how many hypotheses live at once; 1 is greedy.
            prefix: words the caption starts with; the search goes on from there.
            sample: draw words instead of searching for the most likely; ``beam`` then plays no part.
            max_words: where a caption is cut.
            repeat: let it say a thing twice (``model.captioner.repetition`` has the rule that is kept otherwise).

        Raises:
            PhotoError: when the photo cannot be opened.
            SettingError: when a setting is out of its range.
            WordError: when a word of ``prefix`` is not in the vocabulary.
        """
        settings = SearchSettings(lang, beam, prefix, sample, max_words, repeat)
        self.known_words(settings.prefix, lang)  # before the slow part
        return self.describe(self.look(image), settings)

    def describe(self, regions: Tensor, settings: SearchSettings = DEFAULT, edit: Edit | None = None) -> CaptionTrace:
        """``caption`` for a photo already looked at: ``regions`` (rows * columns, channels), and perhaps edited."""
        checks.kind("settings", settings, SearchSettings, "a SearchSettings")
        return self._speaker(settings.lang).describe(regions, settings, edit)

    def edit(
        self,
        image: Source,
        at: int,
        hidden: Change = None,
        context: Change = None,
        previous: str | None = None,
        photo: Source | None = None,
        hold: bool = False,
        **settings: Any,
    ) -> CaptionTrace:
        """Describe a photo, and reach into the run at step ``at`` (0 is the first word), in every hypothesis.

        What is not named stays. In the trace, ``hidden`` and ``context`` are what was put there, ``gates`` and
        ``attention`` what the network itself did at that step.

        Args:
            image: the photo, as for ``caption``.
            at: the step. The words before it are the caption's own, or those of ``prefix``.
            hidden: what the memory after the step is replaced by, (H,), or a function of it: ``lambda h: h * 0``. The
                step's word is predicted from it.
            context: the same for what came through the gate from where it looked, (C,); the memory reads it, too.
            previous: a word that the step reads in the place of the one before.
            photo: another photo, which it looks at from this step on.
            hold: replace memory and context at every later step, too.
            settings: those of ``SearchSettings``, as for ``caption``.

        Raises:
            PhotoError, SettingError, WordError: as ``caption``; SettingError also when a value has another shape or is
                not finite, and when no caption is long enough to have such a step.
        """
        search = SearchSettings(**settings)
        edit = Edit(at, hidden, context, previous, None if photo is None else self.look(photo), hold)
        return self.describe(self.look(image), search, edit)

    def patching(
        self,
        image_a: Source,
        image_b: Source,
        at: int,
        at_b: int | None = None,
        others: Sequence[Source] = (),
        **settings: Any,
    ) -> PatchingTrace:
        """Which step of B's run carries B's word: each put into A's run, alone (``model.captioner.patching``).

        Args:
            image_a: the photo whose run is patched.
            image_b: the photo whose values are put there.
            at: the word of A's caption, from 0, in whose place B's word is asked for.
            at_b: the word of B's caption that is asked for; ``at`` by itself.
            others: photos that have nothing to do with it, for the baseline.
            settings: those of ``SearchSettings``, for all photos' captions.

        Raises:
            PhotoError, SettingError, WordError: as ``caption``; SettingError also when a caption has no such word.
        """
        from model.captioner.patching import ForcedReading, patch

        search = SearchSettings(**settings)

        def run(image: Source) -> ForcedReading:
            regions = self.look(image)
            return ForcedReading.of(self._speaker(search.lang), regions, self.describe(regions, search).words)

        return patch(run(image_a), run(image_b), at, at if at_b is None else at_b, [run(one) for one in others])

    def known_words(self, words: Sequence[str], lang: str = "en") -> list[str]:
        """These words as the language's vocabulary writes them.

        Raises:
            WordError: when one is not in it; the sentence names up to three known words that look alike.
        """
        return self._speaker(lang).known_words(words)

    def vocabulary(self, lang: str = "en") -> tuple[str, ...]:
        """All words that it can say in a language, the most frequent of its captions first."""
        return self._speaker(lang).vocabulary

    def chances(self, regions: Tensor, words: Sequence[str], lang: str = "en") -> np.ndarray:
        """The probability of each of V words of ``vocabulary`` at each place of ``words``, as they are said, (T, V).

        Raises:
            WordError: when a word is not in the vocabulary.
        """
        return self._speaker(lang).chances(regions, words)

    def _speaker(self, lang: str) -> Speaker:
        if not isinstance(lang, str) or lang not in self.speakers:
            raise SettingError(
                "There are no captions in “{lang}”; this captioner speaks: {known}.",
                lang=lang if isinstance(lang, str) else checks.quoted(lang),
                known=", ".join(self.languages),
            )
        return self.speakers[lang]
