"""Gradients through time against finite differences, and against what is known of them."""

import copy

import numpy as np
import pytest
import torch

from model.errors import UserError
from model.recurrent import (
    CELLS,
    Network,
    gradients_through_time,
    make_task,
    output_gradients,
)
from model.recurrent.tasks import Batch, Task
from model.traces import GradientTrace

STEP = 1e-5
TASKS = {
    "parity": make_task("parity", length=6),
    "recall": make_task("recall", distractors=4),
    "adding": make_task("adding", length=6),
    "reber": make_task("reber", length=6),
    "text": make_task("text", text="abracadabra", length=6),
}


def network_for(task, cell: str, seed: int = 0) -> Network:
    """A network with larger weights than usual, so that nothing is nearly linear."""
    network = Network(cell, task.input_size, 4, task.output_size, seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.5)
    return network


def loss_gradients(network: Network, task: Task, batch: Batch, row: int = 0) -> GradientTrace:
    """Of the task's loss on one sequence of a batch."""
    targets = batch.targets[row : row + 1]
    targets = targets.double() if targets.is_floating_point() else targets
    return gradients_through_time(
        network, batch.inputs[row], lambda y: task.loss(y[None, -targets.shape[1] :], targets)
    )


def run(network: Network, x: torch.Tensor, at: int | None = None, change: torch.Tensor | None = None) -> torch.Tensor:
    """Outputs (T, O) in float64, one step at a time; ``change`` (S,) is added to the state after step ``at``."""
    network = copy.deepcopy(network).double()
    size = network.recurrent.hidden_size
    h, c = torch.zeros(1, size).double(), torch.zeros(1, size).double()
    outputs = []
    for t, x_t in enumerate(x.double()):
        if CELLS[network.cell].state == ("hidden", "cell"):
            _, (h, c) = network.recurrent(x_t[None], (h, c))
        else:
            _, h = network.recurrent(x_t[None], h)
        if t == at:
            h = h + change[:size]
            c = c + change[size:] if len(change) > size else c
        outputs.append(network.readout(h))
    return torch.cat(outputs).detach()


def central_difference(f, size: int) -> np.ndarray:
    steps = STEP * torch.eye(size, dtype=torch.float64)
    return np.array([(f(step) - f(-step)) / (2 * STEP) for step in steps])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", TASKS)
def test_the_losss_gradients_equal_finite_differences(cell, name):
    task = TASKS[name]
    network = network_for(task, cell)
    batch = task.batch(3, torch.Generator().manual_seed(1))
    row = 1
    x, targets = batch.inputs[row].double(), batch.targets[row : row + 1]
    targets = targets.double() if targets.is_floating_point() else targets

    def loss(outputs: torch.Tensor) -> float:
        return task.loss(outputs[None, -targets.shape[1] :], targets).item()

    trace = loss_gradients(network, task, batch, row)

    assert trace.value == pytest.approx(loss(run(network, x)))
    state_size = 4 * len(CELLS[cell].state)
    assert trace.state_gradients.shape == (len(x), state_size)
    for t in range(len(x)):
        by_input = central_difference(
            lambda change, t=t: loss(run(network, x + torch.eye(len(x))[t, :, None] * change)), x.shape[1]
        )
        np.testing.assert_allclose(trace.input_gradients[t], by_input, atol=1e-7)
        by_state = central_difference(lambda change, t=t: loss(run(network, x, t, change)), state_size)
        np.testing.assert_allclose(trace.state_gradients[t], by_state, atol=1e-7)
    np.testing.assert_allclose(trace.inputs, np.sqrt((trace.input_gradients**2).sum(1)))
    np.testing.assert_allclose(trace.states, np.sqrt((trace.state_gradients**2).sum(1)))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("step", [0, 3, 5])
def test_what_counts_for_an_output_equals_finite_differences(cell, step):
    task = TASKS["text"]
    network = network_for(task, cell)
    example = task.read("abraca")
    x = example.inputs.double()
    said = int(run(network, x)[step].argmax())
    trace = output_gradients(network, example, step)
    assert trace.step == step
    assert trace.value == pytest.approx(run(network, x)[step, said].item())
    for t in range(6):
        by_input = central_difference(
            lambda change, t=t: run(network, x + torch.eye(6)[t, :, None] * change)[step, said].item(), x.shape[1]
        )
        np.testing.assert_allclose(trace.input_gradients[t], by_input, atol=1e-7)
    assert (trace.inputs[step + 1 :] == 0).all()
    assert (trace.states[step + 1 :] == 0).all()
    assert (trace.inputs[: step + 1] > 0).all() or cell == "rnn_relu"


@pytest.mark.parametrize("step", [-1, 4])
def test_there_are_no_other_steps(step):
    task = TASKS["text"]
    with pytest.raises(UserError, match="go from 0 to"):
        output_gradients(network_for(task, "gru"), task.read("abra"), step)


def test_the_lstms_memory_runs_through_its_cell():
    """With the forget gate wide open and the output gate nearly shut, h's gradient dies at once, and c's lives on."""
    network = Network("lstm", 1, 3, 1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.recurrent.get_parameter("bias_ih_l0")[3:6] = 20  # forget gate: 1
        network.recurrent.get_parameter("weight_ih_l0")[6:9] = 0.01  # candidate: c stays where tanh is nearly straight
        network.readout.weight.fill_(1)
    trace = gradients_through_time(network, torch.ones(30, 1), lambda y: y[-1, 0])
    h, c = trace.state_gradients[:, :3], trace.state_gradients[:, 3:]
    assert (h[:-1] == 0).all()
    assert (np.abs(c[:-1]) > 0.05).all()
    np.testing.assert_allclose(trace.states[:-1], np.linalg.norm(c[:-1], axis=1))
    assert (c[-1] == 0).all()  # after the last step nothing reads c
    assert (h[-1] == 1).all()


def test_a_linear_memory_fades_by_the_power_of_its_weight():
    """h_t = w h_{t-1} + x_t, by a ReLU that never bends: dh_T/dh_t = w^(T-t)."""
    network = Network("rnn_relu", 1, 1, 1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.recurrent.get_parameter("weight_hh_l0").fill_(0.5)
        network.recurrent.get_parameter("weight_ih_l0").fill_(1)
        network.readout.weight.fill_(1)
    trace = gradients_through_time(network, torch.ones(8, 1), lambda y: y[-1, 0])
    np.testing.assert_allclose(trace.states, 0.5 ** np.arange(7, -1, -1))
    np.testing.assert_allclose(trace.inputs, trace.states)


def test_the_network_is_left_as_it_is():
    task = TASKS["parity"]
    network = network_for(task, "gru")
    before = {name: value.clone() for name, value in network.state_dict().items()}
    loss_gradients(network, task, task.batch(1, torch.Generator()))
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


@pytest.mark.parametrize("cell", CELLS)
def test_the_weights_gradient_is_autograds_and_clipping_bounds_it(cell):
    task = TASKS["parity"]
    network = network_for(task, cell)
    batch = task.batch(1, torch.Generator().manual_seed(4))
    gradient = loss_gradients(network, task, batch)
    plain = copy.deepcopy(network).double()
    outputs, _ = plain(batch.inputs.double())
    task.loss(outputs, batch.targets).backward()
    norm = sum(float((weights.grad**2).sum()) for weights in plain.parameters()) ** 0.5
    assert gradient.weight_norm == pytest.approx(norm, rel=1e-9)
    assert gradient.clipping(norm / 4) * gradient.weight_norm == pytest.approx(norm / 4)
    assert gradient.clipping(norm * 4) == gradient.clipping(float("inf")) == 1
    clipped = gradient.clipped(norm / 4)
    np.testing.assert_allclose(4 * clipped.states, gradient.states)
    np.testing.assert_allclose(4 * clipped.inputs, gradient.inputs)
