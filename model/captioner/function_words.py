"""Which words of a caption name something, and which only hold it together."""

_ENGLISH = """
a an the this that these those some another other each its his her hers their theirs 's it he she they them him
who whom whose which what there of in on at to from into onto with without by for over under up down out off through
across along around near next behind beside between above below against toward towards while as and or but if then n't
not is are was were be been being has have had do does did
"""
_CHINESE = (
    "一这那其他她它们些个只条位名张件辆匹把座的得了着过在从向往对给用以为被和与跟同及并而也是有正上下里中内外前后旁边"
)
#: Words that hold a sentence together. All others name something: a thing, what it does, how it looks, how many.
#: A Chinese word is one character here; measure words and words for places (on, in, beside) are in the list.
FUNCTION_WORDS = {"en": frozenset(_ENGLISH.split()), "zh": frozenset(_CHINESE)}
