"""Live training, which records its trace, against the bare torch loop that anyone would write for the same task.

    make bench

Both are in one run, on the same task, sizes and optimiser, so the ratio of their speeds holds on any machine: the aim
is that live training keeps 80 % or more. The bare loop draws the same sequences, clips as live training does by
default, and looks at nothing: no loss, accuracy or norm is read, no snapshot taken, nothing checked.
"""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from model.cells.layers import layer
from model.recurrent import CELLS, Settings, Training, make_task
from model.recurrent.training import CHECK_EVERY
from tests.benchmarks.turns import by_turns, with_one_thread

#: One measurement: long enough to hold its share of snapshots and checks.
STEPS = CHECK_EVERY
ROUNDS = 8
TASKS = {"parity": make_task("parity"), "recall": make_task("recall")}


def bare_loop(task, cell: str) -> Callable[[], None]:
    """Training without its trace, as in a tutorial."""
    settings = Settings(cell=cell)
    generator = torch.Generator().manual_seed(0)
    recurrent = layer(cell, task.input_size, settings.hidden_size, batch_first=True)
    readout = nn.Linear(settings.hidden_size, task.output_size)
    parameters = [*recurrent.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(parameters, settings.learning_rate)

    def train() -> None:
        for _ in range(STEPS):
            inputs, targets = task.batch(settings.batch_size, generator)
            hidden, _ = recurrent(inputs)
            outputs = readout(hidden[:, -targets.shape[1] :])
            loss = nn.functional.cross_entropy(outputs.flatten(0, 1), targets.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, settings.clip)
            optimizer.step()

    return train


def live_training(task, cell: str) -> Callable[[], None]:
    training = Training(task, Settings(cell=cell))

    def train() -> None:
        for _ in training.run(steps=STEPS):
            pass

    return train


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Networks as small as these are faster on one thread, and two would make the times jump."""
    yield from with_one_thread()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("kind", [bare_loop, live_training], ids=["bare", "live"])
def test_training(benchmark, kind, name, cell):
    benchmark.group = f"{name} {cell}, {STEPS} steps"
    benchmark.pedantic(kind(TASKS[name], cell), rounds=ROUNDS, warmup_rounds=1)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", TASKS)
def test_live_training_keeps_its_speed(benchmark, name, cell):
    ways = {"bare": bare_loop(TASKS[name], cell), "live": live_training(TASKS[name], cell)}
    benchmark.group = "ratio of live training's speed to the bare loop's, see extra_info"
    fastest = by_turns(benchmark, ways, ROUNDS)
    kept = fastest["bare"] / fastest["live"]
    benchmark.extra_info["kept"] = round(kept, 3)
    print(f"{name} {cell}: live training keeps {kept:.0%} of the bare loop's speed")
    if benchmark.enabled:  # Other tests at its side would decide.
        assert kept >= 0.8
