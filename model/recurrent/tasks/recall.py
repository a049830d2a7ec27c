"""Delayed recall: keep the first symbol while others pass."""

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from model.recurrent.tasks.task import Batch, SymbolTask, one_hot

_CUE = "?"


@dataclass(frozen=True)
class Recall(SymbolTask):
    """A symbol of A to H, then ``distractors`` more of the same letters, then ``?``: which was the first?

    All letters are drawn with equal probability, so only the place tells the first from the others: the network must
    write it down and then keep everything else out. A blank delay would be too easy: a plain RNN bridges 50 blanks
    after seconds of training. T = distractors + 2 steps, one answer.
    Chance: ln 8 nats, 1 answer in 8. Optimum: 0.
    """

    distractors: int = 20

    name: ClassVar[str] = "recall"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"distractors": (0, 200)}
    steps: ClassVar[int] = 1_000
    classes: ClassVar[tuple[str, ...]] = tuple("ABCDEFGH")
    alphabet: ClassVar[tuple[str, ...]] = (*classes, _CUE)

    @property
    def references(self) -> dict[str, float]:
        """Losses to compare with, in nats: that of guessing, and the least."""
        return {"chance": math.log(len(self.classes)), "optimum": 0.0}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw letters and the cue, one-hot (B, distractors + 2, 9), and each first letter's code (B, 1)."""
        letters = torch.randint(len(self.classes), (size, self.distractors + 1), generator=generator)
        cue = torch.full((size, 1), self.alphabet.index(_CUE))
        return Batch(one_hot(torch.cat([letters, cue], 1), len(self.alphabet)), letters[:, :1])

    def _answers(self, codes: Tensor) -> tuple[str, ...]:
        first, *others = (self.alphabet[code] for code in codes.tolist())
        return ("", *(first if symbol == _CUE and first != _CUE else "" for symbol in others))
