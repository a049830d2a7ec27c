"""The captioner's memories while it captions photos that it was not trained on: what probes and moments are made of."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from torch import Tensor

from model import shell
from model.captioner.image import read_photo
from model.captioner.settings import SearchSettings
from model.traces import CaptionTrace

if TYPE_CHECKING:
    from model.captioner import Captioner


class Remembered(NamedTuple):
    """A photo's regions, and its caption in each language."""

    regions: Tensor
    captions: dict[str, CaptionTrace]


def memories(captioner: "Captioner", files: Sequence[Path], keep_regions: bool = False) -> list[Remembered]:
    """Each photo's captions in all languages, as the page makes them; a bar on stderr shows how far it is.

    Regions are 400 kB a photo: they are kept, in half precision, only where they are asked for.
    """
    found = []
    for file in shell.progress(list(files), unit="photo"):
        regions = captioner.look(read_photo(file))
        captions = {lang: captioner.describe(regions, SearchSettings(lang)) for lang in captioner.languages}
        found.append(Remembered(regions.half() if keep_regions else regions[:0], captions))
    return found
