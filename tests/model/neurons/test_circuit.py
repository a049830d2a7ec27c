"""The circuit that holds a memory: the paper's states, brian2's rates, chance; and the unit that holds a bit."""

from functools import cache

import numpy as np
import pytest

from model.errors import SettingError
from model.neurons import circuit
from model.neurons.artificial import respond
from model.neurons.bistable import fixed_points
from model.neurons.circuit import Flash, Parameters, simulate
from model.traces import CircuitTrace
from tests.brian import brian2 as b

SEEDS = range(6)
FLASH = Flash("a", start=300.0, length=500.0, strength=200.0)


@cache
def run(seed: int = 0, flashes: tuple[Flash, ...] = (FLASH,), duration: float = 2300.0, **parameters) -> CircuitTrace:
    return simulate(flashes, Parameters(**parameters), duration, seed=seed)


def late(trace: CircuitTrace) -> np.ndarray:
    """Each group's rate over the last 500 ms, Hz: more than a second after the flash."""
    return trace.rates(500.0)[-round(250 / circuit.DT)]


def test_a_flash_is_remembered():
    """With the paper's w₊ in most runs, with a little more in all: at rates of tens of Hz, ten times those of rest."""
    held = [late(run(seed))[0] for seed in SEEDS]
    assert sum(10 < rate < 60 for rate in held) >= 5
    surely = np.array([late(run(seed, w_plus=2.2)) for seed in SEEDS])
    assert (surely[:, 0] > 20).all() and (surely[:, 0] < 60).all()
    assert (surely[:, 1] < 5).all()  # B, which was not flashed, stays at rest


def test_weaker_recurrence_forgets():
    for seed in SEEDS:
        trace = run(seed, w_plus=1.9)
        during = trace.rates(200.0)[round(600 / circuit.DT)]
        assert during[0] > 20  # it answered, while there was something to answer to
        assert late(trace)[0] < 6


def test_without_a_stimulus_it_stays_at_rest():
    """Brunel and Wang's spontaneous rates: about 3 Hz pyramidal cells, about 9 Hz interneurons."""
    for seed in SEEDS:
        rates = late(run(seed, flashes=(), w_plus=2.2))
        assert (rates[:3] < 6).all() and (rates[:3] > 1).all()
        assert 5 < rates[3] < 14


def test_it_remembers_which_and_another_flash_replaces_it():
    second = Flash("b", start=1000.0, length=500.0)
    a, after = late(run(1, w_plus=2.2)), late(run(1, flashes=(FLASH, second), w_plus=2.2))
    assert a[0] > 20 > 6 > a[1]
    assert after[1] > 20 > 6 > after[0]


def test_the_memory_is_in_the_nmda_gates():
    trace = run(0, w_plus=2.2)
    assert trace.nmda.min() >= 0 and trace.nmda.max() < 1
    assert trace.nmda[-1, 0] > 0.5 > 0.3 > trace.nmda[-1, 1]
    before = round(290 / circuit.DT)
    assert trace.nmda[before, 0] < 0.3


def test_the_same_seed_gives_the_same_run_and_another_another():
    one, again, other = simulate(duration=100.0), simulate(duration=100.0), simulate(duration=100.0, seed=1)
    assert np.array_equal(one.spike_times, again.spike_times)
    assert np.array_equal(one.spike_neurons, again.spike_neurons)
    assert not np.array_equal(one.spike_neurons, other.spike_neurons)


def test_arrivals_are_poisson_numbers():
    for mean in (0.0, 0.12, 1.2, 4.8):
        drawn = np.stack(list(circuit._arrivals(np.random.default_rng(0), mean, 300, 2000)))
        assert drawn.shape == (300, 2000)
        assert drawn.mean() == pytest.approx(mean, rel=0.01, abs=1e-9)
        assert drawn.var() == pytest.approx(mean, rel=0.02, abs=1e-9)


def test_the_weights_onto_a_group_keep_their_sum():
    for w_plus in (1.0, 1.7, 2.1):
        p = Parameters(w_plus=w_plus)
        assert p.weights[:3] @ np.array(p.sizes[:3]) == pytest.approx([p.excitatory] * 3)


def test_rates_count_the_spikes():
    trace = run(0)
    mean = trace.rates(2 * 2300.0)[0]
    assert trace.rates(100.0).shape == (len(trace.time), 4)
    counts = np.bincount(trace.group_of_spikes, minlength=4)
    whole = counts / np.array(trace.sizes) / 2.3
    assert mean == pytest.approx(whole)


def test_smaller_steps_give_the_same_rates():
    def rest(dt: float) -> np.ndarray:
        trace = simulate((), duration=700.0, dt=dt)
        return np.bincount(trace.group_of_spikes[trace.spike_times > 200], minlength=4) / np.array(trace.sizes) / 0.5

    assert rest(0.5)[2:] == pytest.approx(rest(0.1)[2:], rel=0.35)


@pytest.fixture(scope="module")
def brians() -> np.ndarray:
    """The rates of the same network in brian2, while it holds A: the paper's equations, its NMDA's rise included, at
    steps of 0.1 ms. Sums over neurons are taken by a network operation, since each is connected with all."""
    p = Parameters(w_plus=2.2)
    weights, sizes = p.weights, np.array(p.sizes)
    starts = np.cumsum([0, *sizes])
    groups = []
    for cell, count in ((circuit.PYRAMIDAL, p.excitatory), (circuit.INTERNEURON, p.inhibitory)):
        group = b.NeuronGroup(
            count,
            """dv/dt = (-leak*(v + 70*mV) - current)/capacitance : volt (unless refractory)
            current = (g_external*s_external + g_ampa + g_nmda/(1 + exp(-0.062*v/mV)/3.57))*v + g_gaba*(v + 70*mV) : amp
            ds_external/dt = -s_external/(2*ms) : 1
            ds_a/dt = -s_a/(2*ms) : 1
            ds_n/dt = -s_n/(100*ms) + x/(2*ms)*(1 - s_n) : 1
            dx/dt = -x/(2*ms) : 1
            ds_g/dt = -s_g/(10*ms) : 1
            g_ampa : siemens
            g_nmda : siemens
            g_gaba : siemens""",
            threshold="v > -50*mV",
            reset="v = -55*mV; s_a += 1; x += 1; s_g += 1",
            refractory=cell.t_refractory * b.ms,
            method="euler",
            namespace={
                "leak": cell.leak * b.nS,
                "capacitance": cell.capacitance * b.pF,
                "g_external": cell.external * b.nS,
            },
        )
        group.v = "-70*mV + 15*mV*rand()"
        groups.append(group)
    excited, inhibited = groups

    @b.network_operation(dt=0.1 * b.ms)
    def connect():
        ampa, nmda = (
            weights @ [np.sum(s[starts[k] : starts[k + 1]]) for k in range(3)] for s in (excited.s_a[:], excited.s_n[:])
        )
        gaba = np.sum(inhibited.s_g[:])
        for group, cell, places in ((excited, circuit.PYRAMIDAL, range(3)), (inhibited, circuit.INTERNEURON, [3])):
            for name, sums, scale in (("g_ampa", ampa, cell.ampa), ("g_nmda", nmda, cell.nmda)):
                values = np.repeat([sums[k] for k in places], sizes[list(places)]) * scale / 2
                setattr(group, name, values * b.nS)
            group.g_gaba = gaba * cell.gaba / 2 * b.nS

    outside = [b.PoissonInput(group, "s_external", 800, 3 * b.Hz, 1) for group in groups]
    flash = b.PoissonInput(excited[: sizes[0]], "s_external", 1, 1000 * b.Hz, "t < 300*ms")
    spikes = [b.SpikeMonitor(group) for group in groups]
    b.seed(0)
    b.Network(*groups, connect, *outside, flash, *spikes).run(1000 * b.ms)
    counts = [np.array(monitor.i)[np.array(monitor.t / b.ms) > 600] for monitor in spikes]
    found = np.searchsorted(starts[1:4], counts[0], side="right")
    return np.array([*np.bincount(found, minlength=3), len(counts[1])]) / sizes / 0.4


def test_brian2_agrees_on_the_rates_while_it_remembers(brians):
    ours = np.mean([late(run(seed, w_plus=2.2)) for seed in SEEDS], axis=0)
    assert ours == pytest.approx(brians, rel=0.25)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Parameters(w_plus=-1),
        lambda: Parameters(w_plus=float("nan")),
        lambda: Parameters(selective=0.6),
        lambda: Parameters(excitatory=10**6),
        lambda: Flash("c"),
        lambda: Flash(strength=1e9),
        lambda: simulate(duration=0),
        lambda: simulate(duration=1e9),
        lambda: simulate(duration=float("nan")),
        lambda: simulate(dt=0.001),
        lambda: simulate(seed=-1),
        lambda: fixed_points(-1.0),
        lambda: fixed_points(float("nan")),
        lambda: fixed_points(1.0, 1e9),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(make):
    with pytest.raises(SettingError) as caught:
        make()
    assert str(caught.value).endswith(".") and "{" not in str(caught.value)


@pytest.mark.parametrize("w_plus", [0.0, 3.0])
def test_the_extremes_stay_finite(w_plus):
    trace = simulate((Flash(strength=5000.0),), Parameters(w_plus=w_plus, external_rate=10_000.0), 700.0)
    assert np.isfinite(trace.nmda).all() and np.isfinite(trace.rates()).all()


@pytest.mark.parametrize("weight", [0.0, 0.5, 0.99, 1.01, 1.5, 3.0, 20.0])
@pytest.mark.parametrize("bias", [0.0, 0.05, -0.3, 2.0])
def test_fixed_points_are_fixed_and_stable_as_said(weight, bias):
    points = fixed_points(weight, bias)
    bound = np.sqrt(weight * (weight - 1)) - np.arctanh(np.sqrt(1 - 1 / weight)) if weight > 1 else 0.0
    assert len(points) == (3 if abs(bias) < bound else 1)
    for value, stable in points:
        assert value == pytest.approx(np.tanh(weight * value + bias), abs=1e-9)
        assert stable == (abs(weight * (1 - value**2)) < 1)


def test_the_unit_ends_at_the_fixed_point_that_the_flash_chose():
    points = fixed_points(1.5)
    for sign, point in ((-1.0, points[0]), (1.0, points[2])):
        x = np.zeros(200)
        x[10:20] = sign
        trace = respond(x, 1.0, 0.0, "tanh", 1.5)
        assert trace.output[-1] == pytest.approx(point.value) and point.stable
    forgets = respond(np.r_[np.ones(10), np.zeros(200)], 1.0, 0.0, "tanh", 0.9)
    assert abs(forgets.output[-1]) < 1e-6


def test_at_its_turning_point_two_fixed_points_are_one():
    weight = 2.0
    bias = np.sqrt(weight * (weight - 1)) - np.arctanh(np.sqrt(1 - 1 / weight))
    assert len(fixed_points(weight, bias - 1e-6)) == 3 and len(fixed_points(weight, bias + 1e-6)) == 1
    assert [point.stable for point in fixed_points(1.0)] == [True]
