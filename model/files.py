"""Files that are whole or not there: what is written takes its place in one step, when it is complete.

A run that is killed, or a disk that is full, then leaves the old file as it was, and never half of a new one.

>>> with replacing(Path("weights.safetensors")) as beside:
...     save_file(weights, beside)
>>> write_json(Path("figures.json"), figures)
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place beside ``path`` to write a file or a folder to; at the end it takes the place of what is there.

    A folder's files take theirs one by one, and others stay. After an error all is as before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as room:
        beside = Path(room, path.name)
        yield beside
        files = [file for file in beside.rglob("*") if file.is_file()] if beside.is_dir() else [beside]
        for file in files:
            _to_disk(file)
        for file in files:
            place = path / file.relative_to(beside)  # itself, for a file
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)


def move_whole(folder: Path, path: Path) -> None:
    """Give a finished folder its name, in one step; there must be none of that name with something in it."""
    for file in folder.rglob("*"):
        if file.is_file():
            _to_disk(file)
    folder.replace(path)


def write_bytes(path: Path, content: bytes) -> None:
    """``path.write_bytes``, whole or not at all."""
    with replacing(path) as beside:
        beside.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """``path.write_text`` in UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, content: Any, *, indent: int | None = 1) -> None:
    """Content as JSON in UTF-8; numbers that are none are refused, since JSON has no such thing.

    Raises:
        ValueError: when a number is infinite or NaN.
    """
    write_text(path, json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent) + "\n")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(file: Path) -> None:
    """Wait until the disk has it: a name that comes before its content would survive a power cut without it."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
