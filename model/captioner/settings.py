"""How a captioner searches for words: all that decides a caption but the photo."""

from collections.abc import Sequence
from dataclasses import dataclass

from model import checks
from model.errors import SettingError

MAX_BEAM = 20
MAX_WORDS = 50


@dataclass(frozen=True)
class Sampling:
    """How to draw words instead of choosing the most likely.

    ``temperature`` divides the scores before the softmax (below 1 safer, above 1 more adventurous), ``top_k``
    keeps only the k most likely words (0: all), ``top_p`` the fewest words that hold this probability together
    (Holtzman et al. 2020), ``seed`` makes the draw repeatable.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0

    def __post_init__(self):
        if not checks.within(self.temperature, 0.05, 5):
            raise SettingError(
                "The temperature is {given}; it can be 0.05 to 5.", given=checks.quoted(self.temperature)
            )
        if not checks.whole_within(self.top_k, 0, 10**9):
            raise SettingError("Top-k is {given}; it can be 0 (all words) or more.", given=checks.quoted(self.top_k))
        if not checks.within(self.top_p, 0, 1) or not self.top_p:
            raise SettingError("Top-p is {given}; it can be above 0 and up to 1.", given=checks.quoted(self.top_p))
        checks.seed(self.seed)


def list_of_words(words: Sequence[str]) -> list[str]:
    """The words as a list. Raises: SettingError: when they are one text, or no words."""
    if isinstance(words, str):
        raise SettingError(
            "The words are one text, {given}. Please give them one by one, such as {example}.",
            given=checks.quoted(words),
            example=checks.quoted(words.split()[:8]),
        )
    return checks.list_of("words", words, str, "words", 10_000)


@dataclass(frozen=True)
class SearchSettings:
    """One search's settings; the same settings and photo give the same caption.

    Raises:
        SettingError: when a setting is out of its range, or ``prefix`` is longer than ``max_words``.
    """

    #: In which language it captions; the captioner knows its own.
    lang: str = "en"
    #: How many hypotheses live at once; 1 is greedy.
    beam: int = 3
    #: Words the caption starts with; the search goes on from there.
    prefix: Sequence[str] = ()
    #: Draw words instead of searching for the most likely; ``beam`` then plays no part.
    sample: Sampling | None = None
    #: Where a caption is cut.
    max_words: int = 20
    #: Let it say a thing twice (``model.captioner.repetition`` has the rule that is kept otherwise).
    repeat: bool = False

    def __post_init__(self):
        object.__setattr__(self, "prefix", tuple(list_of_words(self.prefix)))  # it may be a key of what is remembered
        checks.kind("sample", self.sample, Sampling | None, "a Sampling")
        if not checks.whole_within(self.beam, 1, MAX_BEAM):
            raise SettingError(
                "The beam's width is {given}; it can be 1 to {most}.", given=checks.quoted(self.beam), most=MAX_BEAM
            )
        if not checks.whole_within(self.max_words, 1, MAX_WORDS):
            raise SettingError(
                "The longest caption is {given} words; it can be 1 to {most}.",
                given=checks.quoted(self.max_words),
                most=MAX_WORDS,
            )
        if len(self.prefix) > self.max_words:
            raise SettingError(
                "The caption should start with {given} words, but its length is limited to {most}.",
                given=len(self.prefix),
                most=self.max_words,
            )


#: How a captioner searches unless it is told otherwise.
DEFAULT = SearchSettings()
