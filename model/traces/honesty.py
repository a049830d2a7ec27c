"""Whether the captioner really looks where its attention says."""

from dataclasses import dataclass
from typing import NamedTuple


class Estimate(NamedTuple):
    """A mean (or a median) over words, with the 95 % confidence interval that a bootstrap over photos gives."""

    mean: float
    low: float
    high: float


#: The mean rank of a window that is chosen without regard to the word: an ``Estimate`` of a rank is held against it.
CHANCE = 0.5


@dataclass(frozen=True)
class HonestyGroup:
    """What hiding a part of the photo cost some words of many captions (see ``HonestyTrace``).

    A cost is what the word's log-probability lost, in nats. An estimate is None where fewer than two photos had
    anything to measure.
    """

    words: int
    photos: int
    #: The least and the most attention that a word's most attended region had, from 0 to 1.
    peaks: tuple[float, float]
    #: The cost of hiding where it looked most for the word, and the mean cost of hiding equally large parts beside it.
    looked: Estimate
    elsewhere: Estimate
    #: The first less the second, word by word.
    difference: Estimate
    #: The same three, but the words' medians.
    looked_median: Estimate
    elsewhere_median: Estimate
    difference_median: Estimate
    #: What the tenth of the words that hiding where it looked cost most have of all words' costs; None where these sum
    #: to 0 or less.
    tenth: float | None
    #: The share of all other parts of that size that cost the word less, ties half, from 0 to 1; by chance ``CHANCE``.
    rank: Estimate
    #: Against the parts where it looked for other words of the same caption: what hiding the own part cost more, in
    #: nats, by chance 0; the share of theirs that cost less, ties half, by chance ``CHANCE``. Pairs of words count
    #: alike.
    difference_others: Estimate | None
    rank_others: Estimate | None


@dataclass(frozen=True)
class HonestyTrace:
    """Whether the captioner really looks where its attention says: what hiding cost, over many photos."""

    #: The SHA-256 of the weights that were measured.
    digest: str
    #: The captions' language.
    lang: str
    #: How many photos; how wide the beam was; what the parts were covered with; what drew the bootstrap.
    photos: int
    beam: int
    fill: str
    seed: int
    #: Regions along the photo's side, and along the side of a part that was hidden.
    grid: int
    side: int
    #: Which words counted as function words; all others are content words.
    function_words: tuple[str, ...]
    #: By ``"all"``, ``"content"`` and ``"function"`` words, and by how sharp the look was, ``"quarter1"`` (palest) to
    #: ``"quarter4"``; a group without words is not there.
    groups: dict[str, HonestyGroup]

    @property
    def windows(self) -> int:
        """At how many places a part was hidden."""
        return (self.grid - self.side + 1) ** 2
