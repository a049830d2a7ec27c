"""How good are captions? The field's metrics, by pycocoevalcap, against captions that people wrote.

    BLEU-n    share of the caption's 1..n-grams that some reference has, punished when too short (Papineni et al. 2002)
    METEOR    aligned words, stems and synonyms count (Denkowski and Lavie 2014); English only, needs Java
    ROUGE-L   longest common subsequence with a reference (Lin 2004)
    CIDEr     n-grams weighed by how telling they are: tf-idf over all references (Vedantam et al. 2015)

All are fractions, as pycocoevalcap gives them (0.21, not 21), and depend on how a sentence is cut into tokens, so the
tokenizer is named beside them: ``ptb`` (Penn Treebank, English, needs Java), ``plain`` (English without Java: close,
but not quite comparable with published figures), ``characters`` (Chinese) or ``words`` (other languages with spaces
between words). Which one, the language's record says (``model.captioner.languages``).
"""

import re
import shutil
import subprocess
import threading
from pathlib import Path

import pycocoevalcap
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import METEOR_JAR, Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PUNCTUATIONS, STANFORD_CORENLP_3_4_1_JAR

from model.captioner.languages import language_of
from model.training.nouns import nouns_right

_PACKAGE = Path(pycocoevalcap.__path__[0])
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


class Scorer:
    """Scores captions against the same references again and again; these are tokenised only once.

    Args:
        references: for each photo, the captions that people gave it; at least one photo, at least one caption each.
        lang: the captions' language, one of ``model.captioner.languages.LANGUAGES``.

    Attributes:
        tokenizer: ``"ptb"``, ``"plain"``, ``"characters"`` or ``"words"``.
        references: as given.
    """

    def __init__(self, references: dict[str, list[str]], lang: str = "en") -> None:
        self.references, self.lang = references, lang
        if not references or not all(references.values()):
            raise ValueError("Scoring needs at least one photo, and at least one reference caption for each.")
        self.tokenizer: str = language_of(lang).scored_in
        if self.tokenizer == "ptb" and not has_java():
            self.tokenizer = "plain"
        tokenized = iter(_tokenize([c for captions in references.values() for c in captions], self.tokenizer))
        self._references = {photo: [next(tokenized) for _ in captions] for photo, captions in references.items()}

    def cider(self, candidates: dict[str, str]) -> float:
        """CIDEr alone, the figure to validate by during training: ``candidates`` is one caption for each photo."""
        return float(Cider().compute_score(self._references, self._tokenize(candidates))[0])

    def all(self, candidates: dict[str, str]) -> dict[str, str | float | int | None]:
        """Every figure for ``candidates``, one caption for each photo.

        Returns:
            ``tokenizer``, ``bleu1`` to ``bleu4``, ``meteor`` (None without Java, and in other languages than English),
            ``rouge_l``, ``cider``, ``unique`` (different captions as a share of all), ``vocabulary`` (different tokens
            used: words in English, characters in Chinese), and ``nouns_right`` and ``nouns_found``
            (``model.training.nouns``; None in a language without a ``noun_model``).
        """
        tokens = self._tokenize(candidates)
        captions = [caption for (caption,) in tokens.values()]
        nouns = language_of(self.lang).noun_model
        right, found = nouns_right(self.references, candidates, nouns) if nouns else (None, None)
        bleu = Bleu(4).compute_score(self._references, tokens, verbose=0)[0]
        return {
            "tokenizer": self.tokenizer,
            **{f"bleu{n}": float(score) for n, score in enumerate(bleu, start=1)},
            "meteor": _meteor(self._references, tokens) if self.tokenizer == "ptb" else None,
            "rouge_l": float(Rouge().compute_score(self._references, tokens)[0]),
            "cider": float(Cider().compute_score(self._references, tokens)[0]),
            "unique": len(set(captions)) / len(captions),
            "vocabulary": len({word for caption in captions for word in caption.split()}),
            "nouns_right": right,
            "nouns_found": found,
        }

    def _tokenize(self, candidates: dict[str, str]) -> dict[str, list[str]]:
        """Tokenised candidates in the references' order, each in a list of its own, as pycocoevalcap wants them."""
        if candidates.keys() != self._references.keys():
            raise ValueError("Scoring needs exactly one caption for each photo that has references.")
        tokenized = _tokenize([candidates[photo] for photo in self._references], self.tokenizer)
        return {photo: [caption] for photo, caption in zip(self._references, tokenized, strict=True)}


def has_java() -> bool:
    """Whether ``java`` is there and runs (macOS has a ``java`` that only says that none is installed)."""
    return (
        shutil.which("java") is not None and subprocess.run(["java", "-version"], capture_output=True).returncode == 0
    )


def _tokenize(captions: list[str], tokenizer: str) -> list[str]:
    """Each caption as its tokens with a space between them, punctuation dropped, lower case."""
    match tokenizer:
        case "ptb":
            return _penn_treebank(captions)
        case "plain":
            return [" ".join(re.findall(r"[a-z0-9']+", caption.lower())) for caption in captions]
        case "characters":
            # A Han character, or a run of other letters and digits.
            return [" ".join(re.findall(rf"[{_HAN}]|[^\W_{_HAN}]+", caption.lower())) for caption in captions]
        case "words":
            return [" ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", caption.lower())) for caption in captions]
    raise ValueError(f"There is no tokenizer {tokenizer!r}.")


def _penn_treebank(captions: list[str]) -> list[str]:
    """Captions as pycocoevalcap's ``PTBTokenizer`` gives them: a line each, by one call of Java.

    That class writes beside itself, into a folder that may be read-only, and leaves the encoding to the system's
    locale; so its Java program is called from here.
    """
    lines = "".join(" ".join(caption.split()) + "\n" for caption in captions)
    command = ["java", "-cp", str(_PACKAGE / "tokenizer" / STANFORD_CORENLP_3_4_1_JAR)]
    command += ["edu.stanford.nlp.process.PTBTokenizer", "-preserveLines", "-lowerCase", "-encoding", "UTF-8"]
    output = subprocess.run(command, input=lines.encode(), capture_output=True, check=True).stdout.decode()
    tokenized = output.removesuffix("\n").split("\n")
    dropped = set(PUNCTUATIONS)
    return [
        " ".join(token for token in line.split() if token not in dropped)
        for _, line in zip(captions, tokenized, strict=True)
    ]


def _meteor(references: dict[str, list[str]], candidates: dict[str, list[str]]) -> float:
    meteor = _Utf8Meteor()
    with meteor.meteor_p:  # Closes its pipes and waits for its end.
        return float(meteor.compute_score(references, candidates)[0])


class _Utf8Meteor(Meteor):
    """pycocoevalcap's METEOR, whose Java process reads UTF-8 and writes decimal points in every locale."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        command = ["java", "-Dfile.encoding=UTF-8", "-Duser.language=en", "-Xmx2G", "-jar", METEOR_JAR]
        command += ["-", "-", "-stdio", "-l", "en", "-norm"]
        self.meteor_p = subprocess.Popen(
            command,
            cwd=_PACKAGE / "meteor",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
