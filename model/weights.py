"""Weights on the disk: safetensors, written whole, and refused where they are damaged.

Beside ``model.safetensors`` lies ``model.safetensors.sha256``, as ``sha256sum`` writes it: one flipped bit can turn a
weight of 0.5 into one of 30,000, and nothing else would tell. Where there is no such file, it is not asked for.
"""

from collections.abc import Mapping
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from model.errors import MissingFileError, WeightsError
from model.files import replacing, sha256_of, write_text


def save_weights(tensors: Mapping[str, Tensor], file: Path, about: dict[str, str] | None = None) -> None:
    """Write tensors, what there is to say ``about`` them, and their checksum."""
    with replacing(file) as beside:
        # In C order: safetensors writes a tensor's memory as it lies.
        safetensors.torch.save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, beside, about)
    seal(file)


def load_weights(file: Path) -> dict[str, Tensor]:
    """The tensors in a file.

    Raises:
        MissingFileError: when it is not there.
        WeightsError: when it is damaged, or a number in it is not finite.
    """
    check_seal(file)
    try:
        tensors = safetensors.torch.load_file(file)
    except (safetensors.SafetensorError, KeyError, ValueError) as error:
        raise damaged(file) from error
    check_finite(tensors, file)
    return tensors


def load_metadata(file: Path) -> dict[str, str]:
    """What ``save_weights`` was told ``about`` a file's tensors."""
    with safetensors.safe_open(file, "np") as opened:
        return opened.metadata() or {}


def seal(file: Path) -> None:
    """Write a file's checksum beside it."""
    write_text(_seal_of(file), f"{sha256_of(file)}  {file.name}\n")


def check_seal(file: Path) -> None:
    """Whether a file is there, and is what it was when its checksum was written.

    Raises:
        MissingFileError, WeightsError: when not.
    """
    if not file.is_file():
        raise MissingFileError("The file {file} is missing. Please get the whole project again.", file=_short(file))
    if _seal_of(file).is_file() and _seal_of(file).read_text(encoding="utf-8").split()[:1] != [sha256_of(file)]:
        raise damaged(file)


def check_finite(tensors: Mapping[str, Tensor], file: Path) -> None:
    """Raises: WeightsError: when a number is infinite or NaN."""
    if not all(torch.isfinite(tensor).all() for tensor in tensors.values()):
        raise damaged(file)


def damaged(file: Path) -> WeightsError:
    """The sentence on a file that is there and cannot be used."""
    return WeightsError(
        "The file {file} is damaged, or does not fit the others beside it. Please get the whole project again.",
        file=_short(file),
    )


def _seal_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _short(file: Path) -> str:
    """Its folder and name: visitors of a page need not know where on the server that is."""
    return f"{file.resolve().parent.name}/{file.name}"
