"""The sequence that a network reads: typed, or drawn from its task."""

import streamlit as st

from app.charts.sequence.answers import AS_THEY_ARE, TaskUnits
from app.charts.sequence.texts import visible
from app.i18n import _, translate_error
from app.sequence.settings import only_if
from app.sequence.texts import LongText
from app.ui.markdown import literal
from app.ui.settings import Number
from app.ui.shell import controls
from model.errors import UserError
from model.recurrent.reading import fresh_examples
from model.recurrent.tasks import Example, SymbolTask, Task
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


def readable(task: Task, typed: str) -> str:
    """What of ``typed`` the task can read; a sentence says what was changed. Where it can read nothing, an error says
    what it reads, and this is empty: an example is read in its place, so that the figure stays."""
    known = _known_signs(task, typed)
    try:
        if known.strip():
            task.read(known)
        return known
    except UserError as error:
        instead = _("An example is read in its place.")
        st.error(f"{translate_error(error)}  \n{instead}", icon=":material/help:")
        return ""


def _known_signs(task: Task, typed: str) -> str:
    """The signs that the task knows, in the letters' size that it knows; all where there are none."""
    if not isinstance(task, SymbolTask) or any(len(symbol) != 1 for symbol in task.alphabet):
        return typed
    known, kept, changed, left_out = set(task.alphabet), [], [], []
    for sign in typed:
        fitting = next((one for one in (sign, sign.lower(), sign.upper()) if one in known), None)
        if fitting is None and not sign.isspace():
            left_out.append(sign)
            continue
        kept.append(fitting or sign)
        if fitting not in (None, sign) and sign not in changed:
            changed.append(sign)
    text = "".join(kept)
    if not text.strip():
        return typed
    told = []
    if left_out:
        told.append(_("Left out, since the network does not know it: {signs}").format(signs=_spelled(left_out)))
    if changed and any(letter.islower() for letter in known):
        told.append(_("Read as small letters: {signs}").format(signs=_spelled(changed)))
    if told:
        st.info("  \n".join(told), icon=":material/spellcheck:")
    return text


def _spelled(signs: list[str]) -> str:
    """Each sign once, at most 20 of them, as they are."""
    each = list(dict.fromkeys(signs))
    return literal(" ".join(visible(sign) for sign in each[:20])) + (" …" if len(each) > 20 else "")


def task_units_of(task: Task) -> TaskUnits:
    """What brings the network's numbers into the task's own units."""
    return TaskUnits(task.mean, task.deviation) if isinstance(task, SeriesTask) else AS_THEY_ARE
