"""Whether the captioner really looks where its attention says."""

from dataclasses import dataclass
from typing import NamedTuple


class Estimate(NamedTuple):
    """A mean over words, with the 95 % confidence interval that a bootstrap over photos gives."""

    mean: float
    low: float
    high: float


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
    #: The cost of hiding where it looked most for the word, and of hiding equally large parts elsewhere.
    looked: Estimate
    elsewhere: Estimate
    #: The first less the second, word by word; and less the cost of hiding where it looked for other words.
    difference: Estimate
    difference_others: Estimate | None
    #: The share of words that hiding the looked-at part cost more than hiding elsewhere, from 0 to 1.
    dearer: Estimate
    #: The share of words in whose place another one became the likeliest, from 0 to 1.
    changed_looked: Estimate
    changed_elsewhere: Estimate


@dataclass(frozen=True)
class HonestyTrace:
    """Whether the captioner really looks where its attention says: what hiding cost, over many photos."""

    #: The SHA-256 of the weights that were measured.
    digest: str
    #: The captions' language.
    lang: str
    #: How many photos; how many parts elsewhere for each word; how wide the beam was; what the parts were covered
    #: with; what drew the parts and the bootstrap.
    photos: int
    elsewhere: int
    beam: int
    fill: str
    seed: int
    #: Which words counted as function words; all others are content words.
    function_words: tuple[str, ...]
    #: By ``"all"``, ``"content"`` and ``"function"`` words, and by how sharp the look was, ``"quarter1"`` (palest) to
    #: ``"quarter4"``; a group without words is not there.
    groups: dict[str, HonestyGroup]
