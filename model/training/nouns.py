"""Does a caption name the right things? Its nouns, found by HanTa (Wartena 2019), against people's captions.

Two shares, over all captions: **right** of the nouns that captions say, those that some caption of that photo by people
says, too; **found** of the nouns that most of a photo's captions by people say, those that the caption says. Nouns
count by their dictionary form (dogs is dog), each once a caption.
"""

import re
from collections import Counter
from functools import cache

from HanTa.HanoverTagger import HanoverTagger


@cache
def _tagger(model: str) -> HanoverTagger:
    return HanoverTagger(model)  # part of the package


def nouns_of(caption: str, model: str) -> frozenset[str]:
    """The nouns of a caption, in their dictionary form; ``model`` is HanTa's for the language."""
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", caption.lower())
    return frozenset(lemma.lower() for _, lemma, tag in _tagger(model).tag_sent(words) if tag.startswith("N"))


def nouns_right(references: dict[str, list[str]], candidates: dict[str, str], model: str) -> tuple[float, float]:
    """The two shares, right and found (see above), of one caption for each photo."""
    said = said_rightly = told = found = 0
    for photo, captions in references.items():
        of_people = Counter(noun for caption in captions for noun in nouns_of(caption, model))
        ours = nouns_of(candidates[photo], model)
        most = {noun for noun, count in of_people.items() if 2 * count > len(captions)}
        said, said_rightly = said + len(ours), said_rightly + len(ours & of_people.keys())
        told, found = told + len(most), found + len(ours & most)
    return said_rightly / max(said, 1), found / max(told, 1)
