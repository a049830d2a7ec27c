"""The code behind the sequence page's views: their scripts, with networks, sequences and settings filled in."""

from pathlib import Path
from typing import Any

from app.scripts.script import Made, Script
from app.sequence.presets import presets
from app.sequence.reading import EXAMPLE
from app.ui.code import the_code
from model.cells import CELLS
from model.recurrent import Saved
from model.recurrent.presets import load_preset
from model.recurrent.reading import fresh_examples
from model.recurrent.saving import load
from model.recurrent.tasks import Task
from model.recurrent.training import untrained


def show_code(title: str, script: Script, cell: str = "", **given: Any) -> None:
    """The code of the view ``title``; with a ``cell``, its step is among the lines."""
    the_code("sequence", title, script, also=(type(CELLS[cell]).step,) if cell else (), **given)


def written(looked: Saved) -> Made:
    """A network in a script: a preset, a new one, or one that was trained on the page and saved."""
    for name, preset in presets().items():
        if preset is looked:
            return Made(f"load_preset({name!r})", load_preset)
    if not looked.steps:
        parts = type(looked.task), type(looked.settings)
        return Made(f"untrained({looked.task!r}, {looked.settings!r})", untrained, *parts)
    file = f"afterimage-{looked.settings.cell}.safetensors"
    return Made(f"load(Path({file!r}).read_bytes())", load, Path, remark="from the downloads of “Train it live”")


def written_example(task: Task, typed: str, most: int, of: str = "saved.task") -> Made:
    """A sequence in a script: what was typed, or the example that the page numbers, its first ``most`` steps; ``of`` is
    the script's expression for the task."""
    if typed.strip():
        made, whole = Made(f"{of}.read({typed!r})"), task.read(typed)
    else:
        made = Made(f"fresh_examples({of}, {EXAMPLE.value})[0]", fresh_examples)
        whole = fresh_examples(task, EXAMPLE.value)[0]
    return made if len(whole.symbols) <= most else Made(f"{made!r}.first({most})", *made.taken)
