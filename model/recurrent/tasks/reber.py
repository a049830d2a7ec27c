"""The Reber grammar: a small machine that writes strings, whose rules are to be learned from the strings alone."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import torch
from torch import Tensor

from model import checks
from model.recurrent.tasks.task import Batch, SymbolTask, one_hot

#: From a state, by each symbol that may come, to the next state. After E a new string starts at 0.
Grammar = tuple[dict[str, int], ...]

REBER: Grammar = (
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 0},
)


def _embed(inner: Grammar) -> Grammar:
    """B, then T or P, then a string of ``inner``, then the same T or P again, then E."""
    size = len(inner)
    last = 2 + 2 * (size + 1)
    states: list[dict[str, int]] = [{"B": 1}, {"T": 2, "P": 3 + size}]
    for first, start in (("T", 2), ("P", 3 + size)):
        after = start + size  # where the inner string's E leads
        states += [{symbol: start + to if to else after for symbol, to in arcs.items()} for arcs in inner]
        states += [{first: last}]
    return (*states, {"E": 0})


EMBEDDED: Grammar = _embed(REBER)


@dataclass(frozen=True)
class Reber(SymbolTask):
    """Strings of the Reber grammar, one after the other, T symbols in all; the answer is the next symbol.

    The grammar (Reber 1967; as a task for networks, Cleeremans, Servan-Schreiber and McClelland 1989) is ``REBER``;
    where two symbols may come, each has probability 1/2. An answer is right when it may come, whichever then does.
    ``embedded`` puts a string into a frame, B T string T E or B P string P E (Fahlman 1991): the last symbol but one
    must be remembered across the string.

    Chance: ln 7 nats, all symbols equally likely; its accuracy is the mean share of the symbols that may come.
    Optimum: ln 2 times the share of steps at which two symbols may come, computed from the grammar: the grammar
    tells no more.
    """

    length: int = 30
    embedded: bool = False

    name: ClassVar[str] = "reber"
    limits: ClassVar[dict[str, tuple[int, int]]] = {"length": (1, 200)}
    continues: ClassVar[bool] = True
    alphabet: ClassVar[tuple[str, ...]] = tuple("BEPSTVX")
    classes: ClassVar[tuple[str, ...]] = alphabet

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.flag("embedded", self.embedded)

    @property
    def grammar(self) -> Grammar:
        """The machine that writes the strings."""
        return EMBEDDED if self.embedded else REBER

    @cached_property
    def _choices(self) -> Tensor:
        """Mean number of symbols that may come, for each answer asked for, (T,)."""
        arcs = torch.tensor([len(state) for state in self.grammar], dtype=torch.float64)
        step = torch.zeros(len(arcs), len(arcs), dtype=torch.float64)
        for state, following in enumerate(self.grammar):
            for to in following.values():
                step[state, to] += 1 / len(following)
        at = torch.zeros(len(arcs), dtype=torch.float64)
        at[0] = 1
        choices = []
        for _ in range(self.length):
            at = at @ step
            choices.append(at @ arcs)
        return torch.stack(choices)

    @property
    def references(self) -> dict[str, float]:
        """Losses to compare with, in nats: that of guessing, and what the grammar leaves open."""
        # With one or two symbols to choose from, the share of steps with two is the mean number less one.
        return {"chance": self.chance, "optimum": math.log(2) * float(self._choices.mean() - 1)}

    @property
    def chance_accuracy(self) -> float:
        """The mean share of the symbols that may come."""
        return float(self._choices.mean()) / len(self.alphabet)

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Targets are (B, T, 2): the symbol that comes, and the other one that might have (or the same again)."""
        symbols, following = self._tables
        coins = torch.randint(2, (self.length + 1, size), generator=generator)
        state = torch.zeros(size, dtype=torch.long)
        strings = []
        for coin in coins:
            arcs = symbols[state]  # (B, 2)
            strings.append(
                torch.stack([arcs.gather(1, coin[:, None])[:, 0], arcs.gather(1, 1 - coin[:, None])[:, 0]], 1)
            )
            state = following[state, coin]
        both = torch.stack(strings, 1)  # (B, T + 1, 2)
        return Batch(one_hot(both[:, :-1, 0], len(self.alphabet)), both[:, 1:])

    @cached_property
    def _tables(self) -> tuple[Tensor, Tensor]:
        """By state and coin: the symbol that comes, and the next state. Where there is no choice, both are the same."""
        arcs = [(list(state.items()) * 2)[:2] for state in self.grammar]
        symbols = torch.tensor([[self.alphabet.index(symbol) for symbol, _ in pair] for pair in arcs])
        return symbols, torch.tensor([[to for _, to in pair] for pair in arcs])

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The cross-entropy of the symbol that came; outputs (B, T, 7), targets (B, T, 2)."""
        return super().loss(outputs, targets[..., 0])

    def hits(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Which answers may come, whichever did: (B, T)."""
        return (outputs.argmax(-1, keepdim=True) == targets).any(-1)

    def example(self, batch: Batch, row: int = 0):
        """Name one of a batch's sequences by the symbols that came."""
        return super().example(Batch(batch.inputs, batch.targets[..., 0]), row)

    def _answers(self, codes: Tensor) -> tuple[str, ...]:
        """All symbols that may come, such as ``S/X``, for as long as the sequence keeps to the grammar."""
        answers: list[str] = []
        state: int | None = 0
        for code in codes.tolist():
            state = None if state is None else self.grammar[state].get(self.alphabet[code])
            answers.append("" if state is None else "/".join(self.grammar[state]))
        return tuple(answers)
