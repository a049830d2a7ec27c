from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from model.neurons import Stimulus, izhikevich, rate_curve
from model.traces import NeuronTrace
from tests.brian import brian2 as b2

CELLS = list(izhikevich.PRESETS)
STEP = {"step": Stimulus(kind="step", amplitude=10.0, start=50.0, stop=450.0, duration=500.0)}
RESONATOR = Stimulus(kind="pulses", amplitude=1.15, width=2.0, start=50.0, stop=450.0, duration=500.0)

#: What brings out each preset's name, from rest (``at_rest``). The paper states a step to I = 10 for the first five
#: (figure 2). For the last two it tells in words what they do, and the numbers are ours: a thalamo-cortical cell fires
#: tonically when it is depolarised from rest (about -60 mV), and a rebound burst when a negative current that held it
#: at about -90 mV ends; a resonator answers pulses in step with its own rhythm, and can be switched between rest and
#: firing by single ones.
STIMULI = {
    "regular_spiking": STEP,
    "intrinsically_bursting": STEP,
    "chattering": STEP,
    "fast_spiking": STEP,
    "low_threshold_spiking": STEP,
    "thalamo_cortical": {
        "depolarised": Stimulus(kind="step", amplitude=2.0, start=50.0, stop=450.0, duration=500.0),
        "hyperpolarised": Stimulus(kind="step", amplitude=-36.0, start=50.0, stop=250.0, duration=500.0),
    },
    "resonator": {
        "in_step": replace(RESONATOR, period=45.0),
        "out_of_step": replace(RESONATOR, period=30.0),
        "switched": replace(RESONATOR, baseline=0.18, amplitude=2.0, period=153.0, stop=210.0),
    },
}


def shown(cell: str, stimulus: str = "step", dt: float = izhikevich.DT) -> NeuronTrace:
    """A preset from rest under the stimulus that brings out its name."""
    made = STIMULI[cell][stimulus]
    return izhikevich.simulate(made.current(dt), izhikevich.at_rest(izhikevich.PRESETS[cell], made.baseline), dt)


def intervals(trace: NeuronTrace) -> np.ndarray:
    return np.diff(trace.spikes)


@pytest.fixture(scope="module", params=[1.0, 0.1])
def by_brian(request):
    """All presets by brian2, in the paper's scheme, under a step: dt, current, spikes of each, v and u, (T, 7)."""
    dt = request.param
    presets = izhikevich.PRESETS.values()
    current = np.repeat(
        Stimulus(amplitude=10.0, start=10.0, stop=250.0, duration=300.0).current(dt)[:, None], 7, axis=1
    )
    group = b2.NeuronGroup(
        7,
        "v : 1\nu : 1\na : 1 (constant)\nb : 1 (constant)\nc : 1 (constant)\nd : 1 (constant)",
        threshold="v >= 30",
        reset="v = c; u += d",
        dt=dt * b2.ms,
        namespace={"current": b2.TimedArray(current, dt=dt * b2.ms), "h": dt},
    )
    group.run_regularly(
        """v += 0.5 * h * (0.04 * v**2 + 5 * v + 140 - u + current(t, i))
        v += 0.5 * h * (0.04 * v**2 + 5 * v + 140 - u + current(t, i))
        u += h * a * (b * v - u)""",
        dt=dt * b2.ms,
        when="groups",
    )
    for name in "abcd":
        setattr(group, name, [getattr(preset, name) for preset in presets])
    group.v = [preset.v_initial for preset in presets]
    group.u = "b * v"
    spikes, state = b2.SpikeMonitor(group), b2.StateMonitor(group, ("v", "u"), record=True)
    b2.Network(group, spikes, state).run(300 * b2.ms)
    return dt, current, [train / b2.ms for train in spikes.spike_trains().values()], state.v.T, state.u.T


def test_spikes_and_states_are_brian2s(by_brian):
    dt, current, spikes, v, u = by_brian
    for column, (preset, theirs) in enumerate(zip(izhikevich.PRESETS.values(), spikes, strict=True)):
        trace = izhikevich.simulate(current[:, column], preset, dt)
        assert len(theirs) >= 4
        np.testing.assert_allclose(trace.spikes, theirs, atol=dt / 100)
        peak = trace.voltage >= izhikevich.PEAK  # ours shows the peak, brian2 what it is reset to
        np.testing.assert_allclose(trace.voltage[~peak], v[~peak, column], atol=1e-6)
        np.testing.assert_allclose(trace.state["u"][~peak], u[~peak, column], atol=1e-6)


def test_the_presets_are_the_papers():
    abcd = {name: (p.a, p.b, p.c, p.d) for name, p in izhikevich.PRESETS.items()}
    assert abcd == {
        "regular_spiking": (0.02, 0.2, -65, 8),
        "intrinsically_bursting": (0.02, 0.2, -55, 4),
        "chattering": (0.02, 0.2, -50, 2),
        "fast_spiking": (0.1, 0.2, -65, 2),
        "low_threshold_spiking": (0.02, 0.25, -65, 2),
        "thalamo_cortical": (0.02, 0.25, -65, 0.05),
        "resonator": (0.1, 0.26, -65, 2),
    }
    assert STIMULI.keys() == izhikevich.PRESETS.keys()


@pytest.mark.parametrize("cell", CELLS)
def test_nothing_fires_without_a_current(cell):
    for parameters in (izhikevich.PRESETS[cell], izhikevich.at_rest(izhikevich.PRESETS[cell])):
        assert not izhikevich.simulate(np.zeros(10_000), parameters).spikes.size


def test_regular_spiking_adapts():
    """A first short interval, then longer ones, all alike."""
    gaps = intervals(shown("regular_spiking"))
    assert gaps[0] < 0.6 * gaps[1]
    assert np.ptp(gaps[1:]) < 0.05 * gaps[1]
    assert 10 < 1000 / gaps[-1] < 40


def test_intrinsically_bursting_begins_with_one_burst():
    gaps = intervals(shown("intrinsically_bursting"))
    assert (gaps[:2] < 6).all()
    assert (gaps[2:] > 25).all()


def test_chattering_bursts_again_and_again():
    """Bursts of at least three spikes, the spikes over 100 Hz, the bursts at up to 40 Hz."""
    trace = shown("chattering")
    gaps = intervals(trace)
    assert ((gaps < 10) | (gaps > 25)).all()
    breaks = np.flatnonzero(gaps > 25)
    assert len(breaks) >= 5
    assert all(after - before >= 3 for before, after in pairwise(breaks))


def test_fast_spiking_is_fast_and_hardly_adapts():
    fast, regular = intervals(shown("fast_spiking")), intervals(shown("regular_spiking"))
    assert fast[-1] < regular[-1] / 4
    assert np.ptp(fast[3:]) < 0.06 * fast[-1]


def test_low_threshold_spiking_adapts_from_a_high_rate_and_has_a_low_threshold():
    gaps = intervals(shown("low_threshold_spiking"))
    assert gaps[0] < 5
    assert gaps[-1] > 3 * gaps[0]
    currents = np.linspace(0, 6, 25)
    least = {}
    for cell in ("low_threshold_spiking", "fast_spiking", "regular_spiking"):
        curve = rate_curve(izhikevich, currents, izhikevich.at_rest(izhikevich.PRESETS[cell]))
        least[cell] = currents[np.flatnonzero(curve.steady)[0]]
    assert least["low_threshold_spiking"] < 0.5 * min(least["fast_spiking"], least["regular_spiking"])


def test_thalamo_cortical_fires_tonically_from_rest():
    trace = shown("thalamo_cortical", "depolarised")
    gaps = intervals(trace)
    assert trace.voltage[0] == pytest.approx(-64.4, abs=0.1)
    assert len(gaps) > 10
    assert (gaps[1:] / gaps[:-1] < 1.5).all()  # no burst: an interval is like the one before it
    assert trace.spikes.min() >= 50
    assert trace.spikes.max() < 450


def test_thalamo_cortical_rebounds_with_a_burst():
    """It is held at about -90 mV until 250 ms, with no spike, then fires a burst without any current."""
    trace = shown("thalamo_cortical", "hyperpolarised")
    assert trace.voltage[2490] == pytest.approx(-90, abs=2)
    assert (trace.spikes > 250).all()
    assert (intervals(trace)[:3] < 8).all()
    assert trace.spikes[-1] < 350


def test_resonator_rings():
    """After a weak pulse it swings below the threshold, with the period of its linearised equations."""
    parameters = izhikevich.at_rest(izhikevich.PRESETS["resonator"])
    trace = izhikevich.simulate(
        Stimulus("pulses", amplitude=0.5, width=2.0, start=10.0, stop=13.0, duration=300.0).current(0.1), parameters
    )
    swing = trace.voltage[200:] - izhikevich.rest(parameters)
    ups = np.flatnonzero((swing[:-1] < 0) & (swing[1:] >= 0)) * 0.1
    slope = 0.08 * izhikevich.rest(parameters) + 5
    jacobian = [[slope, -1], [parameters.a * parameters.b, -parameters.a]]
    period = 2 * np.pi / abs(np.linalg.eigvals(jacobian)[0].imag)
    assert not trace.spikes.size
    assert len(ups) >= 3
    assert np.diff(ups)[-1] == pytest.approx(period, rel=0.05)


def test_resonator_answers_its_own_rhythm_alone():
    """The same pulses, in step with its ringing (45 ms) and not."""
    assert len(shown("resonator", "in_step").spikes) >= 5
    assert not shown("resonator", "out_of_step").spikes.size
    regular = izhikevich.at_rest(izhikevich.PRESETS["regular_spiking"])
    counts = [
        len(izhikevich.simulate(Stimulus("pulses", 9.0, 0, 50, 450, 500, period, 2.0).current(0.1), regular).spikes)
        for period in (4.0, 10.0, 45.0)
    ]
    assert counts[0] > counts[1] >= counts[2]  # an integrator: the more often, the better


def test_resonator_is_switched_on_and_off_by_single_pulses():
    trace = shown("resonator", "switched")
    assert len(trace.spikes) >= 3
    assert (np.abs(intervals(trace) - 45) < 10).all()  # between the pulses at 50 and 203 ms it fires by itself
    assert trace.spikes[-1] < 215
    made = STIMULI["resonator"]["switched"]
    once = Stimulus("pulses", made.amplitude, made.baseline, 50.0, 60.0, 500.0, made.period, made.width)
    lasting = izhikevich.simulate(
        once.current(0.1), izhikevich.at_rest(izhikevich.PRESETS["resonator"], made.baseline)
    ).spikes
    assert lasting[-1] > 440


@pytest.mark.parametrize("cell", CELLS)
def test_counts_settle_as_the_step_is_halved(cell):
    for stimulus in STIMULI[cell]:
        counts = [len(shown(cell, stimulus, dt).spikes) for dt in (0.1, 0.05, 0.025, 0.0125)]
        change = np.abs(np.diff(counts))
        assert change[0] <= 1 + 0.05 * counts[0]
        assert change[-1] <= 1


def test_nullclines_meet_where_it_rests():
    for cell, parameters in izhikevich.PRESETS.items():
        v = izhikevich.rest(parameters, current=-1.0)
        dv, du = izhikevich.nullclines(np.array([v]), -1.0, parameters)
        np.testing.assert_allclose(dv, du, atol=1e-9)
        trace = izhikevich.simulate(np.full(2000, -1.0), izhikevich.at_rest(parameters, -1.0))
        np.testing.assert_allclose(trace.voltage, v, atol=1e-6, err_msg=cell)
    assert izhikevich.rest(current=10.0) is None
    assert izhikevich.at_rest(current=10.0) == izhikevich.TEXTBOOK


def test_nullclines_say_which_way_it_moves():
    """u' > 0 below the u-nullcline, v' > 0 below the v-nullcline."""
    trace = shown("regular_spiking")
    v, u = trace.voltage[:-1], trace.state["u"][:-1]
    dv, du = izhikevich.nullclines(v, 10.0)
    on = (trace.time[:-1] > 60) & (trace.time[:-1] < 440) & (v < 0) & (trace.voltage[1:] < 0)
    clear = on & (np.abs(dv - u) > 2) & (np.abs(du - u) > 2)
    assert clear.sum() > 300
    np.testing.assert_array_equal(np.diff(trace.voltage)[clear] > 0, (u < dv)[clear])
    np.testing.assert_array_equal(np.diff(trace.state["u"])[clear] > 0, (u < du)[clear])
