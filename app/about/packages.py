"""The packages that the app stands on, with their versions and licences as they themselves say."""

import re
from functools import cache
from importlib.metadata import metadata
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"
#: A longer licence is a whole text, not a name.
LONGEST_NAME = 40


def required() -> list[str]:
    """The names in the requirements file, in its order."""
    return re.findall(r"^([\w-]+)==", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)


@cache
def licence_of(package: str) -> str:
    """The licence that an installed package names, or ``""``."""
    about = metadata(package)
    if about["License-Expression"]:
        return about["License-Expression"]
    classified = [
        line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License :: OSI")
    ]
    named = (about["License"] or "").strip()
    return classified[0] if classified else named if len(named) <= LONGEST_NAME and "\n" not in named else ""
