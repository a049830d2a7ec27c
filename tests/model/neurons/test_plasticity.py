"""Plasticity: the window's numbers, pairs of trains, bounds; the gradient step against autograd."""

import numpy as np
import pytest
import torch

from model.errors import SettingError
from model.neurons.plasticity import BI_AND_POO, SONG_MILLER_ABBOTT, Parameters, change, descend, hebb, pair, window
from tests.brian import brian2 as b


def test_the_window_has_the_papers_values():
    assert window(20.0) == pytest.approx(0.005 / np.e)
    assert window(-20.0) == pytest.approx(-0.00525 / np.e)
    assert window(0.0) == 0
    # 60 pairings at +10 ms add 43 %, at -10 ms take 20 % (the fit to Bi and Poo's measurements).
    assert 60 * window(10.0, BI_AND_POO) == pytest.approx(0.777 * np.exp(-10 / 16.8))
    assert 60 * window(-10.0, BI_AND_POO) == pytest.approx(-0.273 * np.exp(-10 / 33.7))


def test_chance_pairs_weaken_with_song_miller_abbott():
    delays = np.linspace(-200, 200, 40_001)
    assert np.trapezoid(window(delays), delays) < 0


def test_brian2_agrees_on_two_spike_trains():
    """All pairs count, as with brian2's traces of the spikes."""
    generator = np.random.default_rng(0)
    # Pre at even, post at odd tenths of a ms, so that no pair falls on one step.
    pre, post = (np.unique(generator.integers(0, 1000, 30) * 2 + odd) / 10 for odd in (0, 1))
    before, after = (
        b.SpikeGeneratorGroup(1, np.zeros(len(train), int), train * b.ms, dt=0.1 * b.ms) for train in (pre, post)
    )
    synapse = b.Synapses(
        before,
        after,
        """w : 1
        dapre/dt = -apre/(20*ms) : 1 (event-driven)
        dapost/dt = -apost/(20*ms) : 1 (event-driven)""",
        on_pre="apre += 0.005; w += apost",
        on_post="apost -= 0.00525; w += apre",
        dt=0.1 * b.ms,
    )
    synapse.connect()
    b.Network(before, after, synapse).run(201 * b.ms)
    assert change(pre, post) == pytest.approx(float(synapse.w[0]), rel=1e-6)


def test_pairings_add_up_until_the_bound():
    trace = pair([0.0], [10.0], pairings=60)
    assert trace.weights[0] == 0.5 and np.allclose(np.diff(trace.weights), 0.005 * np.exp(-0.5))
    many = pair([0.0], [10.0], pairings=1000)
    assert many.weights.max() == many.weights[-1] == 1.0
    fewer = pair([10.0], [0.0], pairings=1000)
    assert fewer.weights.min() == fewer.weights[-1] == 0.0  # never inhibitory: Dale's principle


def test_order_decides_the_sign():
    assert change([0.0], [5.0]) > 0 > change([5.0], [0.0])
    assert change([], [1.0, 2.0]) == 0


def test_hebb_does_not_care_for_timing_nor_for_a_target():
    assert np.array_equal(hebb([1.0, 0.0, 2.0], 0.5, 0.1), [0.05, 0.0, 0.1])


def test_the_gradient_is_autograds():
    x, w, b, target = [0.7, -1.2, 0.0], [0.3, 0.8, -0.5], 0.2, 0.9
    trace = descend(x, w, b, target, rate=0.5, steps=3)
    w_torch = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    b_torch = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w_torch, b_torch], lr=0.5)
    for step in range(4):
        y = torch.sigmoid(torch.tensor(x, dtype=torch.float64) @ w_torch + b_torch)
        error = (y - target) ** 2 / 2
        optimizer.zero_grad()
        error.backward()
        assert np.allclose(trace.weights[step], w_torch.detach(), atol=1e-14)
        assert np.allclose(trace.gradient[step], w_torch.grad, atol=1e-14)
        assert trace.output[step] == pytest.approx(y.item()) and trace.error[step] == pytest.approx(error.item())
        assert trace.bias[step] == pytest.approx(b_torch.item())
        optimizer.step()


def test_a_small_step_goes_downhill_and_a_silent_input_gets_no_blame():
    trace = descend([1.0, 0.0], [0.5, -0.5], 0.0, target=0.0, steps=200)
    assert (np.diff(trace.error) < 0).all()
    assert (trace.weights[:, 1] == -0.5).all()


def test_a_weight_may_change_its_sign_as_no_synapse_does():
    assert np.ptp(np.sign(descend([1.0], [0.5], 0.0, 0.0, rate=5.0, steps=20).weights[:, 0])) == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: Parameters(tau_plus=0),
        lambda: Parameters(a_plus=-1),
        lambda: Parameters(w_max=float("inf")),
        lambda: pair([0], [1], pairings=-1),
        lambda: pair([0], [1], weight=2),
        lambda: pair([0], [1], weight=float("nan")),
        lambda: change([float("nan")], [1.0]),
        lambda: change(range(2000), [1.0]),
        lambda: descend([1], [1, 2], 0, 0),
        lambda: descend([], [], 0, 0),
        lambda: descend([1], [1], 0, 2),
        lambda: descend([float("nan")], [1], 0, 1),
        lambda: descend([1], [1], 0, 1, steps=10**6),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(make):
    with pytest.raises(SettingError) as caught:
        make()
    assert str(caught.value).endswith(".") and "{" not in str(caught.value)


def test_the_extremes_stay_finite():
    trace = descend([1000.0], [1000.0], 1000.0, 0.0, rate=1000.0, steps=10)
    assert np.isfinite(trace.weights).all() and np.isfinite(trace.error).all()
    assert np.isfinite(window(np.array([-1e9, 1e9, 0.0]))).all()
    assert SONG_MILLER_ABBOTT.a_minus / SONG_MILLER_ABBOTT.a_plus == pytest.approx(1.05)
