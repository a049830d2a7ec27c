"""The kinds of activities, and what counts as an answer in each: nothing else is kept, and so nothing else shown."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from model.rooms.errors import RoomError

#: Rows and columns of the regions that a class points at: those of the captioner's eye.
GRID = 9
#: The most spikes that can be predicted.
MOST_SPIKES = 999

#: The words of a language.
Vocabulary = Callable[[str], Collection[str]]
Content = Mapping[str, Any]


def _word(content: Content, value: str, vocabulary: Vocabulary) -> bool:
    return value in vocabulary(content["lang"])


def _region(content: Content, value: str, vocabulary: Vocabulary) -> bool:
    return _below(value, GRID * GRID)


def _spikes(content: Content, value: str, vocabulary: Vocabulary) -> bool:
    return _below(value, MOST_SPIKES + 1)


def _choice(content: Content, value: str, vocabulary: Vocabulary) -> bool:
    return _below(value, len(content["answers"]))


def _below(value: str, most: int) -> bool:
    """Whether it is a whole number from 0 on, written in one way only, so that equal answers are counted together."""
    return value.isascii() and value.isdecimal() and len(value) < 6 and value == str(int(value)) and int(value) < most


#: What each takes as an answer.
#: guess: the caption's next word, of ``content["lang"]``'s vocabulary.
#: look: the number of a region, row by row from the upper left.
#: fire: how many spikes.
#: learned: the number of one of ``content["answers"]``.
KINDS: dict[str, Callable[[Content, str, Vocabulary], bool]] = {
    "guess": _word,
    "look": _region,
    "fire": _spikes,
    "learned": _choice,
}


def check_answer(kind: str, content: Content, value: str, vocabulary: Vocabulary) -> None:
    """Raises: RoomError: when ``value`` is no answer to such an activity."""
    if not isinstance(value, str) or not KINDS[kind](content, value, vocabulary):
        raise RoomError("That is no answer to this question. Please choose one of those that are offered.")
