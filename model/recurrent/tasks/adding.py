"""The adding problem: two marked numbers, far apart, and their sum at the end."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from model.errors import UserError
from model.recurrent.tasks.series import parse_number, split_numbers
from model.recurrent.tasks.task import Batch, Example, NumberTask, check_steps

_MARK = "*"


@dataclass(frozen=True)
class Adding(NumberTask):
    """T pairs (number, mark): the answer, after the last, is the sum of the two numbers whose mark is 1.

    Numbers are drawn from U(0, 1); one mark is in the first half of the sequence, one in the second, all other marks
    are 0. After Hochreiter and Schmidhuber 1997, experiment 4 (there numbers are from -1 to 1, the sum is scaled, and
    the marks stand elsewhere); as there, an answer is right within 0.04.
    Chance: always answering the mean, 1, costs the sum's variance, 2/12 = 0.167, and is right for
    1 - 0.96² = 7.8 % of the sums. Optimum: 0.
    """

    length: int = 20

    name: ClassVar[str] = "adding"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"length": (2, 200)}
    steps: ClassVar[int] = 1_500
    tolerance: ClassVar[float] = 0.04
    input_size: ClassVar[int] = 2
    output_size: ClassVar[int] = 1

    @property
    def references(self) -> dict[str, float]:
        """Losses to compare with: that of always answering 1, and the least."""
        return {"chance": 2 / 12, "optimum": 0.0}

    @property
    def chance_accuracy(self) -> float:
        """The share of sums that lie within the tolerance of 1."""
        return 1 - (1 - self.tolerance) ** 2

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw inputs (B, T, 2), numbers and marks, and the sums (B, 1, 1)."""
        numbers = torch.rand((size, self.length), generator=generator)
        half = self.length // 2
        first = torch.randint(half, (size, 1), generator=generator)
        second = torch.randint(half, self.length, (size, 1), generator=generator)
        marks = torch.zeros_like(numbers).scatter_(1, torch.cat([first, second], 1), 1.0)
        return Batch(torch.stack([numbers, marks], -1), (numbers * marks).sum(1)[:, None, None])

    def read(self, text: str) -> Example:
        """Numbers with a ``*`` behind those that are marked: ``0.3 0.25* 0.8 0.5*``."""
        words = split_numbers(text)
        check_steps(len(words))
        inputs = torch.tensor([(parse_number(word.removesuffix(_MARK)), word.endswith(_MARK)) for word in words])
        if not ((inputs >= 0) & (inputs <= 1)).all():
            raise UserError("The adding problem's numbers go from 0 to 1. Please type such numbers.")
        total = float(inputs.prod(1).sum())
        return self.example(Batch(inputs[None], torch.tensor([[[total]]])))

    def example(self, batch: Batch, row: int = 0) -> Example:
        """Name one of a batch's sequences: its numbers, with a star where they are marked, and the sum."""
        inputs = batch.inputs[row]
        symbols = tuple(f"{number:.2f}{_MARK if mark else ''}" for number, mark in inputs.tolist())
        return Example(inputs, symbols, ("",) * (len(symbols) - 1) + (f"{batch.targets[row].item():.2f}",))
