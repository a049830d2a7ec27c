"""What all models do with what cannot be simulated: a sentence, and never a NaN in a trace."""

import dataclasses
import itertools

import numpy as np
import pytest

from model import neurons
from model.errors import SettingError
from model.neurons import izhikevich
from model.traces import NeuronTrace

MODELS = tuple(neurons.MODELS.values())
each_model = pytest.mark.parametrize("model", MODELS, ids=[model.MODEL.name for model in MODELS])


def all_finite(trace: NeuronTrace) -> bool:
    spikes = trace.spikes if isinstance(trace.spikes, tuple) else (trace.spikes,)
    return all(np.isfinite(values).all() for values in (trace.time, trace.voltage, *spikes, *trace.state.values()))


@each_model
@pytest.mark.parametrize(
    "current",
    [
        [],
        np.zeros((0, 3)),
        np.zeros((3, 0)),
        [[[1.0]]],
        5.0,
        [1.0, float("nan")],
        [1.0, float("inf")],
        [1e6],
        ["high"],
        [[1.0], [1.0, 2.0]],
        None,
    ],
    ids=str,
)
def test_currents_that_cannot_be(model, current):
    with pytest.raises(SettingError, match="current"):
        model.simulate(current)


@each_model
@pytest.mark.parametrize("dt", [0.0, -0.1, float("nan"), float("inf"), 50.0, "0.1", None, True])
def test_steps_that_cannot_be(model, dt):
    with pytest.raises(SettingError, match="step"):
        model.simulate(np.zeros(10), dt=dt)


@each_model
@pytest.mark.parametrize("seed", [-1, 1.5, "a", None])
def test_seeds_that_cannot_be(model, seed):
    with pytest.raises(SettingError, match="seed"):
        model.simulate(np.zeros(10), seed=seed)


@each_model
def test_too_long_runs(model):
    with pytest.raises(SettingError, match="shorter duration"):
        model.simulate(np.broadcast_to(0.0, 2_000_001))


@each_model
def test_parameters_out_of_their_limits(model):
    for name, (least, most) in model.LIMITS.items():
        for wrong in (least - 1, most + 1, float("nan"), "1", None):
            with pytest.raises(SettingError, match=name):
                dataclasses.replace(model.TEXTBOOK, **{name: wrong})


@each_model
def test_widest_settings_give_numbers_or_a_sentence(model):
    """Extreme currents at the shortest, the usual and the longest step, every parameter at either limit."""
    currents = np.random.default_rng(0).uniform(-1, 1, (40, 1)) * model.MODEL.most_current
    corners = np.sign(currents) * model.MODEL.most_current
    block = np.concatenate(
        [np.full((80, 1), model.MODEL.most_current), corners, currents, np.zeros((40, 1)), -currents]
    )
    changes = [{}] + [{name: limit} for name, limits in model.LIMITS.items() for limit in limits]
    finished = 0
    for change, dt in itertools.product(changes, (0.0001, model.DT, model.MODEL.longest_dt)):
        try:
            parameters = dataclasses.replace(model.TEXTBOOK, **change)
        except SettingError:  # two parameters that do not go together
            continue
        for current in (block, -block, block[:, 0]):
            try:
                trace = model.simulate(current, parameters, dt, seed=1)
            except SettingError as error:
                assert "Please choose" in str(error)
            else:
                assert all_finite(trace)
                finished += 1
    assert finished > 30


def test_random_settings_give_numbers_or_a_sentence():
    """Parameters drawn between their limits, all at once."""
    generator = np.random.default_rng(1)
    finished = 0
    for model in MODELS:
        for _ in range(60):
            drawn = {name: float(generator.uniform(*limits)) for name, limits in model.LIMITS.items()}
            try:
                parameters = model.Parameters(**drawn)
                current = generator.normal(0, model.MODEL.most_current / 10, (300, 4)).clip(-900, 900)
                trace = model.simulate(current, parameters, dt=float(generator.uniform(0.001, model.MODEL.longest_dt)))
            except SettingError as error:
                assert str(error)
            else:
                assert all_finite(trace)
                finished += 1
    assert finished > 60


@pytest.mark.parametrize("current", [-150.0, -700.0])
def test_too_long_a_step_for_izhikevichs_scheme_is_said(current):
    """Held below -112 mV, half steps of 0.5 ms overshoot ever further, where those of 0.05 ms settle."""
    held = np.full(10_000, current)
    settled = izhikevich.simulate(held, dt=0.1)
    assert settled.voltage[-1] == pytest.approx(izhikevich.rest(current=current), abs=0.01)
    with pytest.raises(SettingError, match="shorter step"):
        izhikevich.simulate(held, dt=1.0)


@each_model
def test_many_neurons_are_as_many_single_ones(model):
    currents = np.random.default_rng(2).normal(5, 5, (400, 3))
    many = model.simulate(currents)
    assert many.voltage.shape == (400, 3)
    assert len(many.spikes) == 3
    for column in range(3):
        one = model.simulate(currents[:, column])
        assert one.model == many.model
        np.testing.assert_allclose(one.voltage, many.voltage[:, column], atol=1e-6)
        np.testing.assert_array_equal(one.spikes, many.spikes[column])
        for name, values in one.state.items():
            np.testing.assert_allclose(values, many.state[name][:, column], atol=1e-4)


@each_model
def test_the_callers_current_is_not_touched(model):
    current = np.ones(50)
    trace = model.simulate(current)
    trace.current[:] = 7
    np.testing.assert_array_equal(current, 1)
