"""How near to people? A captioner and people, both scored against people's captions, four at a time.

Each photo has five captions by people. The people's own limit: each of the five in turn is the candidate, the other
four the references; the figures are the mean over the five turns. The captioner's captions are scored against the same
fours, so both can be read from one table. (Against all five the captioner's figures are higher: more references, more
matches.)

    python -m model.training.evaluate --images flickr8k/images --captions flickr8k/captions_en.tsv \\
        --split flickr8k/val.txt --beam 5 --out runs/captions.tsv
    python -m model.training.people --captions flickr8k/captions_en.tsv --candidates runs/captions.tsv \\
        --out assets/captioner/people-en.json
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model import shell
from model.captioner.honesty_file import digest_of
from model.captioner.languages import LANGUAGES
from model.errors import UserError
from model.files import write_json
from model.training.dataset import check_all_found, read_captions
from model.training.scores import Scorer

#: Captions of each photo; those of photos with fewer cannot be compared.
EACH = 5
#: What is compared.
FIGURES = ("bleu1", "bleu2", "bleu3", "bleu4", "meteor", "rouge_l", "cider")


def against_four(
    captions: dict[str, list[str]], candidates: dict[str, str], lang: str
) -> dict[str, dict[str, float | None]]:
    """Each of ``FIGURES``, the mean over five turns, of ``people`` and of the ``captioner``.

    ``captions`` are five by people of each photo, ``candidates`` the captioner's one.
    """
    turns: dict[str, list[dict]] = {"people": [], "captioner": []}
    for turn in range(EACH):
        four = {photo: said[:turn] + said[turn + 1 :] for photo, said in captions.items()}
        scorer = Scorer(four, lang)
        turns["people"].append(scorer.all({photo: said[turn] for photo, said in captions.items()}))
        turns["captioner"].append(scorer.all(candidates))
    return {who: {name: _mean([figures[name] for figures in each]) for name in FIGURES} for who, each in turns.items()}


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if len(known) == len(values) else None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.people",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--captions", type=Path, required=True, metavar="TSV", help="people's captions, five of each photo")
    add("--candidates", type=Path, required=True, metavar="TSV", help="the captioner's, by evaluate --out")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="the captioner that wrote them")
    add("--lang", choices=sorted(LANGUAGES), default="en", help="the captions' language (default: en)")
    add("--out", type=Path, required=True, metavar="JSON", help="the result's file")
    options = parser.parse_args(argv)
    return shell.run(lambda: _compare(options))


def _compare(options: argparse.Namespace) -> int:
    candidates = {photo: said[0] for photo, said in read_captions(options.candidates).items()}
    captions = read_captions(options.captions)
    check_all_found(candidates, captions, options.captions)
    captions = {photo: captions[photo] for photo in candidates}
    if any(len(said) != EACH for said in captions.values()):
        raise UserError("Every photo must have {each} captions by people, and some have others.", each=EACH)
    found = against_four(captions, candidates, options.lang)
    result = {"captioner_digest": digest_of(options.model), "photos": len(candidates), **found}
    write_json(options.out, result)
    for who, figures in found.items():
        told = (f"{name} {'-' if value is None else value}" for name, value in figures.items())
        shell.say(f"{who:<10} {'  '.join(told)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
