"""What the networks here learn: one task a file, all with the interface of ``Task``.

>>> from model.recurrent.tasks import make_task
>>> task = make_task("recall", distractors=20)
>>> task.references
{'chance': 2.0794415416798357, 'optimum': 0.0}
"""

from dataclasses import asdict, fields

from model import checks
from model.errors import SettingError
from model.recurrent.tasks.adding import Adding
from model.recurrent.tasks.next_symbol import NextSymbol
from model.recurrent.tasks.parity import Parity
from model.recurrent.tasks.reber import Reber
from model.recurrent.tasks.recall import Recall
from model.recurrent.tasks.series import Numbers, Sine
from model.recurrent.tasks.task import Batch, Example, NumberTask, SymbolTask, Task
from model.recurrent.tasks.ten_numbers import TenNumbers

#: The tasks by name.
TASKS: dict[str, type[Task]] = {
    task.name: task for task in (NextSymbol, Recall, Parity, Adding, Sine, Numbers, Reber, TenNumbers)
}

__all__ = [
    "TASKS",
    "Adding",
    "Batch",
    "Example",
    "NextSymbol",
    "NumberTask",
    "Numbers",
    "Parity",
    "Reber",
    "Recall",
    "Sine",
    "SymbolTask",
    "Task",
    "TenNumbers",
    "make_task",
    "parameters_of",
]


def make_task(name: str, **parameters: object) -> Task:
    """The task of that name with these parameters; those not given have their defaults.

    Raises:
        UserError: when there is no such task, it has no such parameter, lacks one, or a value is out of its range.
    """
    if not isinstance(name, str) or name not in TASKS:
        raise SettingError(
            "There is no task {given}. Please choose one of {tasks}.", given=checks.quoted(name), tasks=_listed(TASKS)
        )
    known = {field.name for field in fields(TASKS[name])}
    if not parameters.keys() <= known:
        raise SettingError(
            "The task {task} has no parameter {given}. It has: {parameters}.",
            task=name,
            given=_listed(parameters.keys() - known),
            parameters=_listed(known),
        )
    if name == NextSymbol.name and not isinstance(parameters.get("text"), str):
        raise SettingError("The task {task} needs a text. Please give one.", task=name)
    if name == Numbers.name and not isinstance(parameters.get("numbers"), tuple | list):
        raise SettingError("The task {task} needs numbers. Please give some.", task=name)
    return TASKS[name](**parameters)


def parameters_of(task: Task) -> dict[str, object]:
    """The task's parameters by name: ``make_task(task.name, **parameters_of(task))`` is the same task."""
    return asdict(checks.kind("task", task, Task, "a task"))


def _listed(names) -> str:
    return ", ".join(sorted(names))
