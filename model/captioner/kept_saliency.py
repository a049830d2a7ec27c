"""Integrated gradients of the sample photos' captions, computed beforehand: they take the longest of the ways to ask
which pixels mattered, seconds a word, and a class asks for the same photos again and again.

``python -m model.training.saliency`` writes them, by ``model.captioner.saliency.explain`` and nothing else. They are
those of the captions of the page's first settings, against grey photos; the answer for a word holds in every caption
that begins alike.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from model.captioner.saliency import Baseline, Method, agreement, over_regions
from model.traces import CaptionTrace, SaliencyTrace
from model.weights import damaged, load_metadata, load_weights, save_weights

#: What the file in a language's folder is called.
SALIENCY_FILE = "saliency.safetensors"
METHOD: Method = "integrated_gradients"
BASELINE: Baseline = "grey"
#: The kept map of the pixels has this many squares along a side; a photo's 260 pixels are five to a square.
FINE = 52
#: A square's sum is kept in one of so many steps on each side of 0, wrong by half a step at most.
_LEVELS = 127


class Question(NamedTuple):
    """Which word of which sample's caption was explained: the last of these, with the words before it."""

    sample: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class KeptSaliency:
    """N answers in one language, each in the place of its question."""

    questions: tuple[Question, ...]
    #: The pixels' attributions, summed over squares, as a part of ``largest``, (N, FINE, FINE), int8.
    squares: np.ndarray
    #: The largest square's, signs aside, nats, (N,).
    largest: np.ndarray
    #: The attributions on attention's grid, nats, (N, rows, columns).
    regions: np.ndarray
    #: log p of the word for the baseline, nats, (N,).
    baseline_log_prob: np.ndarray

    @classmethod
    def of(cls, answers: Sequence[tuple[Question, SaliencyTrace]]) -> "KeptSaliency":
        """Answers as ``explain`` gives them, made small."""
        sums = np.stack([over_regions(one.pixels, (FINE, FINE)) for _question, one in answers])
        largest = np.abs(sums).max(axis=(1, 2))
        parts = sums / np.maximum(largest, 1e-12)[:, None, None]
        return cls(
            questions=tuple(question for question, _one in answers),
            squares=np.rint(parts * _LEVELS).astype(np.int8),
            largest=largest.astype(np.float32),
            regions=np.stack([one.regions for _question, one in answers]).astype(np.float32),
            baseline_log_prob=np.array([one.baseline_log_prob for _question, one in answers], np.float32),
        )

    def find(self, sample: str, caption: CaptionTrace, place: int) -> SaliencyTrace | None:
        """What is known of a word of a sample's caption, or None. Its map has squares for pixels."""
        question = Question(sample, caption.words[: place + 1])
        if question not in self.questions:
            return None
        at = self.questions.index(question)
        attention, regions = caption.attention[place], self.regions[at]
        return SaliencyTrace(
            method=METHOD,
            baseline=BASELINE,
            word=caption.words[place],
            place=place,
            pixels=self.squares[at].astype(np.float32) / _LEVELS * self.largest[at],
            regions=regions,
            attention=attention,
            log_prob=float(caption.log_probs[place]),
            baseline_log_prob=float(self.baseline_log_prob[at]),
            agreement=agreement(attention, regions),
        )


def save_saliency(kept: KeptSaliency, folder: Path, digest: str) -> None:
    """Write it into a language's folder, with the digest of the captioner's weights that it explains."""
    questions = [[one.sample, " ".join(one.words)] for one in kept.questions]
    tensors = {name: torch.tensor(getattr(kept, name)) for name in _TENSORS}
    about = {"captioner_digest": digest, "questions": json.dumps(questions, ensure_ascii=False)}
    save_weights(tensors, folder / SALIENCY_FILE, about)


def load_saliency(folder: Path) -> KeptSaliency:
    """What ``save_saliency`` wrote.

    Raises:
        MissingFileError: when there is none in the folder.
        WeightsError: when it is damaged.
    """
    file = folder / SALIENCY_FILE
    tensors = load_weights(file)
    try:
        told = json.loads(load_metadata(file)["questions"])
        questions = tuple(Question(sample, tuple(words.split(" "))) for sample, words in told)
        kept = KeptSaliency(questions, **{name: tensors[name].numpy() for name in _TENSORS})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(file) from error
    if not _belong_together(kept):
        raise damaged(file)
    return kept


_TENSORS = "squares", "largest", "regions", "baseline_log_prob"


def _belong_together(kept: KeptSaliency) -> bool:
    count = len(kept.questions)
    lengths = {len(getattr(kept, name)) for name in _TENSORS if getattr(kept, name).ndim}
    shapes = kept.squares.shape[1:] == (FINE, FINE) and kept.squares.dtype == np.int8 and kept.regions.ndim == 3
    return shapes and lengths == {count} and kept.largest.ndim == kept.baseline_log_prob.ndim == 1
