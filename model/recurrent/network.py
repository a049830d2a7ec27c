"""The network that is trained: one recurrent layer of ``torch.nn``, and a linear readout of its state.

    h_t = cell(x_t, h_{t-1})        (see ``model.recurrent.cells``)
    y_t = W_hy h_t + b_y

All its numbers are drawn from U(-1/√H, 1/√H), as torch does by itself, but from a generator of its own: torch's global
one is shared by all threads. Then ``keep_bias`` is added to the bias of the gate that keeps the state, the LSTM's
forget gate or the GRU's update gate: at the start it keeps a share of about σ(keep_bias) of the state at each step.
With 0, as torch has it, half of a memory is gone after one step, and hardly any gradient comes back from far enough to
learn to keep more (Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015).
"""

import torch
from torch import Tensor, nn

from model import checks
from model.errors import SettingError
from model.recurrent.cells import CELLS

#: The most inputs, units or outputs.
MOST_SIZE = 4096

State = Tensor | tuple[Tensor, Tensor]


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
        self.recurrent = _layer(cell, input_size, hidden_size).to_empty(device="cpu")
        self.readout = nn.Linear(hidden_size, output_size, device="meta").to_empty(device="cpu")
        generator = torch.Generator().manual_seed(seed)
        bound = hidden_size**-0.5
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
        if cell in ("lstm", "gru"):  # In both, the second H rows are those of the gate that keeps.
            with torch.no_grad():
                self.recurrent.bias_ih_l0[hidden_size : 2 * hidden_size] += keep_bias

    def forward(self, inputs: Tensor, state: State | None = None, last: int = 0) -> tuple[Tensor, State]:
        """Inputs (B, T, I) to outputs (B, K, O) of the ``last`` K steps (0: of all T), and the state after the last.

        The state is torch's: h (1, B, H), or for the LSTM the pair (h, c).
        """
        hidden, state = self.recurrent(inputs, state)
        return self.readout(hidden[:, -last:]), state

    @property
    def parameter_count(self) -> int:
        """How many numbers are trained: G H (I + H + 2) + O (H + 1); G is 1 for an RNN, 3 for a GRU, 4 for an LSTM."""
        return sum(parameter.numel() for parameter in self.parameters())


def _layer(cell: str, input_size: int, hidden_size: int) -> nn.RNN | nn.LSTM | nn.GRU:
    common = {"batch_first": True, "device": "meta"}
    match cell:
        case "rnn_tanh" | "rnn_relu":
            return nn.RNN(input_size, hidden_size, nonlinearity=cell.removeprefix("rnn_"), **common)
        case "lstm":
            return nn.LSTM(input_size, hidden_size, **common)
        case "gru":
            return nn.GRU(input_size, hidden_size, **common)
        case _:
            raise SettingError(
                "There is no cell {given}. Please choose one of {cells}.",
                given=checks.quoted(cell),
                cells=", ".join(CELLS),
            )
