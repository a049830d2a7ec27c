"""The exercise "ten random numbers to ten": what torch makes of it, and why there is nothing to learn."""

import pytest
import torch
from torch import nn

from model.errors import UserError
from model.recurrent import Settings, Training, evaluate, make_task
from model.recurrent.tasks import TenNumbers


def test_torch_reads_100_by_10_as_one_sequence_of_100_steps():
    """No error: and what it answers to a row depends on the rows before it."""
    x = TenNumbers().pairs.inputs
    assert x.shape == (100, 10)
    lstm = nn.LSTM(10, 50, batch_first=True)
    outputs, (h, c) = lstm(x)
    assert outputs.shape == (100, 50)
    assert h.shape == c.shape == (1, 50)
    as_one_sequence, _ = lstm(x[None])
    torch.testing.assert_close(outputs, as_one_sequence[0])

    changed = x.clone()
    changed[0] = 0
    assert not torch.allclose(lstm(changed)[0][1], outputs[1], atol=1e-3)

    as_pairs, _ = lstm(x[:, None])
    assert as_pairs.shape == (100, 1, 50)
    torch.testing.assert_close(as_pairs[0, 0], outputs[0])
    assert not torch.allclose(as_pairs[1:, 0], outputs[1:], atol=1e-3)


def test_the_two_readings_have_the_shapes_they_say():
    generator = torch.Generator().manual_seed(0)
    assert TenNumbers().batch(32, generator).inputs.shape == (32, 1, 10)
    whole = TenNumbers("one_sequence")
    assert whole.batch(32, generator).inputs.shape == (1, 100, 10)
    torch.testing.assert_close(whole.batch(1, generator).inputs[0], whole.pairs.inputs)


def test_a_batch_holds_different_pairs_that_stay_together():
    task = TenNumbers()
    batch = task.batch(32, torch.Generator().manual_seed(1))
    rows = [int((task.pairs.inputs == x).all(1).nonzero()) for x in batch.inputs[:, 0]]
    assert len(set(rows)) == 32
    assert torch.equal(task.pairs.targets[rows], batch.targets[:, 0])
    assert not torch.equal(TenNumbers(pairs_seed=1).pairs.inputs, task.pairs.inputs)


@pytest.mark.parametrize(("text", "given"), [("", 0), ("0.1 0.2 0.3", 3), ("0.1 " * 11, 11)])
def test_numbers_that_fill_no_step_are_told_how_many_are_wanted(text, given):
    with pytest.raises(UserError, match=f"{given} numbers. Please type ten for each step"):
        TenNumbers().read(text)


def test_the_suggested_settings_are_the_exercises():
    settings = Settings.for_task(TenNumbers)
    assert (settings.cell, settings.hidden_size, settings.optimizer, settings.batch_size) == ("lstm", 50, "adam", 32)
    assert TenNumbers.steps == 100 * 4  # 100 epochs of 100 pairs in 4 batches


@pytest.mark.parametrize("seed", [0, 1])
def test_the_training_loss_falls_below_a_twelfth_and_the_loss_on_new_data_ends_above(seed):
    """With the exercise's own settings: it begins to learn the 100 pairs by heart; new targets cannot be predicted."""
    task = make_task("ten_numbers", pairs_seed=seed)
    training = Training(task, Settings.for_task(task, seed=seed))
    for _ in training.run(steps=task.steps):
        pass
    on_its_pairs = task.batch(100, torch.Generator())
    outputs, _ = training.network(on_its_pairs.inputs)
    assert task.loss(outputs, on_its_pairs.targets).item() < 1 / 12
    assert training.trace().loss[-10:].mean() < 1 / 12
    assert evaluate(training.network, task, sequences=5_000).loss > 1 / 12
    assert training.trace().check_loss[-1] > 1 / 12


def test_as_one_sequence_it_is_the_same():
    task = TenNumbers("one_sequence")
    training = Training(task, Settings.for_task(task))
    for _ in training.run(steps=task.steps):
        pass
    assert training.trace().loss[-10:].mean() < 1 / 12
    assert sum(evaluate(training.network, task, seed).loss for seed in range(20)) / 20 > 1 / 12


def test_a_twelfth_is_the_least_that_new_pairs_cost():
    task = TenNumbers()
    targets = task.fresh(20_000, torch.Generator().manual_seed(0)).targets
    losses = {
        guess: task.loss(torch.full_like(targets, guess), targets).item() for guess in (0.3, 0.45, 0.5, 0.55, 0.7)
    }
    assert min(losses, key=losses.get) == 0.5
    assert losses[0.5] == pytest.approx(1 / 12, rel=0.01)
