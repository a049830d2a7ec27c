"""Step through: one sequence, and all that happens while a network reads it."""

from functools import partial
from typing import Any

import streamlit as st

from app import remembered
from app.charts.sequence import coloured_text, gates, series, step
from app.charts.sequence.answers import TaskUnits
from app.charts.sequence.texts import visible
from app.i18n import _
from app.scripts import sequence as scripts
from app.scripts.script import Script
from app.sequence.code import show_code, written, written_example
from app.sequence.files import trace_files
from app.sequence.networks import in_words
from app.sequence.reading import MAX_SHOWN_STEPS, example_of, task_units_of
from app.ui.drawing import draw, join_sentences
from app.ui.markdown import literal
from app.ui.settings import Code, Number, Seed
from app.ui.shell import controls
from model.hidden_basis import fit_basis
from model.recurrent import Saved, extrapolate, trace_example, write_on
from model.recurrent.settings import LIMITS
from model.recurrent.tasks import Example, SymbolTask
from model.traces import SequenceTrace

MORE = Code("sequence_more", "text")
UNIT = Number("sequence_unit", 0, LIMITS["hidden_size"][1], 0)
STEP = Number("sequence_shown_step", 1, 100_000, 1)
ALONE_STEPS, ALONE_SEED = Number("sequence_alone_steps", 1, 400, 80), Seed("sequence_alone_seed")
TEMPERATURE = Number("sequence_temperature", 0.0, 2.0, 0.7, 0.1)


def step_through(looked: Saved, typed: str) -> None:
    """The film of the steps, then one more picture of the same trace, then the files.

    Raises:
        UserError: when the task cannot read what was typed.
    """
    example = example_of(looked.task, typed)
    trace = remembered.result(partial(trace_example, looked.network, looked.task, example))
    task_units = task_units_of(looked.task)
    basis = fit_basis([trace.states])
    # The widgets stand under the figure, so that it comes first, but are read before it is drawn.
    film = st.container()
    unit, first = _unit_and_step(trace)
    which = _choose_more(looked)
    with film:
        draw(
            partial(step.step_through, trace, basis, unit=unit, task_units=task_units, step=first),
            "sequence_chart_step",
            before=in_words(looked),
        )
    script, given = _more(which, looked, example, trace, unit, task_units)
    trace_files(trace, looked)
    given |= {"saved": written(looked), "example": written_example(looked.task, typed, MAX_SHOWN_STEPS)}
    show_code(_("1 Step through"), script, looked.network.cell, **given)


def _unit_and_step(trace: SequenceTrace) -> tuple[int, int]:
    """The group ``unit``: the unit whose formula is shown, and the step that the film starts at, both from 0. The step
    is there for the keyboard and for a link; the film's own slider goes on from it."""
    steps, units = trace.hidden.shape
    with controls("unit", horizontal=True):
        unit = UNIT.field(_("Look at unit (0 to {last})").format(last=units - 1), most=units - 1, width=200)
        step = STEP.field(_("Show step (1 to {last})").format(last=steps), most=steps, width=200)
    return unit, step - 1


def _choose_more(looked: Saved) -> str:
    """The group ``more``: which picture stands under the film."""
    names = {"text": _("Coloured text"), "gates": _("All gates"), "course": _("One unit's course")}
    if looked.task.continues:
        names["alone"] = _("Let it go on alone")
    with controls("more"):
        return MORE.choose(st.segmented_control, _("See also"), names, label_visibility="collapsed")


def _more(
    which: str, looked: Saved, example: Example, trace: SequenceTrace, unit: int, task_units: TaskUnits
) -> tuple[Script, dict[str, Any]]:
    """Draw it; give the script that prints its numbers, and what that takes."""
    if which == "text":
        text = coloured_text.coloured_text(trace, unit)
        st.html(text.html)
        st.caption(literal(join_sentences(text.words)))
    elif which == "gates":
        draw(partial(gates.gate_heat_maps, trace), "sequence_chart_gates")
    elif which == "course":
        draw(partial(gates.unit_course, trace, unit), "sequence_chart_course")
    else:
        return _alone(looked, example, trace, task_units)
    return scripts.step_through, {"unit": unit}


def _alone(
    looked: Saved, example: Example, trace: SequenceTrace, task_units: TaskUnits
) -> tuple[Script, dict[str, Any]]:
    """The network goes on by itself: each answer is its next input. As ``_more``."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = ALONE_STEPS.field(_("Steps to go on"), width=180)
        if isinstance(looked.task, SymbolTask):
            temperature = TEMPERATURE.slider(
                _("Temperature"), width=260, help=_("0 takes the likeliest each time; above 1 it takes risks.")
            )
            seed = ALONE_SEED.field(_("Seed of the drawing"), width=180)
    if isinstance(looked.task, SymbolTask):
        drawing = {"count": count, "temperature": temperature, "seed": seed}
        said = remembered.result(partial(write_on, looked.network, looked.task, example, **drawing))
        show_text(example.symbols, said.symbols)
        return scripts.write_alone, drawing
    continued = remembered.result(partial(extrapolate, looked.network, looked.task, example, count=count))
    draw(partial(series.continued_series, trace, continued, task_units=task_units), "sequence_chart_alone")
    return scripts.series_alone, {"count": count}


def show_text(read: tuple[str, ...], written: tuple[str, ...]) -> None:
    """What it read, quietly, and what it wrote behind it; as text, never as HTML or Markdown."""
    st.caption(_("It read:"))
    st.code(plain(read), language=None, wrap_lines=True)
    st.caption(_("It went on:"))
    st.code(plain(written), language=None, wrap_lines=True)


def plain(symbols: tuple[str, ...]) -> str:
    """Symbols as text that keeps its lines; what has no sign is named."""
    return "".join(symbol if symbol in (" ", "\n") else visible(symbol) for symbol in symbols)
