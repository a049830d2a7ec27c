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
caption counted as a word (without it captions learn to end in "with a"), less a cost for each thing that is said twice
(``model.captioner.repetition``). Only captions that people wrote are learned from.

The reward alone makes captions alike, and fits the training photos; so some cross-entropy stays in the loss, and each
photo is cropped, mirrored and lit a little differently each time. The eye may learn, too.

    python -m model.training.self_critical --from runs/fine_tuned --data ../data/flickr8k ../data/coco \
        --out runs/self_critical

What is kept is the mean of the last epochs' weights. A run that was stopped goes on from its last epoch when the same
command is given again. The same seed gives the same run on the same versions and machine, with as many threads.
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
from model.captioner.captioner import CaptionerModel
from model.captioner.config import CaptionerConfig
from model.captioner.decoder import Decoder
from model.captioner.repetition import Repetition
from model.errors import UserError
from model.training.fine_tune import add_options, train
from model.training.trainer import CaptionTrainer


@torch.no_grad()
def draw_captions(decoder: Decoder, regions: Tensor, chances: Tensor, config: CaptionerConfig) -> Tensor:
    """N captions of each photo, word by word as the decoder's probabilities have it.

    ``regions`` (B, R, channels) and ``chances`` (B, N, T), numbers drawn evenly from 0 to 1, to numbers of words
    (B, N, 1 + T at most), from the start to the end token and padded. A word is the first at which the sum of the
    probabilities so far exceeds its chance. A caption that is still without an end after T words is cut there.
    """
    count = chances.shape[1]
    seen = decoder.look(regions)
    state = decoder.first_state(seen).expand(-1, count, -1)
    words = torch.full((len(regions), count, 1), config.start_token_id, device=regions.device)
    finished = torch.zeros(len(regions), count, dtype=torch.bool, device=regions.device)
    for chance in chances.unbind(-1):
        embedded = decoder.embed(words[:, :, -1])
        step = decoder.step(embedded, state, seen)
        state = step.memory.state
        scores = decoder.predict(embedded, step.memory.hidden, step.context).float()
        scores[..., config.never_said] = -torch.inf
        sums = scores.softmax(-1).cumsum(-1)
        drawn = torch.searchsorted(sums, (chance * sums[..., -1])[..., None], right=True).squeeze(-1)
        drawn = drawn.clamp(max=sums.shape[-1] - 1)  # should rounding leave it behind the last word
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
        repetition: says what a caption says twice.
        repeat_cost: what each such thing costs.
    """

    def __init__(
        self,
        corpus: Iterable[Sequence[Sequence[int]]],
        pad: int,
        repetition: Repetition | None = None,
        repeat_cost: float = 0.0,
    ):
        self.pad, self.repetition, self.repeat_cost = pad, repetition, repeat_cost
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
        rewards = torch.tensor(scorer.compute_cider(), dtype=torch.float32).view(captions.shape[:2])
        if self.repetition and self.repeat_cost:
            repeats = [[len(self.repetition.repeats(row[1:])) for row in rows] for rows in captions.tolist()]
            rewards = rewards - self.repeat_cost * torch.tensor(repeats)
        return rewards

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
        people: the share of cross-entropy in the loss, 0 to 1.
        repeat_cost: taken off a caption's reward for each thing it says twice.
    """

    from_people_alone = True

    def __init__(self, *args, people: float, repeat_cost: float, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        pad = self.model.config.pad_token_id
        self.rewards = {
            lang: Reward(
                (words[lang] for words in self.train_dataset.words), pad, Repetition(tokenizer, lang), repeat_cost
            )
            for lang, tokenizer in self.tokenizers.items()
        }

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """The loss of its own captions and the people's, weighed by ``people``; transformers calls it."""
        network = self.accelerator.unwrap_model(model)
        words, chances = inputs["words"], inputs["chances"]
        counts = self.word_counts(words)

        def loss(regions: Tensor) -> Tensor:
            of_people = network.cross_entropy(regions, words, counts)
            sums, said = zip(*(self._own(network, regions, words[lang], chances, lang) for lang in words), strict=True)
            said = self.accelerator.reduce(torch.tensor(said, device=regions.device), "mean").clamp(min=1)
            own = sum(total / count for total, count in zip(sums, said, strict=True))
            return self.people * of_people + (1 - self.people) * own

        output = model(words=words, pixels=inputs["pixels"], loss=loss)
        return (output.loss, output) if return_outputs else output.loss

    def _own(
        self, network: CaptionerModel, regions: Tensor, references: Tensor, chances: Tensor, lang: str
    ) -> tuple[Tensor, float]:
        """The loss of its own captions, summed over their words, and how many words these are."""
        captioned = (references != network.config.pad_token_id).any(dim=(1, 2))
        if not captioned.any():
            return regions.sum() * 0, 0.0
        regions, references, chances = regions[captioned], references[captioned], chances[captioned]
        decoder, config = network.decoder_of(lang), network.config
        decoder.eval()  # it speaks as it would in use
        captions = draw_captions(decoder, regions, chances, config)
        decoder.train()
        advantage = advantages(self.rewards[lang](captions, references)).to(regions.device)
        log_probs = decoder(regions, captions[:, :, :-1]).float().log_softmax(-1)
        said = captions[:, :, 1:]
        log_probs = log_probs.gather(-1, said[..., None]).squeeze(-1)  # (B, N, T)
        real = said != config.pad_token_id
        return -(advantage[..., None] * log_probs * real).sum(), float(real.sum())


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
    add("--from", "--start", dest="start", type=Path, required=True, metavar="DIR", help="the captioner to start from")
    add("--samples", type=int, default=5, help="captions drawn of each photo, 2 or more (default %(default)s)")
    add("--repeat-cost", type=float, default=0.3, help="of each thing said twice (default %(default)s)")
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
    settings = {"people": options.people, "repeat_cost": options.repeat_cost}
    return train(SelfCriticalTrainer, [options.start], options, samples=options.samples, **settings)


if __name__ == "__main__":
    sys.exit(main())
