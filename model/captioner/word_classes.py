"""What kinds of things words name, by lists: for asking a memory whether such a word has been said.

In Chinese a token is a character, so that a character stands for the words that have it.
"""

from collections.abc import Sequence

import numpy as np

from model.captioner.languages import LANGUAGES

PEOPLE = {
    "en": "person people man men woman women boy boys girl girls child children kid kids baby babies lady ladies guy "
    "guys player players crowd group couple adult adults teenager toddler someone player skier surfer biker cyclist "
    "rider climber skateboarder snowboarder",
    "zh": "人男女孩童婴们",
}
ANIMALS = {
    "en": "dog dogs cat cats horse horses bird birds cow cows sheep elephant elephants giraffe giraffes zebra zebras "
    "bear bears puppy puppies kitten duck ducks animal animals goat monkey",
    "zh": "狗猫马鸟牛羊象熊鸭猴鹿犬",
}
COLOURS = {
    "en": "red orange yellow green blue purple pink brown black white gray grey tan golden colorful",
    "zh": "红橙黄绿蓝紫粉棕褐黑白灰",
}
#: What says that the thing that comes is one, or that it is several. The last said counts.
ONE = {"en": "a an one another", "zh": "一"}
SEVERAL = {
    "en": "two three four five six several many some few both group people men women children boys girls dogs kids",
    "zh": "两二三四五六几群多些们",
}

#: The questions with the answers yes and no, each of the words said so far.
YES_NO = ("person", "animal", "colour", "several")
#: Those whose answer is a count: how many words were said, and how many are still to come, that which is next included.
COUNTS = ("said", "to_come")
#: From here on, counts are not told apart.
MAX_COUNT = {"en": 12, "zh": 18}
_SAID = {"person": PEOPLE, "animal": ANIMALS, "colour": COLOURS}


def words_of(kind: dict[str, str], lang: str) -> frozenset[str]:
    """One of the lists above as a set of words, or of characters where those are what is said."""
    return frozenset(kind[lang] if LANGUAGES[lang].unit == "character" else kind[lang].split())


def answers(words: Sequence[str], lang: str) -> dict[str, np.ndarray]:
    """For each question, the right answer at each of a caption's T steps, before its word is said: (T,) of integers.

    Counts are cut at ``MAX_COUNT``. ``several`` is 1 where the last of the words in ``ONE`` and ``SEVERAL`` said so far
    was of the second kind, and -1 before the first of them. A language without lists of words has counts alone.
    """
    steps = range(len(words))
    most = MAX_COUNT.get(lang, max(MAX_COUNT.values()))
    found = {
        "said": np.minimum(np.arange(len(words)), most),
        "to_come": np.minimum(len(words) - np.arange(len(words)), most),
    }
    if lang not in PEOPLE:
        return found
    found |= {
        name: np.array([int(not words_of(kind, lang).isdisjoint(words[:t])) for t in steps], int)
        for name, kind in _SAID.items()
    }
    one, several = words_of(ONE, lang), words_of(SEVERAL, lang)
    last = -1
    number = []
    for word in words:
        number.append(last)
        last = 1 if word in several else 0 if word in one else last
    found["several"] = np.array(number, int)
    return found
