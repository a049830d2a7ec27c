"""Lesson 5, when memory fades: vanishing and exploding gradients; LSTM and GRU, gate by gate."""

from collections.abc import Iterable
from functools import partial

import streamlit as st
import torch

from app import remembered
from app.charts.kit.numbers import size
from app.charts.lessons.cell_picture import cell_picture
from app.charts.sequence.gradients import clipping_in_words, gradient_norms
from app.i18n import _
from app.lessons import resting_places
from app.lessons.parts import Answer, Link, Question, check, formula, try_it
from app.sequence.presets import presets
from app.sequence.settings import cell_names
from app.ui.cite import cite
from app.ui.drawing import draw, join_sentences
from app.ui.settings import ANY, Code, Flag, Number
from app.ui.shell import controls
from model.recurrent import Network, output_gradients, scale_recurrence, trace_example
from model.recurrent.starts import accuracy_by_bias, kept
from model.recurrent.tasks.recall import Recall
from model.traces import GradientTrace

#: The networks of the figure: small ones that learned, or are to learn, a letter that came 61 steps before.
CELLS, GATED = ("rnn_tanh", "lstm", "gru"), ("lstm", "gru")
TASK = "recall"
#: New networks: the bias with which the gate that keeps starts, by the choice's code.
NEW = {"new": 0.0, "open": 5.0}
#: What the cell of the picture reads: networks that learned a nursery rhyme letter by letter.
TEXT = "this is the house"
#: Steps back in the examples, and the norm to which the figure clips.
BACK, CLIP = 60, 1.0
CITED = ("bengio", "pascanu", "hochreiter", "gers", "cho", "chung", "jozefowicz")

FADING_CLIP = Flag("lessons_fading_clip")
CELL = Code("lessons_fading_cell", "lstm")
UNIT = Number("lessons_fading_unit", 0, ANY, 0)
NETWORKS = Code("lessons_fading_networks", "trained")
SCALE = Number("lessons_fading_scale", 0.0, 5.0, 1.0, 0.25)


def show() -> None:
    _multiplied()
    _live()
    _fading()
    resting_places.show()
    _lstm()
    _gru()
    _picture()
    _two_questions()
    _side_by_side()
    cite(*CITED)
    try_it(
        Link(
            _("Scale W_hh yourself, and see which symbols still count"),
            "sequence",
            {"sequence_view": "gradients", "sequence_gradient": "norms", "sequence_preset": "recall-gru"},
        ),
        Link(
            _("The same in the plain RNN's eigenvalues"),
            "sequence",
            {"sequence_view": "gradients", "sequence_gradient": "eigenvalues", "sequence_preset": "recall-gru"},
        ),
        Link(
            _("Set the four numbers of W yourself: one resting place, two, or a ring"),
            "sequence",
            {"sequence_view": "landscape", "sequence_network": "hand"},
        ),
        Link(
            _("Watch the LSTM's gates, symbol by symbol"),
            "sequence",
            {"sequence_view": "step", "sequence_preset": "recall-lstm", "sequence_more": "gates"},
        ),
        Link(
            _("Let all three race to remember a letter over 20 others (LSTM and GRU start with a bias of 3)"),
            "sequence",
            {"sequence_view": "train", "sequence_task": "recall", "sequence_cell": "race"},
        ),
        Link(
            _("Give a photo to a plain RNN, an LSTM and a GRU, and compare what they say"),
            "caption",
            {"caption_sample": "cat", "caption_part": "experiments", "caption_experiment": "siblings"},
        ),
    )
    _questions()


def _multiplied() -> None:
    st.markdown(
        _(
            "To learn that a letter mattered, a network needs a gradient that comes back to that letter. It comes back "
            "step by step, and each step multiplies it. Many factors below 1 leave nothing: the gradient **vanishes**. "
            "Many above 1 leave far too much: it **explodes**."
        )
    )


def _fading() -> None:
    formula(
        (
            r"\frac{\partial L}{\partial h_t} = J_{t+1}^{\top} \cdots J_{T-1}^{\top}\, J_T^{\top}\,"
            r"\frac{\partial L}{\partial h_T}",
            r"J_k = \frac{\partial h_k}{\partial h_{k-1}} = \mathrm{diag}\big(f'(a_k)\big)\, W_{hh}",
        ),
        {
            "L": _("what the gradient is of: a loss, or one output; here it is read at the last step alone"),
            "h_t": _("the hidden state after step t; T is the last step"),
            "J_k": _("how a small change of the state before step k changes the state after it"),
            "f'(a_k)": _("the slope of the curve f at step k; tanh has at most 1, and near 0 where a unit saturates"),
            "W_{hh}": _("the weights from state to state, the same at every step"),
        },
    )
    st.markdown(
        _(
            "Over {steps} steps, a factor of 0.9 leaves {nine}, a factor of 0.5 leaves {half}, and a factor of 1.5 "
            "makes {more}. A vanished gradient is not wrong, only too small to teach anything: the network learns "
            "from what was recent. An exploding one throws the weights far away in a single step. **Clipping** helps "
            "there: where the gradient is longer than θ, it is shortened to θ."
        ).format(steps=BACK, nine=size(0.9**BACK), half=size(0.5**BACK), more=size(1.5**BACK))
    )
    formula(
        r"\nabla L \leftarrow \nabla L \cdot \min\!\left(1,\ \frac{\theta}{\lVert \nabla L \rVert}\right)",
        {
            r"\nabla L": _("the gradient with respect to all weights together, a column"),
            r"\lVert \nabla L \rVert": _("its length, or norm"),
            r"\theta": _("the longest that is allowed, such as 1"),
        },
    )


def _live() -> None:
    task = presets()[f"{TASK}-gru"].task
    assert isinstance(task, Recall), "the first letter is what it asks for"
    st.markdown(
        _(
            "**See it.** Three networks read a letter, then {others} others, then a question mark; the answer should "
            "be the first letter. Read the figure from right to left."
        ).format(others=task.distractors)
    )
    with controls("fading"):
        with st.container(horizontal=True, gap="large"):
            which = NETWORKS.choose(
                st.segmented_control,
                _("The networks are"),
                {"trained": _("trained"), "new": _("new"), "open": _("new, with open gates")},
            )
            scale = SCALE.slider(_("Scale W_hh by"), width=260)
        clipped = FADING_CLIP.toggle(_("Clip the gradient at norm 1"))
    whole = {cell_names()[cell]: remembered.result(partial(_gradient, cell, which, scale)) for cell in CELLS}
    named = {name: gradient.clipped(CLIP) for name, gradient in whole.items()} if clipped else whole
    draw(partial(gradient_norms, named), "lessons_chart_fading")
    if clipped:
        st.caption(join_sentences(clipping_in_words(whole, CLIP)))
    st.markdown(
        _(
            "New networks with torch's usual start fade, gates or no gates: a gate helps only where it is open. Those "
            "that are trained were given open gates (below)."
        )
    )


def _gradient(cell: str, which: str, scale: float) -> GradientTrace:
    """What one network's answer at the last step depends on."""
    saved = presets()[f"{TASK}-{cell}"]
    task = saved.task
    network = saved.network
    if which in NEW:
        network = Network(cell, task.input_size, saved.settings.hidden_size, task.output_size, keep_bias=NEW[which])
    example = task.example(task.fresh(1, torch.Generator().manual_seed(0)))
    return output_gradients(scale_recurrence(network, scale), example, len(example.symbols) - 1)


def _lstm() -> None:
    st.markdown(
        _(
            "#### LSTM: a memory beside the state\n\n"
            "The long short-term memory keeps a second list of numbers, the **cell** c, and changes it by adding "
            "(Hochreiter and Schmidhuber 1997; the forget gate: Gers et al. 2000). Gates are numbers between 0 and 1 "
            "that the network computes anew at each step."
        )
    )
    formula(
        r"\begin{aligned}"
        r"i_t &= \sigma\,(W_{xi} x_t + W_{hi} h_{t-1} + b_i)\\"
        r"f_t &= \sigma\,(W_{xf} x_t + W_{hf} h_{t-1} + b_f)\\"
        r"o_t &= \sigma\,(W_{xo} x_t + W_{ho} h_{t-1} + b_o)\\"
        r"\tilde c_t &= \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c)\\"
        r"c_t &= f_t \odot c_{t-1} + i_t \odot \tilde c_t\\"
        r"h_t &= o_t \odot \tanh(c_t)"
        r"\end{aligned}",
        {
            r"W_{x\cdot},\ W_{h\cdot},\ b_{\cdot}": _(
                "weights from the input, weights from the state, and biases: each gate and the proposal have their own"
            ),
            r"\sigma": _("the logistic curve, from 0 to 1"),
            r"\odot": _("number by number"),
            "f_t": _("the forget gate: how much of the old memory stays; despite its name, 1 keeps all"),
            "i_t": _("the input gate: how much of the proposal is written"),
            r"\tilde c_t": _("the proposal for the memory"),
            "c_t": _("the cell: the LSTM's memory beside its state"),
            "o_t": _("the output gate: how much of the memory is shown in the state h"),
        },
    )
    st.markdown(
        _(
            "Along the cell, one step back multiplies the gradient by the forget gate alone, not by W_hh and the slope "
            "of tanh. **Gates do not “solve” the vanishing gradient. They give it a way on which it need not shrink**, "
            "and training must find out when to keep that way open. Where the gate is 0.5, a half is lost at each "
            "step, as ever. And gradients can still explode: LSTM and GRU are clipped, too."
        )
    )


def _gru() -> None:
    st.markdown(
        _(
            "#### GRU: the same with less\n\n"
            "The gated recurrent unit has two gates and no cell apart from the state. One gate decides both what "
            "stays and what is new. Its name says what it is; it is no kind of LSTM, as some texts have it."
        )
    )
    formula(
        r"\begin{aligned}"
        r"z_t &= \sigma\,(W_{xz} x_t + W_{hz} h_{t-1} + b_z)\\"
        r"r_t &= \sigma\,(W_{xr} x_t + W_{hr} h_{t-1} + b_r)\\"
        r"n_t &= \tanh\big(W_{xn} x_t + b_{xn} + r_t \odot (W_{hn} h_{t-1} + b_{hn})\big)\\"
        r"h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}"
        r"\end{aligned}",
        {
            "z_t": _(
                "the update gate: 1 keeps the old state, 0 takes the proposal (as in torch and Cho et al. 2014; others "
                "swap them)"
            ),
            "r_t": _("the reset gate: how much of the old state enters the proposal"),
            "n_t": _("the proposal for the state"),
        },
    )


def _picture() -> None:
    """A gated cell as a circuit, with the numbers of one unit on a scrubber."""
    st.markdown(
        _(
            "#### The cell as a picture\n\n"
            "One unit of a trained network reads “{text}”. Press ▶, and watch the orange wires: the wider one is, the "
            "more its gate lets through. Along the top runs what is carried on; each gate is computed from x and h "
            "below."
        ).format(text=TEXT)
    )
    with controls("cell", horizontal=True, vertical_alignment="bottom", gap="large"):
        cell = CELL.choose(st.segmented_control, _("The cell"), {cell: cell_names()[cell] for cell in GATED})
        saved = presets()[f"house-{cell}"]
        last = saved.settings.hidden_size - 1
        unit = UNIT.field(_("Look at unit (0 to {last})").format(last=last), most=last, width=220)
    trace = trace_example(saved.network, saved.task, saved.task.read(TEXT))
    draw(partial(cell_picture, trace, unit), "lessons_chart_cell")


def _two_questions() -> None:
    """The two questions that texts on the subject end with, answered as this lesson has found."""
    st.markdown(
        _(
            "#### What is the difference between an RNN and an LSTM?\n\n"
            "An LSTM *is* a recurrent network: “RNN” names the family, and the plain cell of lesson 3 as well. What an "
            "LSTM adds to the plain cell is a second memory, changed by adding, and three gates on it. That gives the "
            "gradient a way that need not shrink. One often reads that it “solves” the vanishing gradient and is more "
            "effective on long sequences; more exactly, it can be, where its gates are open or learn to open. It has "
            "four times the weights of a plain cell of as many units.\n\n"
            "#### What is the difference between an RNN and a GRU?\n\n"
            "A GRU is a recurrent network, too, and no kind of LSTM: GRU means gated recurrent unit. It has two gates, "
            "three times the plain cell's weights, and no memory apart from its state. Where LSTM and GRU were "
            "compared, now one was ahead, now the other (Chung et al. 2014; Jozefowicz et al. 2015)."
        )
    )


def _side_by_side() -> None:
    st.markdown(
        _(
            "#### What differs, in figures\n\n"
            "The three trained networks of the figure, and how many of 1,000 new sequences each answered rightly, "
            "trained with five seeds. Guessing gives 1 in 8. **This is a demonstration, not a fair race**: the "
            "distance and the settings were chosen so that the plain RNN fails, and the LSTM and the GRU got a head "
            "start. The gate that keeps, the LSTM's forget gate and the GRU's update gate, was forced open by a bias "
            "of {bias:g} before training."
        ).format(bias=presets()[f"{TASK}-gru"].settings.keep_bias)
    )
    about = {
        "rnn_tanh": (_("none"), "h"),
        "lstm": (_("three: input, forget, output"), _("h and c")),
        "gru": (_("two: update, reset"), "h"),
    }
    rows = []
    for cell in CELLS:
        saved = presets()[f"{TASK}-{cell}"]
        gates, carries = about[cell]
        rows.append(
            {
                _("Cell"): cell_names()[cell],
                _("Gates"): gates,
                _("It carries on"): carries,
                _("Numbers to learn"): f"{saved.network.parameter_count:,}",
                _("Right answers"): _shares(_by_seed(cell)),
            }
        )
    st.table(rows, hide_index=True)
    st.markdown(_("And with other biases at the start, all else the same:"))
    st.table(
        [
            {
                _("Bias at the start"): _bias_name(bias),
                _("Kept at each step, about"): size(kept(bias)),
                _("Kept over {steps} steps").format(steps=BACK): size(kept(bias, BACK)),
                **{cell_names()[cell]: _shares(accuracy_by_bias(cell)[bias]) for cell in GATED},
            }
            for bias in accuracy_by_bias("lstm")
        ],
        hide_index=True,
    )
    plain, lstm = (_by_seed(cell) for cell in ("rnn_tanh", "lstm"))
    st.markdown(
        _(
            "So at this distance the plain RNN fails, and **LSTM and GRU fail with it from the usual start**: torch's "
            "bias of 0, and a bias of 1 as well, leave nothing over {steps} steps, and training finds no way to a "
            "gate that it cannot feel. Opened by hand, the GRU recalls with every seed, the LSTM with some. Seeds "
            "matter, too: the best RNN ({best}) beats the worst LSTM ({worst}). What a gate gives is a way that *can* "
            "be opened."
        ).format(steps=BACK, best=f"{max(plain):.0%}", worst=f"{min(lstm):.0%}")
    )
    st.markdown(
        _(
            "That is one small task. On speech, GRU and LSTM were both clearly ahead of the plain RNN; on music the "
            "three came close (Chung et al. 2014). On the tasks of Jozefowicz et al. (2015) a forget bias of 1, which "
            "opens the gate to 0.73, was enough to close the LSTM's gap to the GRU; over {steps} steps it is not."
        ).format(steps=BACK)
    )


def _by_seed(cell: str) -> list[float]:
    return list(presets()[f"{TASK}-{cell}"].figures["accuracy_by_seed"].values())


def _shares(shares: Iterable[float]) -> str:
    return ", ".join(f"{share:.0%}" for share in shares)


def _bias_name(bias: float) -> str:
    names = {
        0.0: _("{bias:g}: torch's start"),
        1.0: _("{bias:g}: Keras' start of an LSTM"),
        3.0: _("{bias:g}: the live race's start"),
        5.0: _("{bias:g}: the figure's start"),
    }
    return names[bias].format(bias=bias)


def _questions() -> None:
    check(
        "fading",
        Question(
            "fading-1",
            _("Each step back multiplies a gradient by 0.6. How much of it arrives {steps} steps back?").format(
                steps=BACK
            ),
            (
                Answer(
                    _("About a half"),
                    False,
                    _("Already two steps leave {two}. The factors multiply: 0.6 to the power {steps}.").format(
                        two=size(0.6**2), steps=BACK
                    ),
                ),
                Answer(
                    _("Practically nothing"),
                    True,
                    _("0.6 to the power {steps} is {left}. No step of training moves by so little.").format(
                        steps=BACK, left=size(0.6**BACK)
                    ),
                ),
            ),
        ),
        Question(
            "fading-2",
            _("What does clipping do for a gradient that has vanished?"),
            (
                Answer(
                    _("It brings it back to norm 1"),
                    False,
                    _("Clipping only shortens. What is below the limit stays as it is."),
                ),
                Answer(
                    _("Nothing at all"),
                    True,
                    _("It cures explosions. Against vanishing, the way itself must change: gates, for one."),
                ),
            ),
        ),
        Question(
            "fading-3",
            _("An LSTM's forget gate is 0.5 at each of 20 steps. What arrives of the gradient along its cell?"),
            (
                Answer(
                    _("All of it: an LSTM's gradients do not vanish"),
                    False,
                    _("The way is only as open as its gate. Halved 20 times, {left} is left.").format(
                        left=size(0.5**20)
                    ),
                ),
                Answer(
                    _("About a millionth"),
                    True,
                    _("0.5 to the power 20 is {left}. A gate near 1 lets it pass; having a gate is not enough.").format(
                        left=size(0.5**20)
                    ),
                ),
            ),
        ),
        Question(
            "fading-4",
            _("How does a GRU differ from an LSTM?"),
            (
                Answer(
                    _("It has two gates instead of three, and no cell apart from its state"),
                    True,
                    _("So it has fewer numbers to learn for as many units: three blocks of weights, not four."),
                ),
                Answer(
                    _("It is an LSTM that is recurrent as well"),
                    False,
                    _("Both are recurrent. GRU stands for gated recurrent unit."),
                ),
            ),
        ),
        Question(
            "fading-5",
            _("Two units hold a bit, at rest in one of two places. What becomes of a gradient that goes back there?"),
            (
                Answer(
                    _("It stays as it is, since the bit stays"),
                    False,
                    _("The bit stays because small changes of the state fade. A gradient is about small changes."),
                ),
                Answer(
                    _("It vanishes"),
                    True,
                    _("All falls to such a place since each |λ| of J is below 1 there. The gradient meets the same J."),
                ),
                Answer(
                    _("It explodes, since something is kept"),
                    False,
                    _("It would where some |λ| is above 1. From such a place the state runs away, and holds nothing."),
                ),
            ),
        ),
    )
