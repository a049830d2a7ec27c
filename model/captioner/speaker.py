"""A decoder that speaks one language: from what the eye saw to words, and all that happened on the way."""

import difflib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from model import checks
from model.captioner.config import CaptionerConfig
from model.captioner.decoder import Decoder
from model.captioner.editing import Edit, Surgeon
from model.captioner.halves import halved
from model.captioner.languages import language_of
from model.captioner.repetition import Repetition
from model.captioner.search import FoundCaption, search, tree_of_words
from model.captioner.settings import DEFAULT, SearchSettings, list_of_words
from model.errors import SettingError, WordError
from model.traces import CaptionTrace


class Speaker:
    """A decoder with its vocabulary. It changes nothing in itself when it speaks, so many threads may share one."""

    def __init__(self, decoder: Decoder, config: CaptionerConfig, tokenizer: PreTrainedTokenizerFast, lang: str):
        self.decoder, self.config, self.tokenizer, self.lang = decoder.eval(), config, tokenizer, lang
        self._words = {
            number: word
            for word, number in tokenizer.get_vocab().items()
            if number not in {config.end_token_id, *config.never_said}
        }
        self.repetition = Repetition(tokenizer, lang)
        self._packed: tuple[tuple[int, ...], Decoder] | None = None

    @torch.inference_mode()
    def describe(
        self,
        regions: Tensor,
        settings: SearchSettings = DEFAULT,
        edit: Edit | None = None,
    ) -> CaptionTrace:
        """What it says of a photo's ``regions`` (R, channels). It speaks its own language, whatever the settings'.

        ``edit`` reaches into the run: see ``Captioner.edit``.
        """
        checks.kind("settings", settings, SearchSettings, "a SearchSettings")
        start = self.tokens_of(self.known_words(settings.prefix))
        regions = self.checked_regions(regions)
        surgeon = self._surgeon(edit, settings.max_words) if edit else None
        found = search(
            self._quick_decoder(),
            regions,
            self.config,
            settings,
            start=start,
            length_penalty=self.config.length_penalty[self.lang],
            repetition=None if settings.repeat else self.repetition,
            edit=surgeon,
        )
        if surgeon:
            surgeon.check_done()
        return self._trace(found)

    def _surgeon(self, edit: Edit, max_words: int) -> Surgeon:
        """The edit, checked and made ready."""
        checks.kind("edit", edit, Edit, "an Edit")
        checks.whole("at", edit.at, 0, max_words)
        previous = None
        if edit.previous is not None:
            (previous,) = self.tokens_of(self.known_words([edit.previous]))
        regions = None if edit.regions is None else self.checked_regions(edit.regions)
        return Surgeon(edit, previous, regions)

    def _quick_decoder(self) -> Decoder:
        """The decoder with its matrices packed for the search; packed again once a weight was changed."""
        versions = tuple(weight._version for weight in self.decoder.parameters())
        packed = self._packed
        if packed is None or packed[0] != versions:
            with torch.inference_mode(False), torch.no_grad():
                packed = versions, halved(self.decoder)
            self._packed = packed
        return packed[1]

    def read(self, regions: Tensor, words: Sequence[str]) -> Tensor:
        """Teacher forcing: log p of every word at each place of a caption of T words and at its end, (B, T + 1, V).

        ``regions`` (B, R, channels) are those of B photos. It is what the search computes, natural logarithms, -inf for
        what it never says; gradients can go through it.
        """
        tokens = [self.config.start_token_id, *self.tokens_of(words)]
        read = torch.tensor(tokens, device=regions.device).expand(len(regions), 1, -1)
        never = torch.tensor(self.config.never_said, device=regions.device)
        scores = self.decoder(regions, read)[:, 0].float()
        return scores.index_fill(-1, never, -torch.inf).log_softmax(dim=-1)

    def word(self, token: int) -> str:
        """A token as a word, ``""`` for the end."""
        return self._words.get(token, "")

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """All words that it can say, the most frequent of its captions first."""
        return tuple(word for _number, word in sorted(self._words.items()))

    @torch.inference_mode()
    def chances(self, regions: Tensor, words: Sequence[str]) -> np.ndarray:
        """The probability of each word of ``vocabulary`` at each place of a caption of T words, (T, V); what is missing
        to 1 is the end's. ``regions`` is (R, channels)."""
        log_probs = self.read(self.checked_regions(regions)[None], self.known_words(words))[0]
        return log_probs[:-1, sorted(self._words)].exp().cpu().numpy()

    def tokens_of(self, words: Sequence[str]) -> list[int]:
        """The vocabulary's numbers of its words; what is not in it has the unknown word's."""
        tokens = self.tokenizer.convert_tokens_to_ids(list(words))
        assert isinstance(tokens, list), "only a single word has a single number"
        return tokens

    def known_words(self, words: Sequence[str]) -> list[str]:
        """These words as the vocabulary writes them.

        Raises:
            WordError: when one is not in it; the sentence names up to three known words that look alike.
        """
        vocabulary = self._words.values()
        known = []
        for word in list_of_words(words):
            plain = word.strip().lower()
            if plain not in vocabulary:
                near = difflib.get_close_matches(plain[:40], vocabulary, n=3)
                if near:
                    raise WordError(
                        "The captioner has never learned the word “{word}”. Words it knows that look alike: {near}.",
                        word=plain[:40],
                        near=", ".join(near),
                    )
                raise WordError(
                    "The captioner has never learned the word “{word}”. Please try another one.", word=plain[:40]
                )
            known.append(plain)
        return known

    def checked_regions(self, regions: Tensor) -> Tensor:
        """The regions on the decoder's device and in its precision, whichever they came in.

        Raises:
            SettingError: when they have another shape, or are not made of numbers.
        """
        channels = self.config.region_channels
        usable = isinstance(regions, Tensor) and regions.layout == torch.strided and regions.is_floating_point()
        if not usable or regions.ndim != 2 or regions.shape[1] != channels or not len(regions):
            raise SettingError(
                "The regions are {given}; what look() gives is wanted, a tensor (R, {channels}).",
                given=tuple(regions.shape) if usable else type(regions).__name__,
                channels=channels,
            )
        if not regions.isfinite().all():
            raise SettingError("The regions hold infinite numbers, or none at all. Please look at the photo again.")
        weight = self.decoder.region_value.weight
        return regions.to(weight.device, weight.dtype)

    def _trace(self, found: FoundCaption) -> CaptionTrace:
        words = tuple(self._words[token] for token in found.tokens)
        said = found.steps[:-1]  # the step that chose the end belongs to no word
        side = round(found.steps[0][0].attention.shape[-1] ** 0.5)

        def stack(values: list[Tensor], size: int) -> np.ndarray:
            return torch.stack(values).float().cpu().numpy() if values else np.zeros((0, size), np.float32)

        attention = stack([step.attention[0, row] for step, row in said], side * side)
        energies = [step.energy[0, row] for step, row in said if step.energy is not None]
        energy = stack(energies, side * side).reshape(-1, side, side) if energies else None
        return CaptionTrace(
            caption=language_of(self.lang).write_out(words),
            words=words,
            log_probs=np.array(found.log_probs[:-1], np.float32),
            end_log_prob=found.log_probs[-1],
            attention=attention.reshape(-1, side, side),
            context_gate=stack([step.context_gate[0, row] for step, row in said], self.config.context_size),
            initial_hidden=found.initial_hidden.float().cpu().numpy(),
            hidden=stack([step.memory.hidden[0, row] for step, row in said], self.config.hidden_size),
            gates={
                name: stack([step.memory.gates[name][0, row] for step, row in said], self.config.hidden_size)
                for name in found.steps[0][0].memory.gates
            },
            alternatives=tuple(
                tuple((self._words.get(token, ""), p) for token, p in options) for options in found.alternatives[:-1]
            ),
            beams=tree_of_words(found.tree, self._words),
            lang=self.lang,
            cell=self.config.cell,
            energy=energy,
            context=stack([step.context[0, row] for step, row in said], self.config.context_size),
            log_sums=np.array(found.log_sums[:-1], np.float32),
            length_penalty=self.config.length_penalty[self.lang],
        )
