import math

import numpy as np
import pytest

from model.errors import SettingError
from model.neurons import Stimulus, lif, rate_curve
from tests.brian import brian2 as b2


def rate(current: np.ndarray, parameters: lif.Parameters = lif.TEXTBOOK) -> np.ndarray:
    """The closed form of the firing rate under a constant current, without noise, Hz; same shape as ``current``.

    1000 / (t_refractory + τ_m ln((R I + v_rest - v_reset) / (R I + v_rest - v_threshold))), 0 up to the rheobase
    (Dayan and Abbott 2001, equation 5.11, with the refractory time).
    """
    p = parameters
    target = p.v_rest + p.resistance * np.asarray(current, dtype=np.float64)
    fires = target > p.v_threshold
    above = np.where(fires, target, p.v_threshold + 1)  # a stand-in where it is silent
    interval = p.t_refractory + p.tau_m * np.log((above - p.v_reset) / (above - p.v_threshold))
    return np.where(fires, 1000 / interval, 0.0)


def stimuli(dt: float) -> np.ndarray:
    """One neuron each for a step, pulses, a ramp, noise and a sine, (T, 5), nA."""
    made = (
        Stimulus("step", amplitude=1.8),
        Stimulus("pulses", amplitude=8.0, width=4.0, period=15.0),
        Stimulus("ramp", amplitude=4.0),
        Stimulus("noise", amplitude=1.8, sigma=2.0, seed=3),
        Stimulus("sine", amplitude=4.0, period=40.0),
    )
    return np.stack([stimulus.current(dt) for stimulus in made], axis=1)


@pytest.fixture(scope="module")
def by_brian():
    """The same neurons by brian2: spikes, ms, of each, and voltages (T, 5), mV."""
    dt, p = lif.DT, lif.TEXTBOOK
    network = b2.Network()
    current = b2.TimedArray(stimuli(dt) * b2.nA, dt=dt * b2.ms)
    group = b2.NeuronGroup(
        5,
        "dv/dt = (v_rest - v + resistance * current(t, i)) / tau_m : volt (unless refractory)",
        threshold="v > v_threshold",
        reset="v = v_reset",
        refractory=p.t_refractory * b2.ms,
        method="exponential_euler",
        dt=dt * b2.ms,
        namespace={
            "current": current,
            "tau_m": p.tau_m * b2.ms,
            "resistance": p.resistance * b2.Mohm,
            "v_rest": p.v_rest * b2.mV,
            "v_threshold": p.v_threshold * b2.mV,
            "v_reset": p.v_reset * b2.mV,
        },
    )
    group.v = p.v_rest * b2.mV
    spikes, voltage = b2.SpikeMonitor(group), b2.StateMonitor(group, "v", record=True)
    network.add(group, spikes, voltage)
    network.run(200 * b2.ms)
    return [train / b2.ms for train in spikes.spike_trains().values()], (voltage.v / b2.mV).T


def test_spikes_are_brian2s(by_brian):
    spikes, _ = by_brian
    trace = lif.simulate(stimuli(lif.DT))
    assert all(len(train) >= 4 for train in spikes)
    for ours, theirs in zip(trace.spikes, spikes, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=lif.DT / 100)


def test_the_first_spike_of_a_neuron_that_starts_above_its_threshold_is_brian2s():
    above = lif.Parameters(v_rest=-45.0)
    group = b2.NeuronGroup(
        1,
        "dv/dt = (-45*mV - v) / (10*ms) : volt (unless refractory)",
        threshold="v > -50*mV",
        reset="v = -65*mV",
        refractory=above.t_refractory * b2.ms,
        method="exact",
        dt=lif.DT * b2.ms,
    )
    group.v = -45 * b2.mV
    spikes = b2.SpikeMonitor(group)
    network = b2.Network(group, spikes)
    network.run(60 * b2.ms)
    theirs = spikes.t / b2.ms
    ours = lif.simulate(np.zeros(600), above).spikes
    assert theirs[0] == ours[0] == 0.0 and len(theirs) >= 3
    np.testing.assert_allclose(ours, theirs, atol=lif.DT / 100)


def test_voltage_is_brian2s_but_shows_the_crossing(by_brian):
    """Where a step ended above the threshold, ours shows that, brian2 the reset; else they are one."""
    _, theirs = by_brian
    ours = lif.simulate(stimuli(lif.DT)).voltage
    crossing = ours > lif.TEXTBOOK.v_threshold
    np.testing.assert_allclose(ours[~crossing], theirs[~crossing], atol=1e-9)
    assert (theirs[crossing] == lif.TEXTBOOK.v_reset).all()


def test_subthreshold_voltage_is_the_closed_form_with_any_step():
    for dt in (0.01, 0.1, 1.0, 10.0):
        trace = lif.simulate(np.full(round(100 / dt), 1.4), dt=dt)
        np.testing.assert_allclose(trace.voltage, -65 + 14 * (1 - np.exp(-trace.time / 10)), atol=1e-9)


@pytest.mark.parametrize("current", [1.51, 1.6, 2.0, 5.0, 50.0])
@pytest.mark.parametrize("parameters", [lif.TEXTBOOK, lif.Parameters(t_refractory=0, v_reset=-80, tau_m=20)])
def test_spikes_come_at_the_closed_forms_intervals(current, parameters):
    dt = 0.01
    trace = lif.simulate(np.full(100_000, current), parameters, dt)
    intervals = np.diff(trace.spikes)
    assert len(intervals) >= 5
    np.testing.assert_allclose(intervals, 1000 / rate(current, parameters), atol=dt)


def test_first_spike_is_in_the_closed_forms_step():
    dt = 0.1
    for current in np.linspace(1.55, 8, 30):
        crossed = 10 * math.log(10 * current / (10 * current - 15))
        assert (
            lif.simulate(np.full(1000, current), dt=dt).spikes[0]
            <= crossed
            <= lif.simulate(np.full(1000, current), dt=dt).spikes[0] + dt
        )


def test_rheobase():
    least = lif.rheobase()
    assert least == pytest.approx(1.5)
    long = np.full((20_000, 3), [least * 0.999, least, least * 1.001])
    counts = [len(train) for train in lif.simulate(long).spikes]
    assert counts[:2] == [0, 0]
    assert counts[2] > 10
    np.testing.assert_array_equal(rate(np.array([0.0, least, least * 1.01])) > 0, [False, False, True])


def test_it_fires_by_itself_where_rest_is_above_the_threshold():
    awake = lif.Parameters(v_rest=-45.0)
    assert lif.rheobase(awake) < 0
    assert 1000 / np.diff(lif.simulate(np.zeros(5000), awake).spikes).mean() == pytest.approx(
        float(rate(np.zeros(1), awake)[0]), rel=0.01
    )


@pytest.mark.parametrize("wait", [0.0, 1.0, 2.0, 7.5])
def test_refractory_time_is_the_least_interval(wait):
    """However strong the current: with a thousand times the rheobase, v is above the threshold after every step."""
    trace = lif.simulate(np.full(1000, 1000.0), lif.Parameters(t_refractory=wait))
    np.testing.assert_allclose(np.diff(trace.spikes), max(wait, lif.DT))
    held = trace.state["refractory"] > 0
    assert (trace.voltage[held] == lif.TEXTBOOK.v_reset).all()


def test_counts_settle_as_the_step_is_halved():
    counts = [len(lif.simulate(Stimulus(amplitude=2.5).current(dt), dt=dt).spikes) for dt in (0.1, 0.05, 0.025)]
    assert max(counts) - min(counts) <= 1
    assert counts[0] > 10


@pytest.mark.parametrize("dt", [0.1, 1.0])
def test_noise_has_its_standard_deviation_with_any_step(dt):
    """σ is that of the free membrane; its correlation falls with τ_m."""
    free = lif.Parameters(v_threshold=200.0, noise=3.0)
    voltage = lif.simulate(np.zeros((20_000, 20)), free, dt=dt, seed=1).voltage[1000:] + 65
    assert voltage.std() == pytest.approx(3.0, rel=0.03)
    lag = round(free.tau_m / dt)
    assert (voltage[lag:] * voltage[:-lag]).mean() / voltage.var() == pytest.approx(math.exp(-1), abs=0.03)


def test_noise_fires_below_the_rheobase_and_follows_its_seed():
    noisy = lif.Parameters(noise=4.0)
    current = np.full(10_000, 1.2)
    first, again, other = (lif.simulate(current, noisy, seed=seed) for seed in (5, 5, 6))
    assert len(first.spikes) > 3
    np.testing.assert_array_equal(first.voltage, again.voltage)
    assert not np.array_equal(first.spikes, other.spikes)
    np.testing.assert_array_equal(first.current, current)  # what was injected, not the noise


def test_rates_are_the_closed_forms():
    currents = np.linspace(0, 6, 25)
    curve = rate_curve(lif, currents, dt=0.02)
    np.testing.assert_allclose(curve.steady, rate(currents), rtol=0.005)
    np.testing.assert_allclose(curve.onset, curve.steady, rtol=0.01)


def test_reset_above_the_threshold_is_refused():
    with pytest.raises(SettingError, match="lower reset"):
        lif.Parameters(v_reset=-40.0)
