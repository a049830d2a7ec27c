"""Ten random numbers to ten: the classic first LSTM exercise, which there is nothing in to learn.

The exercise, as tutorials give it, in Keras::

    X = np.random.rand(100, 10)                       # 2-D, where a recurrent layer wants (batch, time, features)
    y = np.random.rand(100, 10)                       # random targets
    outputs, states = self.lstm(inputs, ...)          # return_state gives three values: outputs, h and c
    model.fit(X, y, epochs=100, batch_size=32)        # then: model.predict(np.random.rand(1, 10))

torch raises no error on the 2-D data: ``nn.LSTM`` reads (100, 10) as one sequence of 100 steps without a batch. And
random targets cannot be predicted: nothing beats answering 1/2, which costs the targets' variance, 1/12. The training
loss falls that far because the network finds the mean, and after long training a little further, because it learns the
100 pairs by heart; on new pairs it does not.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import torch

from model import checks
from model.errors import UserError
from model.recurrent.tasks.series import parse_numbers
from model.recurrent.tasks.task import Batch, Example, NumberTask

PAIRS = 100
SIZE = 10
READINGS = ("pairs", "one_sequence")


@dataclass(frozen=True)
class TenNumbers(NumberTask):
    """100 pairs of ten numbers and ten numbers, all drawn once from U(0, 1) by ``pairs_seed``.

    ``reading`` says how a recurrent layer reads the 2-D data: ``"pairs"``, as it is meant, 100 sequences of 1 step; or
    ``"one_sequence"``, as torch does, 1 sequence of 100 steps (then every batch is that sequence).
    Each training step takes ``size`` different pairs at random; 100 epochs of 100 pairs in batches of 32 are 400 steps.

    ``variance`` (chance and optimum on new pairs): answering 1/2, the mean of U(0, 1), costs its variance 1/12. An
    answer is right within 0.1, which 1/2 is for 20 % of the numbers.
    """

    reading: str = "pairs"
    pairs_seed: int = 0

    name: ClassVar[str] = "ten_numbers"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"pairs_seed": (0, 2**32 - 1)}
    suggested: ClassVar[dict] = {
        "cell": "lstm",
        "hidden_size": 50,
        "optimizer": "adam",
        "learning_rate": 1e-3,
        "batch_size": 32,
        "clip": 0.0,
        "keep_bias": 1.0,  # as Keras' LSTM has it
    }
    steps: ClassVar[int] = 400
    input_size: ClassVar[int] = SIZE
    output_size: ClassVar[int] = SIZE

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.one_of("reading", self.reading, READINGS)

    @property
    def references(self) -> dict[str, float]:
        """The loss to compare with: the variance of U(0, 1)."""
        return {"variance": 1 / 12}

    @property
    def chance(self) -> float:
        """The loss of always answering 1/2."""
        return 1 / 12

    @property
    def chance_accuracy(self) -> float:
        """The share of numbers that lie within the tolerance of 1/2."""
        return 2 * self.tolerance

    @cached_property
    def pairs(self) -> Batch:
        """The exercise's X and y, each (100, 10)."""
        numbers = np.random.default_rng(self.pairs_seed).random((2, PAIRS, SIZE), dtype=np.float32)
        return Batch(*torch.from_numpy(numbers))

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw different pairs (B, 1, 10), or give the one sequence (1, 100, 10)."""
        if self.reading == "one_sequence":
            return Batch(self.pairs.inputs[None], self.pairs.targets[None])
        chosen = torch.randperm(PAIRS, generator=generator)[:size]
        return Batch(self.pairs.inputs[chosen, None], self.pairs.targets[chosen, None])

    def fresh(self, size: int, generator: torch.Generator) -> Batch:
        """New pairs (or, for ``"one_sequence"``, one new sequence of them)."""
        if self.reading == "one_sequence":
            return Batch(*(numbers[None] for numbers in _random_pairs(PAIRS, generator)))
        return Batch(*(numbers[:, None] for numbers in _random_pairs(size, generator)))

    def read(self, text: str) -> Example:
        """Ten numbers for each step."""
        numbers = parse_numbers(text)
        if not numbers or len(numbers) % SIZE:
            raise UserError(
                "These are {given} numbers. Please type ten for each step, such as 0.1 0.5 0.9 ...", given=len(numbers)
            )
        inputs = torch.tensor(numbers).reshape(-1, SIZE)
        return Example(inputs, _named(inputs), ("",) * len(inputs))

    def example(self, batch: Batch, row: int = 0) -> Example:
        """Name one of a batch's sequences: ten numbers a step."""
        return Example(batch.inputs[row], _named(batch.inputs[row]), _named(batch.targets[row]))


def _random_pairs(count: int, generator: torch.Generator) -> Batch:
    return Batch(torch.rand((count, SIZE), generator=generator), torch.rand((count, SIZE), generator=generator))


def _named(steps: torch.Tensor) -> tuple[str, ...]:
    return tuple(" ".join(f"{number:.2f}" for number in numbers) for numbers in steps.tolist())
