"""Where in other captions the memory was like this."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Moment(NamedTuple):
    """A step of a caption: its words, and the place of the word that was said from this memory."""

    words: tuple[str, ...]
    place: int

    @property
    def word(self) -> str:
        """The word that was said."""
        return self.words[self.place]


@dataclass(frozen=True)
class LikeTrace:
    """The moments whose memories are most like one memory, the nearest first."""

    moments: tuple[Moment, ...]
    #: The cosine of the angle between the memories, (M,).
    similarity: np.ndarray
    #: Of how many moments they are the nearest.
    searched: int
    #: The mean similarity of all those searched: what any moment has.
    mean_similarity: float
    lang: str = "en"

    @property
    def by_word(self) -> dict[str, tuple[int, ...]]:
        """The places of the moments in ``moments``, by the word that came next; the most frequent first."""
        groups: dict[str, list[int]] = {}
        for place, moment in enumerate(self.moments):
            groups.setdefault(moment.word, []).append(place)
        return {word: tuple(places) for word, places in sorted(groups.items(), key=lambda pair: -len(pair[1]))}


@dataclass(frozen=True)
class WordCount:
    """A word that came next at moments with a pattern."""

    word: str
    #: How often with the pattern, and how often in all.
    count: int
    total: int
    #: How often as many random moments would have it.
    expected: float
    #: The probability that as many random moments have it at least so often (hypergeometric).
    chance: float

    @property
    def lift(self) -> float:
        """How many times as often as by chance."""
        return self.count / self.expected


@dataclass(frozen=True)
class PatternTrace:
    """The moments at which chosen units are high or low, and which words came next there."""

    #: The units and whether each is to be high.
    units: tuple[tuple[int, bool], ...]
    #: The share of all moments that counts as high, and as low.
    share: float
    #: Each unit's bound for that, (U,).
    bounds: np.ndarray
    matched: int
    searched: int
    #: Of units that know nothing of each other, so many moments would match.
    expected: float
    words: tuple[WordCount, ...]
    #: How many words were compared: so often chance had its chance.
    compared: int
    #: Some of the moments that match, those with the strongest pattern first.
    examples: tuple[Moment, ...]
    lang: str = "en"
