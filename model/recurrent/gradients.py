"""Gradients through time: how much a result depends on what the network read, and was, many steps before.

A gradient reaches back from step k to step t through the product of the steps' Jacobians,
ds_k/ds_t = J_k J_{k-1} ... J_{t+1}, and fades or grows with it (Hochreiter 1991; Bengio, Simard and Frasconi 1994;
Pascanu, Mikolov and Bengio 2013). The state s_t is h_t; for the LSTM it is (h_t, c_t) side by side, since its memory
runs through c: h alone would make it look as if it forgot.

All derivatives are torch's (autograd), in float64 on a copy of the network; tests hold them against finite differences.
"""

import copy
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.utils import get_total_norm

from model import checks
from model.cells import CELLS
from model.errors import SettingError
from model.recurrent.network import Network
from model.recurrent.tasks import Example
from model.traces import GradientTrace


def output_gradients(network: Network, example: Example, step: int) -> GradientTrace:
    """How much each earlier input counts for what is said: dL/dx_t and dL/ds_t, where L is the largest y_k at ``step``.

    It is the output before the softmax, as in Madsen 2019, "Visualizing memorization in RNNs". Steps count from 0, as
    arrays do. Behind ``step``, all gradients are 0.

    Raises:
        SettingError: when there is no such step.
    """
    checks.kind("example", example, Example, "an Example")
    if not checks.whole_within(step, 0, len(example.inputs) - 1):
        raise SettingError(
            "There is no {name} {given}; they go from 0 to {last}.",
            name="step",
            given=checks.quoted(step),
            last=len(example.inputs) - 1,
        )
    trace = gradients_through_time(network, example.inputs, lambda y: y[step].max())
    return replace(trace, step=step, symbols=example.symbols)


def gradients_through_time(network: Network, inputs: Tensor, objective: Callable[[Tensor], Tensor]) -> GradientTrace:
    """dL/dx_t and dL/ds_t for each t, and the norm of dL/dw, for any L that is computed from the outputs.

    Args:
        network: is left as it is.
        inputs: x_t, (T, I).
        objective: from y, (T, O) float64, to the scalar L.

    Raises:
        SettingError: when the inputs do not fit, or the objective gives no scalar that depends on y.
    """
    checks.kind("network", network, Network, "a Network")
    x = torch.tensor(checks.array("inputs", inputs)).requires_grad_()
    if x.ndim != 2 or x.shape[1] != network.recurrent.input_size or not len(x):
        raise SettingError(
            "The inputs have the shape {given}; one sequence of shape (T, {size}), T at least 1, is wanted.",
            given=tuple(x.shape),
            size=network.recurrent.input_size,
        )
    network = copy.deepcopy(network).cpu().double()
    size = network.recurrent.hidden_size
    vectors = len(CELLS[network.cell].state)
    state = torch.zeros(1, size * vectors, dtype=torch.float64)
    states = []
    for x_t in x:
        # One tensor for the whole state, which the next step and the readout take apart again: its gradient is that of
        # h and c as two variables, not of c through h at the same step.
        parts = state.split(size, dim=1)
        _, after = network.recurrent(x_t[None], parts if vectors > 1 else parts[0])
        state = torch.cat(after, dim=1) if vectors > 1 else after
        states.append(state)
    outputs = torch.cat([network.readout(state[:, :size]) for state in states])
    value = objective(outputs) if callable(objective) else None
    if not isinstance(value, Tensor) or value.numel() != 1 or not value.requires_grad:
        raise SettingError(
            "The objective gives {given}; a scalar tensor that is computed from the outputs is wanted.",
            given=checks.quoted(value),
        )
    value = value.reshape(())
    wanted = [x, *states, *network.parameters()]
    by_input, *rest = torch.autograd.grad(value, wanted, materialize_grads=True)
    by_state, by_weight = rest[: len(states)], rest[len(states) :]
    return GradientTrace(
        by_input.numpy(), torch.cat(by_state).numpy(), value.item(), weight_norm=get_total_norm(by_weight).item()
    )
