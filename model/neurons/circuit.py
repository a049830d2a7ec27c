"""A circuit of spiking neurons that holds a memory: a flash of stimulus switches a group on, and it stays on.

The network of Brunel and Wang (2001, J. Comput. Neurosci. 11:63), a piece of cortex with working memory. Leaky
integrate-and-fire neurons, pyramidal cells that excite and interneurons that inhibit, each connected with all:

    C dv/dt = -g_L (v - E_L) - I,    v ≥ -50 mV: spike, then v = -55 mV for t_refractory
    I = [g_ext s_ext + g_AMPA Σ w_j s_j^AMPA + g_NMDA B(v) Σ w_j s_j^NMDA] v + g_GABA Σ s_j^GABA (v + 70 mV)
    B(v) = 1 / (1 + [Mg²⁺] e^(-0.062 v) / 3.57)        (Jahr and Stevens 1990: magnesium blocks the channel at rest)

Each s decays exponentially: AMPA in 2 ms, GABA in 10 ms, NMDA in 100 ms. A spike adds 1 to s of AMPA and GABA; NMDA
saturates: s ← s + (1 - 1/e)(1 - s), which is the paper's ds/dt = -s/τ + α x (1 - s), dx/dt = -x/τ_x (α τ_x = 1) with
its rise of τ_x = 2 ms taken as immediate. Every neuron also gets Poisson spikes from the rest of the brain (s_ext).

Groups A and B are a tenth of the pyramidal cells each: those that answer to stimulus A, or B. Within a group the
synapses are w₊ times as strong, and towards a group from other pyramidal cells w₋ = 1 - f (w₊ - 1)/(1 - f) times, so
that the sum stays the same (f: a group's share of the cells). w₊ is what learning has left behind, and it decides
whether the memory holds: the slow NMDA currents of a group's own spikes must replace the stimulus once it is gone,
while inhibition keeps all others down. Compte et al. (2000, Cereb. Cortex 10:910) and Wang (2001, Trends Neurosci.
24:455) say why slow excitation matters.

The network here has twice the paper's neurons with half its conductances: the mean is the same, the chance of so few
neurons is smaller. Since each neuron is connected with all, one sum a group is enough for all that it sends. Steps of
0.5 ms, which is also the delay of a synapse in the paper. Within a step the conductances are constant, at their mean
over it, and the voltage is exact.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model import checks
from model.errors import SettingError
from model.neurons.membrane import check_limits
from model.traces import CircuitTrace

#: ms: the step, and a synapse's delay.
DT = 0.5
#: The four groups of neurons: two selective ones, all other pyramidal cells, the interneurons.
GROUPS = ("a", "b", "other", "inhibitory")
#: ms, all in Brunel and Wang 2001.
TAU_AMPA, TAU_NMDA, TAU_GABA = 2.0, 100.0, 10.0
#: mV, all in Brunel and Wang 2001.
V_LEAK, V_THRESHOLD, V_RESET, V_INHIBITION = -70.0, -50.0, -55.0, -70.0
#: [Mg²⁺], mM.
MAGNESIUM = 1.0
#: By how much of the way to 1 a spike opens the NMDA gate.
NMDA_JUMP = 1 - math.exp(-1)
#: The paper's numbers of neurons, for which its conductances are given.
PAPER_EXCITATORY, PAPER_INHIBITORY = 800, 200
#: The longest run, ms: what a page can wait for.
MAX_DURATION = 10_000.0
#: The most stimuli in one run.
MOST_FLASHES = 100

LIMITS = {
    "w_plus": (0.0, 3.0),
    "selective": (0.02, 0.4),
    "external_rate": (0.0, 10_000.0),
    "excitatory": (100, 16_000),
    "inhibitory": (25, 4_000),
}


@dataclass(frozen=True)
class NeuronType:
    """One kind of neuron, and the peak conductances of the synapses onto it (Brunel and Wang 2001, section 2)."""

    #: pF.
    capacitance: float
    #: nS.
    leak: float
    #: ms.
    t_refractory: float
    #: nS, a spike from outside.
    external: float
    #: nS, a pyramidal cell's spike in the paper's network, by AMPA and by NMDA receptors.
    ampa: float
    nmda: float
    #: nS, an interneuron's spike in the paper's network.
    gaba: float


PYRAMIDAL = NeuronType(500.0, 25.0, 2.0, external=2.08, ampa=0.104, nmda=0.327, gaba=1.25)
INTERNEURON = NeuronType(200.0, 20.0, 1.0, external=1.62, ampa=0.081, nmda=0.258, gaba=0.973)


@dataclass(frozen=True)
class Parameters:
    """The circuit as a whole; values of Brunel and Wang 2001 where not said.

    Raises:
        SettingError: when a parameter is out of its limits.
    """

    #: w₊: synapses within a group, times so much. Below about 2.05 the circuit forgets.
    w_plus: float = 2.1
    #: f: the share of the pyramidal cells that are in group A; as many are in B.
    selective: float = 0.1
    #: Spikes from outside that each neuron gets, Hz: 800 synapses at 3 Hz.
    external_rate: float = 2400.0
    #: Numbers of pyramidal cells and interneurons: twice the paper's.
    excitatory: int = 1600
    inhibitory: int = 400

    def __post_init__(self) -> None:
        check_limits(self, LIMITS)

    @property
    def w_minus(self) -> float:
        """w₋: synapses onto a group from pyramidal cells of other groups, times so much; never negative."""
        return max(0.0, 1 - self.selective * (self.w_plus - 1) / (1 - self.selective))

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """How many neurons each of ``GROUPS`` has."""
        group = round(self.selective * self.excitatory)
        return group, group, self.excitatory - 2 * group, self.inhibitory

    @property
    def weights(self) -> np.ndarray:
        """How strong pyramidal synapses are, times the plain one: to each group, from A, B, other cells, (4, 3)."""
        plus, minus = self.w_plus, self.w_minus
        return np.array([[plus, minus, minus], [minus, plus, minus], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])


TEXTBOOK = Parameters()


@dataclass(frozen=True)
class Flash:
    """A stimulus that comes and goes: more spikes from outside, for one group alone.

    Raises:
        SettingError: when a value is out of its limits.
    """

    #: ``"a"`` or ``"b"``.
    group: str = "a"
    #: ms.
    start: float = 500.0
    length: float = 500.0
    #: Hz, additional spikes that each neuron of the group gets.
    strength: float = 200.0

    def __post_init__(self) -> None:
        if not isinstance(self.group, str) or self.group not in GROUPS[:2]:
            raise SettingError("A flash goes to group a or b, not to {given}.", given=checks.quoted(self.group))
        check_limits(self, {"start": (0.0, MAX_DURATION), "length": (0.0, MAX_DURATION), "strength": (0.0, 5_000.0)})


def simulate(
    flashes: Sequence[Flash] = (Flash(),),
    parameters: Parameters = TEXTBOOK,
    duration: float = 2500.0,
    dt: float = DT,
    seed: int = 0,
) -> CircuitTrace:
    """Run the circuit for ``duration`` ms from a silent start.

    Args:
        flashes: the stimuli, in any order; without any, only the spontaneous activity is seen.
        duration: ms, up to ``MAX_DURATION``.
        dt: ms, 0.05 to 0.5. It is also the synapses' delay.
        seed: of the spikes from outside and of the voltages at the start.

    Raises:
        SettingError: when the duration, the step or the seed cannot be used.
    """
    flashes = checks.list_of("flashes", flashes, Flash, "Flash", MOST_FLASHES)
    checks.kind("parameters", parameters, Parameters, "circuit.Parameters")
    _check_run(duration, dt)
    generator = np.random.default_rng(checks.seed(seed))
    stimulus = _stimulus(flashes, round(duration / dt), dt)
    time, sizes = np.arange(len(stimulus)) * dt, np.array(parameters.sizes)
    gates, spiked = _run(parameters, stimulus, dt, generator)
    return CircuitTrace(
        groups=GROUPS,
        sizes=parameters.sizes,
        time=time,
        stimulus=stimulus,
        spike_times=np.repeat(time, [len(fired) for fired in spiked]),
        spike_neurons=np.concatenate(spiked),
        nmda=gates / sizes[:3],
    )


def _run(
    p: Parameters, stimulus: np.ndarray, dt: float, generator: np.random.Generator
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Each step's sums of the senders' NMDA gates, (steps, 3), and which neurons fired in it."""
    steps, sizes = len(stimulus), np.array(p.sizes)
    neurons, member = int(sizes.sum()), np.repeat(np.arange(4), sizes)  # which group each neuron is in
    arrivals = _arrivals(generator, p.external_rate * dt / 1000, steps, neurons)

    # Constants: by group, (4,), or by neuron, (N,) in float32, which is plenty here.
    weights = p.weights
    leak, pause = _by_group("leak"), np.rint(_by_group("t_refractory") / dt).astype(int)[member]
    ampa, nmda, gaba, by_group = _conductances(p, dt)
    external = by_group.astype(np.float32)[member]
    step_by_capacitance = (-dt / _by_group("capacitance")).astype(np.float32)[member]
    block = np.float32(MAGNESIUM / 3.57)
    keep_ampa, keep_nmda, keep_gaba = (math.exp(-dt / tau) for tau in (TAU_AMPA, TAU_NMDA, TAU_GABA))

    # State: a sum over the neurons of each sending group, or a number for each neuron.
    s_ampa, s_nmda, s_gaba = np.zeros(3), np.zeros(3), 0.0
    gate = _NmdaGates(neurons, keep_nmda)
    s_external = np.zeros(neurons, np.float32)
    voltage = generator.uniform(V_LEAK, V_RESET, neurons).astype(np.float32)
    waits_until = np.full(neurons, -1)

    gates, spiked = np.zeros((steps, 3)), []
    for k, arrived in enumerate(arrivals):
        s_external *= np.float32(keep_ampa)
        s_external += arrived
        for group in np.flatnonzero(stimulus[k]):
            extra = generator.poisson(stimulus[k, group] * dt / 1000, sizes[group])
            s_external[group * sizes[0] : (group + 1) * sizes[0]] += extra

        inhibition = gaba * s_gaba
        g_ampa, g_nmda, g_rest, pull = np.array(
            [
                ampa * (weights @ s_ampa),
                nmda * (weights @ s_nmda),
                leak + inhibition,
                leak * V_LEAK + inhibition * V_INHIBITION,  # excitation reverses at 0 mV and adds nothing
            ],
            np.float32,
        )[:, member]
        total = external * s_external + g_ampa + g_nmda / (1 + block * np.exp(np.float32(-0.062) * voltage)) + g_rest
        target = pull / total
        voltage = target + (voltage - target) * np.exp(total * step_by_capacitance)
        voltage[waits_until > k] = V_RESET

        s_ampa, s_nmda, s_gaba = s_ampa * keep_ampa, s_nmda * keep_nmda, s_gaba * keep_gaba
        fired = np.flatnonzero(voltage >= V_THRESHOLD)
        if len(fired):
            voltage[fired] = V_RESET
            waits_until[fired] = k + 1 + pause[fired]
            opened = gate.open(fired, k)
            senders = member[fired]
            s_ampa += np.bincount(senders, minlength=4)[:3]
            s_nmda += np.bincount(senders, opened, minlength=4)[:3]
            s_gaba += np.count_nonzero(senders == 3)
        gates[k] = s_nmda
        spiked.append(fired)

    return gates, spiked


def _check_run(duration: float, dt: float) -> None:
    """Raises: SettingError: when no run can be that long, or in such steps."""
    if not checks.within(duration, 10.0, MAX_DURATION) or not checks.within(dt, 0.05, 0.5):
        raise SettingError(
            "The run is {duration} ms in steps of {dt} ms; a run from 10 to {longest} ms can be made, in steps from "
            "0.05 to 0.5 ms.",
            duration=checks.quoted(duration),
            dt=checks.quoted(dt),
            longest=MAX_DURATION,
        )


def _conductances(p: Parameters, dt: float) -> tuple[np.ndarray, ...]:
    """The mean conductance that one spike opens during a step, by the group that receives it, each (4,), nS: AMPA, NMDA
    and GABA from within, AMPA from outside. A circuit smaller than the paper's has stronger synapses."""
    return (
        _by_group("ampa") * PAPER_EXCITATORY / p.excitatory * _mean(dt, TAU_AMPA),
        _by_group("nmda") * PAPER_EXCITATORY / p.excitatory * _mean(dt, TAU_NMDA),
        _by_group("gaba") * PAPER_INHIBITORY / p.inhibitory * _mean(dt, TAU_GABA),
        _by_group("external") * _mean(dt, TAU_AMPA),
    )


class _NmdaGates:
    """NMDA's s of each neuron, as it was after its last spike, and at which step that was."""

    def __init__(self, neurons: int, keep: float):
        self.keep = keep
        self.value, self.step = np.zeros(neurons), np.zeros(neurons, int)

    def open(self, fired: np.ndarray, step: int) -> np.ndarray:
        """How much further those of the neurons that ``fired`` open, (S,)."""
        left = self.value[fired] * self.keep ** (step - self.step[fired])
        opened = NMDA_JUMP * (1 - left)
        self.value[fired], self.step[fired] = left + opened, step
        return opened


def _by_group(name: str) -> np.ndarray:
    """A property of the cells of each of ``GROUPS``, (4,)."""
    return np.array([getattr(PYRAMIDAL, name)] * 3 + [getattr(INTERNEURON, name)])


def _mean(dt: float, tau: float) -> float:
    """The mean of e^(-t/τ) over a step: what a decaying conductance is worth during it."""
    return tau / dt * -math.expm1(-dt / tau)


def _stimulus(flashes: Sequence[Flash], steps: int, dt: float) -> np.ndarray:
    """The additional spikes that each neuron of groups A and B gets, (T, 2), Hz. Flashes at the same time add up."""
    stimulus = np.zeros((steps, 2))
    for flash in flashes:
        on = slice(round(flash.start / dt), round((flash.start + flash.length) / dt))
        stimulus[on, GROUPS.index(flash.group)] += flash.strength
    return stimulus


def _arrivals(generator: np.random.Generator, mean: float, steps: int, neurons: int) -> Iterator[np.ndarray]:
    """For each step, how many spikes from outside reach each neuron, (N,): Poisson numbers.

    They are most of the work. Looking them up, by a random number of 16 bits, in a table of the distribution is ten
    times as fast as ``generator.poisson``; the probabilities are right to 1/65536.
    """
    most = math.ceil(mean + 10 * math.sqrt(mean) + 10)
    log_probabilities = np.arange(most) * math.log(max(mean, 1e-300)) - mean
    log_probabilities[1:] -= np.cumsum(np.log(np.arange(1, most)))
    table = np.searchsorted(np.cumsum(np.exp(log_probabilities)), (np.arange(65536) + 0.5) / 65536).astype(np.float32)
    for start in range(0, steps, 100):
        chunk = min(100, steps - start)
        yield from table[generator.integers(0, 65536, (chunk, neurons), dtype=np.uint16)]
