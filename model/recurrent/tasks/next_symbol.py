"""The next symbol of a text of the user's own."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from model import checks
from model.errors import UserError
from model.recurrent.tasks.task import Batch, SymbolTask, one_hot
from model.recurrent.text import MAX_ALPHABET, symbols_of


@dataclass(frozen=True)
class NextSymbol(SymbolTask):
    """At each step of a piece of ``length`` symbols out of the text, the answer is the symbol that follows.

    A symbol is what a reader takes for one character (see ``model.recurrent.text``). Pieces start anywhere, each with
    the state at zero.

    Losses to compare with, in nats per symbol, counted from the whole text of N symbols, V of them different:

    - ``uniform`` (chance): ln V;
    - ``unigram``: -Σ_a p(a) ln p(a), p(a) the share of the symbol a in the text: what knowing how common each symbol
      is can give;
    - ``bigram``: -Σ_ab p(ab) ln p(b|a), over the N - 1 neighbouring pairs: what looking one symbol back can give.

    A loss below ``bigram`` comes from memory. The optimum is not known: a large network can learn a short text by
    heart, up to the first symbols of a piece, which nothing goes before.

    Raises:
        UserError: when the text is too short or too long, or has too many different symbols.
    """

    text: str
    length: int = 32

    name: ClassVar[str] = "text"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"length": (1, 200)}
    suggested: ClassVar[dict] = {"hidden_size": 64}
    steps: ClassVar[int] = 1_500
    continues: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        symbols = symbols_of(checks.kind("text", self.text, str, "a text"))
        object.__setattr__(self, "text", "".join(symbols))
        if len(self.alphabet) < 2:
            raise UserError("The text is too short. Please give one with at least two different characters.")
        if len(self.alphabet) > MAX_ALPHABET:
            raise UserError(
                "The text has {given} different characters; up to {most} are accepted. Please give a shorter one.",
                given=len(self.alphabet),
                most=MAX_ALPHABET,
            )

    @cached_property
    def _symbols(self) -> list[str]:
        return symbols_of(self.text)

    @cached_property
    def alphabet(self) -> tuple[str, ...]:
        """The text's different symbols, in the order of their code points."""
        return tuple(sorted(set(self._symbols)))

    @property
    def classes(self) -> tuple[str, ...]:
        """The answers, which are the text's symbols."""
        return self.alphabet

    @cached_property
    def codes(self) -> Tensor:
        """The text as places in ``alphabet``, (N,)."""
        place = {symbol: code for code, symbol in enumerate(self.alphabet)}
        return torch.tensor([place[symbol] for symbol in self._symbols])

    @cached_property
    def references(self) -> dict[str, float]:
        """Losses to compare with, nats per symbol, from the text's own counts."""
        symbols = self._symbols
        pairs = entropy(Counter(pairwise(symbols)))
        return {
            "uniform": self.chance,
            "unigram": entropy(Counter(symbols)),
            # H(b|a) = H(ab) - H(a), with a all symbols but the last.
            "bigram": pairs - entropy(Counter(symbols[:-1])),
        }

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw pieces of the text: one-hot inputs (B, T, V) and the codes that follow, (B, T)."""
        length = min(self.length, len(self.codes) - 1)
        starts = torch.randint(len(self.codes) - length, (size, 1), generator=generator)
        pieces = self.codes[starts + torch.arange(length + 1)]
        return Batch(one_hot(pieces[:, :-1], len(self.alphabet)), pieces[:, 1:])

    def _split(self, text: str) -> list[str]:
        return symbols_of(text)

    def _answers(self, codes: Tensor) -> tuple[str, ...]:
        return (*(self.alphabet[code] for code in codes[1:].tolist()), "")


def entropy(counts: Counter) -> float:
    """-Σ p ln p of the shares p of counted things, in nats."""
    shares = np.array(list(counts.values())) / counts.total()
    return float(-(shares * np.log(shares)).sum())
