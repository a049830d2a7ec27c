"""The recurrent tasks as the page offers them: what each is called, what is asked, and what can be set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from app.i18n import N_, _
from app.sequence.texts import CORPUS, OWN_TEXT, LongText, choose_corpus
from app.ui.settings import Code, Flag, Number, Setting
from model.errors import UserError
from model.recurrent import TASKS, make_task
from model.recurrent.tasks import Numbers, Task
from model.recurrent.tasks.ten_numbers import READINGS


@dataclass(frozen=True)
class OfferedTask:
    """A task as the page offers it; all its texts are marked for translation."""

    #: What a reader calls it; the same in a word or two; what the network is asked, in a sentence or two.
    name: str
    title: str
    about: str
    #: What is above the fields of its whole numbers, by their names.
    labels: Mapping[str, str] = field(default_factory=dict)


LENGTH = {"length": N_("Length of a sequence")}

#: By the tasks' names, in the order of the page's choice.
OFFERED = {
    "parity": OfferedTask(
        N_("Parity: is the number of ones odd?"),
        N_("Parity"),
        N_("It reads ones and zeros, and says after each whether the number of ones so far is odd."),
        LENGTH,
    ),
    "recall": OfferedTask(
        N_("Recall: which letter came first?"),
        N_("Recall"),
        N_("It reads letters, then a question mark, and must say which letter came first."),
        {"distractors": N_("Distractors")},
    ),
    "text": OfferedTask(
        N_("Text: which character comes next?"),
        N_("Text"),
        N_("It reads a text character by character, and at each one guesses the next."),
        LENGTH,
    ),
    "reber": OfferedTask(
        N_("Reber grammar: which letter may come next?"),
        N_("Reber grammar"),
        N_("It reads strings that a small grammar wrote, and says which letter may come next."),
        LENGTH,
    ),
    "adding": OfferedTask(
        N_("Adding: the sum of two marked numbers"),
        N_("Adding"),
        N_("It reads numbers, two of them marked with *, and says at the end what these two add up to."),
        LENGTH,
    ),
    "sine": OfferedTask(
        N_("Sine: continue the wave"),
        N_("Sine"),
        N_("It reads the values of a sine wave, and says at each step what comes next."),
        {"period": N_("Steps in a wave"), **LENGTH},
    ),
    "numbers": OfferedTask(
        N_("Numbers: continue my own series"),
        N_("Numbers"),
        N_("It reads your numbers, and says at each step what comes next."),
        LENGTH,
    ),
    "ten_numbers": OfferedTask(
        N_("Ten random numbers to ten (first exercise)"),
        N_("Ten numbers"),
        N_(
            "It reads ten random numbers and should say ten others, as random. There is nothing in it to learn but "
            "their mean, which costs their variance, 1/12. Below that the loss falls only on these 100 pairs, learned "
            "by heart, and not on new ones (overfitting). The usual code has two traps: its data is 2-D, which PyTorch "
            "reads as one sequence of 100 steps, and it unpacks the LSTM's three results into two names."
        ),
        {"pairs_seed": N_("Seed of the pairs")},
    ),
}


@dataclass(frozen=True)
class Series(LongText):
    """Numbers that somebody types."""

    def put(self, value: str | tuple[float, ...]) -> None:
        super().put(value if isinstance(value, str) else " ".join(f"{number:.17g}" for number in value))


TASK = Code("sequence_task", "parity")
SERIES = Series("sequence_series", default="0 1 2 3 4 3 2 1 0 1 2 3 4 3 2 1 0 1 2 3 4 3 2 1 0")
FRAME = Flag("sequence_reber_embedded")
READING = Code("sequence_ten_reading", READINGS[0])
#: Each task's whole numbers, by the fields' names.
NUMBERS = {
    name: {
        each: Number(f"sequence_{name}_{each}", *limits, getattr(TASKS[name], each))
        for each, limits in TASKS[name].limits.items()
    }
    for name in OFFERED
}
#: All that can be set of each task, by the fields' names.
OF_TASK: dict[str, dict[str, Setting]] = {name: dict(numbers) for name, numbers in NUMBERS.items()}
OF_TASK["text"]["text"] = OWN_TEXT
OF_TASK["numbers"]["numbers"] = SERIES
OF_TASK["reber"]["embedded"] = FRAME
OF_TASK["ten_numbers"]["reading"] = READING


def task_names() -> dict[str, str]:
    """What a reader calls the tasks, by their names."""
    return {name: _(task.name) for name, task in OFFERED.items()}


def task_titles() -> dict[str, str]:
    """The same in a word or two."""
    return {name: _(task.title) for name, task in OFFERED.items()}


def choose_parameters(name: str) -> dict:
    """The task's own settings, a widget for each."""
    parameters: dict = {}
    if name == "text":
        parameters["text"] = choose_corpus()
    if name == "numbers":
        parameters["numbers"] = SERIES.field(
            _("My series"), height=100, help=_("4 to 1,000 numbers, with spaces or commas between them.")
        )
    numbers = NUMBERS[name]
    for column, (each, setting) in zip(st.columns(max(len(numbers), 1)), numbers.items(), strict=False):
        with column:
            parameters[each] = setting.field(_(OFFERED[name].labels[each]))
    if name == "reber":
        parameters["embedded"] = FRAME.toggle(_("In a frame that must be remembered"))
    if name == "ten_numbers":
        names = dict(zip(READINGS, (_("100 pairs, as meant"), _("One sequence, as torch reads it")), strict=True))
        parameters["reading"] = READING.choose(st.pills, _("The data is read as"), names)
    return parameters


def task_of(name: str, parameters: dict) -> Task:
    """The task with what ``choose_parameters`` gave.

    Raises:
        UserError: when there is too little to learn from, or a series cannot be read.
    """
    if name != "numbers":
        return make_task(name, **parameters)
    typed, others = parameters["numbers"], {key: value for key, value in parameters.items() if key != "numbers"}
    if not typed.strip():
        raise UserError("The series is empty. Please type at least 4 numbers, such as 1 2 3 4 3 2 1.")
    return Numbers.from_text(typed, **others)


def put_task(task: Task) -> None:
    """Set the widgets to a task; call it in a callback."""
    TASK.put(task.name)
    for each, setting in OF_TASK[task.name].items():
        setting.put(getattr(task, each))
    if task.name == "text":
        CORPUS.put("own")
