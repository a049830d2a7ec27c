"""The captioned photos to train on: reading the files, and giving photos with their captions.

A data folder holds ``images/``, ``captions_en.tsv`` (lines of ``image<TAB>caption``), perhaps ``captions_zh.tsv``,
and perhaps lists of image names such as ``train.txt`` and ``val.txt``. A name such as ``coco/zh`` says that a folder's
captions in a language were written by a model, and not by people: they are read to learn from, and never to score
against.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerFast

from model.captioner.languages import language_of
from model.errors import UserError

#: Longer captions are cut, in words.
_MOST_WORDS = 22


def read_captions(file: Path) -> dict[str, list[str]]:
    """Image name to captions, from lines of ``image<TAB>caption`` (UTF-8; empty lines are skipped).

    Raises:
        UserError: when a line has no tab (the sentence names file and line), or the file is no text in UTF-8.
    """
    captions: dict[str, list[str]] = defaultdict(list)
    for number, line in enumerate(_text_of(file).split("\n"), start=1):
        if not line.strip():
            continue
        image, tab, caption = line.partition("\t")
        if not tab:
            raise UserError(
                "{file}, line {number}: expected an image name, a tab and a caption.", file=file, number=number
            )
        captions[image.strip()].append(caption.strip())
    return dict(captions)


def read_names(file: Path) -> list[str]:
    """Image names, one a line.

    Raises:
        UserError: when the file is no text in UTF-8.
    """
    return [line.strip() for line in _text_of(file).splitlines() if line.strip()]


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("{file} is no text in UTF-8. Please give one.", file=file) from error


def find_images(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """Each name's file in a folder; a name is its file's, whatever the suffix, with it or without.

    Raises:
        UserError: when some are not there; the sentence names the first.
    """
    files = [file for file in sorted(folder.iterdir()) if file.is_file()]
    known = {file.stem: file for file in files} | {file.name: file for file in files}
    found = {name: known.get(name) or known.get(Path(name).stem) for name in names}
    there = {name: file for name, file in found.items() if file}
    check_all_found(found, there, folder)
    return there


def check_all_found(names: Collection[str], found: Collection[str], place: Path) -> None:
    """Raises: UserError: when some image names are not in a place; the sentence names the first."""
    missing = [name for name in names if name not in found]
    if missing:
        raise UserError(
            "{missing} of {all} images are not in {place}, the first of them {name}.",
            missing=len(missing),
            all=len(names),
            place=place,
            name=missing[0],
        )


def gather(
    folders: Sequence[Path], languages: Sequence[str], by_model: Collection[str] = (), as_people: Collection[str] = ()
) -> tuple[list["Captioned"], list["Captioned"]]:
    """The photos to train on and to validate on, each with its captions in these languages, as far as it has any.

    Photos named in a folder's train.txt are trained on (all of a folder without one), those in val.txt validate.
    Photos without any are left out. ``by_model`` names what a model wrote: ``coco/zh`` are the captions in Chinese of a
    folder called coco. They never validate. In the languages ``as_people`` they are learned from as if people had
    written them: for photos of a kind that people did not describe, there is no other manner to learn.

    Raises:
        UserError: when a photo is missing, a language has no captions to validate on, or ``by_model`` names none.
    """
    training: list[Captioned] = []
    validation: list[Captioned] = []
    unknown = set(by_model)
    for folder in folders:
        captions = {
            lang: read_captions(file) for lang in languages if (file := folder / f"captions_{lang}.tsv").is_file()
        }
        modelled = frozenset(lang for lang in captions if f"{folder.name}/{lang}" in by_model)
        unknown -= {f"{folder.name}/{lang}" for lang in modelled}
        names = {part: folder / f"{part}.txt" for part in ("train", "val")}
        everything = sorted(set().union(*captions.values()))
        train = read_names(names["train"]) if names["train"].is_file() else everything
        val = read_names(names["val"]) if names["val"].is_file() else []
        told_apart = modelled - set(as_people)
        for part, chosen in (training, train), (validation, val):
            for name, file in find_images(folder / "images", chosen).items():
                counted = captions.keys() - (modelled if part is validation else ())
                said = {lang: captions[lang][name] for lang in languages if lang in counted and name in captions[lang]}
                if said:
                    part.append(Captioned(file, said, folder.name, told_apart & said.keys()))
    if unknown:
        raise UserError(
            "There are no captions {names} among the data. Please name a data folder and a language, as coco/zh.",
            names=", ".join(sorted(unknown)),
        )
    for lang in languages:
        if not any(lang in photo.captions for photo in validation):
            raise UserError(
                "No photos to validate on: none of the data folders has a val.txt that names photos with captions in "
                "captions_{lang}.tsv.",
                lang=lang,
            )
    return training, validation


class Captioned(NamedTuple):
    """A photo's file, what was said of it in each language, the data folder's name, and the languages in which a model
    said it."""

    file: Path
    captions: dict[str, list[str]]
    source: str = ""
    by_model: frozenset[str] = frozenset()

    def by_people(self) -> "Captioned | None":
        """The photo with what people said of it alone; None where they said nothing."""
        said = {lang: texts for lang, texts in self.captions.items() if lang not in self.by_model}
        return self._replace(captions=said, by_model=frozenset()) if said else None


def says_side(caption: str, lang: str) -> bool:
    """Whether a caption says left or right; mirrored, its photo would belie it."""
    return any(side in caption.lower() for side in language_of(lang).sides)


class CaptionedPhotos(Dataset):
    """Photos with their captions as numbers: ``words`` of each language, and what ``see`` gives of the photo.

    ``see(photo, may_be_mirrored, draw)`` looks at a photo by its place in ``photos`` and gives ``regions`` or
    ``pixels``. A photo that a caption calls left or right is not to be mirrored. What is drawn for a photo depends on
    the seed, the epoch and its place alone: so it is the same in one process or in several, and in a resumed run.

    Args:
        photos: what to read.
        tokenizers: each language's.
        see: see above.
        samples: captions to be drawn of each photo; then it comes with ``chances`` (samples, words) for them.
        captions_each: of a photo with more captions in a language, so many are drawn.
        model_start: the token that starts captions by a model; None starts them as people's.
        seed: of all that is drawn.
    """

    def __init__(
        self,
        photos: Sequence[Captioned],
        tokenizers: dict[str, PreTrainedTokenizerFast],
        see: Callable[[int, bool, torch.Generator], dict[str, Tensor]],
        captions_each: int = 5,
        samples: int = 0,
        model_start: int | None = None,
        seed: int = 0,
    ):
        self.see, self.captions_each, self.samples, self.seed, self.epoch = see, captions_each, samples, seed, 0
        self.words = [
            {
                lang: [
                    [start, *tokenizer(text).input_ids[:_MOST_WORDS], tokenizer.eos_token_id]
                    for text in photo.captions.get(lang, ())
                ]
                for lang, tokenizer in tokenizers.items()
                for start in [
                    tokenizer.bos_token_id if model_start is None or lang not in photo.by_model else model_start
                ]
            }
            for photo in photos
        ]
        self.may_be_mirrored = [
            not any(says_side(text, lang) for lang, texts in photo.captions.items() for text in texts)
            for photo in photos
        ]

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, photo: int) -> dict[str, Any]:
        draw = torch.Generator().manual_seed(
            int(np.random.SeedSequence([self.seed, self.epoch, photo]).generate_state(1)[0])
        )
        words = {
            lang: [rows[place] for place in torch.randperm(len(rows), generator=draw)[: self.captions_each].tolist()]
            for lang, rows in self.words[photo].items()
        }
        chances = {"chances": torch.rand(self.samples, _MOST_WORDS - 1, generator=draw)} if self.samples else {}
        return {**self.see(photo, self.may_be_mirrored[photo], draw), **chances, "words": words}


def collate(photos: list[dict], captions_each: int = 5, pad: int = 0) -> dict[str, Any]:
    """A batch: ``regions`` (B, R, channels) or ``pixels``, and each language's ``words`` (B, N, T), padded.

    A photo with fewer than N captions leaves rows of padding, which the loss leaves out.
    """
    seen = {name: torch.stack([photo[name] for photo in photos]).float() for name in photos[0] if name != "words"}
    words_of: dict[str, Tensor] = {}
    for lang in photos[0]["words"]:
        rows_of = [photo["words"][lang] for photo in photos]
        longest = max((len(row) for rows in rows_of for row in rows), default=2)
        words = torch.full((len(photos), captions_each, longest), pad)
        for b, rows in enumerate(rows_of):
            for n, row in enumerate(rows[:captions_each]):
                words[b, n, : len(row)] = torch.tensor(row)
        words_of[lang] = words
    return {**seen, "words": words_of}
