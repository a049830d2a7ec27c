from typing import Any

import numpy as np
import pytest

from model.neurons import Stimulus, excitability, hodgkin_huxley, rate_curve
from tests.brian import brian2 as b2

DT = hodgkin_huxley.DT

#: The paper's equations in brian2's words.
EQUATIONS = """
dv/dt = (I - g_na * m**3 * h * (v - 50*mV) - g_k * n**4 * (v + 77*mV) - g_l * (v + 54.387*mV)) / (1*uF/cm**2) : volt
dm/dt = (1 / exprel(-(v + 40*mV) / (10*mV)) * (1 - m) - 4 * exp(-(v + 65*mV) / (18*mV)) * m) / ms : 1
dh/dt = (0.07 * exp(-(v + 65*mV) / (20*mV)) * (1 - h) - h / (1 + exp(-(v + 35*mV) / (10*mV)))) / ms : 1
dn/dt = (0.1 / exprel(-(v + 55*mV) / (10*mV)) * (1 - n) - 0.125 * exp(-(v + 65*mV) / (80*mV)) * n) / ms : 1
I = current(t, i) * uA/cm**2 : amp/meter**2
"""


def stimuli(dt: float) -> np.ndarray:
    """One patch each for a step, pulses, a ramp, noise and a sine, 30 ms, (T, 5), µA/cm²."""
    common: dict[str, Any] = {"start": 2.0, "stop": 29.0, "duration": 30.0}
    made = (
        Stimulus("step", amplitude=10.0, **common),
        Stimulus("pulses", amplitude=40.0, width=1.0, period=13.0, **common),
        Stimulus("ramp", amplitude=40.0, **common),
        Stimulus("noise", amplitude=8.0, sigma=12.0, width=1.0, seed=3, **common),
        Stimulus("sine", amplitude=25.0, period=13.0, **common),
    )
    return np.stack([stimulus.current(dt) for stimulus in made], axis=1)


@pytest.fixture(scope="module")
def by_brian():
    """The same patches by brian2: spikes of each, ms, and (T, 5) of v, m, h, n."""
    group = b2.NeuronGroup(
        5,
        EQUATIONS,
        threshold="v >= 0*mV",
        refractory="v >= 0*mV",
        method="exponential_euler",
        dt=DT * b2.ms,
        namespace={
            "current": b2.TimedArray(stimuli(DT), dt=DT * b2.ms),
            "g_na": 120 * b2.msiemens / b2.cm**2,
            "g_k": 36 * b2.msiemens / b2.cm**2,
            "g_l": 0.3 * b2.msiemens / b2.cm**2,
        },
    )
    group.v = -65 * b2.mV
    for gate, value in hodgkin_huxley.steady_states(-65.0).items():
        setattr(group, gate, float(value))
    spikes = b2.SpikeMonitor(group)
    state = b2.StateMonitor(group, ("v", "m", "h", "n"), record=True)
    b2.Network(group, spikes, state).run(30 * b2.ms)
    trains = [train / b2.ms for train in spikes.spike_trains().values()]
    return trains, {"v": (state.v / b2.mV).T, "m": state.m.T, "h": state.h.T, "n": state.n.T}


def step(amplitude: float, duration: float = 100.0, parameters=hodgkin_huxley.TEXTBOOK, dt: float = DT):
    return hodgkin_huxley.simulate(np.full(round(duration / dt), amplitude), parameters, dt)


def pulses(*starts: float, amplitude: float = 20.0, width: float = 1.0, duration: float = 60.0):
    time = np.arange(0, duration, DT)
    current = amplitude * np.sum([(time >= start) & (time < start + width) for start in starts], axis=0)
    return hodgkin_huxley.simulate(current)


def test_spikes_and_states_are_brian2s(by_brian):
    spikes, states = by_brian
    trace = hodgkin_huxley.simulate(stimuli(DT))
    assert all(len(train) >= 2 for train in spikes)
    for ours, theirs in zip(trace.spikes, spikes, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=DT / 100)
    np.testing.assert_allclose(trace.voltage, states["v"], atol=1e-6)
    for gate in "mhn":
        np.testing.assert_allclose(trace.state[gate], states[gate], atol=1e-8)


def test_one_patch_on_floats_is_one_of_many_on_arrays():
    current = stimuli(DT)
    many = hodgkin_huxley.simulate(current)
    for column, spikes in enumerate(many.spikes):
        one = hodgkin_huxley.simulate(current[:, column])
        np.testing.assert_array_equal(one.spikes, spikes)
        np.testing.assert_allclose(one.voltage, many.voltage[:, column], atol=1e-6)
        np.testing.assert_allclose(one.state["i_na"], many.state["i_na"][:, column], atol=1e-4)


def test_it_rests_at_minus_65():
    trace = step(0.0, 200.0)
    np.testing.assert_allclose(trace.voltage, -65, atol=0.01)
    # The paper's gates at rest (for V = 0: α and β of equations 12, 13, 20, 21, 23, 24).
    gates = hodgkin_huxley.steady_states(-65.0)
    assert gates["m"] == pytest.approx(0.0529, abs=1e-4)
    assert gates["h"] == pytest.approx(0.5961, abs=1e-4)
    assert gates["n"] == pytest.approx(0.3177, abs=1e-4)
    total = trace.state["i_na"] + trace.state["i_k"] + trace.state["i_l"]
    np.testing.assert_allclose(total, 0, atol=0.01)


def test_currents_charge_the_membrane():
    """C dV/dt = I - I_Na - I_K - I_L: equation 26, from the trace alone."""
    trace = step(10.0, 60.0, dt=0.001)
    inward = trace.current - trace.state["i_na"] - trace.state["i_k"] - trace.state["i_l"]
    slope = np.diff(trace.voltage) / 0.001
    np.testing.assert_allclose(slope, inward[:-1], atol=0.02 * np.abs(slope).max())


def test_rates_at_their_singular_points():
    at, near = (np.array(hodgkin_huxley.rates(np.array([-40.0, -55.0]) + shift)) for shift in (0, 1e-7))
    assert np.isfinite(at).all()
    np.testing.assert_allclose(at, near, rtol=1e-6)
    assert at[0, 0] == pytest.approx(1.0)  # α_m at -40 mV
    assert at[4, 1] == pytest.approx(0.1)  # α_n at -55 mV


@pytest.mark.parametrize("temperature", [6.3, 16.3])
def test_gates_settle_with_their_time_constants(temperature):
    """With the membrane clamped by its leak, each gate's way is x_∞ + (x - x_∞) e^(-t/τ), τ_x = 1 / (φ (α_x + β_x))."""
    clamped = hodgkin_huxley.Parameters(0.1, g_na=0, g_k=0, g_l=100, e_l=-65, temperature=temperature)
    trace = hodgkin_huxley.simulate(np.full(1000, 1000.0), clamped)
    np.testing.assert_allclose(trace.voltage[1:], -55, atol=1e-3)  # 10 mV higher after the first step
    rates, phi = np.array(hodgkin_huxley.rates(-55.0)), 3.0 ** ((temperature - 6.3) / 10)
    start = hodgkin_huxley.steady_states(-65.0)
    for gate, alpha, beta in zip("mhn", rates[::2], rates[1::2], strict=True):
        target, tau = alpha / (alpha + beta), 1 / (phi * (alpha + beta))
        expected = target + (start[gate] - target) * np.exp(-trace.time[:-1] / tau)
        np.testing.assert_allclose(trace.state[gate][1:], expected, atol=1e-5)


def test_action_potential():
    """All or none: it overshoots 0 mV, falls below rest, and is about as high however strong the pulse."""
    weak, strong = pulses(5.0, amplitude=10.0), pulses(5.0, amplitude=40.0)
    assert len(weak.spikes) == len(strong.spikes) == 1
    for trace in (weak, strong):
        assert 30 < trace.voltage.max() < 50
        assert -77 < trace.voltage.min() < -72
    assert abs(weak.voltage.max() - strong.voltage.max()) < 6
    width = (weak.voltage > -30).sum() * DT
    assert 0.8 < width < 2.0


def test_threshold_of_a_pulse():
    """A pulse of 1 ms below about 7 µA/cm² leaves a bump; a little more, a spike."""
    heights = {amplitude: pulses(5.0, amplitude=amplitude).voltage.max() for amplitude in (5.0, 6.0, 8.0, 9.0)}
    assert heights[5.0] < -50
    assert heights[6.0] < -45
    assert heights[8.0] > 25
    assert heights[9.0] > 25


def test_refractory_period():
    """After a spike, the same pulse does nothing for a while (absolute), then a stronger one does (relative)."""

    def second(gap: float, amplitude: float) -> bool:
        time = np.arange(0, 60, DT)
        current = 20.0 * ((time >= 5) & (time < 6)) + amplitude * ((time >= 5 + gap) & (time < 6 + gap))
        return len(hodgkin_huxley.simulate(current).spikes) == 2

    assert not second(4.0, 20.0)
    assert not second(4.0, 60.0)
    assert not second(8.0, 20.0)
    assert second(8.0, 60.0)
    assert second(20.0, 20.0)


def test_anode_break_excitation():
    """It fires as a hyperpolarising current ends (in the paper, too)."""
    time = np.arange(0, 80, DT)
    trace = hodgkin_huxley.simulate(np.where(time < 40, -10.0, 0.0))
    assert len(trace.spikes) == 1
    assert 40 < trace.spikes[0] < 50


def test_onset_is_a_jump():
    """Type II: below about 6.3 µA/cm² no lasting firing, above it over 40 Hz at once (Rinzel 1978)."""
    currents = np.linspace(4, 12, 9)
    curve = rate_curve(hodgkin_huxley, currents, duration=300.0, dt=0.02)
    np.testing.assert_array_equal(curve.steady[:3], 0)
    assert (curve.steady[3:] > 40).all()
    found = excitability(hodgkin_huxley, curve, duration=300.0, dt=0.02)
    assert found.type == "II"
    assert 6.0 < found.rheobase < 6.5
    assert 45 < found.lowest_rate < 60


def test_depolarisation_block():
    """A strong current holds sodium inactivated: a spike at the start, then none, the voltage high and still."""
    trace = step(170.0, 300.0)
    assert len(trace.spikes) == 1
    end = trace.voltage[-2000:]
    assert np.ptp(end) < 0.1
    assert end.mean() > -50
    assert trace.state["h"][-1] < 0.15
    lively = step(60.0, 300.0)
    assert len(lively.spikes) > 20


def test_warmth_makes_spikes_shorter():
    def width(temperature: float) -> float:
        trace = step(20.0, 20.0, hodgkin_huxley.Parameters(temperature=temperature))
        return (trace.voltage[:800] > -30).sum() * DT

    assert width(18.5) < 0.6 * width(6.3)


def test_counts_settle_and_spikes_converge_as_the_step_is_halved():
    traces = {dt: step(10.0, 200.0, dt=dt) for dt in (0.04, 0.02, 0.01, 0.005)}
    counts = {len(trace.spikes) for trace in traces.values()}
    assert len(counts) == 1
    last = [trace.spikes[-1] for trace in traces.values()]
    change = np.abs(np.diff(last))
    assert (change[1:] < 0.7 * change[:-1]).all()  # of the first order: about a half
    assert change[-1] < 0.5
