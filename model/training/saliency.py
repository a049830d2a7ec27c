"""Explain the sample photos' captions beforehand, as the caption page does (``model.captioner.kept_saliency``).

Each word of each caption, in all languages.

    python -m model.training.saliency
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model import shell
from model.captioner import Captioner, SearchSettings
from model.captioner.digest import digest_of
from model.captioner.gallery import Sample, samples
from model.captioner.image import to_pixels
from model.captioner.kept_saliency import BASELINE, METHOD, SALIENCY_FILE, KeptSaliency, Question, save_saliency
from model.captioner.saliency import explain
from model.traces import SaliencyTrace


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.saliency",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="the captioner; the file is put beside it")
    arguments = parser.parse_args(argv)
    return shell.run(lambda: _make(arguments.model))


def _make(folder: Path) -> int:
    captioner = shell.load_captioner(folder)
    for lang in captioner.languages:
        answers = [
            one for sample in shell.progress(list(samples()), unit="photo") for one in ask(captioner, sample, lang)
        ]
        save_saliency(KeptSaliency.of(answers), folder / lang, digest_of(folder, lang))
        size = (folder / lang / SALIENCY_FILE).stat().st_size / 1e6
        shell.say(f"{lang}: {len(answers)} maps, {size:.1f} MB")
    return 0


def ask(captioner: Captioner, sample: Sample, lang: str) -> list[tuple[Question, SaliencyTrace]]:
    """Every word of a sample's caption."""
    photo = sample.open()
    caption = captioner.describe(captioner.look(photo), SearchSettings(lang))
    pixels = to_pixels(photo, captioner.network.config.image_size)
    return [
        (
            Question(sample.key, caption.words[: place + 1]),
            explain(captioner, pixels, caption, place, METHOD, BASELINE),
        )
        for place in range(len(caption.words))
    ]


if __name__ == "__main__":
    sys.exit(main())
