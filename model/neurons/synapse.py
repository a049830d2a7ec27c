"""Synapses: spikes of other neurons open conductances, which pull one membrane towards their reversal potentials.

    C dv/dt = -g_L (v - v_rest) - Σ_i g_i(t) (v - E_i)             τ_m = C / g_L
    g_i(t) = ḡ_i Σ_k s(t - t_ik)                                   the k-th spike of input i comes at t_ik
    s(t) = e^(-t/τ)          "exponential": open at once, then closing
    s(t) = t/τ e^(1 - t/τ)   "alpha": peaks at 1 after τ           (Rall 1967; Dayan and Abbott 2001, section 5.8)

v ≥ v_threshold: a spike, then v_reset for t_refractory.

An excitatory synapse (E = 0 mV) pulls v up, an inhibitory one (E = -80 mV) down. Where E is the resting potential,
inhibition moves nothing by itself, and yet it takes from what excitation does, since it opens a hole in the membrane:
shunting inhibition. No weighted sum does that.

Because the pull grows weaker as v nears E, post-synaptic potentials add up to less than their sum. ``linear`` in the
trace is that plain sum, and ``as_unit`` the artificial neuron that computes it.

Conductances are known in closed form. Over a step they are taken as constant at their middle, and v is then exact.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model import checks
from model.errors import SettingError
from model.neurons.artificial import respond
from model.neurons.membrane import check_limits
from model.traces import SynapseTrace, UnitTrace

#: ms.
DT = 0.1
SHAPES = ("exponential", "alpha")
#: The membrane that the synapses act on, all in Vogels and Abbott 2005 (as in Brette et al. 2007, benchmark 1): C, pF,
#: and g_L, nS.
CAPACITANCE, LEAK = 200.0, 10.0
#: mV.
V_REST, V_THRESHOLD, V_RESET = -60.0, -50.0, -60.0
#: ms.
T_REFRACTORY = 5.0
#: τ_m, ms.
TAU_M = CAPACITANCE / LEAK
#: The longest run, ms, the most inputs, and the most spikes of one.
MAX_DURATION, MOST_INPUTS, MOST_SPIKES = 10_000.0, 100, 1000


@dataclass(frozen=True)
class Synapse:
    """One input: how strong, what kind, and when its spikes come. Values of Vogels and Abbott 2005.

    Raises:
        SettingError: when a value is out of its limits.
    """

    #: When spikes come, ms, in any order.
    times: tuple[float, ...] = ()
    #: ḡ, nS: how far one spike opens it at most.
    strength: float = 6.0
    #: τ, ms.
    tau: float = 5.0
    #: E, mV.
    reversal: float = 0.0
    #: One of ``SHAPES``.
    shape: str = "exponential"

    def __post_init__(self) -> None:
        check_limits(self, {"strength": (0.0, 1000.0), "tau": (0.1, 1000.0), "reversal": (-200.0, 200.0)})
        if not isinstance(self.shape, str) or self.shape not in SHAPES:
            raise SettingError(
                "The shape of a synapse is {given}; it can be one of {choices}.",
                given=checks.quoted(self.shape),
                choices=", ".join(SHAPES),
            )
        times = checks.array("times", self.times)
        if times.size > MOST_SPIKES:
            raise SettingError(
                "An input has {count} spikes; at most {most} can be used.", count=times.size, most=MOST_SPIKES
            )
        if times.ndim != 1 or not ((times >= 0) & (times <= MAX_DURATION)).all():
            raise SettingError(
                "A spike comes at a time that cannot be used. Please give times from 0 to {longest} ms.",
                longest=MAX_DURATION,
            )
        object.__setattr__(self, "times", tuple(times.tolist()))

    def conductance(self, time: np.ndarray) -> np.ndarray:
        """g(t), nS, at these times, ms; same shape."""
        since = checks.array("time", time)[..., None] - np.array(self.times, np.float64)
        after = np.maximum(since, 0.0) / self.tau
        opened = np.exp(-after) if self.shape == "exponential" else after * np.exp(1 - after)
        return self.strength * np.where(since >= 0, opened, 0.0).sum(axis=-1)


def simulate(
    synapses: Sequence[Synapse],
    duration: float = 100.0,
    dt: float = DT,
    fires: bool = True,
) -> SynapseTrace:
    """The membrane, at rest before, under the spikes of its inputs.

    Args:
        synapses: one or more.
        duration: ms.
        dt: ms, 0.001 to 1.
        fires: without, there is no threshold: only potentials are seen.

    Raises:
        SettingError: when there are no inputs or too many, or duration and step cannot be used.
    """
    synapses = _checked(synapses)
    checks.flag("fires", fires)
    if not checks.within(dt, 0.001, 1.0) or not checks.within(duration, dt, min(MAX_DURATION, 1e6 * dt)):
        raise SettingError(
            "The run is {duration} ms in steps of {dt} ms; at most {longest} ms and a million steps can be run, each "
            "from 0.001 to 1 ms.",
            duration=checks.quoted(duration),
            dt=checks.quoted(dt),
            longest=MAX_DURATION,
        )
    time = np.arange(round(duration / dt)) * dt
    voltage, spikes = _follow(synapses, time, dt, fires)
    return SynapseTrace(
        time=time,
        arrivals=tuple(np.sort(np.array(one.times, np.float64)) for one in synapses),
        reversal=np.array([one.reversal for one in synapses]),
        conductance=np.stack([one.conductance(time) for one in synapses], axis=1),
        voltage=voltage,
        linear=V_REST + _sum_of_single(synapses, time),
        spikes=spikes,
        rest=V_REST,
        threshold=V_THRESHOLD,
    )


def peaks(synapses: Sequence[Synapse]) -> np.ndarray:
    """What one spike of each input does alone: the peak of its potential, mV, negative where it goes down, (I,).

    These are the weights of the artificial neuron that comes closest.
    """
    synapses = _checked(synapses)
    by_then = 5 * max(TAU_M, *(one.tau for one in synapses))  # every single potential has peaked
    single = _single(synapses, np.arange(0, by_then, DT))
    return single[np.abs(single).argmax(axis=0), np.arange(len(synapses))]


def as_unit(synapses: Sequence[Synapse], *, duration: float = 100.0, bin: float | None = None) -> UnitTrace:
    """The artificial neuron that gets the same inputs.

    The weights are ``peaks``, mV, so that the weighted sum is what the potentials' peaks add up to.

    Without ``bin`` it has no memory: x_i is the number of spikes of input i in the whole ``duration``, b is minus the
    way from rest to threshold, and y = step(w · x + b), in a single step.

    With ``bin`` (ms) it is a recurrent unit: x_t counts the spikes within each bin, w_rec = e^(-bin/τ_m) is what the
    membrane keeps from one bin to the next, and y_t = relu(w · x_t + w_rec y_{t-1}) is its guess of how far v is above
    rest, mV. To fire, it must reach the same threshold.

    Raises:
        SettingError: when duration and bin cannot be used.
    """
    synapses = _checked(synapses)
    weights = peaks(synapses)
    checks.number("duration", duration, 0.1, MAX_DURATION)
    if bin is None:
        counts = np.array([[sum(time < duration for time in one.times) for one in synapses]])
        return respond(counts, weights, V_REST - V_THRESHOLD, "step")
    if not checks.within(bin, 0.1, duration):
        raise SettingError(
            "Bins of {bin} ms do not fit {duration} ms. Please choose bins from 0.1 ms up to the duration.",
            bin=checks.quoted(bin),
            duration=duration,
        )
    edges = np.arange(math.ceil(duration / bin) + 1) * bin
    counts = np.stack([np.histogram(one.times, edges)[0] for one in synapses], axis=1)
    return respond(counts, weights, 0.0, "relu", math.exp(-bin / TAU_M))


def _checked(synapses: Sequence[Synapse]) -> list[Synapse]:
    """The inputs as a list. Raises: SettingError: when there are none or too many, or one is none."""
    known = checks.list_of("synapses", synapses, Synapse, "Synapse", 10**6)
    if not 0 < len(known) <= MOST_INPUTS:
        raise SettingError("There are {count} inputs; 1 to {most} can be used.", count=len(known), most=MOST_INPUTS)
    return known


def _follow(synapses: Sequence[Synapse], time: np.ndarray, dt: float, fires: bool) -> tuple[np.ndarray, np.ndarray]:
    """The voltage at the start of each step, (T,), and when it spiked."""
    g = np.stack([one.conductance(time + dt / 2) for one in synapses])
    total = g.sum(axis=0) + LEAK
    target = (np.array([one.reversal for one in synapses]) @ g + LEAK * V_REST) / total
    keep = np.exp(-dt / CAPACITANCE * total)
    pause = max(round(T_REFRACTORY / dt) - 1, 0)  # the step of the spike counts, too
    voltage, spikes, v, waits = [], [], V_REST, 0
    for k, (towards, kept) in enumerate(zip(target.tolist(), keep.tolist(), strict=True)):
        voltage.append(v)
        if waits:
            waits -= 1
            continue
        v = towards + (v - towards) * kept
        if fires and v >= V_THRESHOLD:
            spikes.append(k)
            v, waits = V_RESET, pause
    return np.array(voltage), time[spikes]


def _single(synapses: Sequence[Synapse], time: np.ndarray) -> np.ndarray:
    """What one spike of each input at time 0 does alone to a membrane without threshold: v - v_rest, (T, I), mV."""
    dt = float(time[1] - time[0])
    alone = [Synapse((0.0,), one.strength, one.tau, one.reversal, one.shape) for one in synapses]
    return np.stack([_follow([one], time, dt, False)[0] for one in alone], axis=1) - V_REST


def _sum_of_single(synapses: Sequence[Synapse], time: np.ndarray) -> np.ndarray:
    """What the potentials would add up to if they did not get in each other's way, (T,), mV."""
    if len(time) < 2:
        return np.zeros(len(time))
    total = np.zeros(len(time))
    for one, alone in zip(synapses, _single(synapses, time).T, strict=True):
        for arrival in one.times:
            total += np.interp(time - arrival, time, alone, left=0.0)
    return total
