"""What an edit of a run of the captioner did to one word: parts of another run put in its place, units held."""

from dataclasses import dataclass

import numpy as np

#: What is put into another run, one at a time, in this order.
PARTS = ("hidden", "context", "previous")
#: Between two runs that are less apart in log p, in nats, a share of the way says nothing.
TOO_NEAR = 0.5


@dataclass(frozen=True)
class PatchingTrace:
    """How far each step's memory, context or word before, put from B's run into A's, brings A to B's word.

    Steps of A get those of B that are as far before B's chosen word. P positions: from step -1, the memory before the
    first word, to the step of the chosen word; fewer where B's run has not so many. NaN where there is nothing to put:
    at step -1 no word was read and nothing looked at. Log-probabilities are in nats.
    """

    #: A's words before the chosen one, and that; B's likewise.
    words_a: tuple[str, ...]
    words_b: tuple[str, ...]
    #: A's step of each position, (P,), and B's that was put there, (P,).
    steps_a: np.ndarray
    steps_b: np.ndarray
    #: log p of B's word at the chosen place in A's own run, and in B's.
    log_prob_a: float
    log_prob_b: float
    #: log p of B's word in A's run with one part of one step replaced, (3, P), in the order of ``PARTS``.
    log_probs: np.ndarray
    #: The same with values from O other photos' runs, (O, 3, P).
    log_probs_others: np.ndarray
    lang: str = "en"

    @property
    def word(self) -> str:
        """B's word, which is asked for."""
        return self.words_b[-1]

    @property
    def apart(self) -> float:
        """What B's run gives its word more than A's does, nats."""
        return self.log_prob_b - self.log_prob_a

    @property
    def meaningful(self) -> bool:
        """Whether the runs are far enough apart for shares of the way between them."""
        return abs(self.apart) >= TOO_NEAR

    @property
    def recovered(self) -> np.ndarray:
        """(log p patched - log p A) / (log p B - log p A), (3, P): 0 is as A, 1 as B; it can be less or more."""
        return (self.log_probs - self.log_prob_a) / self.apart

    @property
    def baseline(self) -> np.ndarray:
        """The same measure for other photos' values, their mean, (3, P); NaN where none of them has such a step."""
        shares = (self.log_probs_others - self.log_prob_a) / self.apart
        there = np.isfinite(shares)
        count = there.sum(axis=0)
        sums = np.where(there, shares, 0).sum(axis=0)
        return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


@dataclass(frozen=True)
class SwapTrace:
    """Two runs crossed at one word: log p of A's word and of B's, for each one's memory with each one's photo."""

    #: A's word at the chosen place, and B's.
    words: tuple[str, str]
    #: log p, nats, (memory, photo, word), each A's first: (2, 2, 2).
    log_probs: np.ndarray

    @property
    def balance(self) -> np.ndarray:
        """log p(B's word) - log p(A's word), (memory, photo): above 0, B's is the likelier."""
        return self.log_probs[..., 1] - self.log_probs[..., 0]

    @property
    def by_memory(self) -> float:
        """How far B's memory in A's place tips the balance to B's word, the mean over both photos, nats."""
        return float((self.balance[1] - self.balance[0]).mean())

    @property
    def by_photo(self) -> float:
        """How far B's photo in A's place does, the mean over both memories, nats."""
        return float((self.balance[:, 1] - self.balance[:, 0]).mean())

    @property
    def interaction(self) -> float:
        """How much more the memory tips it with B's photo than with A's, nats."""
        before, after = (self.balance[1] - self.balance[0]).tolist()
        return after - before


@dataclass(frozen=True)
class HoldingTrace:
    """What holding units of the memory at other values does to one word, at its own step; beside random units.

    Log-probabilities are in nats.
    """

    word: str
    place: int
    #: log p of the word as it was.
    log_prob: float
    #: What each unit is set to where it is held, (H,).
    values: np.ndarray
    #: What the word loses when one unit alone is held, log p before - log p after, (H,).
    costs: np.ndarray
    #: The units held together.
    units: tuple[int, ...]
    #: log p of the word with them held.
    log_prob_held: float
    #: Random units, as many, none of the held, (D, units), and log p with each such set held, (D,).
    random_units: np.ndarray
    random_log_probs: np.ndarray
    seed: int
    #: The K words that are among the likeliest as it was, with the units held, or with the first random set held; the
    #: likeliest as it was first, ``""`` is the end. And their probabilities in these three cases, (3, K).
    next_words: tuple[str, ...]
    next_chances: np.ndarray
    lang: str = "en"

    @property
    def cost(self) -> float:
        """What the word lost by the held units."""
        return self.log_prob - self.log_prob_held

    @property
    def random_costs(self) -> np.ndarray:
        """What it lost by each random set, (D,)."""
        return self.log_prob - self.random_log_probs

    @property
    def share_as_costly(self) -> float:
        """The share of random sets that cost at least as much."""
        return float((self.random_costs >= self.cost).mean())
