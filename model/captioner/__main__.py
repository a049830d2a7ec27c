"""Captions from a shell: ``python -m model.captioner PATH...``; its ``--help`` shows examples."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from model import shell
from model.captioner.image import SUFFIXES, is_damaged, open_photo
from model.captioner.languages import LANGUAGES
from model.errors import PhotoError

#: From so many photos on, a bar shows how far it is.
_MANY = 6

_EPILOG = """\
A folder stands for the photos directly in it, in name order. Each photo gives one line, "path: caption", or with
--json one object with photo, caption, words and log_prob (natural logarithm, the end of the caption included), or
with photo and error. Errors also go to stderr.

exit status: 0 when all photos got a caption, 1 when some did not, 2 when none did or the command was wrong.

examples:
  python -m model.captioner dog.jpg
  python -m model.captioner --lang zh --beam 5 dog.jpg holiday/
  python -m model.captioner --json holiday/ > captions.jsonl
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    arguments = _parser().parse_args(argv)
    return shell.run(lambda: _caption(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model.captioner",
        description="Describe photos in words, by a CNN and a GRU with attention.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="a photo, or a folder of photos")
    add("--lang", choices=sorted(LANGUAGES), default="en", help="the captions' language (default: en)")
    add("--beam", type=int, default=3, metavar="N", help="how many hypotheses to follow; 1 is greedy (default: 3)")
    add("--repeat", action="store_true", help="let a caption say a thing twice, as it would by itself")
    add("--json", action="store_true", help="one JSON object a line")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="another captioner's folder")
    return parser


def _caption(arguments: argparse.Namespace) -> int:
    captioner = shell.load_captioner(arguments.model)
    photos = [photo for path in arguments.paths for photo in _photos_of(path)]
    captioned = 0
    for photo in shell.progress(photos, unit="photo", at_least=_MANY):
        try:
            opened = _open(photo)
            trace = captioner.caption(opened, lang=arguments.lang, beam=arguments.beam, repeat=arguments.repeat)
        except PhotoError as error:
            shell.say_error(f"{photo}: {error}")
            if arguments.json:
                _say_json(photo=photo, error=str(error))
            continue
        if is_damaged(opened):
            shell.say_error(f"{photo}: The file is damaged; what could be read of it got a caption.")
        captioned += 1
        if arguments.json:
            _say_json(photo=photo, caption=trace.caption, words=trace.words, log_prob=trace.log_prob)
        else:
            shell.say(f"{shell.printable(photo)}: {trace.caption}")
    return 0 if captioned == len(photos) else 1 if captioned else 2


def _photos_of(path: str) -> list[str]:
    """The photos that an argument stands for. A folder without any stands for itself, to be told so by ``_open``."""
    if not os.path.isdir(path):  # noqa: PTH112 (Path.is_dir raises where it may not look)
        return [path]
    try:
        files = sorted(file for file in Path(path).iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
    except OSError:
        return [path]
    return [str(file) for file in files if not file.name.startswith(".")] or [path]


def _open(photo: str) -> Image.Image:
    if os.path.isdir(photo):  # noqa: PTH112
        raise PhotoError("This folder holds no photos that can be read.")
    return open_photo(photo)


def _say_json(**fields: object) -> None:
    shell.say(json.dumps(fields, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
