"""The landscape: where a network's memory falls under an input that stays, and where it stands still."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st
import torch

from app import remembered
from app.charts.sequence import fixed_points as on_plane
from app.charts.sequence import landscape as field
from app.charts.sequence.texts import plain_name
from app.i18n import _
from app.scripts import sequence as scripts
from app.scripts.script import Made
from app.sequence.code import show_code, written, written_example
from app.sequence.files import landscape_files, point_files
from app.sequence.networks import in_words
from app.sequence.reading import MAX_SHOWN_STEPS, example_of
from app.sequence.two_units import TwoUnits, put_start
from app.ui.cite import cite
from app.ui.drawing import draw, join_sentences
from app.ui.settings import Code, Flag, Number
from app.ui.shell import controls
from model.cells import CELLS
from model.cells.cell import HIDDEN
from model.hidden_basis import fit_basis
from model.neurons.landscape import landscape as landscape_of_neuron
from model.recurrent import Saved, fixed_points, trace_example
from model.recurrent.landscape import landscape
from model.recurrent.network import Network
from model.recurrent.reading import fresh_examples
from model.recurrent.rounds import left_alone, read_on
from model.recurrent.tasks import Example, SymbolTask
from model.recurrent.tasks.series import SeriesTask
from model.traces import FixedPoint, HiddenBasis, LandscapeTrace, LoopTrace, SequenceTrace

#: How many sequences a larger network reads first; from how many of their states points are looked for; and how slow a
#: slow point is, as a share of how far a step usually moves the state.
RUNS, STARTS, SLOW = 24, 32, 0.1
#: For so many steps a network goes on by itself, where its answers can be its inputs.
ALONE = 200
CITED_OF_POINTS, CITED_OF_PLANES, CITED_OF_NEURON = ("sussillo", "golub"), ("beer", "sussillo"), ("izhikevich",)
CITED = (*CITED_OF_POINTS, *CITED_OF_PLANES, *CITED_OF_NEURON)

CONSTANT = Code("sequence_constant")
BESIDE, CURRENT = Flag("sequence_neuron"), Number("sequence_neuron_current", 0.0, 20.0, 2.0, 0.1)


def two_units_by_hand(chosen: TwoUnits) -> None:
    """Their plane, at choice beside a neuron's.

    Raises:
        UserError: when the pulses cannot be read.
    """
    trace = remembered.result(partial(TwoUnits.trace, chosen))
    current = _beside_a_neuron(trace, _("two units, h → tanh(W h + x)"), _units())
    show_code(_("4 The landscape"), scripts.two_units_by_hand, "rnn_tanh", current=current, **chosen._asdict())


def has_plane(looked: Saved) -> bool:
    """Whether its state is two numbers, so that a plane shows all of it."""
    return len(CELLS[looked.network.cell].state) * looked.network.recurrent.hidden_size == 2


def landscape_of_trained(looked: Saved, typed: str, start: tuple[float, float]) -> None:
    """The plane of a network whose state is two numbers; else its fixed and slow points on the plane of its runs.

    Raises:
        UserError: when the task cannot read what was typed, or the network is too large.
    """
    example = example_of(looked.task, typed)
    x, x_in_code = _constant_input(looked, example)
    given: dict[str, Any] = {"saved": written(looked), "x": x_in_code, "start": start}
    read = written_example(looked.task, typed, MAX_SHOWN_STEPS)
    seen = remembered.result(partial(trace_example, looked.network, looked.task, example))
    if has_plane(looked):
        module = looked.network.recurrent
        trace = remembered.result(partial(landscape, module, x, start, seen, seen.symbols))
        current = _beside_a_neuron(trace, _("the state of this network"), _numbers(looked))
        st.caption(join_sentences(in_words(looked)))
        show_code(_("4 The landscape"), scripts.plane, looked.network.cell, example=read, current=current, **given)
        return
    runs = (example, *fresh_examples(looked.task, 1, RUNS - 1))
    with st.spinner(_("Looking for where it stands still …"), show_time=False):
        traces, basis, points = remembered.result(partial(_find, looked, runs, x))
        task = looked.task
        loops = (
            remembered.result(partial(_rounds, looked.network, task, example)) if isinstance(task, SeriesTask) else ()
        )
    draw(partial(on_plane.fixed_points_plane, traces, basis, points, *loops), "sequence_chart_points")
    st.caption(join_sentences(in_words(looked)))
    point_files(points)
    cite(*CITED_OF_POINTS)
    others = Made(f"[{read!r}, *fresh_examples(saved.task, 1, {RUNS - 1})]", *read.taken, fresh_examples)
    given |= {"examples": others, "count": STARTS, "slow": SLOW, "alone": ALONE if loops else 0}
    show_code(_("4 The landscape"), scripts.points, looked.network.cell, **given)


def _find(
    looked: Saved, runs: tuple[Example, ...], x: tuple[float, ...]
) -> tuple[list[SequenceTrace], HiddenBasis, tuple[FixedPoint, ...]]:
    traces = [trace_example(looked.network, looked.task, run) for run in runs]
    states = [trace.full_states for trace in traces]
    slowest = SLOW * on_plane.usual_speed(traces)
    points = fixed_points(looked.network.recurrent, x, starts=np.concatenate(states), count=STARTS, slowest=slowest)
    return traces, fit_basis(states), points


def _rounds(network: Network, task: SeriesTask, example: Example) -> tuple[LoopTrace, LoopTrace]:
    """Where it goes while it reads a wave for long, and when it is left alone behind the example."""
    return read_on(network, task), left_alone(network, task, example, ALONE)


def _constant_input(looked: Saved, example: Example) -> tuple[tuple[float, ...], Made | tuple[float, ...]]:
    """The group ``constant``: one of the task's symbols, or one of the inputs of the example; at first the symbol that
    is number 0, or what is nearest to the example's mean. Also as a script writes it."""
    task = looked.task
    if isinstance(task, SymbolTask):
        names = {str(code): plain_name(symbol) for code, symbol in enumerate(task.alphabet)}
        inputs, first = np.eye(task.input_size), 0
    else:
        text = _("{symbol} (step {step})")
        names = {str(t): text.format(step=t + 1, symbol=plain_name(symbol)) for t, symbol in enumerate(example.symbols)}
        inputs = example.inputs.numpy()
        first = int(np.linalg.norm(inputs - inputs.mean(axis=0), axis=1).argmin())
    with controls("constant"):
        code = CONSTANT.choose(st.selectbox, _("It reads again and again"), names, default=str(first), width=260)
    x = tuple(inputs[int(code)].tolist())
    is_symbol = isinstance(task, SymbolTask)
    return x, Made(f"torch.eye({task.input_size})[{code}]", torch, remark=repr(names[code])) if is_symbol else x


def _units() -> tuple[str, str]:
    return _("unit {unit}").format(unit=0), _("unit {unit}").format(unit=1)


def _numbers(looked: Saved) -> tuple[str, str]:
    """What the two numbers of its state are called: units, or of one unit its state and its memory."""
    cell = CELLS[looked.network.cell]
    if len(cell.state) == 1:
        return _units()
    first, second = (HIDDEN if name == "hidden" else cell.quantities[name] for name in cell.state)
    text = _("{words} {letter}")
    return text.format(words=_(first.words), letter="h"), text.format(words=_(second.words), letter=second.letter)


def _beside_a_neuron(trace: LandscapeTrace, title: str, axes: tuple[str, str]) -> float | None:
    """The plane, where a click lets the state fall from there; and the group ``beside``: whether a neuron's stands
    beside it, and the current into that, which it gives."""

    def take() -> None:
        clicked = st.session_state["sequence_chart_landscape"].selection.points
        if clicked and "customdata" in clicked[0]:
            put_start(clicked[0]["customdata"])

    with controls("beside", horizontal=True, vertical_alignment="bottom", gap="large"):
        both = BESIDE.toggle(_("Beside it, a neuron's phase plane"))
        current = CURRENT.slider(_("Current into the neuron"), width=280) if both else None
    first, second = st.columns(2) if both else (st.container(), None)
    with first:
        plane = field.PlaneLabels(title, *axes)
        chart = partial(field.landscape, trace, plane)
        draw(chart, "sequence_chart_landscape", on_select=take, selection_mode="points")
    if second and current is not None:
        with second:
            _neuron(current)
    landscape_files(trace)
    cite(*CITED_OF_PLANES, *(CITED_OF_NEURON if both else ()))
    return current


def _neuron(current: float) -> None:
    trace = remembered.result(partial(landscape_of_neuron, current))
    title = _("a regular spiking cell (Izhikevich), I = {current}").format(current=f"{current:g}")
    plane = field.PlaneLabels(title, "v (mV)", "u (mV/ms)", steps=False)
    draw(partial(field.landscape, trace, plane), "sequence_chart_neuron")
