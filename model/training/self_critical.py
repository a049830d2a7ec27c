r"""Train a captioner on what it says itself: self-critical training on CIDEr-D.

Cross-entropy teaches the next word of captions that people wrote. Here the captioner writes N captions w^1 ... w^N of
a photo by drawing words, each is scored against the people's captions, and each word's log-probability is raised or
lowered as its caption was better or worse than the other N - 1:

.. math::
    L = -\frac{1}{\text{words}} \sum_n A_n \sum_t \log p(w^n_t \mid w^n_{<t}), \qquad
    A_n = r(w^n) - \frac{1}{N-1} \sum_{m \ne n} r(w^m)

REINFORCE with a baseline from the model itself: Rennie et al. 2017, "Self-critical sequence training for image
captioning"; the mean of the other samples as the baseline: Luo 2020, "A better variant of self-critical sequence
training". The reward r is CIDEr-D (Vedantam et al. 2015), its n-grams weighed by the training captions, the end of the
caption counted as a word: without it captions learn to end in "with a".

The reward alone makes captions alike, and fits the training photos; so some cross-entropy stays in the loss, and each
photo is cropped, mirrored and lit a little differently each time.

    python -m model.training.self_critical --start runs/fine_tuned --data ../data/flickr8k ../data/coco \
        --out runs/self_critical

What is kept is the mean of the last epochs' weights. A run that was stopped goes on from its last epoch when the same
command is given again. The same seed gives the same run on the same versions and machine.
"""

import argparse
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from pycocoevalcap.cider.cider_scorer import CiderScorer, cook_refs, cook_test
from torch import Tensor

from model import shell
from model.captioner.config import CaptionerConfig
from model.captioner.decoder import Decoder
from model.errors import UserError
from model.training.fine_tune import add_options, train
from model.training.trainer import CaptionTrainer


@torch.no_grad()
def draw_captions(decoder: Decoder, regions: Tensor, count: int, config: CaptionerConfig, longest: int = 20) -> Tensor:
    """``count`` captions of each photo, word by word as the decoder's probabilities have it, by torch's generator.

    ``regions`` (B, R, channels) to numbers of words (B, count, T), from the start to the end token and padded; a
    caption that is still without an end after ``longest`` + 1 words is cut there.
    """
    seen = decoder.look(regions)
    state = decoder.first_state(seen).expand(-1, count, -1)
    words = torch.full((len(regions), count, 1), config.start_token_id, device=regions.device)
    finished = torch.zeros(len(regions), count, dtype=torch.bool, device=regions.device)
    for _ in range(longest + 1):
        embedded = decoder.embed(words[:, :, -1])
        step = decoder.step(embedded, state, seen)
        state = step.memory.state
        scores = decoder.predict(embedded, step.memory.hidden, step.context).float()
        scores[..., config.never_said] = -torch.inf
        drawn = torch.multinomial(scores.softmax(-1).flatten(0, 1), 1).view_as(finished)
        drawn = drawn.masked_fill(finished, config.pad_token_id)
        words = torch.cat([words, drawn[:, :, None]], dim=2)
        finished |= drawn == config.end_token_id
        if finished.all():
            break
    return words


class Reward:
    """CIDEr-D of captions given as numbers of words, n-grams weighed by how many photos' captions have them.

    Args:
        corpus: each photo's captions, from the start to the end token.
        pad: the number that stands for nothing.
    """

    def __init__(self, corpus: Iterable[Sequence[Sequence[int]]], pad: int):
        self.pad = pad
        photos = [cook_refs([self._text(row) for row in rows]) for rows in corpus if rows]
        self._log_photos = math.log(max(len(photos), 2))
        scorer = CiderScorer()
        scorer.crefs = photos
        scorer.compute_doc_freq()
        self._document_frequency = scorer.document_frequency

    def __call__(self, captions: Tensor, references: Tensor) -> Tensor:
        """``captions`` (B, N, T) against the same photos' ``references`` (B, M, U): scores (B, N), 0 to 10."""
        scorer = _CorpusScorer(self._document_frequency, self._log_photos)
        for rows, people in zip(captions.tolist(), references.tolist(), strict=True):
            cooked = cook_refs([text for row in people if (text := self._text(row))])
            for row in rows:
                scorer.ctest.append(cook_test(self._text(row)))
                scorer.crefs.append(cooked)
        return torch.tensor(scorer.compute_cider(), dtype=torch.float32).view(captions.shape[:2])

    def _text(self, row: Sequence[int]) -> str:
        """The words' numbers after the start, as words for the scorer."""
        return " ".join(str(number) for number in row[1:] if number != self.pad)


class _CorpusScorer(CiderScorer):
    """A scorer that weighs n-grams by a corpus counted before, not by the few captions it is given."""

    def __init__(self, document_frequency: dict, log_photos: float):
        super().__init__()
        self.document_frequency = document_frequency
        self._log_photos = log_photos

    @property
    def ref_len(self) -> float:
        return self._log_photos

    @ref_len.setter
    def ref_len(self, value: float | None) -> None:
        """``compute_cider`` would put the number of captions at hand here."""


class SelfCriticalTrainer(CaptionTrainer):
    """Trains on the captioner's own captions, and a little on the people's.

    Args:
        samples: N, captions drawn of each photo.
        people: the share of cross-entropy in the loss, 0 to 1.
    """

    def __init__(self, *args, samples: int, people: float, **kwargs):
        super().__init__(*args, **kwargs)
        self.samples, self.people = samples, people
        pad = self.model.config.pad_token_id
        self.rewards = {
            lang: Reward((words[lang] for words in self.train_dataset.words), pad) for lang in self.tokenizers
        }

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        network = self.accelerator.unwrap_model(model)
        regions = network.encoder(inputs["pixels"].contiguous(memory_format=torch.channels_last))
        loss = self.people * network(regions=regions, words=inputs["words"]).loss
        for lang, words in inputs["words"].items():
            captioned = (words != network.config.pad_token_id).any(dim=(1, 2))
            if captioned.any():
                ours = self._own_loss(network, regions[captioned], words[captioned], lang)
                loss = loss + (1 - self.people) * ours
        return (loss, {}) if return_outputs else loss

    def _own_loss(self, network, regions: Tensor, references: Tensor, lang: str) -> Tensor:
        decoder, config = network.decoders[lang], network.config
        decoder.eval()  # it speaks as it would in use
        captions = draw_captions(decoder, regions, self.samples, config)
        decoder.train()
        advantage = advantages(self.rewards[lang](captions, references)).to(regions.device)
        log_probs = decoder(regions, captions[:, :, :-1]).float().log_softmax(-1)
        said = captions[:, :, 1:]
        log_probs = log_probs.gather(-1, said[..., None]).squeeze(-1)  # (B, N, T)
        real = said != config.pad_token_id
        return -(advantage[..., None] * log_probs * real).sum() / real.sum()


def advantages(rewards: Tensor) -> Tensor:
    """How much better each of N rewards (..., N) is than the mean of the other N - 1."""
    others = (rewards.sum(-1, keepdim=True) - rewards) / (rewards.shape[-1] - 1)
    return rewards - others


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.self_critical",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--start", type=Path, required=True, metavar="DIR", help="the captioner to start from")
    add("--samples", type=int, default=5, help="captions drawn of each photo, 2 or more (default %(default)s)")
    add("--people", type=float, default=0.2, help="share of cross-entropy in the loss (default %(default)s)")
    add_options(parser, epochs=3, learning_rate=8e-5, encoder_learning_rate=0.0, averaged=2)
    options = parser.parse_args(argv)
    return shell.run(lambda: _train(options))


def _train(options: argparse.Namespace) -> int:
    if options.samples < 2:
        raise UserError(
            "Captions of the same photo are compared, and --samples {given} was asked for. Please ask for 2 or more.",
            given=options.samples,
        )
    return train(SelfCriticalTrainer, [options.start], options, samples=options.samples, people=options.people)


if __name__ == "__main__":
    sys.exit(main())
