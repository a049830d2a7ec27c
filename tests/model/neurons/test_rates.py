import numpy as np
import pytest

from model.errors import SettingError
from model.neurons import excitability, hodgkin_huxley, izhikevich, lif, rate_curve


@pytest.mark.parametrize(
    ("model", "currents"),
    [(lif, [1.0, 1.6, 3.0]), (izhikevich, [2.0, 6.0, 12.0]), (hodgkin_huxley, [3.0, 8.0, 30.0])],
    ids=["lif", "izhikevich", "hodgkin_huxley"],
)
def test_rates_are_those_of_the_traces(model, currents):
    """A curve keeps no trace, but counts the same spikes."""
    duration = 120.0
    steps = round(duration / model.DT)
    trace = model.simulate(np.tile(currents, (steps, 1)))
    curve = rate_curve(model, currents, duration=duration)
    assert curve.model == model.MODEL.name
    np.testing.assert_array_equal(curve.currents, currents)
    for spikes, onset, steady in zip(trace.spikes, curve.onset, curve.steady, strict=True):
        assert onset == pytest.approx(1000 / (spikes[1] - spikes[0]) if len(spikes) > 1 else 0.0)
        late = spikes[spikes >= duration / 2 - model.DT / 2]
        if len(late):
            before = spikes[len(spikes) - len(late) - 1]
            assert steady == pytest.approx(1000 * len(late) / (late[-1] - before))
        else:
            assert steady == 0
    assert curve.steady[0] == 0
    assert curve.steady[2] > 0


def test_noise_is_that_of_the_traces():
    noisy, currents = lif.Parameters(noise=3.0), np.array([1.2, 1.5])
    trace = lif.simulate(np.tile(currents, (5000, 1)), noisy, seed=4)
    curve = rate_curve(lif, currents, noisy, duration=500.0, seed=4)
    for spikes, onset in zip(trace.spikes, curve.onset, strict=True):
        assert onset == pytest.approx(1000 / (spikes[1] - spikes[0]))


def test_a_burst_counts_whole():
    """The chattering cell's mean rate does not depend on which of its spikes the last half begins with."""
    chattering = izhikevich.PRESETS["chattering"]
    rates = [rate_curve(izhikevich, [10.0], chattering, duration=d).steady[0] for d in np.arange(1000.0, 1100.0, 20)]
    assert np.ptp(rates) < 0.12 * np.mean(rates)


def test_adaptation_shows_between_onset_and_steady():
    curve = rate_curve(izhikevich, [10.0, 15.0])
    assert (curve.onset > 1.5 * curve.steady).all()


@pytest.mark.parametrize(
    ("model", "parameters", "most", "type_", "rheobase"),
    [
        (lif, lif.TEXTBOOK, 4.0, "I", lif.rheobase()),
        (lif, lif.Parameters(tau_m=1.0, t_refractory=1.0), 4.0, "I", 1.5),
        (izhikevich, izhikevich.TEXTBOOK, 10.0, "I", 3.8),
        (izhikevich, izhikevich.PRESETS["resonator"], 2.0, "II", 0.21),
    ],
)
def test_excitability(model, parameters, most, type_, rheobase):
    found = excitability(model, rate_curve(model, np.linspace(0, most, 21), parameters), parameters)
    assert found.type == type_
    assert found.rheobase == pytest.approx(rheobase, rel=0.05)
    assert found.lowest_rate > 0


def test_excitability_is_none_where_no_threshold_was_crossed():
    for currents in ([0.0, 1.0], [2.0, 3.0]):  # all silent, all firing
        assert excitability(lif, rate_curve(lif, currents)) is None


@pytest.mark.parametrize("seed", range(8))
def test_excitability_under_noise_is_found_or_none(seed):
    """Other noise, other spikes: a current that fired on the curve may be silent when one looks closer."""
    noisy = lif.Parameters(noise=1.5)
    curve = rate_curve(lif, np.linspace(0, 2, 11), noisy, duration=200.0, seed=seed)
    found = excitability(lif, curve, noisy, duration=200.0, seed=seed + 1)
    assert found is None or 0 < found.rheobase <= 2


def test_nothing_to_run_is_refused():
    for duration in (0.0, 0.1, 1e9):
        with pytest.raises(SettingError, match="steps"):
            rate_curve(lif, [1.0], duration=duration)
    with pytest.raises(SettingError, match="K"):
        rate_curve(lif, np.ones((1, 1)))
    with pytest.raises(SettingError, match="weaker current"):
        rate_curve(izhikevich, [-900.0], dt=1.0)
    with pytest.raises(SettingError, match="goes to"):
        rate_curve(hodgkin_huxley, [1e9])


def test_whoever_no_longer_wants_a_curve_ends_it():
    calls = []

    def pulse() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rate_curve(lif, [1.0, 3.0], pulse=pulse)
    assert len(calls) == 2
