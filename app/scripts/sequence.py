"""The scripts of the sequence page's views, and the lines behind them.

Each script leaves what its view draws in ``trace``.
"""

from dataclasses import replace

import numpy as np

from app.scripts.script import behind
from model.hidden_basis import fit_basis
from model.neurons.landscape import landscape as landscape_of_neuron
from model.recurrent.equilibria import fixed_points
from model.recurrent.gradients import gradients_through_time, output_gradients
from model.recurrent.landscape import landscape, read_pulses, two_units
from model.recurrent.reading import extrapolate, trace_example, write_on
from model.recurrent.rounds import left_alone, period_of, read_on
from model.recurrent.spectrum import jacobian_trace, scale_recurrence
from model.recurrent.tracing import trace_sequence
from model.recurrent.training import Training
from model.traces import FixedPoint


@behind(trace_example, trace_sequence)
def step_through(saved, example, unit):
    """All that happens while the network reads a sequence; here one unit's numbers, and the largest output."""
    trace = trace_example(saved.network, saved.task, example)
    for t, symbol in enumerate(trace.symbols):
        numbers = {"h": trace.hidden[t, unit]} | {name: values[t, unit] for name, values in trace.gates.items()}
        print(f"{t + 1}. {symbol!r}", *(f"{name} {value:.3f}" for name, value in numbers.items()), end="; ")
        output = trace.read_out[t]
        said = repr(trace.classes[output.argmax()]) if trace.classes else f"{output[0]:.3f}"
        print(f"it says {said}, right is {trace.answers[t]!r}")


@behind(write_on)
def write_alone(saved, example, count, temperature, seed):
    """The network goes on by itself: each symbol that it draws is its next input."""
    trace = write_on(saved.network, saved.task, example, count=count, temperature=temperature, seed=seed)
    print("".join(example.symbols), "|", "".join(trace.symbols))
    print("probabilities:", *(f"{probability:.2f}" for probability in trace.probabilities))


@behind(extrapolate)
def series_alone(saved, example, count):
    """The network goes on by itself: each answer is its next input."""
    trace = extrapolate(saved.network, saved.task, example, count=count)
    print(*(f"{number:.4g}" for number in trace))


@behind(Training._stages)
def train(task, settings, cells, steps, start):
    """Train on the task, as the page does while its settings stay as they are."""
    trace = {}
    for cell in cells:
        training = Training(task, replace(settings, cell=cell), start=start)
        for _step in training.run(steps=steps):
            pass
        trace[cell] = training.trace()
        for step, loss, share in zip(trace[cell].steps, trace[cell].loss, trace[cell].accuracy, strict=True):
            if step == steps or step % 50 == 0:
                print(f"{cell}, step {step}: loss {loss:.4f}, accuracy {share:.1%}")


@behind(output_gradients, gradients_through_time)
def symbols(networks, example):
    """How much each earlier symbol counts for the answer at each step: the gradient's norm, here of the last step."""
    trace = {
        cell: [output_gradients(saved.network, example, step) for step in range(len(example.symbols))]
        for cell, saved in networks.items()
    }
    for cell, every in trace.items():
        print(cell, *(f"{symbol!r} {norm:.2g}" for symbol, norm in zip(example.symbols, every[-1].inputs, strict=True)))


@behind(output_gradients, gradients_through_time)
def norms(networks, example, step, factor, clip):
    """How large the gradient of the output at ``step`` still is at each earlier step."""
    trace = {
        cell: output_gradients(scale_recurrence(saved.network, factor), example, step).clipped(clip)
        for cell, saved in networks.items()
    }
    for cell, gradient in trace.items():
        print(cell, *(f"{norm:.2g}" for norm in gradient.states))


@behind(jacobian_trace, scale_recurrence)
def eigenvalues(networks, example, kind, factor):
    """The plain RNN's step as a linear map: what it does to a small change of the state."""
    saved = networks[kind]
    network = scale_recurrence(saved.network, factor)
    trace = jacobian_trace(network.recurrent, trace_example(network, saved.task, example))
    print("|λ| of W_hh:", np.abs(trace.eigenvalues).round(3))
    print("how far a change reaches:", *(f"{norm:.2g}" for norm in trace.reach))


@behind(landscape, fixed_points, FixedPoint)
def two_units_by_hand(weights, inputs, start, pulses, current):
    """The plane of two units, h → tanh(W h + x): where it stands still, and where it falls to; and a neuron's."""
    module, pushes = two_units(weights), read_pulses(pulses)
    seen = trace_sequence(module, np.array(inputs) + pushes[:, None]) if len(pushes) else None
    trace = landscape(module, inputs, start, seen, tuple("".join(pulses.split())))
    for point in trace.points:
        print(point.kind, point.state.round(3), "|λ|:", np.abs(point.eigenvalues).round(3))
    print(f"from {trace.fall[0]} it falls to {trace.fall[-1].round(3)} in {len(trace.fall) - 1} steps")
    neuron = None if current is None else landscape_of_neuron(current)
    for point in neuron.points if neuron else ():
        print(f"the neuron: {point.kind} at v = {point.state[0]:.2f} mV, u = {point.state[1]:.2f} mV/ms")


@behind(landscape, fixed_points, FixedPoint)
def plane(saved, x, start, example, current):
    """The plane of a network whose state is two numbers, under the constant input x; and a neuron's."""
    seen = trace_example(saved.network, saved.task, example)
    trace = landscape(saved.network.recurrent, x, start, seen, seen.symbols)
    for point in trace.points:
        print(point.kind, point.state.round(3), "|λ|:", np.abs(point.eigenvalues).round(3))
    print(f"from {trace.fall[0]} it falls to {trace.fall[-1].round(3)} in {len(trace.fall) - 1} steps")
    neuron = None if current is None else landscape_of_neuron(current)
    for point in neuron.points if neuron else ():
        print(f"the neuron: {point.kind} at v = {point.state[0]:.2f} mV, u = {point.state[1]:.2f} mV/ms")


@behind(fixed_points, FixedPoint, period_of)
def points(saved, x, examples, count, slow, alone):
    """Fixed and slow points of a larger network under the constant input x, and what happens near them."""
    runs = [trace_example(saved.network, saved.task, example) for example in examples]
    states = np.concatenate([run.full_states for run in runs])
    usual = np.median(np.concatenate([np.linalg.norm(np.diff(run.full_states, axis=0), axis=1) for run in runs]))
    trace = fixed_points(saved.network.recurrent, x, starts=states, count=count, slowest=slow * float(usual))
    basis = fit_basis([run.full_states for run in runs])
    print(f"the plane shows {basis.explained[:2].sum():.0%} of the variance")
    for point in trace:
        print(f"{point.kind}, speed {point.speed:.1e}, at {basis.project(point.state[None])[0, :2].round(2)}:", end=" ")
        print(f"|λ| {np.abs(point.eigenvalues[0]):.3f}, 1/e in {point.time_constants[0]:.3g} steps,", end=" ")
        print(f"{point.frequencies[0]:.3f} turns a step")
    if alone:
        reading, loop = read_on(saved.network, saved.task), left_alone(saved.network, saved.task, examples[0], alone)
        print(f"a round takes {reading.period} steps while it reads, {loop.period} when it is left alone")
