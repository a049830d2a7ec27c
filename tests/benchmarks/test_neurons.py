"""A Hodgkin-Huxley f-I curve, by ``rate_curve`` and by brian2 on NumPy: 40 currents, 0.01 ms steps.

    make bench

Both are in one run, on the same equations and scheme, and count the same spikes. The whole curve takes 1 s of model
time, 100,000 steps; brian2 is timed over a part of it, its preparations aside. Then one neuron's trace as a page draws
it: a change of stimulus has half a second for all.
"""

import statistics
from collections.abc import Callable
from time import process_time

import numpy as np
import pytest

from model.neurons import Stimulus, hodgkin_huxley, izhikevich, lif, rate_curve
from tests.brian import brian2 as b2

MODELS = {model.MODEL.name: model for model in (lif, izhikevich, hodgkin_huxley)}
CURRENTS = np.linspace(0, 60, 40)  # µA/cm²
PART = 50.0  # ms
ROUNDS = 3

#: With e^x written out, as brian2 is quickest: with its ``exprel``, which knows the limits at -40 and -55 mV, a step
#: takes it about ten times as long.
EQUATIONS = """
dv/dt = (I - g_na * m**3 * h * (v - 50*mV) - g_k * n**4 * (v + 77*mV) - g_l * (v + 54.387*mV)) / (1*uF/cm**2) : volt
dm/dt = (0.1/mV * (v + 40*mV) / (1 - exp(-(v + 40*mV) / (10*mV))) * (1 - m)
         - 4 * exp(-(v + 65*mV) / (18*mV)) * m) / ms : 1
dh/dt = (0.07 * exp(-(v + 65*mV) / (20*mV)) * (1 - h) - h / (1 + exp(-(v + 35*mV) / (10*mV)))) / ms : 1
dn/dt = (0.01/mV * (v + 55*mV) / (1 - exp(-(v + 55*mV) / (10*mV))) * (1 - n)
         - 0.125 * exp(-(v + 65*mV) / (80*mV)) * n) / ms : 1
I : amp/meter**2 (constant)
"""


class ByBrian:
    """The patches of a curve in brian2, ready to run."""

    def __init__(self) -> None:
        self.group = b2.NeuronGroup(
            len(CURRENTS),
            EQUATIONS,
            threshold="v >= 0*mV",
            refractory="v >= 0*mV",  # one spike for each crossing
            method="exponential_euler",
            dt=hodgkin_huxley.DT * b2.ms,
            namespace={
                "g_na": 120 * b2.msiemens / b2.cm**2,
                "g_k": 36 * b2.msiemens / b2.cm**2,
                "g_l": 0.3 * b2.msiemens / b2.cm**2,
            },
        )
        self.group.I = CURRENTS * b2.uA / b2.cm**2
        self.group.v = -65 * b2.mV
        for gate, value in hodgkin_huxley.steady_states(-65.0).items():
            setattr(self.group, gate, float(value))
        self.spikes = b2.SpikeMonitor(self.group)
        self.network = b2.Network(self.group, self.spikes)
        self.network.run(0 * b2.ms)

    def seconds(self, duration: float) -> float:
        """How much longer it takes to run for so many ms than for none: the preparations of each run are no part."""
        times = []
        for length in (0.0, duration):
            started = process_time()
            self.network.run(length * b2.ms)
            times.append(process_time() - started)
        return times[1] - times[0]


@pytest.mark.parametrize("name", MODELS)
def test_one_trace(benchmark, name):
    """200 ms of a single neuron: 2,000 steps, or 20,000 of Hodgkin-Huxley's."""
    model = MODELS[name]
    current = Stimulus(amplitude=10.0).current(model.DT)
    benchmark.group = "one neuron, 200 ms"
    assert benchmark(model.simulate, current).spikes.size


@pytest.mark.parametrize("name", MODELS)
def test_curve(benchmark, name):
    benchmark.group = "f-I curve, 40 currents"
    benchmark.extra_info["model_ms"] = PART
    assert benchmark(rate_curve, MODELS[name], CURRENTS, duration=PART).onset.any()


def test_curve_is_faster_than_brian2s(benchmark):
    """By turns, in processor time, so that whatever else the machine does matters little; medians count."""
    brian = ByBrian()
    ways: dict[str, Callable[[], float]] = {"brian2": lambda: brian.seconds(PART), "ours": _ours}
    times: dict[str, list[float]] = {"brian2": [], "ours": []}

    def both() -> None:
        for way, timed in ways.items():
            times[way].append(timed())

    benchmark.group = "f-I curve by both, see extra_info"
    benchmark.pedantic(both, rounds=ROUNDS)
    each = {way: statistics.median(taken) / PART * hodgkin_huxley.DT * 1e6 for way, taken in times.items()}
    benchmark.extra_info.update({f"{way}_us_a_step": round(value, 1) for way, value in each.items()})
    print(f"µs a step of {len(CURRENTS)} patches: brian2 {each['brian2']:.0f}, ours {each['ours']:.0f}")
    assert each["ours"] < each["brian2"]


def test_both_count_the_same_spikes():
    """What is timed is the same work."""
    brian = ByBrian()
    brian.network.run(PART * b2.ms)
    curve = rate_curve(hodgkin_huxley, CURRENTS, duration=PART)
    for train, onset in zip(brian.spikes.spike_trains().values(), curve.onset, strict=True):
        times = np.asarray(train / b2.ms)
        assert onset == pytest.approx(1000 / (times[1] - times[0]) if len(times) > 1 else 0.0)


def _ours() -> float:
    started = process_time()
    rate_curve(hodgkin_huxley, CURRENTS, duration=PART)
    return process_time() - started
