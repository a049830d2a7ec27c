"""The classic first exercise: it runs as it is read, its mistakes are those that are named, and it can be mended."""

import pytest
import torch

from model.recurrent import first_exercise as steps


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def trained(targets: str, seed: int, epochs: int = 100):
    generator = seeded(seed)
    data = steps.new_data(100, generator, targets)
    unseen = steps.new_data(2_000, generator, targets)
    model = steps.new_model(generator)
    before = steps.loss_on(model, *data)
    losses = list(steps.train(model, *data, epochs, generator))
    return before, losses, steps.loss_on(model, *data), steps.loss_on(model, *unseen)


def test_model_and_data_have_the_exercises_sizes():
    X, y = steps.new_data(100, seeded())
    assert X.shape == y.shape == (100, 1, 10)
    model = steps.new_model(seeded())
    outputs, (h, c) = model(X)
    assert model.lstm.hidden_size == 50 and outputs.shape == (100, 1, 10) and h.shape == c.shape == (1, 100, 50)
    assert steps.predict(model, X[:1]).shape == (1, 1, 10)


@pytest.mark.parametrize("seed", range(3))
def test_on_random_targets_the_loss_falls_but_on_new_pairs_it_stays_above_a_twelfth(seed):
    before, losses, own, new = trained("random", seed)
    assert len(losses) == 100 and losses[-1] == own
    assert losses[-1] < losses[20] < before / 3
    assert new > 1 / 12
    assert own < new


def test_with_something_to_learn_the_loss_on_new_pairs_falls_too():
    _before, _losses, own, new = trained("reversed", 0)
    assert own < 0.03 and new < 0.03


def test_the_same_seed_gives_the_same_run_whatever_torchs_own_generator_does():
    first = trained("random", 7, epochs=2)
    torch.rand(5)
    assert trained("random", 7, epochs=2) == first != trained("random", 8, epochs=2)


def test_mistake_1_two_axes_are_read_as_one_sequence():
    X, _y = steps.new_data(100, seeded())
    model = steps.new_model(seeded(1))
    assert steps.carried_over(model, X) == 0
    assert steps.carried_over(model, X[:, 0]) > 1e-3


def test_mistake_2_three_values_do_not_fit_two_names():
    with pytest.raises(ValueError, match="too many values to unpack"):
        steps.unpack_as_printed(steps.new_model(seeded()), steps.new_data(3, seeded())[0])


def test_mistake_3_nothing_beats_one_half_on_random_targets():
    _X, y = steps.new_data(20_000, seeded())
    costs = {guess: (y - guess).square().mean().item() for guess in (0.3, 0.45, 0.5, 0.55, 0.7)}
    assert min(costs, key=costs.get) == 0.5
    assert costs[0.5] == pytest.approx(1 / 12, rel=0.01)
