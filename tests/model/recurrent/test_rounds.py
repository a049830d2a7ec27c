"""Left alone, a network goes round: its period, held against rotations in closed form and against the shipped sine."""

from typing import Any

import numpy as np
import pytest
import torch

from model.errors import SettingError
from model.recurrent import Network, load_preset, make_task
from model.recurrent.reading import fresh_examples
from model.recurrent.rounds import left_alone, period_of, read_on


def circle(period: float, turns: float, size: int = 5, noise: float = 0.0) -> np.ndarray:
    """States on a circle in a plane of a larger space."""
    angles = 2 * np.pi * np.arange(round(period * turns) + 1) / period
    axes = np.linalg.qr(np.random.default_rng(0).normal(size=(size, 2)))[0].T
    states = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ axes
    return states + noise * np.random.default_rng(1).normal(size=states.shape) + 3.0


@pytest.mark.parametrize("period", [4.0, 7.3, 20.0, 31.7])
@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_the_period_of_a_circle(period, noise):
    assert period_of(circle(period, 5, noise=noise)) == pytest.approx(period, rel=0.02 + noise)


def test_the_direction_does_not_matter():
    states = circle(12.0, 4)
    assert period_of(states[::-1]) == pytest.approx(period_of(states))


@pytest.mark.parametrize(
    "states",
    [
        np.ones((50, 3)),
        circle(20.0, 1.5),
        np.linspace(0, 1, 60)[:, None] * np.ones(4),
        circle(10.0, 6) * 0.93 ** np.arange(61)[:, None],
        np.full((50, 3), np.nan),
        np.random.default_rng(0).normal(size=(50, 1)),
    ],
    ids=["still", "too few turns", "a line", "a spiral", "not finite", "one number"],
)
def test_what_does_not_come_back_has_no_period(states):
    assert period_of(states) is None


def test_the_shipped_sine_goes_round_while_it_reads_and_comes_to_rest_when_it_is_left_alone():
    saved = load_preset("sine-gru")
    task: Any = saved.task
    reading = read_on(saved.network, task)
    assert reading.period == pytest.approx(task.period, rel=0.01)
    alone = left_alone(saved.network, saved.task, fresh_examples(saved.task, 3)[0], 200)
    assert alone.states.shape == (201, 16) and alone.period is None
    assert alone.speed < 0.05 * np.linalg.norm(np.diff(reading.states, axis=0), axis=1).mean()


def test_its_states_are_those_of_its_own_answers_read():
    task = make_task("sine")
    network = Network("gru", task.input_size, 6, task.output_size, 1)
    prompt = task.example(task.batch(1, torch.Generator().manual_seed(0)))
    loop = left_alone(network, task, prompt, 20)
    state, inputs, found = None, prompt.inputs, []
    for _ in range(21):
        outputs, state = network(inputs[None], state)
        found.append(state[0, 0] if state.ndim == 3 else state[0])
        inputs = outputs[0, -1:]
    np.testing.assert_allclose(loop.states, torch.stack(found).detach().numpy(), atol=1e-4)


def test_tasks_that_cannot_go_on_with_numbers_are_told():
    parity: Any = make_task("parity")
    network = Network("gru", parity.input_size, 3, parity.output_size, 1)
    with pytest.raises(SettingError):
        left_alone(network, parity, parity.read("0101"), 20)
    with pytest.raises(SettingError):
        read_on(network, parity)
