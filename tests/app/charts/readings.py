"""Real traces of small real networks: seeded, untrained or trained for a few steps, each made when it is first asked
for, all in about a second."""

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import torch

from model.hidden_basis import fit_basis
from model.recurrent import (
    Network,
    Settings,
    Training,
    jacobian_trace,
    make_task,
    output_gradients,
    scale_recurrence,
    trace_example,
)
from model.traces import GradientTrace, HiddenBasis, JacobianTrace, SequenceTrace, TrainingTrace

#: Letters with marks, Chinese, Hebrew, Arabic, emoji of many code points, tags, TeX, line end, tab, an unseen space.
HOSTILE = "a<b>x</b> $x$ &amp;\n\t你好שלום مرحبا e\u0301👩‍👩‍👧‍👦🇩🇪 \u200b" + "%{y}"


class Read(NamedTuple):
    """A trace and the axes that its path is seen on."""

    trace: SequenceTrace
    basis: HiddenBasis


def read(network: Network, task, text: str) -> Read:
    return seen(trace_example(network, task, task.read(text)))


def seen(trace: SequenceTrace) -> Read:
    return Read(trace, fit_basis([trace.initial_hidden[None], trace.hidden]))


def untrained(cell: str, task, units: int, seed: int = 0) -> Network:
    return Network(cell, task.input_size, units, task.output_size, seed)


@cache
def parity():
    return make_task("parity", length=10)


@cache
def of_cell(cell: str) -> Read:
    """Ten bits, read by a network of this kind."""
    return read(untrained(cell, parity(), 6), parity(), "0110101101")


def _of_number_task(name: str) -> Read:
    task = make_task(name)
    example = task.example(task.batch(1, torch.Generator().manual_seed(0)))
    return seen(trace_example(untrained("gru", task, 8), task, example))


@cache
def sine() -> Read:
    return _of_number_task("sine")


@cache
def ten_numbers() -> Read:
    return _of_number_task("ten_numbers")


@cache
def hostile() -> Read:
    """200 symbols of all kinds, read by an LSTM of 128 units."""
    task = make_task("text", text=HOSTILE * 8)
    trace = read(untrained("lstm", task, 128), task, HOSTILE * 8).trace
    return read(untrained("lstm", task, 128), task, "".join(trace.symbols[:200]))


@cache
def tiny() -> Read:
    """One bit, read by one unit of ReLU."""
    return read(untrained("rnn_relu", parity(), 1), parity(), "1")


@cache
def two_units() -> Read:
    return read(untrained("rnn_tanh", parity(), 2), parity(), "01101")


@cache
def exploded() -> Read:
    """A ReLU network whose state becomes infinite."""
    network = untrained("rnn_relu", parity(), 4)
    with torch.no_grad():
        network.recurrent.get_parameter("weight_hh_l0").fill_(1e30)
        network.recurrent.get_parameter("bias_ih_l0").fill_(1.0)
    trace = trace_example(network, parity(), parity().read("1" * 20))
    return Read(trace, fit_basis([trace.hidden[:2]]))


@cache
def nameless(cell: str) -> Read:
    """A trace without symbols, answers, classes and outputs, as ``trace_sequence`` gives it without a readout."""
    return of_cell(cell)._replace(trace=replace(of_cell(cell).trace, symbols=(), answers=(), classes=(), outputs=None))


@cache
def runs() -> dict[str, TrainingTrace]:
    """A plain RNN and a GRU that learn to recall; the GRU was checked on fresh sequences twice."""
    traces = {}
    for name, cell, steps in (("RNN", "rnn_tanh", 60), ("GRU", "gru", 120)):
        training = Training(make_task("recall", distractors=2), Settings(cell=cell, hidden_size=12, batch_size=16))
        for _step in training.run(steps=steps):
            pass
        traces[name] = training.trace()
    return traces


@cache
def gradients() -> dict[str, list[GradientTrace]]:
    """For an RNN, an LSTM and a GRU, how much each of eleven symbols counts for the outputs at three steps."""
    task = make_task("text", text=HOSTILE)
    example = task.read("a<b>$x$\n你好ש")
    networks = {
        name: untrained(cell, task, 8) for name, cell in (("RNN", "rnn_tanh"), ("LSTM", "lstm"), ("GRU", "gru"))
    }
    steps = (0, 5, len(example.inputs) - 1)
    return {name: [output_gradients(network, example, step) for step in steps] for name, network in networks.items()}


@cache
def spectra() -> dict[float, JacobianTrace]:
    """A plain RNN's steps over ten bits, with its W_hh half as large, as it is and twice as large."""
    network = untrained("rnn_tanh", parity(), 12)
    traces = {}
    for scale in (0.5, 1.0, 2.0):
        scaled = scale_recurrence(network, scale)
        traces[scale] = jacobian_trace(scaled.recurrent, read(scaled, parity(), "0110101101").trace)
    return traces
