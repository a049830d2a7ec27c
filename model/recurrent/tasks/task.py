"""What a task is: sequences to learn from, what counts as an error, and what to compare a loss with.

A task draws its own sequences from a generator that the caller seeds. Losses are means over all answers asked for: for
a choice between classes the cross-entropy -log p(right class) in nats, for numbers the squared error.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from model import checks
from model.errors import UserError
from model.recurrent.text import symbols_of

#: The longest sequence that a user may type, in steps.
MAX_STEPS = 1_000


class Batch(NamedTuple):
    """B sequences of T steps, and what is to be answered at the last K of them."""

    #: x_t, (B, T, I).
    inputs: Tensor
    #: The classes (B, K), or the numbers (B, K, O).
    targets: Tensor


class Example(NamedTuple):
    """One sequence to look at."""

    #: x_t, (T, I).
    inputs: Tensor
    #: What a reader calls each input, T of them.
    symbols: tuple[str, ...]
    #: What a reader calls the right answer at each step, ``""`` where nothing is asked or it is not known; T of them.
    answers: tuple[str, ...]

    def first(self, steps: int) -> "Example":
        """Its first steps, so many or all."""
        return Example(self.inputs[:steps], self.symbols[:steps], self.answers[:steps])


@dataclass(frozen=True)
class Task(ABC):
    """A task; each is a frozen dataclass whose fields are its parameters."""

    #: Its name in files, in URLs and in ``TASKS``.
    name: ClassVar[str]
    #: The least and the most of each field that is a whole number.
    limits: ClassVar[dict[str, tuple[int, int]]] = {}
    #: Settings that suit it better than the common ones (see ``Settings``).
    suggested: ClassVar[dict[str, Any]] = {}
    #: How many steps of training it wants with its suggested settings, generously.
    steps: ClassVar[int] = 1_000
    #: Its answers can be its next inputs, so that a network can go on by itself (see ``model.recurrent.reading``).
    continues: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for field, (least, most) in self.limits.items():
            object.__setattr__(self, field, checks.whole(field, getattr(self, field), least, most))

    @property
    def classes(self) -> tuple[str, ...]:
        """What its outputs stand for, where they are a choice between classes."""
        return ()

    @property
    @abstractmethod
    def input_size(self) -> int:
        """I."""

    @property
    @abstractmethod
    def output_size(self) -> int:
        """O."""

    @property
    @abstractmethod
    def references(self) -> dict[str, float]:
        """Losses to compare with, by name; each task's docstring says what they are."""

    @property
    @abstractmethod
    def chance(self) -> float:
        """The loss of who knows nothing: all classes equally likely, or always the mean."""

    @property
    @abstractmethod
    def chance_accuracy(self) -> float:
        """The share of right answers by the same guess."""

    @abstractmethod
    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """``size`` sequences to train on."""

    def fresh(self, size: int, generator: torch.Generator) -> Batch:
        """``size`` sequences to try the network on. Where sequences are drawn anew each time, that is all it takes."""
        return self.batch(size, generator)

    @abstractmethod
    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of outputs (B, K, O), a scalar that can be differentiated."""

    @abstractmethod
    def hits(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Which answers are right, booleans: (B, K), or (B, K, O) for numbers."""

    def accuracy(self, outputs: Tensor, targets: Tensor) -> float:
        """The share of right answers."""
        return self.hits(outputs, targets).float().mean().item()

    @abstractmethod
    def read(self, text: str) -> Example:
        """The sequence that a user typed.

        Raises:
            UserError: when it cannot be read, is empty, or has more than ``MAX_STEPS`` steps.
        """

    @abstractmethod
    def example(self, batch: Batch, row: int = 0) -> Example:
        """One of a batch's sequences with the names of its inputs and answers."""


class SymbolTask(Task):
    """A task on symbols: x_t is one-hot over ``alphabet``, y_t chooses between ``classes``."""

    @property
    @abstractmethod
    def alphabet(self) -> tuple[str, ...]:
        """The symbols that an input can be, I of them."""

    @property
    def input_size(self) -> int:
        """I, the number of symbols."""
        return len(self.alphabet)

    @property
    def output_size(self) -> int:
        """O, the number of classes."""
        return len(self.classes)

    @property
    def chance(self) -> float:
        """ln of the number of classes, in nats."""
        return math.log(len(self.classes))

    @property
    def chance_accuracy(self) -> float:
        """One over the number of classes."""
        return 1 / len(self.classes)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean cross-entropy of outputs (B, K, O) and codes (B, K), in nats."""
        return F.cross_entropy(outputs.flatten(0, 1), targets.flatten())

    def hits(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Which of the classes with the highest outputs are right, (B, K)."""
        return outputs.argmax(-1) == targets

    def read(self, text: str) -> Example:
        """Read the symbols that a user typed, one-hot (T, I).

        Raises:
            UserError: when one is not in ``alphabet``, or there are none or more than ``MAX_STEPS``.
        """
        symbols = tuple(self._split(text))
        check_steps(len(symbols))
        known = set(self.alphabet)
        for symbol in symbols:
            if symbol not in known:
                raise UserError(
                    "The network does not know {symbol}. It knows: {alphabet}",
                    symbol=repr(symbol),
                    alphabet=self._spelled_alphabet(),
                )
        codes = torch.tensor([self.alphabet.index(symbol) for symbol in symbols])
        return Example(one_hot(codes, self.input_size), symbols, self._answers(codes))

    def example(self, batch: Batch, row: int = 0) -> Example:
        """Name one of a batch's sequences by its symbols and answers."""
        codes = batch.inputs[row].argmax(-1)
        answers = [self.classes[code] for code in batch.targets[row].tolist()]
        symbols = tuple(self.alphabet[code] for code in codes.tolist())
        return Example(batch.inputs[row], symbols, tuple([""] * (len(symbols) - len(answers)) + answers))

    def _split(self, text: str) -> list[str]:
        """The symbols of a typed sequence; spaces and small letters do not matter unless a task says so."""
        return symbols_of("".join(text.upper().split()))

    def _answers(self, codes: Tensor) -> tuple[str, ...]:
        """The right answers for a typed sequence, codes (T,)."""
        return ("",) * len(codes)

    def _spelled_alphabet(self) -> str:
        shown = " ".join(self.alphabet[:60])
        return shown if len(self.alphabet) <= 60 else f"{shown} …"


class NumberTask(Task):
    """A task on numbers, whose answers are numbers too: right within ``tolerance``."""

    tolerance: ClassVar[float] = 0.1

    @property
    def chance(self) -> float:
        """The loss of always answering the mean."""
        return self.references["chance"]

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean square of outputs (B, K, O) less targets."""
        return F.mse_loss(outputs, targets)

    def hits(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Which outputs are within ``tolerance`` of their targets, (B, K, O)."""
        return (outputs - targets).abs() < self.tolerance


def one_hot(codes: Tensor, size: int) -> Tensor:
    """Codes (...) to vectors (..., size) with a single 1."""
    return torch.zeros(*codes.shape, size).scatter_(-1, codes[..., None], 1.0)


def check_steps(given: int) -> None:
    """Raise UserError where a typed sequence has no steps or too many."""
    if not 1 <= given <= MAX_STEPS:
        raise UserError(
            "The sequence has {given} steps; 1 to {most} are accepted. Please type one of that length.",
            given=given,
            most=MAX_STEPS,
        )
