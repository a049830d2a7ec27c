"""Training: stages, seeds, side by side, winding back, and what stops it."""

import itertools
import threading
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from model.errors import UserError
from model.recurrent import (
    CELLS,
    OPTIMIZERS,
    STAGES,
    Network,
    Settings,
    Training,
    TrainingStopped,
    evaluate,
    make_task,
    trace_sequence,
)
from model.recurrent.snapshots import Snapshots
from model.recurrent.training import CHECK_EVERY

PARITY = make_task("parity", length=5)
SMALL = Settings(hidden_size=6, batch_size=8)


def weights(training: Training) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in training.network.parameters()])


def losses(training: Training, steps: int) -> list[float]:
    return [step.loss for step in training.run(steps=steps)]


# The network


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_draws_its_weights_by_its_seed_as_torch_would(cell):
    before = torch.get_rng_state()
    network, again, other = (Network(cell, 3, 50, 4, seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    for name, parameter in network.named_parameters():
        assert torch.equal(parameter, again.state_dict()[name])
        assert not torch.equal(parameter, other.state_dict()[name])
        assert parameter.abs().max() <= 50**-0.5
    assert network.recurrent.get_parameter("weight_hh_l0").std().item() == pytest.approx(50**-0.5 / 3**0.5, rel=0.1)
    inputs = torch.randn(2, 7, 3, generator=torch.Generator().manual_seed(0))
    outputs, _ = network(inputs)
    hidden, _ = network.recurrent(inputs)
    assert torch.equal(outputs, network.readout(hidden))
    torch.testing.assert_close(network(inputs, last=2)[0], outputs[:, -2:])


@pytest.mark.parametrize(
    ("cell", "gate"),
    [("gru", "update_gate"), ("lstm", "forget_gate"), ("peephole", "forget_gate"), ("mgu", "forget_gate")],
)
def test_the_keeping_gates_start_as_far_open_as_asked(cell, gate):
    kept = []
    for keep_bias in (-3.0, 0.0, 3.0):
        network = Network(cell, 3, 40, 2, seed=1, keep_bias=keep_bias)
        gates = trace_sequence(network.recurrent, np.zeros((1, 3))).gates
        kept.append((gates[gate] if CELLS[cell].keeps.at_one else 1 - gates[gate]).mean())
        others = [name for name in gates if name.endswith("_gate") and name != gate]
        assert all(gates[name].mean() == pytest.approx(0.5, abs=0.03) for name in others)
    assert kept == pytest.approx([0.047, 0.5, 0.953], abs=0.02)
    for cell_without in ("rnn_tanh", "rnn_relu"):
        plain, same = (Network(cell_without, 3, 4, 2, keep_bias=bias).state_dict() for bias in (0.0, 3.0))
        assert all(torch.equal(plain[name], same[name]) for name in plain)


@pytest.mark.parametrize(("cell", "gates"), [("rnn_tanh", 1), ("rnn_relu", 1), ("gru", 3), ("lstm", 4), ("mgu", 2)])
def test_the_count_of_parameters_is_the_formulas(cell, gates):
    assert Network(cell, 3, 7, 4).parameter_count == gates * 7 * (3 + 7 + 2) + 4 * (7 + 1)


# A step


def test_the_stages_come_in_their_order_with_figures():
    training = Training(PARITY, SMALL)
    stages = [training.advance() for _ in range(11)]
    assert tuple(stage.name for stage in stages) == STAGES + STAGES[1:]
    initialise, forward, loss, backward, update, repeat = stages[:6]
    assert initialise.figures["parameters"] == training.network.parameter_count
    assert forward.figures["sequences"] == 8
    assert forward.figures["least_output"] < forward.figures["greatest_output"]
    of_each = [value for name, value in backward.figures.items() if name.startswith("gradient_norm:")]
    assert np.linalg.norm(of_each) == pytest.approx(backward.figures["gradient_norm"], rel=1e-5)
    assert update.figures["update_norm"] > 0
    assert repeat.step == 1
    step = training.trace()
    assert (step.loss[0], step.accuracy[0]) == (loss.figures["loss"], loss.figures["accuracy"])
    assert step.seconds[0] == repeat.figures["seconds"] > 0


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("clip", [0.0, 0.01])
def test_a_run_is_the_loop_that_anyone_would_write(optimizer, clip):
    """The same batches and first weights through a bare torch loop end at the same weights."""
    settings = Settings(hidden_size=6, batch_size=8, optimizer=optimizer, learning_rate=0.01, clip=clip)
    training = Training(PARITY, settings)
    bare = training.network_at()
    batches = []
    for step in training.run(steps=5):
        batches.append(training.batch)
        assert step.gradient_norm > 0

    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, 0.01),
        "momentum": lambda p: torch.optim.SGD(p, 0.01, momentum=0.9),
        "rmsprop": lambda p: torch.optim.RMSprop(p, 0.01),
        "adam": lambda p: torch.optim.Adam(p, 0.01),
    }
    optimiser = kinds[optimizer](bare.parameters())
    norms = []
    for inputs, targets in batches:
        hidden, _ = bare.recurrent(inputs)
        loss = nn.functional.cross_entropy(bare.readout(hidden).flatten(0, 1), targets.flatten())
        optimiser.zero_grad()
        loss.backward()
        norms.append(float(nn.utils.clip_grad_norm_(bare.parameters(), clip or float("inf"))))
        optimiser.step()
    for name, parameter in training.network.named_parameters():
        torch.testing.assert_close(parameter, bare.state_dict()[name], atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(training.trace().gradient_norm, norms, rtol=1e-3)


def test_slow_motion_goes_the_same_way_as_full_speed():
    fast, slow = Training(PARITY, SMALL), Training(PARITY, SMALL)
    losses(fast, 8)
    losses(slow, 3)
    for _ in range(7):  # into the middle of a step
        slow.advance()
    losses(slow, 4)
    assert slow.step == fast.step == 8
    assert torch.equal(weights(slow), weights(fast))
    assert slow.trace().loss.tolist() == fast.trace().loss.tolist()


def test_time_between_stages_does_not_count(monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr("model.recurrent.training.perf_counter", lambda: next(clock))
    training = Training(PARITY, SMALL)
    while training.advance().name != "repeat":
        next(clock), next(clock)  # a pause of two more ticks
    assert training.trace().seconds.tolist() == [6]  # six stages of one tick


def test_a_chunk_ends_when_its_time_is_over():
    training = Training(PARITY, SMALL)
    steps = list(training.run(seconds=0.2))
    assert 1 <= len(steps) < 5_000
    assert list(training.run(seconds=0)) == []
    assert list(training.run(steps=0)) == []


# Seeds


@pytest.mark.parametrize("cell", CELLS)
def test_the_same_seed_gives_the_same_run_and_leaves_torchs_generator_alone(cell):
    before = torch.get_rng_state()
    settings = Settings(cell=cell, hidden_size=6, batch_size=8, seed=5)
    first = losses(Training(PARITY, settings), 60)
    torch.manual_seed(123)
    torch.rand(10)
    torch.set_rng_state(before)
    again = losses(Training(PARITY, settings), 60)
    other = losses(Training(PARITY, Settings(cell=cell, hidden_size=6, batch_size=8, seed=6)), 60)
    assert first == again
    assert first != other
    assert torch.equal(torch.get_rng_state(), before)


def test_all_cells_of_a_race_see_the_same_sequences():
    batches = []
    for cell in CELLS:
        training = Training(PARITY, Settings(cell=cell, hidden_size=6))
        losses(training, 3)
        batches.append(training.batch.inputs)
    assert all(torch.equal(batch, batches[0]) for batch in batches)


def test_runs_in_threads_do_not_disturb_each_other():
    settings = [Settings(cell=cell, hidden_size=6, batch_size=8, seed=seed) for seed, cell in enumerate(CELLS)]
    alone = [losses(Training(PARITY, each), 80) for each in settings]

    together: list[list[float]] = [[] for _ in settings]
    start = threading.Barrier(len(settings))

    def work(place: int) -> None:
        training = Training(PARITY, settings[place])
        start.wait()
        while training.step < 80:
            together[place] += [step.loss for step in training.run(steps=7) if step.step <= 80]

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(settings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_a_run_can_be_looked_at_while_another_thread_advances_it():
    training = Training(PARITY, SMALL)
    thread = threading.Thread(target=losses, args=(training, 150))
    thread.start()
    while thread.is_alive():
        trace = training.trace()
        assert len(trace.loss) == len(trace.seconds)
        assert trace.steps.tolist() == list(range(1, len(trace.loss) + 1))
        assert np.isfinite(trace.seconds).all()
        training.network_at(60)
    thread.join()
    assert training.step == 150


def test_two_threads_on_one_run_take_turns():
    """As when a page's old script still runs while the new one starts."""
    shared, alone = Training(PARITY, SMALL), Training(PARITY, SMALL)
    threads = [threading.Thread(target=losses, args=(shared, 30)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shared.trace().loss.tolist() == losses(alone, 60)


# What is remembered


def test_the_trace_holds_every_step_and_the_checks():
    training = Training(PARITY, SMALL)
    steps = list(training.run(steps=2 * CHECK_EVERY + 1))
    trace = training.trace()
    assert trace.steps.tolist() == [step.step for step in steps] == list(range(1, 2 * CHECK_EVERY + 2))
    assert trace.loss.tolist() == [step.loss for step in steps]
    assert trace.gradient_norm.tolist() == [step.gradient_norm for step in steps]
    assert trace.check_steps.tolist() == [CHECK_EVERY, 2 * CHECK_EVERY]
    assert trace.references == PARITY.references
    assert (trace.task, trace.cell, trace.parameters) == ("parity", "gru", training.network.parameter_count)


def test_the_network_of_an_earlier_step_is_that_of_a_shorter_run():
    training, shorter = Training(PARITY, SMALL), Training(PARITY, SMALL)
    losses(training, 45)
    losses(shorter, 20)
    for name, parameter in training.network_at(29).named_parameters():  # the nearest before is 20
        assert torch.equal(parameter, shorter.network.state_dict()[name])
    for name, parameter in training.network_at().named_parameters():
        assert torch.equal(parameter, training.network.state_dict()[name])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_from_a_snapshot_training_goes_the_same_way_again(optimizer):
    settings = Settings(hidden_size=6, batch_size=8, optimizer=optimizer)
    training = Training(PARITY, settings)
    first = losses(training, 70)
    end = weights(training)
    training.rewind(30)
    assert training.step == 30
    assert training.snapshots.steps == [0, 10, 20, 30]
    assert len(training.trace().loss) == 30
    assert training.trace().check_steps.tolist() == []
    assert losses(training, 40) == first[30:]
    assert torch.equal(weights(training), end)


def test_a_snapshot_carries_a_run_into_a_new_one():
    training = Training(PARITY, SMALL)
    losses(training, 25)
    snapshot = training.snapshot()
    rest = losses(training, 10)
    resumed = Training(PARITY, SMALL)
    resumed.rewind(snapshot)
    assert losses(resumed, 10) == rest
    assert resumed.trace().steps.tolist() == list(range(26, 36))


def test_a_run_can_go_on_from_a_given_network():
    first = Training(PARITY, SMALL)
    losses(first, 30)
    second = Training(PARITY, SMALL, start=first.network)
    assert torch.equal(weights(second), weights(first))
    losses(second, 1)
    assert not torch.equal(weights(second), weights(first))
    for other in (Network("lstm", 2, 6, 2), Network("gru", 2, 7, 2), Network("rnn_relu", 2, 6, 2)):
        with pytest.raises(UserError, match="Please choose"):
            Training(PARITY, SMALL, start=other)


def test_snapshots_keep_to_their_budget_and_stay_evenly_spread():
    size = Training(PARITY, SMALL).snapshot().size
    training = Training(PARITY, SMALL, snapshot_budget=20 * size)
    losses(training, 700)
    steps = training.snapshots.steps
    assert steps[0] == 0
    assert training.snapshots.size <= 20 * size
    assert 8 <= len(steps) <= 20
    assert len(set(np.diff(steps))) == 1
    assert steps[-1] > 600


def test_a_budget_smaller_than_a_snapshot_still_keeps_the_first_and_the_latest():
    training = Training(PARITY, SMALL, snapshot_budget=1)
    losses(training, 100)
    first, latest = training.snapshots.steps
    assert first == 0
    assert latest >= 40


def test_nearest_is_the_latest_not_after():
    snapshots = Snapshots(10**9)
    training = Training(PARITY, SMALL)
    for step in training.run(steps=30):
        if step.step % 10 == 0:
            snapshots.add(training.snapshot())
    assert [snapshots.nearest(step).step for step in (0, 10, 19, 25, 99)] == [10, 10, 10, 20, 30]


# What stops it


@pytest.mark.parametrize(("cell", "clip"), [*((cell, 0.0) for cell in CELLS), ("rnn_relu", 1.0)])
def test_a_learning_rate_that_breaks_everything_stops_with_a_sentence(cell, clip):
    settings = Settings(cell=cell, hidden_size=6, optimizer="sgd", learning_rate=1e6, clip=clip)
    training = Training(make_task("adding", length=6), settings)
    with pytest.raises(TrainingStopped, match="smaller learning rate") as stopped:
        losses(training, 2_000)
    good = stopped.value.last_good
    assert all(tensor.isfinite().all() for tensor in good.weights.values())
    trace = training.trace()
    assert np.isfinite([*trace.loss, *trace.gradient_norm]).all()

    with pytest.raises(TrainingStopped):
        next(training.run())
    with pytest.raises(TrainingStopped):
        training.advance()
    assert all(parameter.isfinite().all() for parameter in training.network_at(training.step).parameters())

    training.rewind(good)
    training.change(learning_rate=0.001, clip=1.0)
    assert training.stopped is None
    after = losses(training, 60)
    assert np.isfinite(after).all()
    assert after[-1] < 10


def test_weights_that_become_nan_stop_it_too():
    training = Training(PARITY, SMALL)
    losses(training, 12)
    with torch.no_grad():
        training.network.recurrent.get_parameter("weight_hh_l0")[0, 0] = float("nan")
    with pytest.raises(TrainingStopped, match=r"step 13.*step 10"):
        losses(training, 1)


def test_an_interrupted_step_can_be_gone_on_from():
    """Ctrl-C in a notebook may strike anywhere."""
    training = Training(PARITY, SMALL)
    losses(training, 2)
    draw = training.task.batch

    class Interrupting:
        def __getattr__(self, name):
            return getattr(PARITY, name)

        def batch(self, *_):
            raise KeyboardInterrupt

    stand_in: Any = Interrupting()
    training.task = stand_in
    with pytest.raises(KeyboardInterrupt):
        losses(training, 1)
    training.task = PARITY
    assert draw == PARITY.batch
    losses(training, 2)
    assert training.step == 4


def test_another_learning_rate_takes_effect():
    training = Training(PARITY, SMALL)
    losses(training, 3)
    training.change(learning_rate=0.0)
    before = weights(training)
    losses(training, 3)
    assert torch.equal(weights(training), before)
    with pytest.raises(UserError):
        training.change(learning_rate=-1.0)


# Settings


@pytest.mark.parametrize(
    "changes",
    [
        {"cell": "transformer"},
        {"optimizer": "magic"},
        {"hidden_size": 0},
        {"hidden_size": 513},
        {"hidden_size": 2.5},
        {"batch_size": 0},
        {"learning_rate": -0.1},
        {"learning_rate": float("nan")},
        {"learning_rate": float("inf")},
        {"learning_rate": "fast"},
        {"clip": -1.0},
        {"seed": -1},
        {"seed": True},
    ],
)
def test_settings_out_of_range_get_a_sentence(changes):
    with pytest.raises(UserError, match="it can be"):
        Settings(**changes)


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        (
            make_task("text", text="".join(map(chr, range(0x4E00, 0x4E00 + 1_900))), length=200),
            Settings(batch_size=512),
        ),
        (make_task("recall", distractors=200), Settings(hidden_size=512, batch_size=512)),
    ],
)
def test_steps_that_would_freeze_a_page_get_a_sentence(task, settings):
    with pytest.raises(UserError, match="Please choose fewer units"):
        Training(task, settings)


@pytest.mark.parametrize("hidden_size", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_the_smallest_sizes_work(cell, hidden_size):
    training = Training(make_task("parity", length=1), Settings(cell=cell, hidden_size=hidden_size, batch_size=1))
    assert np.isfinite(losses(training, 60)).all()


# What is learned


@pytest.mark.parametrize(
    "task", [make_task("parity", length=10), make_task("recall", distractors=20)], ids=["parity", "recall"]
)
def test_the_default_gru_solves(task):
    training = Training(task)
    for _ in training.run(steps=task.steps):
        if training.solved_at:
            break
    score = evaluate(training.network, task, seed=99, sequences=2_000)
    assert training.solved_at
    assert score.accuracy >= 0.99


def test_untrained_networks_score_at_chance():
    task = make_task("recall", distractors=5)
    score = evaluate(Network("gru", task.input_size, 16, task.output_size), task, sequences=4_000)
    assert score.accuracy == pytest.approx(task.chance_accuracy, abs=0.03)
    assert score.loss == pytest.approx(task.chance, rel=0.05)
