"""The letters of the site's formulas: one letter, one meaning. Lessons, charts and docstrings follow this table.

- A gradient is a column, so a state's gradient comes back through transposed Jacobians.
- W_x· are weights from the input, W_h· from the state before, in every cell; the second index names the gate.
- f is the activation alone. A gate has the step as its index: f_t, i_t, o_t, z_t, r_t; g_t is the gate on the context.
- A tilde is a proposal: c̃_t is the LSTM's, h̃_t the minimal gated unit's. The GRU's is n_t, as in torch.
- c_t is the LSTM's cell, and in the captioner the context **after** its gate. The two never stand in one formula; a
  text names the one that it means.
"""

from typing import NamedTuple

import streamlit as st

from app.i18n import N_, _


class Symbol(NamedTuple):
    """A letter as LaTeX, what it means, marked for translation, and the lessons (their codes) that explain it."""

    latex: str
    meaning: str
    lessons: tuple[str, ...]


SYMBOLS = (
    # Time, inputs, states, outputs
    Symbol("t", N_("the time step"), ("recurrence",)),
    Symbol("x_t", N_("the input at step t"), ("recurrence", "captioning")),
    Symbol(
        "h_t",
        N_("the state after step t; in the captioner, its memory"),
        ("recurrence", "fading", "captioning", "after"),
    ),
    Symbol("h_{t-1}", N_("the state before"), ("recurrence",)),
    Symbol(r"h_{t-1}^{\top}", N_("the same, as a row"), ("training",)),
    Symbol("y_t", N_("the output at step t"), ("recurrence",)),
    Symbol("a_t", N_("the sum that goes into f at step t"), ("training",)),
    Symbol(r"\mathbf{x}", N_("the inputs of a unit or a layer without time"), ("neuron",)),
    Symbol(r"\mathbf{h}", N_("what a hidden layer without time gives"), ("neuron",)),
    Symbol("y", N_("the output of a unit without time"), ("neuron",)),
    # Weights and curves
    Symbol("f", N_("the activation: a bent, or nonlinear, curve"), ("neuron", "recurrence", "captioning")),
    Symbol(r"\sigma", N_("the logistic curve, from 0 to 1"), ("fading",)),
    Symbol(r"\odot", N_("the product number by number"), ("fading",)),
    Symbol("w", N_("any one weight or bias"), ("training",)),
    Symbol(r"\mathbf{w}", N_("the weights of one unit"), ("neuron",)),
    Symbol("w_{uv}", N_("the weights of a kernel"), ("captioning",)),
    Symbol("b", N_("a bias"), ("neuron", "captioning")),
    Symbol("W_1", N_("the weights of a first layer"), ("neuron",)),
    Symbol("W_2", N_("the weights of a second layer"), ("neuron",)),
    Symbol(r"\mathbf{b}_1", N_("the biases of a first layer"), ("neuron",)),
    Symbol(r"\mathbf{b}_2", N_("the biases of a second layer"), ("neuron",)),
    Symbol("W_{xh}", N_("weights from the input to the state"), ("recurrence",)),
    Symbol("W_{hh}", N_("weights from the state to itself, one step later"), ("recurrence", "fading")),
    Symbol("W_{hy}", N_("weights from the state to the output"), ("recurrence",)),
    Symbol("b_h", N_("the state's bias"), ("recurrence",)),
    Symbol("b_y", N_("the output's bias"), ("recurrence",)),
    Symbol(r"W_{x\cdot}", N_("weights from the input to a gate or a proposal"), ("fading",)),
    Symbol(r"W_{h\cdot}", N_("weights from the state to a gate or a proposal"), ("fading",)),
    Symbol(r"b_{\cdot}", N_("the bias of a gate or a proposal"), ("fading",)),
    # Gates
    Symbol("f_t", N_("the forget gate: the LSTM's keeps at 1, the minimal gated unit's at 0"), ("fading",)),
    Symbol("i_t", N_("the LSTM's input gate"), ("fading",)),
    Symbol("o_t", N_("the LSTM's output gate"), ("fading",)),
    Symbol(r"\tilde c_t", N_("the LSTM's proposal"), ("fading",)),
    Symbol("c_t", N_("the LSTM's cell; in the captioner, the context after its gate"), ("fading", "captioning")),
    Symbol("z_t", N_("the GRU's update gate: 1 keeps the old state"), ("fading",)),
    Symbol("r_t", N_("the GRU's reset gate"), ("fading",)),
    Symbol("n_t", N_("the GRU's proposal"), ("fading",)),
    # Cells of the sequence page alone
    Symbol(r"\tilde h_t", N_("the minimal gated unit's proposal"), ()),
    Symbol(r"w_{c\cdot}", N_("weights from the LSTM's cell to a gate, one a unit (peepholes)"), ()),
    # Learning
    Symbol("L", N_("the loss"), ("training", "fading")),
    Symbol("p_n", N_("the probability given to the right answer of example n"), ("training",)),
    Symbol(r"\eta", N_("the learning rate"), ("training",)),
    Symbol(r"\partial L / \partial w", N_("how fast the loss grows with w"), ("training",)),
    Symbol(
        r"\partial L / \partial a_t", N_("how fast the loss grows with a_t, through all later steps"), ("training",)
    ),
    Symbol(r"\nabla L", N_("the gradient with respect to all weights, a column"), ("fading",)),
    Symbol(r"\lVert \nabla L \rVert", N_("its length, or norm"), ("fading",)),
    Symbol(r"\theta", N_("the longest gradient that clipping allows"), ("fading",)),
    Symbol("J_k", N_("how the state after step k changes with the state before it"), ("fading",)),
    Symbol("f'(a_k)", N_("the slope of f at step k"), ("fading",)),
    # Looking
    Symbol("x_{ij}", N_("the pixel in row i, column j"), ("captioning",)),
    Symbol("m_{ij}", N_("how much of a kernel's pattern stands there"), ("captioning",)),
    Symbol("v_i", N_("what the CNN found in region i"), ("captioning",)),
    Symbol("e_{ti}", N_("how well region i fits what is looked for before word t"), ("captioning",)),
    Symbol(r"\alpha_{ti}", N_("the share of attention of region i"), ("captioning",)),
    Symbol("g_t", N_("the gate on the context"), ("captioning",)),
    Symbol("E w_{t-1}", N_("the embedding of the word before; E has one for each word"), ("captioning",)),
    Symbol("q_t", N_("a query: what is looked for"), ("captioning", "after")),
    Symbol("u", N_("weights that turn how well a region fits into one number"), ("captioning",)),
    Symbol("W_q", N_("weights of the captioner's query"), ("captioning",)),
    Symbol("W_k", N_("weights of the regions' keys"), ("captioning",)),
    Symbol("W_g", N_("weights of the gate on the context"), ("captioning",)),
    Symbol("W_o", N_("weights of what is said"), ("captioning",)),
    Symbol("s_t", N_("a score for each word"), ("captioning",)),
    Symbol("p(w_t)", N_("the probabilities of all words at step t"), ("captioning",)),
    Symbol("k_s", N_("a key"), ("after",)),
    Symbol("v_s", N_("a value"), ("after",)),
    Symbol(r"\alpha_{ts}", N_("how much step t attends to step s"), ("after",)),
    Symbol("d", N_("how many numbers a query or a key has; a layer's width"), ("after",)),
    Symbol("A", N_("what one step does to the state of a state-space model"), ("after",)),
    Symbol("B", N_("how the input gets into it"), ("after",)),
    Symbol("C", N_("how the output is read from it"), ("after",)),
    Symbol("K_k", N_("what an input still does k steps later"), ("after",)),
    # Neurons
    Symbol("V", N_("the voltage across a membrane"), ("brain",)),
    Symbol(r"V_{\text{rest}}", N_("where it settles when nothing comes in"), ("brain",)),
    Symbol("I(t)", N_("the current that flows in"), ("brain",)),
    Symbol("R", N_("a membrane's resistance"), ("brain",)),
    Symbol(r"\tau", N_("how slowly a membrane fills and leaks"), ("brain",)),
    Symbol(r"E_{\text{ion}}", N_("the voltage at which an ion stops flowing"), ("brain",)),
    Symbol(r"g_{\text{ion}}", N_("an ion's conductance"), ("brain",)),
    Symbol(r"c_{\text{out}}", N_("an ion's concentration outside"), ("brain",)),
    Symbol(r"c_{\text{in}}", N_("an ion's concentration inside"), ("brain",)),
    Symbol("z", N_("an ion's charge"), ("brain",)),
    Symbol("RT/F", N_("gas constant times temperature by the charge of a mole"), ("brain",)),
)


def show() -> None:
    """The table, under the glossary."""
    with st.expander(_("The letters of the formulas"), icon=":material/function:"):
        st.markdown(_("One letter means one thing on all pages. Where a lesson explains it, it has the same meaning."))
        st.table(
            {
                _("Letter"): [f"${symbol.latex}$" for symbol in SYMBOLS],
                _("What it means"): [_(symbol.meaning) for symbol in SYMBOLS],
            },
            hide_index=True,
        )
