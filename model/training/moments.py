"""Make the index of moments: the captioner's memory before each word of the captions of photos it was not trained on.

It is what the page looks into for "when else did it remember like this?" (``model.captioner.moments``).

    python -m model.training.moments --images ../data/flickr8k/images --split ../data/flickr8k/val.txt
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model import shell
from model.captioner.digest import digest_of
from model.captioner.moments import MOMENTS_FILE, Moments, save_moments
from model.training.dataset import find_images, read_names
from model.training.memories import memories

#: So many photos give an index of less than 3 MB for both languages together; equal captions count once.
PHOTOS = 800


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.moments",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--images", type=Path, required=True, metavar="DIR", help="the photos' folder")
    add("--split", type=Path, required=True, metavar="TXT", help="names of the images to caption")
    add("--photos", type=int, default=PHOTOS, metavar="N", help=f"caption the first N of them (default: {PHOTOS})")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="the captioner; the index is put beside it")
    arguments = parser.parse_args(argv)
    return shell.run(lambda: _make(arguments))


def _make(arguments: argparse.Namespace) -> int:
    captioner = shell.load_captioner(arguments.model)
    files = find_images(arguments.images, read_names(arguments.split)[: arguments.photos])
    remembered = memories(captioner, list(files.values()))
    for lang in captioner.languages:
        moments = Moments.of([one.captions[lang] for one in remembered])
        save_moments(moments, arguments.model / lang, digest_of(arguments.model, lang))
        size = (arguments.model / lang / MOMENTS_FILE).stat().st_size / 1e6
        shell.say(f"{lang}: {len(moments.packed)} moments of {len(moments.captions)} captions, {size:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
