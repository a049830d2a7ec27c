"""AdEx against brian2, by its own scheme and by another; the firing patterns of Naud et al. 2008; its phase plane."""

from dataclasses import fields

import numpy as np
import pytest

from model.errors import SettingError
from model.neurons import Stimulus, adex, rate_curve
from tests.brian import brian2 as b2

#: The textbook cell under 1 nA, and each pattern under the current of Naud et al. 2008, table 1.
CELLS = {"textbook": (adex.TEXTBOOK, 1000.0)} | {
    name: (parameters, adex.CURRENTS[name]) for name, parameters in adex.PRESETS.items()
}
DURATION = 250.0
EQUATIONS = """
    dw/dt = (a * (v - e_l) - w) / tau_w : 1
    I = current(t, i) : 1
    dv/dt = {slope} : 1
    rise : 1
"""
UNITS = {field.name: "second" if field.name == "tau_w" else "1" for field in fields(adex.Parameters)}
CONSTANTS = "\n".join(f"{name} : {unit} (constant)" for name, unit in UNITS.items())
RISE = "slope_factor * exp(clip((v - v_threshold) / slope_factor, -1000, 50))"


def currents(dt: float) -> np.ndarray:
    """From 10 ms on, (T, 5), pA."""
    steps = [Stimulus("step", pa, start=10.0, stop=DURATION, duration=DURATION) for _cell, pa in CELLS.values()]
    return np.stack([step.current(dt) for step in steps], axis=1)


def by_brian(dt: float, method: str, slope: str, before: str = ""):
    """All cells by brian2: spikes of each, v and w, (T, 5). ``before`` is run at each step's start."""
    group = b2.NeuronGroup(
        len(CELLS),
        EQUATIONS.format(slope=slope) + CONSTANTS,
        threshold="v >= 20",
        reset="v = v_reset; w += b",
        method=method,
        dt=dt * b2.ms,
        namespace={"current": b2.TimedArray(currents(dt), dt=dt * b2.ms), "ms": b2.ms},
    )
    for name, unit in UNITS.items():
        values = np.array([getattr(cell, name) for cell, _pa in CELLS.values()])
        setattr(group, name, values * b2.ms if unit == "second" else values)
    group.v = "e_l"
    spikes, state = b2.SpikeMonitor(group), b2.StateMonitor(group, ("v", "w"), record=True)
    network = b2.Network(group, spikes, state)
    if before:
        network.add(group.run_regularly(before, dt=dt * b2.ms, when="before_groups"))
    network.run(DURATION * b2.ms)
    return [train / b2.ms for train in spikes.spike_trains().values()], state.v.T, state.w.T


@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_spikes_and_states_are_brian2s(dt):
    """brian2's exponential Euler, with the exponential held during a step, as here."""
    slope = "(g_l * (e_l - v + rise) + I - w) / capacitance / ms"
    spikes, v, w = by_brian(dt, "exponential_euler", slope, f"rise = {RISE}")
    many = currents(dt)
    for column, (parameters, _pa) in enumerate(CELLS.values()):
        trace = adex.simulate(many[:, column], parameters, dt)
        assert len(trace.spikes) >= 5
        np.testing.assert_allclose(trace.spikes, spikes[column], atol=dt / 100)
        below = trace.voltage < adex.PEAK  # ours shows the peak, brian2 what it is reset to
        np.testing.assert_allclose(trace.voltage[below], v[below, column], atol=1e-6)
        np.testing.assert_allclose(trace.state["w"][below], w[below, column], atol=1e-6)


def test_short_steps_go_where_another_scheme_goes():
    """brian2's forward Euler, on the equations as they stand."""
    spikes, _v, _w = by_brian(0.01, "euler", f"(g_l * (e_l - v + {RISE}) + I - w) / capacitance / ms")
    many = currents(0.01)
    for column, (parameters, _pa) in enumerate(CELLS.values()):
        ours = adex.simulate(many[:, column], parameters, 0.01).spikes
        assert len(ours) == len(spikes[column])
        # Rounding to steps adds up from spike to spike.
        np.testing.assert_allclose(ours, spikes[column], atol=0.02 * len(ours))


def gaps(cell: str, dt: float = adex.DT) -> np.ndarray:
    """The intervals between the spikes of half a second under the paper's current, ms."""
    parameters, current = CELLS[cell]
    return np.diff(adex.simulate(np.full(round(500 / dt), current), parameters, dt).spikes)


def test_the_textbook_cell_is_the_papers():
    p = adex.TEXTBOOK
    assert (p.capacitance, p.g_l, p.e_l, p.v_threshold, p.slope_factor) == (281, 30, -70.6, -50.4, 2)
    assert (p.tau_w, p.a, p.b, p.v_reset) == (144, 4, 80.5, -70.6)


def test_tonic_intervals_are_constant():
    found = gaps("tonic")
    assert len(found) > 30
    assert np.ptp(found[8:]) <= 2 * adex.DT
    assert np.ptp(found) < 0.1 * found.mean()


@pytest.mark.parametrize("cell", ["adapting", "textbook"])
def test_adapting_intervals_grow_then_hold(cell):
    found = gaps(cell)
    assert len(found) >= 6
    assert (np.diff(found) > -2 * adex.DT).all()
    assert found[-1] > 2.5 * found[0]
    assert found[-1] == pytest.approx(found[-2], rel=0.02)


def test_an_initial_burst_is_followed_by_tonic_firing():
    found = gaps("initial_burst")
    assert (found[:2] < 10).all()
    assert (found[2:] > 50).all() and np.ptp(found[3:]) < 1


def test_bursts_come_again_and_again():
    found = gaps("bursting")
    assert ((found < 8) | (found > 100)).all()
    pauses = np.flatnonzero(found > 100)
    assert len(pauses) >= 3
    assert (np.diff(pauses) > 1).all()  # between two pauses, a burst


def test_a_pattern_comes_from_the_reset():
    """The same cell, reset to below the fold of its phase plane, does not burst (Naud et al. 2008, section 3)."""
    parameters, current = CELLS["bursting"]
    lower = adex.Parameters(**{f.name: getattr(parameters, f.name) for f in fields(parameters)} | {"v_reset": -60.0})
    found = np.diff(adex.simulate(np.full(10_000, current), lower).spikes)
    assert (found > 10).all()


@pytest.mark.parametrize("cell", CELLS)
def test_patterns_do_not_hang_on_the_step(cell):
    coarse, fine = gaps(cell), gaps(cell, 0.01)
    assert abs(len(coarse) - len(fine)) <= 1 + 0.03 * len(fine)
    both = min(len(coarse), len(fine))
    np.testing.assert_allclose(coarse[:both], fine[:both], atol=0.35, rtol=0.02)


def test_it_rests_where_the_nullclines_cross():
    for parameters, _current in CELLS.values():
        trace = adex.simulate(np.zeros(40_000), parameters)
        of_v, of_w = adex.nullclines(trace.voltage[-1:], 0.0, parameters)
        np.testing.assert_allclose(of_v, of_w, atol=1e-3)
        np.testing.assert_allclose(trace.state["w"][-1:], of_w, atol=1e-3)
        assert not trace.spikes.size


def test_nullclines_say_which_way_it_moves():
    parameters, current = CELLS["adapting"]
    trace = adex.simulate(np.full(6000, current), parameters)
    v, w = trace.voltage[:-1], trace.state["w"][:-1]
    of_v, of_w = adex.nullclines(v, current, parameters)
    clear = (v < 0) & (np.abs(of_v - w) > 5) & (np.abs(of_w - w) > 5)
    assert clear.sum() > 1000
    np.testing.assert_array_equal(np.diff(trace.voltage)[clear] > 0, (w < of_v)[clear])
    np.testing.assert_array_equal(np.diff(trace.state["w"])[clear] > 0, (w < of_w)[clear])


def test_firing_sets_in_at_the_rheobase():
    for parameters, _current in CELLS.values():
        rheobase = adex.rheobase(parameters)
        curve = rate_curve(adex, rheobase * np.array([0.5, 0.99, 1.02]), parameters, duration=2500.0)
        np.testing.assert_array_equal(curve.steady > 0, [False, False, True])


def test_too_strong_an_adaptation_for_a_long_step_is_said():
    """Where a step would make V and w swing ever further around each other."""
    strong = adex.Parameters(a=1000.0, g_l=1.0, capacitance=2.0, tau_w=1.0, b=0.0)
    assert np.isfinite(adex.simulate(np.zeros(1000), strong, dt=0.001).voltage).all()
    with pytest.raises(SettingError, match="shorter step"):
        adex.simulate(np.zeros(100), strong, dt=0.5)


def test_a_trace_says_how_it_is_drawn():
    trace = adex.simulate(np.zeros(10))
    assert (trace.unit, trace.threshold) == ("pA", None)
    assert [variable.name for variable in trace.variables] == ["w"] and set(trace.state) == {"w"}
