r"""The minimal gated unit: a single gate does the work of the GRU's two.

Zhou, Wu, Zhang and Zhou 2016, "Minimal gated unit for recurrent neural networks":

.. math::
    f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + b_f)                       && \text{forget gate} \\
    \tilde h_t &= \tanh(W_{xh} x_t + W_{hh} (f_t \odot h_{t-1}) + b_h)     && \text{what is proposed} \\
    h_t &= (1 - f_t) \odot h_{t-1} + f_t \odot \tilde h_t

The gate is called forget gate, but where f is 1 the old state is replaced, and where it is 0 it stays: the other way
round than in the LSTM. The same f decides how much of the old state the proposal sees, before W_hh.
"""

from typing import ClassVar

from model.cells.cell import SHARE, SIGNED, Cell, Keeps, Paper, Quantity
from model.cells.formulas import TILDE, Before, Formula, Now, OneMinus, Sum, Term, pre_activation, sigmoid, tanh
from model.words import N_

# The letters of its formulas.
F, PROPOSED, BEFORE = Now("f_t", "forget_gate"), Now(f"h{TILDE}_t", "candidate"), Before("h_t-1", "hidden")
READ, RECALLED = Term("W_xh x_t", "candidate", "input"), Term("W_hh (f_t · h_t-1)", "candidate", "recurrent")
BIAS = Term("b_h", "candidate", "bias")


class MGU(Cell):
    """The minimal gated unit, whose state is h (H,) alone."""

    name, label, short = "mgu", "MGU", "MGU"
    about = N_(
        "The minimal gated unit: one gate f. Where f is 0 it keeps the old state, where f is 1 it takes the proposed "
        "one, the other way round than the LSTM's forget gate."
    )
    papers = (Paper("Zhou et al. 2016", "https://arxiv.org/abs/1603.09420"),)

    rows = ("forget_gate", "candidate")
    late_rows = 1
    quantities: ClassVar = {
        "forget_gate": Quantity(N_("forget gate"), "f", SHARE),
        "candidate": Quantity(N_("proposed state"), f"h{TILDE}", SIGNED),
    }
    keeps = Keeps("forget_gate", at_one=False)

    formulas = (
        Formula("f_t", "forget_gate", sigmoid(pre_activation("forget_gate", "f"))),
        Formula(f"h{TILDE}_t", "candidate", tanh(Sum((READ, RECALLED, BIAS)))),
        Formula("h_t", "hidden", OneMinus(F) * BEFORE + F * PROPOSED),
    )

    def step(self, sums, h):
        """Compute h_t and its gate from ``sums`` and h_{t-1} (..., H)."""
        f = sums("forget_gate").sigmoid()
        proposed = sums("candidate", of=f * h).tanh()
        h = (1 - f) * h + f * proposed
        return (h,), {"forget_gate": f, "candidate": proposed}
