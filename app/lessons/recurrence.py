"""Lesson 3, recurrence: input, hidden and output layer, every letter of the two equations, on a running network."""

from functools import partial

import streamlit as st

from app import remembered
from app.charts.sequence import step
from app.i18n import _
from app.lessons.parts import Answer, Link, Question, check, formula, try_it
from app.ui.drawing import draw
from app.ui.settings import ANY, Number
from app.ui.shell import controls
from model.hidden_basis import fit_basis
from model.recurrent import load_preset, trace_example

#: What the network of the figure reads: a plain RNN that learned a nursery rhyme letter by letter.
PRESET, TEXT = "house-rnn_tanh", "this is the house"

UNIT = Number("lessons_unit", 0, ANY, 0)


def show() -> None:
    st.markdown(
        _(
            "Here a network with {units} units that learned a nursery rhyme reads “{text}”. Press ▶ under the boxes: "
            "the formula shows the numbers of one of its units."
        ).format(units=load_preset(PRESET).settings.hidden_size, text=TEXT)
    )
    _running_network()
    st.markdown(
        _(
            "A network without memory answers each input as if it were the first. A **recurrent** network feeds its "
            "own last state back into itself: what it is now depends on what it reads now *and* on what it was before. "
            "That is all a memory takes."
        )
    )
    st.markdown(
        _(
            "It has three layers. The **input layer** takes one element of the sequence at a time: a letter, a word, a "
            "number. The **hidden layer** holds the state. The **output layer** reads an answer from the state."
        )
    )
    formula(
        r"\begin{aligned} h_t &= f(W_{hh}\, h_{t-1} + W_{xh}\, x_t + b_h) \\ y_t &= W_{hy}\, h_t + b_y \end{aligned}",
        {
            "t": _("the time step: 1, 2, 3, …"),
            "x_t": _("the input at step t, a list of numbers (here: which letter it is)"),
            "h_t": _("the hidden state after step t: the memory, a list of H numbers"),
            "h_{t-1}": _("the state before; before the first step it is zero"),
            "y_t": _("the output at step t (here: a score for each next letter; softmax turns it into a chance)"),
            r"W_{xh}": _("weights from the input to the hidden layer"),
            r"W_{hh}": _("weights from the hidden layer to itself, one step later: the loop"),
            r"W_{hy}": _("weights from the hidden to the output layer"),
            r"b_h,\ b_y": _("biases: what is added whatever comes in"),
            "f": _("a bent curve, usually tanh or ReLU; without it the whole network would be one linear map"),
        },
    )
    st.markdown(
        _(
            "**Softmax** makes probabilities of scores: e to the power of each, divided by the sum of all, so that "
            "they lie between 0 and 1 and add up to 1. A network that gives each possible next letter or word its "
            "probability is a **language model**; the one above is a small one."
        )
    )
    st.markdown(
        _("The **same** weights serve every step: only the state changes. Play the figure once more, and watch it.")
    )
    try_it(
        Link(
            _("Type a text of your own and step through it"),
            "sequence",
            {"sequence_view": "step", "sequence_network": "preset", "sequence_preset": PRESET},
        ),
        Link(
            _("The smallest memory that works: two units that count ones, even or odd"),
            "sequence",
            {"sequence_view": "step", "sequence_network": "preset", "sequence_preset": "parity-gru"},
        ),
    )
    _questions()


def _questions() -> None:
    check(
        "recurrence",
        Question(
            "recurrence-1",
            _("A network reads a sequence of 100 letters. How many different matrices $W_{hh}$ does it use?"),
            (
                Answer(
                    _("100, one a step"),
                    False,
                    _("Then it would need new weights for every length. The steps share one matrix; only h changes."),
                ),
                Answer(
                    _("One"),
                    True,
                    _("The same weights at every step: so it can read sequences of any length."),
                ),
            ),
        ),
        Question(
            "recurrence-2",
            _("What becomes of the network if all numbers in $W_{hh}$ are zero?"),
            (
                Answer(
                    _("It forgets everything at every step"),
                    True,
                    _("$h_{t-1}$ is multiplied by nothing but zeros: the state depends on the present input alone."),
                ),
                Answer(
                    _("It remembers everything"),
                    False,
                    _("$W_{hh}$ is the only way from one state to the next. With zeros nothing passes."),
                ),
                Answer(
                    _("It cannot give an output"),
                    False,
                    _("The way from input to state to output is still open; only the loop is cut."),
                ),
            ),
        ),
        Question(
            "recurrence-3",
            _("A text says: “RNNs can describe photos because they process image sequences.” What is wrong with that?"),
            (
                Answer(
                    _("Nothing"),
                    False,
                    _("One photo is no sequence. What comes in sequence is the caption: word after word."),
                ),
                Answer(
                    _("The sequence is the caption, not the photo"),
                    True,
                    _("A CNN sees the whole photo at once; the RNN writes the words one after another. See lesson 6."),
                ),
            ),
        ),
    )


def _running_network() -> None:
    """The film of the steps, as on the sequence page."""
    saved = load_preset(PRESET)
    trace = remembered.result(partial(trace_example, saved.network, saved.task, saved.task.read(TEXT)))
    basis = fit_basis([trace.states])
    # The widget stands under the figure, so that it comes first, but is read before it is drawn.
    film = st.container()
    with controls("unit"):
        unit = UNIT.field(
            _("Look at unit (0 to {last})").format(last=trace.hidden.shape[1] - 1),
            most=trace.hidden.shape[1] - 1,
            width=220,
        )
    with film:
        draw(partial(step.step_through, trace, basis, unit=unit), "lessons_chart_recurrence")
