"""Gradients through time: how far back an output can reach, in several cells side by side, and why."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from app import remembered
from app.charts.sequence import earlier_symbols, eigenvalues, gradients
from app.i18n import _
from app.scripts import sequence as scripts
from app.scripts.script import Made, Script
from app.sequence.code import show_code, written, written_example
from app.sequence.files import gradient_files
from app.sequence.networks import in_words
from app.sequence.reading import example_of
from app.sequence.settings import cell_names
from app.ui.drawing import draw, join_sentences
from app.ui.lru_store import LruStore
from app.ui.settings import Code, Flag, Number
from app.ui.shell import controls
from model.cells import CELLS
from model.cells.rnn import RNN
from model.recurrent import Network, Saved, jacobian_trace, output_gradients, scale_recurrence, trace_example
from model.recurrent.tasks import Example
from model.traces import GradientTrace, JacobianTrace

#: The factors of W_hh on the film's slider: from a fifth to five times, 1 among them.
FACTORS = tuple(round(5 ** (k / 8), 3) for k in range(-8, 9))
#: In this view sequences end after so many steps: each step's gradient goes back through all before it.
MAX_GRADIENT_STEPS = 64

#: The script that prints a picture's numbers, and what it takes beside networks and sequence; None where there is none.
Told = tuple[Script, dict[str, Any]] | None

PICTURE = Code("sequence_gradient", "symbols")
STEP, SCALE = Number("sequence_step", 0, 200, 0), Number("sequence_scale", 0.0, 5.0, 1.0, 0.05)
CLIPPING = Flag("sequence_clipping")


def gradients_through_time(networks: Mapping[str, Saved], typed: str) -> None:
    """One of three pictures of the same networks, by their cells, reading the same sequence.

    Raises:
        UserError: when the task cannot read what was typed.
    """
    first = next(iter(networks.values()))
    example = example_of(first.task, typed)
    if len(example.symbols) > MAX_GRADIENT_STEPS:
        example = example.first(MAX_GRADIENT_STEPS)
        st.caption(_("This view takes the first {count} steps.").format(count=MAX_GRADIENT_STEPS))
    views = {
        "symbols": (_("Which symbols count"), _symbols),
        "norms": (_("Gradient against time"), _norms),
        "eigenvalues": (_("Eigenvalues of W_hh"), _eigenvalues),
    }
    with controls("gradient"):
        view = PICTURE.choose(
            st.segmented_control,
            _("Picture"),
            {code: name for code, (name, _draw) in views.items()},
            label_visibility="collapsed",
        )
    _name, show = views[view]
    told = show(networks, example)
    st.caption(join_sentences(" ".join(map(in_words, networks.values()))))
    if told:
        script, given = told
        made = {cell: written(looked) for cell, looked in networks.items()}
        read = written_example(first.task, typed, MAX_GRADIENT_STEPS, of=f"networks[{next(iter(networks))!r}].task")
        show_code(_("3 Gradients through time"), script, networks=made, example=read, **given)


def _symbols(networks: Mapping[str, Saved], example: Example) -> Told:
    st.markdown(
        _(
            "Drag the slider to choose a step: the stronger the colour of an earlier symbol, the more the network's "
            "answer at that step depends on it."
        )
    )
    known: LruStore[list[GradientTrace]] = LruStore.of_session("sequence_gradients", 12)
    named = {}
    with st.spinner(_("Going back through time …"), show_time=False):
        for cell, looked in networks.items():

            def at_every_step(network: Network = looked.network) -> list[GradientTrace]:
                return [output_gradients(network, example, step) for step in range(len(example.symbols))]

            named[cell_names()[cell]] = known.get(_key(looked.network, example), at_every_step)
    draw(partial(earlier_symbols.earlier_symbols, named), "sequence_chart_symbols")
    gradient_files({name: every[-1] for name, every in named.items()})
    return scripts.symbols, {}


def _key(network: Network, example: Example) -> tuple[bytes, ...]:
    """What tells networks and examples apart: their numbers."""
    tensors = (*network.parameters(), example.inputs)
    return (network.cell.encode(), *(tensor.detach().numpy().tobytes() for tensor in tensors))


def _norms(networks: Mapping[str, Saved], example: Example) -> Told:
    st.markdown(
        _(
            "Read it from right to left: how large the gradient of one output still is at each earlier step. A "
            "straight line is a constant factor a step. Clipping scales the whole gradient down, so it stops an "
            "explosion, but it cannot bring back what has vanished."
        )
    )
    step, factor, clip = _choose_norms(len(example.symbols))
    clip = clip or math.inf
    whole = {
        cell_names()[cell]: remembered.result(partial(_gradients, looked.network, factor, example, step))
        for cell, looked in networks.items()
    }
    named = {name: gradient.clipped(clip) for name, gradient in whole.items()}
    draw(partial(gradients.gradient_norms, named), "sequence_chart_norms")
    st.caption(join_sentences(gradients.clipping_in_words(whole, clip)))
    gradient_files(named)
    cut = clip if math.isfinite(clip) else Made("math.inf", math)
    return scripts.norms, {"step": step, "factor": factor, "clip": cut}


def _gradients(network: Network, factor: float, example: Example, step: int) -> GradientTrace:
    return output_gradients(scale_recurrence(network, factor), example, step)


def _choose_norms(steps: int) -> tuple[int, float, float]:
    """The group ``gradient_settings``: at which step the output is, the factor of W_hh, and the clipping (0: off)."""
    if STEP.value > steps:
        STEP.put(0)
    with controls("gradient_settings", horizontal=True, vertical_alignment="bottom", gap="large"):
        step = STEP.field(_("Output at step (0: the last)"), most=steps, width=220)
        factor = SCALE.slider(_("Scale W_hh by"), width=280)
        clipping = CLIPPING.toggle(_("Clip the gradient at norm 1"))
    return (step or steps) - 1, factor, 1.0 if clipping else 0.0


def _eigenvalues(networks: Mapping[str, Saved], example: Example) -> Told:
    plain = next((looked for cell, looked in networks.items() if isinstance(CELLS[cell], RNN)), None)
    if plain is None:
        st.info(
            _("Only the plain RNN's step is one matrix and a function. Choose networks with an RNN among them."),
            icon=":material/info:",
        )
        return None
    st.markdown(
        _(
            "Drag the slider to scale the plain RNN's W_hh. As long as no unit saturates, the eigenvalues decide in "
            "the long run: all of them inside the unit circle, and the gradient fades step by step back; one outside, "
            "and it may grow. It need not, because saturated units shrink it too. And where only some of them "
            "saturate, it may grow even with all eigenvalues inside: what rules that out is a largest singular value "
            "of W_hh below 1 (Pascanu, Mikolov and Bengio 2013)."
        )
    )
    known: LruStore[dict[float, JacobianTrace]] = LruStore.of_session("sequence_spectra", 4)

    def at_every_factor() -> dict[float, JacobianTrace]:
        return {factor: _spectrum(plain, example, factor) for factor in FACTORS}

    scales = known.get(_key(plain.network, example), at_every_factor)
    draw(partial(eigenvalues.eigenvalues_and_reach, scales), "sequence_chart_eigenvalues")
    return scripts.eigenvalues, {"kind": plain.network.cell, "factor": 1.0}


def _spectrum(looked: Saved, example: Example, factor: float) -> JacobianTrace:
    network = scale_recurrence(looked.network, factor)
    return jacobian_trace(network.recurrent, trace_example(network, looked.task, example))
