r"""The gated recurrent unit: what is not replaced stays just as it is (Cho et al. 2014), as torch computes it.

.. math::
    r_t &= \sigma(W_{xr} x_t + W_{hr} h_{t-1} + b_r)                               && \text{reset gate} \\
    z_t &= \sigma(W_{xz} x_t + W_{hz} h_{t-1} + b_z)                               && \text{update gate} \\
    n_t &= \tanh(W_{xn} x_t + b_{xn} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))        && \text{what is proposed} \\
    h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}

In Cho et al. r multiplies h_{t-1} before W_hn. Chung et al. 2014 and many others swap z and 1 - z.
"""

from typing import ClassVar

from model.cells.cell import SHARE, SIGNED, Cell, Keeps, Paper, Quantity
from model.cells.formulas import Before, Formula, Now, OneMinus, Term, pre_activation, sigmoid, tanh
from model.words import N_

# The letters of its formulas.
R, Z, N = Now("r_t", "reset_gate"), Now("z_t", "update_gate"), Now("n_t", "candidate")
READ, RECALLED = Term("W_xn x_t", "candidate", "input"), Term("W_hn h_t-1 + b_hn", "candidate", "recurrent")
BIAS = Term("b_xn", "candidate", "bias")


class GRU(Cell):
    """The gated recurrent unit, whose state is h (H,) alone."""

    name, label, short = "gru", "GRU", "GRU"
    about = N_("Two gates and no memory but its state. Where z is 1 it keeps the old state; others swap z and 1 − z.")
    papers = (Paper("Cho et al. 2014", "https://doi.org/10.3115/v1/D14-1179"),)

    rows = ("reset_gate", "update_gate", "candidate")
    quantities: ClassVar = {
        "update_gate": Quantity(N_("update gate"), "z", SHARE),
        "reset_gate": Quantity(N_("reset gate"), "r", SHARE),
        "candidate": Quantity(N_("proposed state"), "n", SIGNED),
    }
    keeps = Keeps("update_gate")
    torch_layer = ("GRU", {})

    formulas = (
        Formula("r_t", "reset_gate", sigmoid(pre_activation("reset_gate", "r"))),
        Formula("z_t", "update_gate", sigmoid(pre_activation("update_gate", "z"))),
        Formula("n_t", "candidate", tanh(READ + BIAS + R * RECALLED)),
        Formula("h_t", "hidden", OneMinus(Z) * N + Z * Before("h_t-1", "hidden")),
    )

    def step(self, sums, h):
        """Compute h_t and its gates from ``sums`` and h_{t-1} (..., H)."""
        r, z = sums("reset_gate").sigmoid(), sums("update_gate").sigmoid()
        n = sums("candidate", times=r).tanh()
        h = (1 - z) * n + z * h
        return (h,), {"update_gate": z, "reset_gate": r, "candidate": n}
