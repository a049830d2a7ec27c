r"""Long short-term memory: beside h a memory c, which is only ever faded, and added to.

Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000:

.. math::
    i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + b_i)          && \text{input gate} \\
    f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + b_f)          && \text{forget gate} \\
    \tilde c_t &= \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c)    && \text{what is proposed} \\
    o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + b_o)          && \text{output gate} \\
    c_t &= f_t \odot c_{t-1} + i_t \odot \tilde c_t \\
    h_t &= o_t \odot \tanh(c_t)
"""

from typing import Any, ClassVar

from model.cells.cell import SHARE, SIGNED, Cell, Keeps, Paper, Quantity
from model.cells.formulas import TILDE, Before, Formula, Now, pre_activation, sigmoid, tanh
from model.words import N_

# The letters of its formulas.
I, F, O = Now("i_t", "input_gate"), Now("f_t", "forget_gate"), Now("o_t", "output_gate")  # noqa: E741
PROPOSED, C, C_BEFORE = Now(f"c{TILDE}_t", "candidate"), Now("c_t", "cell"), Before("c_t-1", "cell")


class LSTM(Cell):
    """Long short-term memory, whose state is h and c, each (H,)."""

    name, label, short = "lstm", "LSTM", "LSTM"
    about = N_("Three gates around a memory c of its own, which is faded by f and added to.")
    papers: tuple[Paper, ...] = (
        Paper("Hochreiter & Schmidhuber 1997", "https://doi.org/10.1162/neco.1997.9.8.1735"),
        Paper("Gers, Schmidhuber & Cummins 2000", "https://doi.org/10.1162/089976600300015015"),
    )

    rows = ("input_gate", "forget_gate", "candidate", "output_gate")
    state = ("hidden", "cell")
    quantities: ClassVar = {
        "input_gate": Quantity(N_("input gate"), "i", SHARE),
        "forget_gate": Quantity(N_("forget gate"), "f", SHARE),
        "output_gate": Quantity(N_("output gate"), "o", SHARE),
        "candidate": Quantity(N_("proposed state"), f"c{TILDE}", SIGNED),
        "cell": Quantity(N_("memory"), "c", None),
    }
    keeps = Keeps("forget_gate")
    #: Forget gates begin open (Jozefowicz, Zaremba and Sutskever 2015).
    first_bias: ClassVar = {"forget_gate": 1.0}
    torch_layer: tuple[str, dict[str, Any]] | None = ("LSTM", {})

    formulas = (
        Formula("i_t", "input_gate", sigmoid(pre_activation("input_gate", "i"))),
        Formula("f_t", "forget_gate", sigmoid(pre_activation("forget_gate", "f"))),
        Formula(f"c{TILDE}_t", "candidate", tanh(pre_activation("candidate", "c"))),
        Formula("o_t", "output_gate", sigmoid(pre_activation("output_gate", "o"))),
        Formula("c_t", "cell", F * C_BEFORE + I * PROPOSED),
        Formula("h_t", "hidden", O * tanh(C)),
    )

    def step(self, sums, h, c):
        """Compute (h_t, c_t) and the gates from ``sums``, h_{t-1} and c_{t-1}, each (..., H)."""
        i, f, o = (sums(gate).sigmoid() for gate in ("input_gate", "forget_gate", "output_gate"))
        proposed = sums("candidate").tanh()
        c = f * c + i * proposed
        h = o * c.tanh()
        return (h, c), {"input_gate": i, "forget_gate": f, "output_gate": o, "candidate": proposed, "cell": c}
