"""Fit the fixed view onto the captioner's memory: the principal axes of its states over many captions.

Paths of different photos can only be compared in one space, so the axes are fitted once, on the validation photos'
captions, and shipped with the weights.

    python -m model.training.hidden_basis --images ../data/flickr8k/images --split ../data/flickr8k/val.txt
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model import shell
from model.captioner.honesty_file import digest_of
from model.captioner.image import read_photo
from model.captioner.languages import LANGUAGES
from model.hidden_basis import fit_basis, save_basis
from model.training.dataset import find_images, read_names

#: As many axes as the page can draw.
AXES = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.hidden_basis",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--images", type=Path, required=True, metavar="DIR", help="the photos' folder")
    add("--split", type=Path, required=True, metavar="TXT", help="names of the images to caption")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="the captioner; the basis is put beside it")
    add("--lang", choices=sorted(LANGUAGES), default="en", help="the captions' language (default: en)")
    arguments = parser.parse_args(argv)
    return shell.run(lambda: _fit(arguments))


def _fit(arguments: argparse.Namespace) -> int:
    captioner = shell.load_captioner(arguments.model)
    files = find_images(arguments.images, read_names(arguments.split))
    states = []
    for file in shell.progress(list(files.values()), unit="photo"):
        trace = captioner.caption(read_photo(file), lang=arguments.lang)
        states += [trace.initial_hidden[None], trace.hidden]
    basis = fit_basis(states, AXES)
    save_basis(basis, arguments.model / arguments.lang, digest_of(arguments.model))
    shares = ", ".join(f"{share:.1%}" for share in basis.explained)
    shell.say(f"{sum(map(len, states))} states; the axes hold {shares} of their variance.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
