"""Real traces of small real networks: seeded, untrained or trained for a few steps, all made in about a second."""

from dataclasses import replace
from typing import NamedTuple

import pytest
import torch

from model.cells import CELLS
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


@pytest.fixture(scope="session")
def parity():
    return make_task("parity", length=10)


@pytest.fixture(scope="session", params=CELLS)
def each_cell(request, parity) -> Read:
    """Ten bits, read by a network of each kind."""
    return read(untrained(request.param, parity, 6), parity, "0110101101")


def _of_number_task(name: str) -> Read:
    task = make_task(name)
    example = task.example(task.batch(1, torch.Generator().manual_seed(0)))
    return seen(trace_example(untrained("gru", task, 8), task, example))


@pytest.fixture(scope="session")
def sine() -> Read:
    return _of_number_task("sine")


@pytest.fixture(scope="session")
def ten_numbers() -> Read:
    return _of_number_task("ten_numbers")


@pytest.fixture(scope="session")
def hostile() -> Read:
    """200 symbols of all kinds, read by an LSTM of 128 units."""
    task = make_task("text", text=HOSTILE * 8)
    trace = read(untrained("lstm", task, 128), task, HOSTILE * 8).trace
    return read(untrained("lstm", task, 128), task, "".join(trace.symbols[:200]))


@pytest.fixture(scope="session")
def tiny(parity) -> Read:
    """One bit, read by one unit of ReLU."""
    return read(untrained("rnn_relu", parity, 1), parity, "1")


@pytest.fixture(scope="session")
def two_units(parity) -> Read:
    return read(untrained("rnn_tanh", parity, 2), parity, "01101")


@pytest.fixture(scope="session")
def exploded(parity) -> Read:
    """A ReLU network whose state becomes infinite."""
    network = untrained("rnn_relu", parity, 4)
    with torch.no_grad():
        network.recurrent.weight_hh_l0.fill_(1e30)
        network.recurrent.bias_ih_l0.fill_(1.0)
    trace = trace_example(network, parity, parity.read("1" * 20))
    return Read(trace, fit_basis([trace.hidden[:2]]))


@pytest.fixture(scope="session")
def nameless(each_cell) -> Read:
    """A trace without symbols, answers, classes and outputs, as ``trace_sequence`` gives it without a readout."""
    return each_cell._replace(trace=replace(each_cell.trace, symbols=(), answers=(), classes=(), outputs=None))


@pytest.fixture(scope="session")
def every(each_cell, sine, ten_numbers, hostile, tiny, two_units, exploded, nameless) -> dict[str, Read]:
    return {
        "cell": each_cell,
        "sine": sine,
        "ten numbers": ten_numbers,
        "hostile": hostile,
        "tiny": tiny,
        "two units": two_units,
        "exploded": exploded,
        "nameless": nameless,
    }


@pytest.fixture(scope="session")
def runs() -> dict[str, TrainingTrace]:
    """A plain RNN and a GRU that learn to recall; the GRU was checked on fresh sequences twice."""
    traces = {}
    for name, cell, steps in (("RNN", "rnn_tanh", 60), ("GRU", "gru", 120)):
        training = Training(make_task("recall", distractors=2), Settings(cell=cell, hidden_size=12, batch_size=16))
        for _step in training.run(steps=steps):
            pass
        traces[name] = training.trace()
    return traces


@pytest.fixture(scope="session")
def gradients() -> dict[str, list[GradientTrace]]:
    """For an RNN, an LSTM and a GRU, how much each of eleven symbols counts for the outputs at three steps."""
    task = make_task("text", text=HOSTILE)
    example = task.read("a<b>$x$\n你好ש")
    networks = {
        name: untrained(cell, task, 8) for name, cell in (("RNN", "rnn_tanh"), ("LSTM", "lstm"), ("GRU", "gru"))
    }
    steps = (0, 5, len(example.inputs) - 1)
    return {name: [output_gradients(network, example, step) for step in steps] for name, network in networks.items()}


@pytest.fixture(scope="session")
def spectra(parity) -> dict[float, JacobianTrace]:
    """A plain RNN's steps over ten bits, with its W_hh half as large, as it is and twice as large."""
    network = untrained("rnn_tanh", parity, 12)
    traces = {}
    for scale in (0.5, 1.0, 2.0):
        scaled = scale_recurrence(network, scale)
        traces[scale] = jacobian_trace(scaled.recurrent, read(scaled, parity, "0110101101").trace)
    return traces
