"""How good is a captioner? ``python -m model.training.evaluate`` captions photos and scores the captions.

It opens and captions each photo just as the page and the shell do, so it measures what users get.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from model import shell
from model.captioner.honesty_file import digest_of
from model.captioner.image import read_photo
from model.captioner.languages import LANGUAGES
from model.errors import PhotoError, UserError
from model.files import write_json, write_text
from model.training.dataset import check_all_found, find_images, read_captions, read_names
from model.training.scores import Scorer

_EPILOG = """\
The captions file has lines of image<TAB>caption, several for each image; the split is a list of image names, one a
line. An image's name is its file's, whatever the suffix, with it or without.

English is cut into words by the Penn Treebank's tokenizer, which needs Java, as does METEOR. Without Java a plain one
takes its place; its figures are not quite comparable with published ones.

example:
  python -m model.training.evaluate --images flickr8k/images --captions flickr8k/captions_en.tsv \\
      --split flickr8k/val.txt --beam 5 --json
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    arguments = _parser().parse_args(argv)
    return shell.run(lambda: _evaluate(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model.training.evaluate",
        description="Caption photos and score the captions against those that people wrote.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--images", type=Path, required=True, metavar="DIR", help="the photos' folder")
    add("--captions", type=Path, required=True, metavar="TSV", help="people's captions")
    add("--split", type=Path, metavar="TXT", help="which images (default: all that have captions)")
    add("--model", type=Path, default=shell.ASSETS, metavar="DIR", help="another captioner's folder")
    add("--lang", choices=sorted(LANGUAGES), default="en", help="the captions' language (default: en)")
    add("--beam", type=int, default=3, metavar="N", help="how many hypotheses to follow; 1 is greedy (default: 3)")
    add("--repeat", action="store_true", help="let captions say a thing twice")
    add("--json", action="store_true", help="give the figures as JSON, in the last line")
    add("--out", type=Path, metavar="FILE", help="keep the captions, as lines of image<TAB>caption")
    add("--figures", type=Path, metavar="FILE", help="keep the figures in this JSON list, beside those of other steps")
    add("--step", default="", help="which step of a recipe made this captioner: its name in --figures")
    add("--photos-of", default="flickr8k", metavar="NAME", help="whose photos these are: its name in --figures")
    return parser


def _evaluate(arguments: argparse.Namespace) -> int:
    references, files = _data(arguments)
    for file in filter(None, (arguments.out, arguments.figures)):
        shell.check_writable(file)
    captioner = shell.load_captioner(arguments.model)
    scorer = Scorer(references, arguments.lang)
    if scorer.tokenizer == "plain":
        shell.say_error("Java was not found: plain tokens, not quite comparable with published figures, and no METEOR.")

    captions, repeating = {}, 0
    for name, file in shell.progress(list(files.items()), unit="photo"):
        try:
            trace = captioner.caption(
                read_photo(file), lang=arguments.lang, beam=arguments.beam, repeat=arguments.repeat
            )
            captions[name] = trace.caption
            speaker = captioner.speakers[arguments.lang]
            repeating += bool(speaker.repetition.repeats(speaker.tokens_of(trace.words)))
        except PhotoError as error:
            raise UserError("{file}: {error}", file=file, error=error) from error
    if arguments.out:
        lines = "".join(f"{name}\t{caption}\n" for name, caption in captions.items())
        write_text(arguments.out, lines)

    figures = {name: round(x, 4) if isinstance(x, float) else x for name, x in scorer.all(captions).items()}
    figures = {"images": len(captions), **figures, "repeats": round(repeating / len(captions), 4)}
    if arguments.figures:
        names = {"step": arguments.step, "lang": arguments.lang, "photos_of": arguments.photos_of}
        made = {"beam": arguments.beam, "captioner_digest": digest_of(arguments.model)}
        _keep(arguments.figures, {**names, **made, **figures})
    if arguments.json:
        shell.say(json.dumps(figures))
    else:
        for name, figure in figures.items():
            shell.say(f"{name:<10}  {'-' if figure is None else figure}")
    return 0


def _keep(file: Path, figures: dict) -> None:
    """Put these figures into the file's list, in the place of older ones of the same step, language and photos."""
    kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    names = "step", "lang", "photos_of"
    others = [one for one in kept if [one[name] for name in names] != [figures[name] for name in names]]
    write_json(file, [*others, figures])


def _data(arguments: argparse.Namespace) -> tuple[dict[str, list[str]], dict[str, Path]]:
    """For each image asked for, what people said of it, and its file."""
    captions = read_captions(arguments.captions)
    names = list(dict.fromkeys(read_names(arguments.split))) if arguments.split else list(captions)
    if not names:
        raise UserError("{file} names no image.", file=arguments.split or arguments.captions)
    check_all_found(names, captions, arguments.captions)
    return {name: captions[name] for name in names}, find_images(arguments.images, names)


if __name__ == "__main__":
    sys.exit(main())
