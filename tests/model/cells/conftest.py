import pytest
import torch
from torch import nn

from model.cells.layers import Recurrent
from model.cells.layers import layer as make


@pytest.fixture
def drawn():
    """A layer in float64 whose weights are large enough that gates saturate here and there, and an input (T, I)."""

    def draw(cell: str, inputs: int = 3, units: int = 5, steps: int = 8, **options) -> tuple[Recurrent, torch.Tensor]:
        module = make(cell, inputs, units, dtype=torch.float64, **options)
        generator = torch.Generator().manual_seed(0)
        for weight in module.parameters():
            nn.init.normal_(weight, std=0.8, generator=generator)
        return module, torch.randn(steps, inputs, dtype=torch.float64, generator=generator)

    return draw
