"""The languages of captions: all that is known of each, in one record.

A new language is a ``Language`` in ``LANGUAGES``, words for the sample photos (``model.captioner.gallery``), and
weights: the tokenizer, the rule against repetition, the scores, the training and the page read the rest from here.
Cells and languages are open lists, so their codes are plain strings; what has few, fixed values is a ``Literal``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from model.errors import SettingError

#: Stands where a word is left out, to be guessed.
BLANK = "____"


@dataclass(frozen=True)
class Language:
    """What is known of a language of captions.

    A token is what the network says in one step: in English a word, in Chinese a character.
    """

    #: Its code, as addresses, files and weights name it (ISO 639-1).
    code: str
    #: What it is called in English, and what it calls itself.
    name: str
    own_name: str
    #: A regular expression that finds one token in text in lower case; what it does not find is dropped.
    token: str
    #: What a token is: a word, or a character of which many words have several.
    unit: Literal["word", "character"]
    #: What stands between tokens when they are written out.
    between: str
    #: Tokens that hold a sentence together. All others name something: a thing, what it does, how it looks, how many.
    function_words: frozenset[str]
    #: Numbers, which may come twice in a caption.
    numbers: frozenset[str]
    #: After these the same thing is meant to come again.
    again: frozenset[str]
    #: Parts of text that say left or right: a photo of which one is said is not to be mirrored.
    sides: tuple[str, ...]
    #: How captions are cut for the field's metrics (``model.training.scores``): by the Penn Treebank's rules (English
    #: alone), into Han characters, or into runs of letters and digits.
    scored_in: Literal["ptb", "characters", "words"]
    #: A start to try for a caption.
    example: str
    #: Tokens that are written without what stands between the others.
    attached: tuple[str, ...] = ()
    #: Characters that people write twice in a row (狗狗, 高高的, 玩玩具), in at least five of the captions that the
    #: shipped weights learned from.
    doubled: frozenset[str] = frozenset()
    #: The model of HanTa's tagger that finds its nouns; without one, nouns are not counted.
    noun_model: str | None = None

    def write_out(self, words: Sequence[str]) -> str:
        """Words as a reader wants them: ``("a", "man", "'s", "hat")`` is "a man's hat"."""
        text = self.between.join(words)
        for part in self.attached:
            text = text.replace(self.between + part, part)
        return text


_ENGLISH_FUNCTION_WORDS = """
a an the this that these those some another other each its his her hers their theirs 's it he she they them him
who whom whose which what there of in on at to from into onto with without by for over under up down out off through
across along around near next behind beside between above below against toward towards while as and or but if then n't
not is are was were be been being has have had do does did
"""
_ENGLISH_NUMBERS = "one two three four five six seven eight nine ten several many"

ENGLISH = Language(
    code="en",
    name="English",
    own_name="English",
    # Lower case; a run of letters and digits, with inner hyphens; 's and n't stand alone, as in the Penn Treebank.
    token=r"n't|'s|[a-z0-9]+?(?=n't)|[a-z0-9]+(?:-[a-z0-9]+)*",
    unit="word",
    between=" ",
    attached=("'s", "n't"),
    function_words=frozenset(_ENGLISH_FUNCTION_WORDS.split()),
    numbers=frozenset(_ENGLISH_NUMBERS.split()),
    again=frozenset({"another", "other"}),
    sides=("left", "right"),
    scored_in="ptb",
    noun_model="morphmodel_en.pgz",
    example="two people",
)

CHINESE = Language(
    code="zh",
    name="Chinese",
    own_name="简体中文",
    # A Chinese character, or a run of Latin letters and digits.
    token=r"[\u3400-\u4dbf\u4e00-\u9fff]|[a-z0-9]+",
    unit="character",
    between="",
    # One character each; measure words and words for places (on, in, beside) are among them.
    function_words=frozenset(
        "一这那其他她它们些个只条位名张件辆匹把座的得了着过在从向往对给用以为被和与跟同及并而也是有正上下里中内外前后旁边"
    ),
    numbers=frozenset("一二三四五六七八九十两几多"),
    again=frozenset({"另", "他", "它"}),
    doubled=frozenset("狗滑高甜泡宝长漉玩奶茸画秃太小荡茫爷妈蹦圆厚车蒙弯球排大爸跷星低兮娃层尖胖棒串空窄蓝满绿跳"),
    sides=("左", "右"),
    scored_in="characters",
    example="两个人",
)

#: All languages that captions may be in, by their codes.
LANGUAGES: dict[str, Language] = {one.code: one for one in (ENGLISH, CHINESE)}


def language_of(code: str) -> Language:
    """Find the record of a language.

    Raises:
        SettingError: when there is none.
    """
    if code not in LANGUAGES:
        raise SettingError(
            "Nothing is known of a language “{lang}”; known are: {known}.", lang=code, known=", ".join(LANGUAGES)
        )
    return LANGUAGES[code]
