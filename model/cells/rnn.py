r"""The plain recurrent cell: all of its state is new at every step (Elman 1990, "Finding structure in time").

.. math::
    a_t = W_{hh} h_{t-1} + W_{xh} x_t + b_h \qquad h_t = f(a_t)

f is tanh or ReLU. torch's two biases, b_ih and b_hh, add up to b_h.
"""

from typing import ClassVar

from model.cells.cell import Cell, Paper, Quantity
from model.cells.formulas import Curve, Formula, Sum, Term
from model.words import N_


class RNN(Cell):
    """With f = tanh, whose states stay between -1 and 1."""

    name, label, short = "rnn_tanh", "RNN (tanh)", "RNN"
    about = N_("The plain cell: no gate, all of its state is new at every step.")
    papers = (Paper("Elman 1990", "https://doi.org/10.1016/0364-0213(90)90002-E"),)

    rows = ("pre_activation",)
    quantities: ClassVar = {"pre_activation": Quantity(N_("pre-activation"), "a", None)}
    torch_layer = ("RNN", {"nonlinearity": "tanh"})
    curve = "tanh"

    def __init__(self) -> None:
        recalled = Term("W_hh h_t-1", "pre_activation", "recurrent")
        read = Term("W_xh x_t", "pre_activation", "input")
        total = Sum((recalled, read, Term("b_h", "pre_activation", "bias")))
        self.formulas = (Formula("h_t", "hidden", Curve(self.curve, total)),)

    def step(self, sums, h):
        """Compute h_t = tanh(a_t) from ``sums``; h_{t-1} is in them already."""
        a = sums("pre_activation")
        h = a.tanh()
        return (h,), {"pre_activation": a}

    def slope(self, a, h):
        """f'(a), which is 1 - h² for tanh."""
        return 1 - h**2


class ReLURNN(RNN):
    """With f(a) = max(a, 0), whose states have no bound (Le, Jaitly and Hinton 2015)."""

    name, label, short = "rnn_relu", "RNN (ReLU)", "RNN (ReLU)"
    about = N_("The plain cell with ReLU: its state has no upper bound, and can grow at every step.")
    papers = (Paper("Le, Jaitly & Hinton 2015", "https://arxiv.org/abs/1504.00941"),)

    bounded = False
    torch_layer = ("RNN", {"nonlinearity": "relu"})
    curve = "ReLU"

    def step(self, sums, h):
        """Compute h_t = max(a_t, 0) from ``sums``; h_{t-1} is in them already."""
        a = sums("pre_activation")
        h = a.relu()
        return (h,), {"pre_activation": a}

    def slope(self, a, h):
        """f'(a), which is 1 where a > 0, and 0 elsewhere."""
        return a > 0
