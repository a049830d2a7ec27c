"""What a class answered in one round, beside what a network did."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Guesses:
    """A class's guesses at a caption's next word, and the network's probabilities of the same words."""

    #: The word that came.
    word: str
    #: How many guessed each word, the most frequent first.
    counts: Mapping[str, int]
    #: The network's probabilities of these, of the word that came, and of its likeliest words.
    probabilities: Mapping[str, float]
    #: How surprised the class and the network were by the word that came, bits; None for a class of nobody.
    class_bits: float | None
    network_bits: float

    @property
    def answers(self) -> int:
        """How many guessed."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Looks:
    """Where a class would look for a caption's next word, and where the network did."""

    #: The word that came.
    word: str
    #: How many pointed at each region, (rows, columns).
    counts: np.ndarray
    #: The network's attention, (rows, columns), sums to 1.
    attention: np.ndarray
    #: How far its gate on what it saw was open, 0 to 1.
    gate: float
    #: Spearman's rank correlation of the two maps; None where one of them has no order, as with no answers.
    agreement: float | None
    #: Of all places to which the network's map can be shifted around, the share where it agrees at least as well.
    by_chance: float | None
    #: The rank correlation of two random halves of the class, the mean over many divisions; None for less than two.
    halves: float | None


@dataclass(frozen=True)
class Predictions:
    """How many spikes a class predicted, and how many came."""

    counts: Mapping[int, int]
    spikes: int


@dataclass(frozen=True)
class Choices:
    """How a class answered a question with given answers."""

    answers: tuple[str, ...]
    #: How many chose each, in the answers' order.
    counts: tuple[int, ...]
    #: The place of the right one.
    right: int


@dataclass(frozen=True)
class Stimulated:
    """A neuron's current, of which a class predicts what it will cause."""

    #: The start of each step, (T,), ms.
    time: np.ndarray
    #: (T,), in ``unit``.
    current: np.ndarray
    #: "" where the model's currents have none.
    unit: str
