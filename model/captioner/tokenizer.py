"""Words to numbers and back: one word-level tokenizer a language.

English: lower case; a word is a run of letters and digits, with inner hyphens; ``'s`` and ``n't`` stand alone, as
the Penn Treebank has them. Chinese: every Chinese character is a token, and so is a run of Latin letters and
digits. Punctuation is dropped.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

#: language -> (what a token is, what stands between tokens when they are written out)
LANGUAGES = {
    "en": (r"n't|'s|[a-z0-9]+?(?=n't)|[a-z0-9]+(?:-[a-z0-9]+)*", " "),
    "zh": (r"[\u3400-\u4dbf\u4e00-\u9fff]|[a-z0-9]+", ""),
}
PAD, START, END, UNKNOWN = SPECIAL = ("<pad>", "<start>", "<end>", "<unk>")


def train_tokenizer(captions: Iterable[str], lang: str, min_frequency: int = 4) -> PreTrainedTokenizerFast:
    """The vocabulary of all tokens seen ``min_frequency`` times or more, most frequent first."""
    pattern, _ = LANGUAGES[lang]
    tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True)
    tokenizer.train_from_iterator(
        captions,
        trainers.WordLevelTrainer(min_frequency=min_frequency, special_tokens=list(SPECIAL), show_progress=False),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, bos_token=START, eos_token=END, unk_token=UNKNOWN
    )


def write_out(words: Sequence[str], lang: str) -> str:
    """Words as a reader wants them: ``("a", "man", "'s", "hat")`` is "a man's hat"."""
    _, between = LANGUAGES[lang]
    return between.join(words).replace(" 's", "'s").replace(" n't", "n't")


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
