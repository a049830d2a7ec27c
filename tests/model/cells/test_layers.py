"""A ``Layer`` takes and gives what torch's layers do: with torch's own cells, it is them."""

from typing import Any

import pytest
import torch
from torch import nn

from model.cells import CELLS
from model.cells.layers import Layer, cell_of, layer
from model.errors import SettingError

TORCHS = [name for name, cell in CELLS.items() if cell.torch_layer]
OURS = [name for name in CELLS if name not in TORCHS]


def both(cell: str, **options) -> tuple[nn.Module, Layer]:
    theirs = layer(cell, 3, 5, dtype=torch.float64, **options)
    ours = Layer(CELLS[cell], 3, 5, dtype=torch.float64, **options)
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours


def flat(result) -> list[torch.Tensor]:
    states, last = result
    return [states, *(last if isinstance(last, tuple) else (last,))]


@pytest.mark.parametrize("cell", TORCHS)
@pytest.mark.parametrize("shape", [(7, 3), (7, 2, 3), (1, 1, 3)])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("given_state", [False, True])
def test_states_and_gradients_are_torchs(cell, shape, batch_first, bias, given_state):
    theirs, ours = both(cell, batch_first=batch_first, bias=bias)
    x = torch.randn(shape, dtype=torch.float64)
    state = None
    if given_state:
        batch = (shape[0 if batch_first else 1],) if len(shape) == 3 else ()
        vectors = tuple(torch.randn(1, *batch, 5, dtype=torch.float64) for _ in CELLS[cell].state)
        state = vectors if len(vectors) > 1 else vectors[0]
    found = []
    for module in (theirs, ours):
        results = flat(module(x, state))
        torch.stack([result.square().sum() for result in results]).sum().backward()
        found.append((results, [weight.grad for weight in module.parameters()]))
    for kinds in zip(*found, strict=True):
        for one, other in zip(*kinds, strict=True):
            torch.testing.assert_close(one, other, atol=1e-10, rtol=0)


@pytest.mark.parametrize("cell", CELLS)
def test_a_layer_says_what_torchs_layers_say(cell):
    module = layer(cell, 3, 5, batch_first=True)
    assert (module.input_size, module.hidden_size, module.batch_first, module.bias) == (3, 5, True, True)
    assert (module.num_layers, module.bidirectional, module.proj_size) == (1, False, 0)
    assert module.mode.lower() == cell and cell_of(module) is CELLS[cell]
    names = {name for name, _weight in module.named_parameters()}
    assert {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"} <= names
    assert all(weight.abs().max() <= 5**-0.5 for weight in module.parameters())
    assert not {name for name, _weight in layer(cell, 3, 5, bias=False).named_parameters() if "bias" in name}


@pytest.mark.parametrize("cell", OURS)
def test_one_step_at_a_time_is_the_whole_sequence(cell, drawn):
    module, x = drawn(cell)
    whole, last = module(x)
    state, steps = None, []
    for x_t in x:
        step, state = module(x_t[None], state)
        steps.append(step)
    torch.testing.assert_close(torch.cat(steps), whole, atol=1e-12, rtol=0)
    for one, other in zip(flat((whole, last)), flat((whole, state)), strict=True):
        torch.testing.assert_close(one, other, atol=1e-12, rtol=0)


def test_other_modules_have_no_cell_and_other_names_no_layer():
    assert cell_of(nn.Linear(3, 5)) is None and cell_of(nn.GRUCell(3, 5)) is None
    wrong: Any
    for wrong in ("elman", None, 3):
        with pytest.raises(SettingError, match="There is no cell"):
            layer(wrong, 3, 5)
