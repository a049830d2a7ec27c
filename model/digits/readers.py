r"""Two networks that tell ten digits apart, each with the assumption that it is made of.

The CNN: neighbours belong together (a kernel sees 3x3 pixels), and a pattern means the same wherever it stands (one
kernel for all places, then the largest value of all places):

.. math::
    a^k_{ij} &= \mathrm{ReLU}(\sum_{u,v} w^k_{uv} x_{i+u,\,j+v} + b^k)               && k = 1 \dots 10 \\
    p^k_{ij} &= \mathrm{ReLU}(\sum_{c,u,v} w^{kc}_{uv} a^c_{i+u,\,j+v} + b^k)        && k = 1 \dots 24 \\
    y        &= W \max_{ij} p_{ij} + b

The GRU: things come one after another. Step t reads row t of the picture, and the answer is read from the last state
(``model.recurrent.network`` has it, ``model.cells.gru`` its formulas).

Pictures are (B, SIDE, SIDE), scores (logits) of the digits (B, 10).
"""

import torch
from torch import Tensor, nn

from model.digits.data import SIDE
from model.recurrent.network import Network

#: Patterns that the CNN's two layers look for, and the GRU's units: the nearest to equally many numbers.
FIRST, SECOND = 10, 24
UNITS = 22


class CNN(nn.Module):
    """Two convolutions, each place's patterns; their maxima; a linear readout. 2,534 numbers, drawn by the seed.

    They are drawn from U(-1/√n, 1/√n), n inputs to a unit, as torch does by itself, but from a generator of its own.
    """

    def __init__(self, seed: int):
        super().__init__()
        # Modules made on the "meta" device draw no random numbers.
        self.first = nn.Conv2d(1, FIRST, 3, padding=1, device="meta")
        self.second = nn.Conv2d(FIRST, SECOND, 3, padding=1, device="meta")
        self.readout = nn.Linear(SECOND, 10, device="meta")
        self.to_empty(device="cpu")
        generator = torch.Generator().manual_seed(seed)
        for layer in (self.first, self.second, self.readout):
            bound = layer.weight[0].numel() ** -0.5
            for numbers in layer.parameters():
                nn.init.uniform_(numbers, -bound, bound, generator=generator)

    def forward(self, images: Tensor) -> Tensor:
        """Score the digits: pictures (B, SIDE, SIDE) to logits (B, 10)."""
        patterns = self.second(self.first(images[:, None]).relu()).relu()  # (B, SECOND, SIDE, SIDE)
        return self.readout(patterns.amax(dim=(2, 3)))


class RowReader(nn.Module):
    """A GRU that reads row after row from the top, and a linear readout. 2,606 numbers, drawn by the seed."""

    def __init__(self, seed: int):
        super().__init__()
        self.network = Network("gru", SIDE, UNITS, 10, seed)

    def forward(self, images: Tensor) -> Tensor:
        """Score the digits after the last row: pictures (B, SIDE, SIDE) to logits (B, 10)."""
        outputs, _state = self.network(images, last=1)
        return outputs[:, 0]
