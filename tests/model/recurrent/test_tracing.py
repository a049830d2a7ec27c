"""trace_sequence against torch, for all cells, sizes, lengths, initial states and dtypes."""

import numpy as np
import pytest
import torch
from torch import nn

from model.cells import CELLS
from model.cells.layers import layer as make_layer
from model.errors import UserError
from model.recurrent import trace_sequence


def layer(cell: str, inputs: int = 3, units: int = 5, seed: int = 0, **options):
    """A layer, torch's own where it has one, with weights large enough that gates saturate here and there."""
    module = make_layer(cell, inputs, units, **{"dtype": torch.float64, **options})
    generator = torch.Generator().manual_seed(seed)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.7, generator=generator)
    return module


def has_memory(cell: str) -> bool:
    """Whether its state is the pair (h, c)."""
    return CELLS[cell].state == ("hidden", "cell")


def numbers(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("inputs", [1, 4])
@pytest.mark.parametrize("units", [1, 2, 7])
@pytest.mark.parametrize("length", [1, 2, 30])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("given_state", [False, True])
def test_states_and_outputs_equal_torchs(cell, inputs, units, length, bias, given_state):
    module = layer(cell, inputs, units, bias=bias)
    readout = nn.Linear(units, 3, bias=bias, dtype=torch.float64)
    x = numbers(length, inputs)
    h0, c0 = numbers(1, units, seed=2), numbers(1, units, seed=3)
    state = ((h0, c0) if has_memory(cell) else h0) if given_state else None
    with torch.no_grad():
        hidden, last = module(x, state)
        outputs = readout(hidden)

    trace = trace_sequence(module, x, state, readout)

    np.testing.assert_allclose(trace.hidden, hidden, atol=1e-9)
    np.testing.assert_allclose(trace.outputs, outputs, atol=1e-9)
    if has_memory(cell):
        np.testing.assert_allclose(trace.gates["cell"][-1], last[1][0], atol=1e-9)
    assert trace.cell == cell
    assert trace.before.shape == (length, units)
    np.testing.assert_allclose(trace.before[0], h0[0] if given_state else np.zeros(units))
    np.testing.assert_allclose(trace.before[1:], trace.hidden[:-1])


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_state_of_every_prefix_equals_torchs(cell):
    """torch gives c only after the last step, so each prefix is run by itself."""
    module, x = layer(cell), numbers(12, 3)
    trace = trace_sequence(module, x)
    for length in range(1, 13):
        _, last = module(x[:length])
        h, c = last if has_memory(cell) else (last, None)
        np.testing.assert_allclose(trace.hidden[length - 1], h[0].detach(), atol=1e-9)
        if c is not None:
            np.testing.assert_allclose(trace.gates["cell"][length - 1], c[0].detach(), atol=1e-9)


@pytest.mark.parametrize(
    ("cell", "gates"),
    [
        ("rnn_tanh", {"pre_activation"}),
        ("rnn_relu", {"pre_activation"}),
        ("lstm", {"input_gate", "forget_gate", "output_gate", "candidate", "cell"}),
        ("gru", {"update_gate", "reset_gate", "candidate"}),
        ("mgu", {"forget_gate", "candidate"}),
        ("peephole", {"input_gate", "forget_gate", "output_gate", "candidate", "cell"}),
    ],
)
def test_gates_are_those_of_the_contract(cell, gates):
    trace = trace_sequence(layer(cell), numbers(6, 3))
    assert trace.gates.keys() == gates
    assert {values.shape for values in trace.gates.values()} == {(6, 5)}


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def total(terms):
    return terms.input + terms.recurrent + terms.bias


def test_the_rnns_terms_are_those_of_the_formula():
    module, x = layer("rnn_tanh"), numbers(6, 3)
    trace = trace_sequence(module, x)
    terms = trace.terms["pre_activation"]
    weights = {name: parameter.detach().numpy() for name, parameter in module.named_parameters()}
    for t in range(6):
        np.testing.assert_allclose(terms.input[t], weights["weight_ih_l0"] @ x[t].numpy())
        np.testing.assert_allclose(terms.recurrent[t], weights["weight_hh_l0"] @ trace.before[t])
    np.testing.assert_allclose(terms.bias, weights["bias_ih_l0"] + weights["bias_hh_l0"])
    np.testing.assert_allclose(trace.gates["pre_activation"], total(terms))
    np.testing.assert_allclose(trace.hidden, np.tanh(total(terms)))


def test_the_lstms_gates_and_terms_fit_together():
    trace = trace_sequence(layer("lstm"), numbers(6, 3), (numbers(5), numbers(5, seed=9)))
    gates, terms = trace.gates, trace.terms
    for gate in ("input_gate", "forget_gate", "output_gate"):
        np.testing.assert_allclose(gates[gate], sigmoid(total(terms[gate])))
    np.testing.assert_allclose(gates["candidate"], np.tanh(total(terms["candidate"])))
    cell = gates["forget_gate"] * trace.cell_before + gates["input_gate"] * gates["candidate"]
    np.testing.assert_allclose(gates["cell"], cell)
    np.testing.assert_allclose(trace.hidden, gates["output_gate"] * np.tanh(cell))


def test_the_grus_gates_and_terms_fit_together_in_torchs_convention():
    trace = trace_sequence(layer("gru"), numbers(6, 3), numbers(5))
    z, r, n = (trace.gates[gate] for gate in ("update_gate", "reset_gate", "candidate"))
    np.testing.assert_allclose(z, sigmoid(total(trace.terms["update_gate"])))
    np.testing.assert_allclose(r, sigmoid(total(trace.terms["reset_gate"])))
    terms = trace.terms["candidate"]
    np.testing.assert_allclose(n, np.tanh(terms.input + terms.bias + r * terms.recurrent))
    np.testing.assert_allclose(trace.hidden, (1 - z) * n + z * trace.before)


@pytest.mark.parametrize(("dtype", "within"), [(torch.float32, 1e-5), (torch.bfloat16, 0.1), (torch.float16, 0.02)])
@pytest.mark.parametrize("cell", CELLS)
def test_other_dtypes(cell, dtype, within):
    module = layer(cell, dtype=dtype)
    x = numbers(8, 3).to(dtype)
    with torch.no_grad():
        hidden, _ = module(x)
    trace = trace_sequence(module, x)
    assert trace.hidden.dtype == np.float64
    np.testing.assert_allclose(trace.hidden, hidden.double(), atol=within, rtol=within)


@pytest.mark.parametrize("cell", CELLS)
def test_batch_first_makes_no_difference_to_one_sequence(cell):
    x = numbers(9, 3)
    plain, batch_first = layer(cell), layer(cell, batch_first=True)
    np.testing.assert_array_equal(trace_sequence(plain, x).hidden, trace_sequence(batch_first, x).hidden)


def test_arrays_lists_and_tensors_are_all_welcome_and_none_is_kept():
    module, x = layer("gru"), numbers(4, 3)
    array = x.numpy().copy()
    trace = trace_sequence(module, array)
    np.testing.assert_array_equal(trace.hidden, trace_sequence(module, x).hidden)
    np.testing.assert_array_equal(trace.hidden, trace_sequence(module, x.tolist()).hidden)
    array[:] = 0
    np.testing.assert_array_equal(trace.inputs, x)


def test_nothing_is_changed_and_nothing_needs_gradients():
    module, x = layer("lstm"), numbers(4, 3).requires_grad_()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    trace_sequence(module, x, readout=nn.Linear(5, 2, dtype=torch.float64))
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert x.grad is None


def test_without_a_readout_there_are_no_outputs_and_no_probabilities():
    trace = trace_sequence(layer("gru"), numbers(4, 3))
    assert trace.outputs is None
    assert trace.probabilities is None


def test_an_exploding_relu_network_is_traced_to_infinity_without_a_warning():
    module = layer("rnn_relu", 1, 1, bias=False)
    with torch.no_grad():
        module.weight_hh_l0.fill_(1e10)
        module.weight_ih_l0.fill_(1)
    trace = trace_sequence(module, np.ones((40, 1)))
    assert trace.hidden[0, 0] == 1
    assert np.isinf(trace.hidden[-1, 0])


@pytest.mark.parametrize(
    "module",
    [
        nn.GRU(3, 5, num_layers=2),
        nn.LSTM(3, 5, bidirectional=True),
        nn.LSTM(3, 5, proj_size=2),
        nn.GRUCell(3, 5),
        nn.Linear(3, 5),
    ],
)
def test_other_modules_are_refused_in_a_sentence(module):
    with pytest.raises(UserError, match="Please give"):
        trace_sequence(module, np.zeros((4, 3)))


@pytest.mark.parametrize("shape", [(0, 3), (4, 2), (4,), (1, 4, 3)])
def test_inputs_of_another_shape_are_refused_in_a_sentence(shape):
    with pytest.raises(UserError, match=r"\(T, 3\)"):
        trace_sequence(layer("gru"), np.zeros(shape))


@pytest.mark.parametrize(
    ("cell", "initial"),
    [("gru", np.zeros(4)), ("lstm", np.zeros(5)), ("lstm", (np.zeros(5),)), ("lstm", (np.zeros(5), np.zeros(4)))],
)
def test_initial_states_of_another_shape_are_refused_in_a_sentence(cell, initial):
    with pytest.raises(UserError, match="initial state"):
        trace_sequence(layer(cell), np.zeros((4, 3)), initial)


def test_a_readout_of_another_size_is_refused_in_a_sentence():
    with pytest.raises(UserError, match="readout"):
        trace_sequence(layer("gru"), np.zeros((4, 3)), readout=nn.Linear(4, 2))
