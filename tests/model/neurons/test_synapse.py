"""Synapses on a membrane: the closed form of one potential, brian2 for many, and what makes them no weighted sum."""

import math

import numpy as np
import pytest

from model.errors import SettingError
from model.neurons.synapse import (
    LEAK,
    SHAPES,
    T_REFRACTORY,
    TAU_M,
    V_REST,
    V_THRESHOLD,
    Synapse,
    as_unit,
    peaks,
    simulate,
)
from tests.brian import brian2 as b

#: A strong inhibitory input, ḡ and τ of Vogels and Abbott 2005.
INHIBITORY = Synapse(strength=67.0, tau=10.0, reversal=-80.0)
#: Where inhibition reverses at rest.
SHUNT = Synapse((20.0,), strength=40.0, tau=10.0, reversal=V_REST)


def three(apart: float, strength: float = 4.5) -> list[Synapse]:
    """Three inputs with a spike each, so many ms apart."""
    return [Synapse((20.0 + apart * k,), strength) for k in range(3)]


def potential(time: np.ndarray, synapse: Synapse) -> np.ndarray:
    """The closed form of one weak post-synaptic potential: v - v_rest, mV, at ``time`` ms after a spike; same shape.

    Weak: as long as v stays near v_rest, the driving force E - v stays E - v_rest. With K = ḡ/g_L (E - v_rest) and
    1/T = 1/τ - 1/τ_m, it is

        exponential: K T/τ_m (e^(-t/τ_m) - e^(-t/τ))
        alpha:       K e T/(τ τ_m) (T e^(-t/τ_m) - (t + T) e^(-t/τ))

    (and the limit τ → τ_m, where they are equal). ``synapse.times`` do not count.
    """
    t = np.maximum(np.asarray(time, np.float64), 0.0)
    tau, tau_m = synapse.tau, TAU_M
    if math.isclose(tau, tau_m, rel_tol=3e-5):
        tau = tau_m * (1 + 3e-5)  # closer, and rounding would eat the difference
    force = synapse.strength / LEAK * (synapse.reversal - V_REST)
    between = 1 / (1 / tau - 1 / tau_m)
    slow, fast = np.exp(-t / tau_m), np.exp(-t / tau)
    if synapse.shape == "exponential":
        return force * between / tau_m * (slow - fast)
    return force * math.e * between / (tau * tau_m) * (between * slow - (t + between) * fast)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("tau", [2.0, 5.0, 20.0, 40.0])
@pytest.mark.parametrize("reversal", [0.0, -80.0])
def test_a_weak_potential_is_the_closed_form(shape, tau, reversal):
    synapse = Synapse((10.0,), 1e-3, tau, reversal, shape)
    trace = simulate([synapse], 300.0, fires=False)
    expected = potential(trace.time - 10.0, synapse)
    assert np.abs(trace.voltage - V_REST - expected).max() < 2e-4 * np.abs(expected).max()


def test_half_the_step_leaves_a_quarter_of_the_error():
    """The conductance is taken at the middle of a step: second order."""
    synapse = [Synapse((10.0,), 20.0, shape="alpha")]

    def at_40_ms(dt: float) -> float:
        return simulate(synapse, 50.0, dt=dt, fires=False).voltage[round(40 / dt)]

    exact = at_40_ms(0.005)
    assert abs(at_40_ms(0.2) - exact) / abs(at_40_ms(0.4) - exact) == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("shape", SHAPES)
def test_brian2_agrees_on_a_membrane_under_many_spikes(shape):
    """Excitation and inhibition: the same voltage without a threshold, the same spikes with one."""
    dt, duration = 0.05, 150.0
    generator = np.random.default_rng(1)
    excited = Synapse(tuple(np.unique(generator.integers(1, 1500, 50)) / 10), 6.0, 5.0, 0.0, shape)
    inhibited = Synapse(tuple(np.unique(generator.integers(1, 1500, 6)) / 10), 20.0, 10.0, -80.0, shape)

    # An alpha conductance is two of first order, one after the other.
    rise = {"exponential": ("0*nS/ms", "0*nS/ms"), "alpha": ("he/(5*ms)", "hi/(10*ms)")}[shape]
    group = b.NeuronGroup(
        2,
        f"""dv/dt = (10*nS*(-60*mV - v) - ge*v - gi*(v + 80*mV))/(200*pF) : volt (unless refractory)
        dge/dt = -ge/(5*ms) + {rise[0]} : siemens
        dgi/dt = -gi/(10*ms) + {rise[1]} : siemens
        dhe/dt = -he/(5*ms) : siemens
        dhi/dt = -hi/(10*ms) : siemens
        limit : volt""",
        threshold="v >= limit",
        reset="v = -60*mV",
        refractory=5 * b.ms,
        method="rk4",
        dt=dt * b.ms,
    )
    group.v, group.limit = -60 * b.mV, [-50, 1000] * b.mV
    into, scale = ("g", 1) if shape == "exponential" else ("h", np.e)
    parts = [group]
    for synapse, name in ((excited, "e"), (inhibited, "i")):
        # brian2 applies a spike at the end of its step.
        arrivals = (np.array(synapse.times) - dt) * b.ms
        source = b.SpikeGeneratorGroup(1, np.zeros(len(arrivals), int), arrivals, dt=dt * b.ms)
        wire = b.Synapses(source, group, on_pre=f"{into}{name}_post += {synapse.strength * scale}*nS")
        wire.connect()
        parts += [source, wire]
    voltage, spikes = b.StateMonitor(group, "v", record=True, dt=dt * b.ms), b.SpikeMonitor(group)
    b.Network(*parts, voltage, spikes).run(duration * b.ms)

    calm = simulate([excited, inhibited], duration, dt=dt, fires=False)
    assert np.ptp(calm.voltage) > 10
    assert np.abs(np.array(voltage.v[1] / b.mV) - calm.voltage).max() < 0.02
    firing = simulate([excited, inhibited], duration, dt=dt)
    expected = np.array(spikes.t / b.ms)
    assert len(expected) >= 5
    assert firing.spikes == pytest.approx(expected, abs=2 * dt)


def test_conductances_and_currents_are_those_of_the_formulas():
    trace = simulate([Synapse((10.0, 15.0), 6.0, 5.0), INHIBITORY], 40.0)
    at = np.searchsorted(trace.time, 20.0)
    t = trace.time[at]
    assert trace.conductance[at, 0] == pytest.approx(6 * (np.exp(-(t - 10) / 5) + np.exp(-(t - 15) / 5)))
    assert (trace.conductance[:, 1] == 0).all()
    assert trace.current[at, 0] == pytest.approx(-trace.conductance[at, 0] * trace.voltage[at])
    assert Synapse((0.0,), 6.0, 5.0, shape="alpha").conductance(np.array([5.0])) == pytest.approx(6.0)


def test_potentials_add_up_to_less_than_their_sum():
    trace = simulate(three(0.0), fires=False)
    assert V_REST < trace.voltage.max() < trace.linear.max()
    weak = simulate(three(0.0, strength=0.01), fires=False)
    assert np.allclose(weak.voltage, weak.linear, atol=1e-4)


def test_timing_decides_whether_it_fires_and_a_weighted_sum_cannot_know():
    """The same counts, other timing: the page's pair of patterns."""
    together, apart = simulate(three(0.0)), simulate(three(15.0))
    assert len(together.spikes) == 1 and len(apart.spikes) == 0
    sums = [as_unit(three(gap)) for gap in (0.0, 15.0)]
    assert sums[0].pre_activation == sums[1].pre_activation and sums[0].output == sums[1].output == 1
    way = V_THRESHOLD - V_REST
    recurrent = [as_unit(three(gap), bin=5.0).output.max() for gap in (0.0, 15.0)]
    assert recurrent[0] >= way > recurrent[1]


def test_one_input_that_repeats_fires_it_only_if_it_is_fast():
    """Temporal summation."""
    slow, fast = ([Synapse(tuple(20 + gap * k for k in range(3)), 4.5)] for gap in (15.0, 2.0))
    assert len(simulate(slow).spikes) == 0 and len(simulate(fast).spikes) == 1


def test_shunting_inhibition_moves_nothing_by_itself_and_stops_a_spike():
    assert np.abs(simulate([SHUNT]).voltage - V_REST).max() < 1e-9
    excited = three(0.0)
    assert len(simulate(excited).spikes) == 1 and len(simulate([*excited, SHUNT]).spikes) == 0
    assert peaks([SHUNT])[0] == pytest.approx(0.0, abs=1e-9)
    assert as_unit([*excited, SHUNT]).output == as_unit(excited).output == 1


def test_inhibition_pulls_down():
    assert peaks([INHIBITORY])[0] < -5
    assert simulate([INHIBITORY], fires=False).voltage.min() == V_REST  # no spikes, no pull
    assert as_unit([*three(0.0), Synapse((20.0,), 67.0, 10.0, -80.0)]).output == 0


def test_the_weights_are_the_potentials_peaks():
    for synapse in (Synapse(strength=4.5), INHIBITORY):
        alone = simulate([Synapse((10.0,), synapse.strength, synapse.tau, synapse.reversal)], fires=False)
        moved = alone.voltage - V_REST
        assert peaks([synapse])[0] == pytest.approx(moved[np.abs(moved).argmax()], rel=1e-3)


def test_the_recurrent_unit_counts_each_spike_once():
    trace = as_unit([Synapse((0.0, 4.9, 5.0, 99.0, 400.0))], bin=5.0)
    assert trace.inputs[:, 0].sum() == 4 and trace.inputs[0, 0] == 2 and trace.inputs[1, 0] == 1
    assert trace.recurrent_weight == pytest.approx(np.exp(-5 / 20))


def test_refractory_time_and_reset():
    trace = simulate([Synapse(tuple(np.arange(0, 100, 1.0)), 30.0)])
    assert len(trace.spikes) > 5 and np.diff(trace.spikes).min() >= T_REFRACTORY
    assert trace.voltage.max() < V_THRESHOLD


@pytest.mark.parametrize(
    "make",
    [
        lambda: Synapse(strength=-1),
        lambda: Synapse(tau=0),
        lambda: Synapse(strength=float("nan")),
        lambda: Synapse(shape="box"),
        lambda: Synapse((-1.0,)),
        lambda: Synapse((float("nan"),)),
        lambda: Synapse(tuple(range(2000))),
        lambda: simulate([]),
        lambda: simulate([Synapse()] * 101),
        lambda: simulate([Synapse()], 0),
        lambda: simulate([Synapse()], 10, dt=0),
        lambda: simulate([Synapse()], float("nan")),
        lambda: as_unit([Synapse()], bin=0),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(make):
    with pytest.raises(SettingError) as caught:
        make()
    assert str(caught.value).endswith(".") and "{" not in str(caught.value)


def test_the_extremes_stay_finite():
    trace = simulate([Synapse((0.0,) * 1000, 1000.0, 0.1), Synapse((0.0,) * 1000, 1000.0, 1000.0, -200.0)], 50, dt=1.0)
    assert np.isfinite(trace.voltage).all() and np.isfinite(trace.linear).all() and np.isfinite(trace.current).all()
