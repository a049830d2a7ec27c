"""Running parity: is the number of ones so far odd?"""

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from model.recurrent.tasks.task import Batch, SymbolTask, one_hot


@dataclass(frozen=True)
class Parity(SymbolTask):
    """Bits x_1 ... x_T, each 0 or 1 with probability 1/2; at each step t the answer is x_1 XOR ... XOR x_t.

    One bit of memory is enough, but it must turn over at every 1: one slip, and all later answers are wrong.
    Chance: ln 2 nats, half the answers. Optimum: 0, as the answer follows from the input.
    """

    length: int = 10

    name: ClassVar[str] = "parity"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"length": (1, 200)}
    steps: ClassVar[int] = 400
    alphabet: ClassVar[tuple[str, ...]] = ("0", "1")
    classes: ClassVar[tuple[str, ...]] = ("0", "1")

    @property
    def references(self) -> dict[str, float]:
        """Losses to compare with, in nats: that of guessing, and the least."""
        return {"chance": math.log(2), "optimum": 0.0}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw bits, one-hot (B, T, 2), and their running parities (B, T)."""
        bits = torch.randint(2, (size, self.length), generator=generator)
        return Batch(one_hot(bits, 2), bits.cumsum(1) % 2)

    def _answers(self, codes: Tensor) -> tuple[str, ...]:
        return tuple(self.classes[parity] for parity in (codes.cumsum(0) % 2).tolist())
