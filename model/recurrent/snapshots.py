"""Snapshots of a training run: enough to look at the network as it was, and to go on from there exactly."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Snapshot:
    """A training run after ``step`` steps. The tensors are copies."""

    step: int
    #: The network's numbers by name.
    weights: dict[str, Tensor]
    #: The optimiser's state by parameter and name, such as Adam's running means.
    optimizer: dict[int, dict[str, Any]]
    #: The state of the generator that draws the training sequences.
    generator: Tensor

    @cached_property
    def size(self) -> int:
        """Bytes."""
        tensors = [*self.weights.values(), self.generator]
        tensors += [value for state in self.optimizer.values() for value in state.values() if torch.is_tensor(value)]
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


#: How many steps apart the first snapshots are.
_EVERY = 10


class Snapshots:
    """The snapshots of a run, evenly spread over its steps, within a budget of memory.

    When they no longer fit, every other one is dropped, and from then on they are taken half as often. The first is
    always kept.
    """

    def __init__(self, budget: int):
        """``budget`` in bytes."""
        self._budget = budget
        self._every = _EVERY
        self._kept: dict[int, Snapshot] = {}

    @property
    def steps(self) -> list[int]:
        """The steps of which there is a snapshot, in order."""
        return sorted(self._kept)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(snapshot.size for snapshot in self._kept.values())

    def due(self, step: int) -> bool:
        """Whether one is to be taken after this step."""
        return step % self._every == 0

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot, and thin out the others where the budget is spent."""
        # A new dictionary each time: a page's thread may be going through the old one.
        self._kept = {**self._kept, snapshot.step: snapshot}
        while len(self._kept) > 2 and self.size > self._budget:
            self._every *= 2
            first = min(self._kept)
            self._kept = {s: kept for s, kept in self._kept.items() if s % self._every == 0 or s == first}

    def nearest(self, step: int) -> Snapshot:
        """The latest snapshot that is not after ``step``, or else the first."""
        kept = self._kept
        before = [taken for taken in kept if taken <= step]
        return kept[max(before) if before else min(kept)]

    def drop_after(self, step: int) -> None:
        """Forget what came after ``step``."""
        self._kept = {kept: snapshot for kept, snapshot in self._kept.items() if kept <= step}
