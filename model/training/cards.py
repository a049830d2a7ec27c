"""Write the measured figures into the texts that state them: the model cards and the README.

Each stands between two marks (``model.captioner.card``), and is made from the files that other commands wrote beside
the weights:

    python -m model.training.cards

``make weights`` ends with it; so no figure is copied by hand.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from model import shell
from model.captioner import Captioner, honesty_card
from model.captioner.card import Marks, marks, put, table
from model.captioner.figures import MEASURES, apart, chance_of_such_means, mean_and_spread, read_steps
from model.captioner.languages import LANGUAGES
from model.captioner.siblings import read_figures
from model.files import write_text

ROOT = shell.ASSETS.parents[1]
STEPS = {
    "frozen": "1. words, on a frozen eye",
    "fine_tuned": "2. eye and words together",
    "self_critical": "**3. on its own captions**",
}
#: The measures of a comparison.
COMPARED = ("bleu4", "meteor", "rouge_l", "cider")


def marks_of(name: str) -> Marks:
    """What stands before and after a text that is written here."""
    return marks(name, "model.training.cards")


def sizes(folder: Path) -> str:
    """How large the network is."""
    captioner = Captioner.from_pretrained(folder)
    config, network = captioner.network.config, captioner.network
    encoder, *decoders = (
        sum(parameter.numel() for parameter in part.parameters()) / 1e6
        for part in (network.encoder, *(network.decoder_of(lang) for lang in config.vocabulary))
    )
    names = [LANGUAGES[lang].name for lang in config.vocabulary]
    by_language = (f"{name} {count:.1f} million" for name, count in zip(names, decoders, strict=True))
    # Without the tokens that no caption shows: padding, start, end, unknown, and the start of a model's captions.
    unsaid = len(set(config.never_said) | {config.end_token_id})
    units = {"word": "words", "character": "characters and marks"}
    words = (
        f"{size - unsaid:,} {LANGUAGES[lang].name} {units[LANGUAGES[lang].unit]}"
        for lang, size in config.vocabulary.items()
    )
    return table(
        ("", ""),
        ("vocabulary", "; ".join(words)),
        (
            "parameters",
            f"{encoder + sum(decoders):.1f} million (encoder {encoder:.1f} million, {', '.join(by_language)})",
        ),
        ("weights", f"safetensors, half precision, {(folder / 'model.safetensors').stat().st_size / 1e6:.1f} MB"),
    )


def steps(folder: Path) -> str:
    """How good each step is, on each kind of photos."""
    measured = read_steps(folder)
    rows: list[Sequence[str]] = [
        ("photos and language", "step", *MEASURES.values(), "different captions", "words or characters used"),
    ]
    order = list(dict.fromkeys((one["photos_of"], one["lang"]) for one in measured))
    for photos, lang in order:
        for step, name in STEPS.items():
            for one in measured:
                if (one["photos_of"], one["lang"], one["step"]) == (photos, lang, step):
                    shares = [_fraction(one[measure]) for measure in (*MEASURES, "unique")]
                    rows.append((f"{photos}, {LANGUAGES[lang].name}", name, *shares, str(one["vocabulary"])))
    return table(*rows)


def nouns(folder: Path) -> str:
    """How many of its nouns are right, where that was measured."""
    measured = read_steps(folder)
    rows: list[Sequence[str]] = [
        ("photos and language", "step", "nouns right", "nouns found", "captions that say a thing twice")
    ]
    for one in measured:
        if "nouns_right" in one and one["nouns_right"] is not None:
            told = [f"{100 * one[name]:.1f} %" for name in ("nouns_right", "nouns_found", "repeats")]
            rows.append((f"{one['photos_of']}, {LANGUAGES[one['lang']].name}", STEPS[one["step"]], *told))
    return table(*rows)


def people(folder: Path) -> str:
    """How near to people it is: each against four captions by people."""
    rows: list[Sequence[str]] = [("against four captions by people", *(MEASURES[name] for name in COMPARED))]
    for lang, language in LANGUAGES.items():
        file = folder / f"people-{lang}.json"
        if not file.is_file():
            continue
        found = json.loads(file.read_text(encoding="utf-8"))
        for who, name in ("people", "another caption by people"), ("captioner", "the captioner"):
            rows.append((f"{language.name}: {name}", *(_fraction(found[who][measure]) for measure in COMPARED)))
    return table(*rows)


def siblings(folder: Path) -> str:
    """How good the siblings are: mean and standard deviation over their seeds."""
    rows: list[Sequence[str]] = [("", "parameters", *(MEASURES[name] for name in COMPARED), "different captions")]
    for kind, of_seeds in read_figures(folder).items():
        cells = ["{:.1f} ± {:.1f}".format(*mean_and_spread(of_seeds, measure)) for measure in COMPARED]
        different = f"{100 * np.mean([one['unique'] for one in of_seeds]):.0f} %"
        rows.append((f"`{kind}`", f"{of_seeds[0]['parameters']:,}", *cells, different))
    return table(*rows)


def spread(folder: Path) -> str:
    """How far the siblings' means lie apart, beside the seeds of one and the same kind."""
    measured = read_figures(folder)
    between, within = apart(measured)
    return (
        f"Their means lie up to {between:.1f} points of CIDEr apart, and the seeds of one and the same kind\n"
        f"up to {within:.1f}. A one-way analysis of variance gives p = {chance_of_such_means(measured):.2g}."
    )


def readme(folder: Path) -> str:
    """The last step's figures in a sentence for each language."""
    measures = ("bleu4", "meteor", "cider")
    measured = read_steps(folder)
    last = {(one["photos_of"], one["lang"]): one for one in measured if one["step"] == "self_critical"}
    told = {
        of: ", ".join(f"{MEASURES[name]} {100 * one[name]:.1f}" for name in measures if one[name] is not None)
        for of, one in last.items()
    }
    return (
        f"On the 1,000 validation photos of Flickr8k, beam 5, in English: {told['flickr8k', 'en']}.\n"
        "In Chinese, cut into characters and so not to be compared with English: "
        f"{told['flickr8k', 'zh']}.\n"
        + (f"On 200 everyday photos of MS-COCO, in English: {told['coco', 'en']}.\n" if ("coco", "en") in told else "")
        + "Its last training step rewards CIDEr itself, so that figure flatters it most."
    )


#: What is written where: file, folder of the figures, and the texts by their marks.
CARDS: dict[Path, tuple[Path, dict[str, Callable[[Path], str]]]] = {
    ROOT / "assets" / "captioner" / "README.md": (
        ROOT / "assets" / "captioner",
        {"sizes": sizes, "steps": steps, "nouns": nouns, "people": people},
    ),
    ROOT / "assets" / "siblings" / "README.md": (ROOT / "assets" / "siblings", {"siblings": siblings, "apart": spread}),
    ROOT / "README.md": (ROOT / "assets" / "captioner", {"figures": readme}),
}


def written(card: Path) -> str:
    """What a text should be, made of the figures as they are."""
    folder, texts = CARDS[card]
    text = card.read_text(encoding="utf-8")
    for name, make in texts.items():
        text = put(text, marks_of(name), make(folder))
    return text


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 when something was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.cards",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args(argv)
    return shell.run(_write)


def _write() -> int:
    for card in CARDS:
        write_text(card, written(card))
    honesty_card.write(ROOT / "assets" / "captioner")
    return 0


def _fraction(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
