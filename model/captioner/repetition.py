"""Nothing said twice: which words may not come next, since the caption has said them.

A captioner that remembers little of its own words says "a man in a black hat and hat". So the search leaves out what
would say a thing again. The rule, where a token is a word, as in English: a word that names something comes once.
Function words and numbers may come again ("two men and two women"), and so may the next two words after "another" or
"other" ("a dog and another brown dog"). In Chinese, where a token is a character and characters build many words (男人,
女人), it is a pair of neighbouring characters that comes once, unless one of them is a function word or a number, or
stands close behind 另 or 其他 (另一个男人). And a character follows itself only where people double it (狗狗, not
果果). Which words these are, ``model.captioner.languages`` says.
"""

import itertools
from collections.abc import Sequence

from transformers import PreTrainedTokenizerFast

from model.captioner.languages import language_of


class Repetition:
    """The rule for one language's tokens.

    Args:
        tokenizer: whose words they are.
        lang: their language.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast, lang: str):
        words = tokenizer.get_vocab()
        special = {tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.unk_token_id}
        language = language_of(lang)
        free = language.function_words | language.numbers
        self._naming = {number for word, number in words.items() if word not in free} - special
        self._again = {words[word] for word in language.again if word in words}
        self._doubled = {words[character] for character in language.doubled if character in words}
        self._pairs = language.unit == "character"

    def banned(self, said: Sequence[int]) -> list[int]:
        """The tokens that may not come next, after these of a caption."""
        if not self._pairs:
            return [] if self._again.intersection(said[-2:]) else sorted(self._naming.intersection(said))
        if not said or said[-1] not in self._naming:
            return []
        last = said[-1]
        twice = {last} - self._doubled
        if self._again.intersection(said[-4:-1]):
            return sorted(twice)
        return sorted(twice | {b for a, b in itertools.pairwise(said) if a == last and b in self._naming})

    def repeats(self, said: Sequence[int]) -> list[int]:
        """The places (from 0) at which a caption says a thing again."""
        return [place for place, token in enumerate(said) if token in self.banned(said[:place])]
