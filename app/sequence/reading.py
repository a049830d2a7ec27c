"""The sequence that a network reads: typed, or drawn from its task."""

import streamlit as st

from app.charts.sequence.answers import AS_THEY_ARE, TaskUnits
from app.i18n import _
from app.sequence.settings import only_if
from app.sequence.texts import LongText
from app.ui.settings import Number
from app.ui.shell import controls
from model.recurrent.reading import fresh_examples
from model.recurrent.tasks import Example, Task
from model.recurrent.tasks.series import SeriesTask

#: The page shows no longer sequence: figures of more steps take a browser seconds.
MAX_SHOWN_STEPS = 200
TYPED, EXAMPLE = LongText("sequence_text"), Number("sequence_example", 0, 9999, 0)


def choose_sequence(view: str, source: str) -> str:
    """The group ``sequence``: what is typed; empty where an example is to be drawn."""

    def another() -> None:
        TYPED.put("")
        EXAMPLE.put(EXAMPLE.value + 1)

    with only_if(view != "train" and source != "hand", "sequence"), controls("sequence"):
        typed = TYPED.field(_("A sequence to read"), placeholder=_("Type one, or leave it empty for an example"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button(_("Another example"), key="sequence_another", icon=":material/casino:", on_click=another)
            EXAMPLE.field(_("Example number"), label_visibility="collapsed", width=105)
    return typed


def example_of(task: Task, typed: str) -> Example:
    """What was typed, or the example that the URL numbers; its first ``MAX_SHOWN_STEPS`` steps.

    Raises:
        UserError: when the task cannot read it.
    """
    example = task.read(typed) if typed.strip() else fresh_examples(task, EXAMPLE.value)[0]
    if len(example.symbols) > MAX_SHOWN_STEPS:
        st.info(
            _("The sequence has {count} steps; the first {shown} are shown.").format(
                count=len(example.symbols), shown=MAX_SHOWN_STEPS
            ),
            icon=":material/content_cut:",
        )
        example = example.first(MAX_SHOWN_STEPS)
    return example


def task_units_of(task: Task) -> TaskUnits:
    """What brings the network's numbers into the task's own units."""
    return TaskUnits(task.mean, task.deviation) if isinstance(task, SeriesTask) else AS_THEY_ARE
