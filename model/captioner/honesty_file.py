"""The honesty test's result beside the weights, as JSON: ``model.training.honesty`` writes it, the page reads it."""

import json
from dataclasses import asdict, fields
from pathlib import Path

from model.files import write_json
from model.traces import Estimate, HonestyGroup, HonestyTrace

FORMAT, VERSION = "afterimage honesty", 2


def file_of(directory: Path, lang: str) -> Path:
    """Where a captioner's result for the captions of one language lies."""
    return directory / f"honesty-{lang}.json"


def save(trace: HonestyTrace, file: Path) -> None:
    """Write the result; an ``Estimate`` is a list of mean, low and high."""
    write_json(file, {"format": FORMAT, "version": VERSION, **asdict(trace)})


def load(file: Path) -> HonestyTrace:
    """The result in a file that ``save`` wrote.

    Raises:
        FileNotFoundError: when there is none.
        ValueError: when it is of another format or version.
    """
    content = json.loads(file.read_text(encoding="utf-8"))
    if (content.pop("format", None), content.pop("version", None)) != (FORMAT, VERSION):
        raise ValueError(f"{file} is no result of version {VERSION}; write it anew by model.training.honesty")
    groups = {name: _group(group) for name, group in content.pop("groups").items()}
    words = tuple(content.pop("function_words"))
    return HonestyTrace(groups=groups, function_words=words, **content)


def _group(content: dict) -> HonestyGroup:
    estimates = {field.name for field in fields(HonestyGroup)} - {"words", "photos", "peaks", "tenth"}
    return HonestyGroup(
        words=content["words"],
        photos=content["photos"],
        peaks=tuple(content["peaks"]),
        tenth=content["tenth"],
        **{name: content[name] and Estimate(*content[name]) for name in estimates},
    )
