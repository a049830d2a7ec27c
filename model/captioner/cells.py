r"""The recurrent cells that a decoder can be built on, written out so that their gates can be read.

All have torch's conventions: parameters have the names, shapes and order of gates of ``torch.nn.RNNCell``, ``LSTMCell``
and ``GRUCell``, so weights can be exchanged. With a gate's pre-activation a = W x + b_i + U h + b_h:

Plain RNN (Elman 1990):

.. math::
    h' = \tanh(a)

LSTM (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000):

.. math::
    i, f, o = \sigma(a_i), \sigma(a_f), \sigma(a_o) \qquad g = \tanh(a_g) \\
    c' = f \odot c + i \odot g \qquad h' = o \odot \tanh(c')

GRU (Cho et al. 2014, who apply r before U):

.. math::
    r, z = \sigma(a_r), \sigma(a_z) \qquad n = \tanh(W_n x + b_{in} + r \odot (U_n h + b_{hn})) \\
    h' = (1 - z) \odot n + z \odot h
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class CellStep(NamedTuple):
    """One step of a recurrent cell of H units, nothing hidden."""

    #: h', what the decoder predicts from, (..., H).
    hidden: Tensor
    #: What the next step starts from, (..., S): h', for the LSTM h' and c' side by side.
    state: Tensor
    #: The gates and the like by name, each (..., H).
    gates: dict[str, Tensor]


class Cell(nn.Module):
    """What the cells share: their weights. ``rows`` are the pre-activations that the weights' rows give, in order."""

    rows: tuple[str, ...]
    #: S / H: how many vectors of H numbers the state is made of.
    vectors = 1

    def __init__(self, input_size: int, hidden_size: int):
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(len(self.rows) * hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.empty(len(self.rows) * hidden_size, hidden_size))
        self.bias_ih = nn.Parameter(torch.empty(len(self.rows) * hidden_size))
        self.bias_hh = nn.Parameter(torch.empty(len(self.rows) * hidden_size))

    @torch.no_grad()
    def initialise(self) -> None:
        """Xavier for the inputs, orthogonal matrices for the state, no biases."""
        nn.init.xavier_uniform_(self.weight_ih)
        for matrix in self.weight_hh.chunk(len(self.rows)):
            nn.init.orthogonal_(matrix)
        nn.init.zeros_(self.bias_ih)
        nn.init.zeros_(self.bias_hh)

    def from_input(self, inputs: Tensor) -> tuple[Tensor, ...]:
        """W x + b_i of each row, (..., H)."""
        return nn.functional.linear(inputs, self.weight_ih, self.bias_ih).chunk(len(self.rows), dim=-1)

    def from_hidden(self, hidden: Tensor) -> tuple[Tensor, ...]:
        """U h + b_h of each row, (..., H)."""
        return nn.functional.linear(hidden, self.weight_hh, self.bias_hh).chunk(len(self.rows), dim=-1)

    def forward(self, inputs: Tensor, state: Tensor) -> CellStep:
        """One step: ``inputs`` (..., input_size) and ``state`` (..., S) to the new state and its gates."""
        raise NotImplementedError


class RNNCell(Cell):
    """The plain one: all of its state is new at every step."""

    rows = ("pre_activation",)

    def forward(self, inputs: Tensor, state: Tensor) -> CellStep:
        pre_activation = self.from_input(inputs)[0] + self.from_hidden(state)[0]
        hidden = torch.tanh(pre_activation)
        return CellStep(hidden, hidden, {"pre_activation": pre_activation})


class LSTMCell(Cell):
    """Long short-term memory: beside h a cell c, which is only ever faded, and added to."""

    rows = ("input_gate", "forget_gate", "candidate", "output_gate")
    vectors = 2

    @torch.no_grad()
    def initialise(self) -> None:
        """Forget gates begin open, with a bias of 1 (Jozefowicz et al. 2015)."""
        super().initialise()
        self.bias_ih.chunk(4)[1].fill_(1.0)

    def forward(self, inputs: Tensor, state: Tensor) -> CellStep:
        hidden, cell = state.chunk(2, dim=-1)
        i, f, g, o = (a + b for a, b in zip(self.from_input(inputs), self.from_hidden(hidden), strict=True))
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        cell = f * cell + i * g
        hidden = o * torch.tanh(cell)
        gates = {"input_gate": i, "forget_gate": f, "output_gate": o, "candidate": g, "cell": cell}
        return CellStep(hidden, torch.cat([hidden, cell], dim=-1), gates)


class GRUCell(Cell):
    """A gated recurrent unit: what is not replaced stays just as it is."""

    rows = ("reset_gate", "update_gate", "candidate")

    def forward(self, inputs: Tensor, state: Tensor) -> CellStep:
        input_r, input_z, input_n = self.from_input(inputs)
        hidden_r, hidden_z, hidden_n = self.from_hidden(state)
        reset_gate = torch.sigmoid(input_r + hidden_r)
        update_gate = torch.sigmoid(input_z + hidden_z)
        candidate = torch.tanh(input_n + reset_gate * hidden_n)
        hidden = (1 - update_gate) * candidate + update_gate * state
        gates = {"update_gate": update_gate, "reset_gate": reset_gate, "candidate": candidate}
        return CellStep(hidden, hidden, gates)


#: The cells by the names that the whole project has for them.
CELLS: dict[str, type[Cell]] = {"rnn_tanh": RNNCell, "lstm": LSTMCell, "gru": GRUCell}
