"""Series of numbers, continued: a sine, or numbers that the user typed."""

import math
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex
import torch
from torch import Tensor

from model import checks
from model.errors import SettingError, UserError
from model.recurrent.tasks.task import MAX_STEPS, Batch, Example, NumberTask, check_steps

#: No number that a user types is larger in absolute value.
LARGEST = 1e9
_NUMBER = regex.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", regex.ASCII)
_BETWEEN = regex.compile(r"[\s,;、，；]+")
#: Of a typed list, in characters.
_MAX_CHARACTERS = 30 * MAX_STEPS


class SeriesTask(NumberTask):
    """At each step the answer is the next number. Only from the second step on: one number alone shows no direction.

    The network sees z = (number - mean) / deviation; losses are in these units.
    """

    continues: ClassVar[bool] = True
    input_size: ClassVar[int] = 1
    output_size: ClassVar[int] = 1

    @property
    def mean(self) -> float:
        """What is taken off each number, in the series' own units."""
        return 0.0

    @property
    def deviation(self) -> float:
        """What each number is divided by then, in the series' own units."""
        return 1.0

    def read(self, text: str) -> Example:
        """Numbers with spaces, commas, semicolons or line ends between them."""
        numbers = parse_numbers(text)
        check_steps(len(numbers))
        z = self.standardised(numbers)
        return Example(z[:, None], self._named(z), ("", *self._named(z[2:]), "")[: len(z)])

    def example(self, batch: Batch, row: int = 0) -> Example:
        """Name one of a batch's sequences in the series' own units."""
        z = batch.inputs[row, :, 0]
        return Example(batch.inputs[row], self._named(z), ("", *self._named(batch.targets[row, :, 0])))

    def standardised(self, numbers: list[float] | tuple[float, ...]) -> Tensor:
        """Numbers (T,) as the network sees them, float32."""
        return ((torch.tensor(numbers, dtype=torch.float64) - self.mean) / self.deviation).float()

    def in_units(self, z: float) -> float:
        """What the network's number z is in the series' own units."""
        return self.mean + self.deviation * z

    def _named(self, z: Tensor) -> tuple[str, ...]:
        return tuple(f"{self.in_units(number):.4g}" for number in z.tolist())


def _pieces(z: Tensor) -> Batch:
    """Pieces (B, T + 1) as inputs of T steps, and the answers to all but the first."""
    return Batch(z[:, :-1, None], z[:, 2:, None])


@dataclass(frozen=True)
class Sine(SeriesTask):
    """sin(2π t / period + φ) for t = 0 ... T - 1, φ drawn anew for each sequence; the answer is the value at t + 1.

    Two values in a row determine all that follow, x_{t+1} = 2 cos(2π / period) x_t - x_{t-1}, so the optimum is 0.
    Chance: always answering the mean, 0, costs the variance 1/2. ``last_value``: answering the value just seen costs
    1 - cos(2π / period).
    """

    period: int = 20
    length: int = 40

    name: ClassVar[str] = "sine"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"period": (3, 200), "length": (3, 200)}

    @property
    def references(self) -> dict[str, float]:
        """Losses to compare with: that of always answering 0, of the last value, and the least."""
        return {"chance": 0.5, "last_value": 1 - math.cos(2 * math.pi / self.period), "optimum": 0.0}

    @property
    def chance_accuracy(self) -> float:
        """The share of a sine's values that lie within the tolerance of 0."""
        return 2 / math.pi * math.asin(self.tolerance)

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw phases: inputs (B, T, 1) and the values that follow from the second step on, (B, T - 1, 1)."""
        phase = 2 * math.pi * torch.rand((size, 1), generator=generator)
        return _pieces(torch.sin(phase + 2 * math.pi / self.period * torch.arange(self.length + 1)))


@dataclass(frozen=True)
class Numbers(SeriesTask):
    """Pieces of ``length`` numbers out of the user's own series; the answer is the number that follows.

    Chance: always answering the series' mean costs its variance, which is 1 in the network's units. ``last_value``:
    answering the number just seen costs the mean square of the differences. The optimum is not known. An answer is
    right within a tenth of the standard deviation.

    Raises:
        UserError: when the numbers are too few, too many, too large, or all the same.
    """

    numbers: tuple[float, ...]
    length: int = 20

    name: ClassVar[str] = "numbers"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"length": (3, 200)}

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.kind("numbers", self.numbers, tuple | list, "a list of numbers")
        object.__setattr__(self, "numbers", tuple(map(_checked, self.numbers)))
        if not 4 <= len(self.numbers) <= MAX_STEPS or self.deviation == 0:
            raise UserError(
                "The series has {given} numbers, {different} of them different. "
                "Please give 4 to {most} numbers that are not all the same.",
                given=len(self.numbers),
                different=len(set(self.numbers)),
                most=MAX_STEPS,
            )

    @classmethod
    def from_text(cls, text: str, length: int = 20) -> "Numbers":
        """The series that a user typed (see ``parse_numbers``)."""
        return cls(parse_numbers(text), length)

    @cached_property
    def mean(self) -> float:
        """The mean of the series."""
        return math.fsum(self.numbers) / len(self.numbers)

    @cached_property
    def deviation(self) -> float:
        """The standard deviation, √(Σ (number - mean)² / N)."""
        return math.sqrt(math.fsum((number - self.mean) ** 2 for number in self.numbers) / len(self.numbers))

    @cached_property
    def _z(self) -> Tensor:
        return self.standardised(self.numbers)

    @property
    def references(self) -> dict[str, float]:
        """Losses to compare with, in the network's units: that of the mean, and of the last value."""
        return {"chance": 1.0, "last_value": float(self._z.diff().square().mean())}

    @property
    def chance_accuracy(self) -> float:
        """The share of the numbers that lie within the tolerance of their mean."""
        return float((self._z.abs() < self.tolerance).float().mean())

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw pieces of the series: inputs (B, T, 1) and the numbers that follow, (B, T - 1, 1)."""
        length = min(self.length, len(self._z) - 1)
        starts = torch.randint(len(self._z) - length, (size, 1), generator=generator)
        return _pieces(self._z[starts + torch.arange(length + 1)])


def parse_numbers(text: str) -> tuple[float, ...]:
    """Numbers that a user typed, with spaces, commas, semicolons or line ends between them; a decimal has a point.

    Raises:
        UserError: when something else stands there, or a number is larger than ``LARGEST``.
    """
    return tuple(map(parse_number, split_numbers(text)))


def split_numbers(text: str) -> list[str]:
    """The words of a typed list of numbers.

    Raises:
        UserError: when the text is too long for ``MAX_STEPS`` numbers.
    """
    words = [word for word in _BETWEEN.split(text[:_MAX_CHARACTERS]) if word]
    if len(text) > _MAX_CHARACTERS or len(words) > MAX_STEPS:
        raise UserError("These are too many numbers. Please type up to {most}.", most=MAX_STEPS)
    return words


def parse_number(word: str) -> float:
    """One number; digits and signs of any width will do (``３．５``, ``−2``).

    Raises:
        UserError: when it is none, or is larger than ``LARGEST``.
    """
    plain = unicodedata.normalize("NFKC", word).replace("\u2212", "-")
    if not _NUMBER.fullmatch(plain):
        raise UserError(
            "{given} is no number. Please type numbers such as 3, -2.5 or 1e-3, with spaces or commas between them.",
            given=repr(word[:20]),
        )
    return _checked(float(plain))


def _checked(number: float) -> float:
    if not checks.is_number(number):
        raise SettingError("{given} is no number. Please give numbers.", given=checks.quoted(number))
    if not checks.within(number, -LARGEST, LARGEST):
        raise UserError(
            "{given} is too large. Please type numbers up to {most}, such as thousands in place of ones.",
            given=checks.quoted(number),
            most=f"{LARGEST:.0e}",
        )
    return float(number)
