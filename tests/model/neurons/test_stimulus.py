from typing import Any

import numpy as np
import pytest

from model.errors import SettingError
from model.neurons import KINDS, Stimulus

DTS = (1.0, 0.1, 0.01)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dt", DTS)
def test_only_the_baseline_outside(kind, dt):
    current = Stimulus(kind, amplitude=3.0, baseline=0.5, start=20.0, stop=50.0, duration=70.0).current(dt)
    time = np.arange(len(current)) * dt
    assert current.shape == (round(70 / dt),)
    np.testing.assert_array_equal(current[(time < 20 - dt / 2) | (time > 50 - dt / 2)], 0.5)
    assert (current[(time > 21) & (time < 49)] != 0.5).any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_whatever_the_step(kind):
    """At 1 ms steps it is every tenth value of that at 0.1 ms, the noise too."""
    stimulus = Stimulus(kind, amplitude=3.0, start=20.0, stop=150.0)
    np.testing.assert_allclose(stimulus.current(1.0), stimulus.current(0.1)[::10], atol=1e-9)
    np.testing.assert_allclose(stimulus.current(0.1), stimulus.current(0.01)[::10], atol=1e-9)


@pytest.mark.parametrize("dt", DTS)
def test_charge(dt):
    """The charge of a step and of pulses is that of their widths: no edge is lost to rounding."""
    times: dict[str, Any] = {"start": 20.0, "stop": 50.0}
    assert Stimulus("step", amplitude=2.0, **times).current(dt).sum() * dt == pytest.approx(60.0)
    pulsed = Stimulus("pulses", amplitude=2.0, period=7.0, width=3.0, **times).current(dt)
    assert pulsed.sum() * dt == pytest.approx(2.0 * (4 * 3 + 2))  # the fifth is cut at 50 ms
    assert (np.diff(pulsed) > 0).sum() == 5


def test_ramp_and_sine_are_their_formulas():
    ramp = Stimulus("ramp", amplitude=4.0, baseline=1.0, start=10.0, stop=50.0, duration=60.0).current(0.1)
    np.testing.assert_allclose(ramp[100:500], 1 + 4 * np.arange(400) / 400, atol=1e-3)
    sine = Stimulus("sine", amplitude=4.0, period=20.0, start=10.0, stop=50.0, duration=60.0).current(0.1)
    np.testing.assert_allclose(sine[100:500], 4 * np.sin(2 * np.pi * np.arange(400) / 200), atol=1e-3)


def test_noise():
    long = Stimulus("noise", amplitude=3.0, sigma=2.0, width=1.0, start=0.0, stop=5000.0, duration=5000.0, seed=7)
    values = long.current(0.5).reshape(-1, 2)
    np.testing.assert_array_equal(values[:, 0], values[:, 1])  # held for the width
    assert values.mean() == pytest.approx(3.0, abs=0.1)
    assert values.std() == pytest.approx(2.0, rel=0.05)
    lag = values[1:, 0] - 3.0, values[:-1, 0] - 3.0
    assert abs((lag[0] * lag[1]).mean()) < 0.3
    assert not np.array_equal(long.current(0.5), Stimulus(**{**vars(long), "seed": 8}).current(0.5))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "square"},
        {"amplitude": float("nan")},
        {"amplitude": 1e9},
        {"duration": 0.0},
        {"width": 0.0},
        {"period": -1.0},
        {"sigma": -1.0},
        {"start": 50.0, "stop": 50.0},
        {"seed": -1},
        {"seed": 1.5},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(SettingError):
        Stimulus(**wrong)


@pytest.mark.parametrize("dt", [0.0, -1.0, float("nan"), 500.0])
def test_steps_that_cannot_be_are_refused(dt):
    with pytest.raises(SettingError, match="step"):
        Stimulus().current(dt)
