"""One step of the captioner's cells is torch's, to the last bit of their gradients."""

import pytest
import torch

from model.cells import CELLS
from model.cells.layers import OneStep

THEIRS = {"rnn_tanh": torch.nn.RNNCell, "lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}


def both(name: str):
    """Torch's cell and ours with the same weights, an input (5, 7) and a state (5, S), in double precision."""
    torch.manual_seed(0)
    theirs, ours = THEIRS[name](7, 11).double(), OneStep(CELLS[name], 7, 11).double()
    ours.load_state_dict(theirs.state_dict())
    state = torch.randn(5, 11 * len(CELLS[name].state)).double()
    return theirs, ours, torch.randn(5, 7).double(), state


def hidden_of_theirs(name, theirs, inputs, state):
    if name == "lstm":
        return torch.cat(theirs(inputs, tuple(state.chunk(2, dim=-1))), dim=-1)
    return theirs(inputs, state)


@pytest.mark.parametrize("name", THEIRS)
def test_a_step_is_torchs(name):
    theirs, ours, inputs, state = both(name)
    step = ours(inputs, state)
    assert torch.allclose(step.state, hidden_of_theirs(name, theirs, inputs, state), atol=1e-12)
    assert torch.equal(step.hidden, step.state[:, :11])


@pytest.mark.parametrize("name", THEIRS)
def test_the_gradients_are_torchs(name):
    theirs, ours, inputs, state = both(name)
    hidden_of_theirs(name, theirs, inputs, state).square().sum().backward()
    ours(inputs, state).state.square().sum().backward()
    for parameter_name, parameter in ours.named_parameters():
        assert torch.allclose(parameter.grad, getattr(theirs, parameter_name).grad, atol=1e-12), parameter_name


def test_the_gates_make_the_step():
    for name in THEIRS:
        _, ours, inputs, state = both(name)
        step = ours(inputs, state)
        gates = step.gates
        if name == "rnn_tanh":
            made = torch.tanh(gates["pre_activation"])
        elif name == "lstm":
            cell = gates["forget_gate"] * state[:, 11:] + gates["input_gate"] * gates["candidate"]
            assert torch.allclose(cell, gates["cell"], atol=1e-12)
            made = gates["output_gate"] * torch.tanh(cell)
        else:
            made = (1 - gates["update_gate"]) * gates["candidate"] + gates["update_gate"] * state
        assert torch.allclose(made, step.hidden, atol=1e-12)


def test_an_lstm_begins_with_open_forget_gates():
    cell = OneStep(CELLS["lstm"], 3, 4)
    cell.initialise()
    assert torch.equal(cell.bias_ih.detach(), torch.tensor([0.0] * 4 + [1.0] * 4 + [0.0] * 8))
