"""The network that is trained: one recurrent layer, and a linear readout of its state.

    h_t = cell(x_t, h_{t-1})        (see ``model.cells``; the layer is ``torch.nn``'s where it has one)
    y_t = W_hy h_t + b_y

All its numbers are drawn from U(-1/√H, 1/√H), as torch does by itself, but from a generator of its own: torch's global
one is shared by all threads. Then ``keep_bias`` is added to the bias of the gate that keeps the state, such as the
LSTM's forget gate or the GRU's update gate, or taken off it where the gate keeps at 0: at the start it keeps a share of
about σ(keep_bias) of the state at each step.
With 0, as torch has it, half of a memory is gone after one step, and hardly any gradient comes back from far enough to
learn to keep more (Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015).
"""

import torch
from torch import Tensor, nn

from model import checks
from model.cells import CELLS
from model.cells.layers import Recurrent, State, layer

#: The most inputs, units or outputs.
MOST_SIZE = 4096


class Network(nn.Module):
    """One of ``CELLS`` with I inputs, H units and O outputs; the same seed gives the same weights.

    Raises:
        SettingError: when there is no such cell, or a size, the seed or the bias is out of its range.
    """

    def __init__(
        self,
        cell: str,
        input_size: int,
        hidden_size: int,
        output_size: int,
        seed: int = 0,
        keep_bias: float = 0.0,
    ):
        super().__init__()
        input_size = checks.whole("input_size", input_size, 1, MOST_SIZE)
        hidden_size = checks.whole("hidden_size", hidden_size, 1, MOST_SIZE)
        output_size = checks.whole("output_size", output_size, 1, MOST_SIZE)
        seed = checks.whole("seed", seed, 0, 2**64 - 1)  # as ``generator_seeds`` draws them
        keep_bias = checks.number("keep_bias", keep_bias, -100, 100)
        self.cell = cell
        # Modules made on the "meta" device draw no random numbers.
        made = layer(cell, input_size, hidden_size, batch_first=True, device="meta")
        self.recurrent: Recurrent = made.to_empty(device="cpu")
        self.readout = nn.Linear(hidden_size, output_size, device="meta").to_empty(device="cpu")
        generator = torch.Generator().manual_seed(seed)
        bound = hidden_size**-0.5
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
        about = CELLS[cell]
        if about.keeps is not None:
            with torch.no_grad():
                biases = self.recurrent.get_parameter("bias_ih_l0").chunk(len(about.rows))
                biases[about.places[about.keeps.row]].add_(keep_bias if about.keeps.at_one else -keep_bias)

    def forward(self, inputs: Tensor, state: State | None = None, last: int = 0) -> tuple[Tensor, State]:
        """Inputs (B, T, I) to outputs (B, K, O) of the ``last`` K steps (0: of all T), and the state after the last.

        The state is torch's: h (1, B, H), or a tuple of as many as the cell's state has vectors, the LSTM's (h, c).
        """
        hidden, state = self.recurrent(inputs, state)
        return self.readout(hidden[:, -last:]), state

    @property
    def parameter_count(self) -> int:
        """How many numbers are trained: G H (I + H + 2) + D H + O (H + 1) for a cell of G rows and D diagonals."""
        return sum(parameter.numel() for parameter in self.parameters())
