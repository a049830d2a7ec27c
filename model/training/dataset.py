"""The captioned photos to train on: reading the files, and giving photos with their captions.

A data folder holds ``images/``, ``captions_en.tsv`` (lines of ``image<TAB>caption``), perhaps ``captions_zh.tsv``,
and perhaps lists of image names such as ``train.txt`` and ``val.txt``.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerFast

from model.errors import UserError


def read_captions(file: Path) -> dict[str, list[str]]:
    """Image name to captions, from lines of ``image<TAB>caption`` (UTF-8; empty lines are skipped).

    Raises:
        UserError: when a line has no tab; the sentence names file and line.
    """
    captions: dict[str, list[str]] = defaultdict(list)
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1):
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
    """Image names, one a line."""
    return [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]


def image_files(folder: Path) -> dict[str, Path]:
    """Image name (without its suffix) to file, for all files of a folder."""
    return {file.stem: file for file in sorted(folder.iterdir()) if file.is_file()}


class CaptionedPhotos(Dataset):
    """Photos with all their captions: ``regions`` (R, channels) of one view of the photo, ``words`` (N, T).

    A photo's views are itself, mirrored, and cropped (see ``features``); each time it is asked for, one is drawn
    by torch's global generator, which the Trainer seeds, saves and restores. A photo that a caption calls left or
    right is not mirrored.
    """

    def __init__(
        self,
        features: np.ndarray,  # (photos, views, R, channels)
        captions: Sequence[Sequence[str]],
        tokenizer: PreTrainedTokenizerFast,
        mirrored: Sequence[bool],  # of each view
        max_words: int = 22,
    ):
        self.features = features
        self.words = []
        self.views = []
        upright = [view for view, is_mirrored in enumerate(mirrored) if not is_mirrored]
        for texts in captions:
            rows = [tokenizer(text).input_ids[:max_words] for text in texts]
            self.words.append([[tokenizer.bos_token_id, *row, tokenizer.eos_token_id] for row in rows])
            sided = any(side in text.lower() for text in texts for side in ("left", "right", "左", "右"))
            self.views.append(upright if sided else list(range(len(mirrored))))

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, photo: int) -> dict[str, object]:
        views = self.views[photo]
        view = views[int(torch.randint(len(views), ()))]
        return {"regions": torch.from_numpy(self.features[photo, view].copy()), "words": self.words[photo]}


def collate(photos: list[dict], captions_each: int = 5, pad: int = 0) -> dict[str, Tensor]:
    """A batch: ``regions`` (B, R, channels) and ``words`` (B, N, T), padded to the longest.

    A photo with fewer than N captions leaves rows of padding, which the loss leaves out; of more, N are drawn.
    """
    longest = max(len(row) for photo in photos for row in photo["words"])
    words = torch.full((len(photos), captions_each, longest), pad)
    for b, photo in enumerate(photos):
        order = torch.randperm(len(photo["words"]))[:captions_each]
        for n, place in enumerate(order.tolist()):
            row = photo["words"][place]
            words[b, n, : len(row)] = torch.tensor(row)
    return {"regions": torch.stack([photo["regions"] for photo in photos]).float(), "words": words}
