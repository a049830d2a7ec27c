"""What the neurons page and the lessons rest on: papers and books by a short name, read from ``sources.toml``."""

import tomllib
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_suffix(".toml")


class Source(NamedTuple):
    """A publication: how a text refers to it, what it is, and where it is found (empty where that is not known)."""

    short: str
    full: str
    link: str = ""


def _read() -> dict[str, Source]:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Source(one["short"], one["full"], _link(one)) for name, one in entries.items()}


def _link(entry: dict[str, str]) -> str:
    return f"https://doi.org/{entry['doi']}" if "doi" in entry else entry.get("link", "")


SOURCES = _read()
