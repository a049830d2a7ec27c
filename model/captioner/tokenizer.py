"""Words to numbers and back: one word-level tokenizer a language.

What a token is, the language's record says (``model.captioner.languages``); all are in lower case, and punctuation is
dropped.
"""

import unicodedata
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from model.captioner.languages import language_of

PAD, START, END, UNKNOWN = SPECIAL = ("<pad>", "<start>", "<end>", "<unk>")


def train_tokenizer(captions: Iterable[str], lang: str, min_frequency: int = 4) -> PreTrainedTokenizerFast:
    """The vocabulary of all tokens seen ``min_frequency`` times or more, most frequent first."""
    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(language_of(lang).token), behavior="removed", invert=True)
    tokenizer.train_from_iterator(
        captions,
        trainers.WordLevelTrainer(min_frequency=min_frequency, special_tokens=list(SPECIAL), show_progress=False),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, bos_token=START, eos_token=END, unk_token=UNKNOWN
    )


def split_words(text: str, tokenizer: PreTrainedTokenizerFast) -> list[str]:
    """What a user typed, as the tokenizer's words; what it cannot read stays as it is, so that it can be named.

    ``"A man's hat"`` is ``["a", "man", "'s", "hat"]``, and ``"a café"`` is ``["a", "café"]``, not ``["a", "caf"]``.
    """
    backend = tokenizer.backend_tokenizer
    words = []
    for chunk in backend.normalizer.normalize_str(text).split():
        pieces = [piece for piece, _ in backend.pre_tokenizer.pre_tokenize_str(chunk)]
        rest = chunk
        for piece in pieces:
            rest = rest.replace(piece, "", 1)
        readable = all(unicodedata.category(character).startswith("P") for character in rest)
        words += pieces if readable else [chunk]
    return words
