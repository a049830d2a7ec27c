r"""The LSTM with peepholes: its gates also see the memory that they guard.

In the plain LSTM a shut output gate hides c from everything, the gates included. Gers and Schmidhuber 2000, "Recurrent
nets that time and count", give each gate a weight on the unit's own c: vectors of H numbers, w_ci, w_cf and w_co.
Input and forget gate see c_{t-1}, the output gate the new c_t:

.. math::
    i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + w_{ci} \odot c_{t-1} + b_i) \\
    f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + w_{cf} \odot c_{t-1} + b_f) \\
    \tilde c_t &= \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c) \\
    c_t &= f_t \odot c_{t-1} + i_t \odot \tilde c_t \\
    o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + w_{co} \odot c_t + b_o) \\
    h_t &= o_t \odot \tanh(c_t)

The paper cuts gradients off at the peepholes and bends the proposal and c by other curves; here both are tanh and
gradients are whole, as in Graves 2013, "Generating sequences with recurrent neural networks", equations 7 to 11.
"""

from model.cells.cell import Paper
from model.cells.formulas import TILDE, Formula, pre_activation, sigmoid, tanh
from model.cells.lstm import C_BEFORE, LSTM, PROPOSED, C, F, I, O
from model.words import N_


class PeepholeLSTM(LSTM):
    """An LSTM whose gates see c, too, by the diagonals ``ci``, ``cf`` and ``co`` (H,)."""

    name, label, short = "peephole", N_("Peephole LSTM"), N_("Peephole LSTM")
    about = N_("An LSTM whose gates also see the memory c itself, each by one weight a unit.")
    papers = (Paper("Gers & Schmidhuber 2000", "https://doi.org/10.1109/IJCNN.2000.861302"),)

    diagonals = ("ci", "cf", "co")
    torch_layer = None

    formulas = (
        Formula("i_t", "input_gate", sigmoid(pre_activation("input_gate", "i", peephole="w_ci · c_t-1"))),
        Formula("f_t", "forget_gate", sigmoid(pre_activation("forget_gate", "f", peephole="w_cf · c_t-1"))),
        Formula(f"c{TILDE}_t", "candidate", tanh(pre_activation("candidate", "c"))),
        Formula("c_t", "cell", F * C_BEFORE + I * PROPOSED),
        Formula("o_t", "output_gate", sigmoid(pre_activation("output_gate", "o", peephole="w_co · c_t"))),
        Formula("h_t", "hidden", O * tanh(C)),
    )

    def step(self, sums, h, c):
        """Compute (h_t, c_t) and the gates from ``sums``, h_{t-1} and c_{t-1}, each (..., H)."""
        w_ci, w_cf, w_co = sums.diagonals
        i = sums("input_gate", peephole=w_ci * c).sigmoid()
        f = sums("forget_gate", peephole=w_cf * c).sigmoid()
        proposed = sums("candidate").tanh()
        c = f * c + i * proposed
        o = sums("output_gate", peephole=w_co * c).sigmoid()
        h = o * c.tanh()
        return (h, c), {"input_gate": i, "forget_gate": f, "output_gate": o, "candidate": proposed, "cell": c}
