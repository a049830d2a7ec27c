"""How to cite the project: what ``CITATION.cff`` says, as BibTeX."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

CITATION = Path(__file__).parents[2] / "CITATION.cff"


@cache
def citation(file: Path = CITATION) -> dict[str, Any]:
    """What the citation file says."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def bibtex(file: Path = CITATION) -> str:
    """The citation file (Citation File Format 1.2.0) as an entry of BibTeX.

    Authors are groups with a ``name``, or people with ``family-names`` and ``given-names``.
    """
    said = citation(file)
    authors = [
        f"{{{one['name']}}}" if "name" in one else f"{one['family-names']}, {one['given-names']}"
        for one in said["authors"]
    ]
    fields = {
        "author": " and ".join(authors),
        "title": said["title"],
        "abstract": said["abstract"],
        "version": said["version"],
        "license": said["license"],
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{said['type']}{{afterimage,", *lines, "}"])
