"""What a living neuron's model, an artificial one, and a circuit of many did under a stimulus."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np


class Variable(NamedTuple):
    """A variable of a model neuron beside its voltage, and what a chart must know to draw it."""

    #: Its name in ``NeuronTrace.state``, and in formulas where it has no other symbol.
    name: str
    #: What it is, in English, with its unit; marked for translation.
    label: str
    #: "" where it has none.
    unit: str = ""
    #: What its axis holds at least; None where its own values say it.
    axis: tuple[float, float] | None = None
    #: What its axis in a phase plane holds at least.
    plane: tuple[float, float] = (0.0, 0.0)
    #: How many digits after the point tell its values apart.
    digits: int = 1
    #: How a value at a time, ms, is read, in English, marked for translation; "" for "name = value".
    reading: str = ""


@dataclass(frozen=True)
class MembraneTrace:
    """What a model of a living neuron did over T steps: a ``NeuronTrace`` of one, or a ``PopulationTrace`` of N.

    It says by itself how it is to be drawn, so that a chart need not know its model.
    """

    #: Which model: its name in ``model.neurons.MODELS``.
    model: str
    #: The start of each step, (T,), ms.
    time: np.ndarray
    #: What was injected during each step, (T,) or (T, N), in ``unit``.
    current: np.ndarray
    #: The membrane's voltage, (T,) or (T, N), mV.
    voltage: np.ndarray
    #: When it spiked, ms: the steps at which the threshold was crossed upwards.
    spikes: np.ndarray | tuple[np.ndarray, ...]
    #: The model's other variables by name, each (T,) or (T, N).
    state: dict[str, np.ndarray]
    #: The current's unit; "" where it has none.
    unit: str = ""
    #: The voltage at which it fires, mV; None where that is no fixed one.
    threshold: float | None = None
    #: Those variables of ``state`` that it lives by, on one axis, in the order in which they are drawn.
    variables: tuple[Variable, ...] = ()
    #: What they are together, where that is more than their labels: English, marked for translation, with {name} where
    #: one is named.
    inside: str = ""


@dataclass(frozen=True)
class NeuronTrace(MembraneTrace):
    """What one neuron did under one current: all arrays are (T,)."""

    #: One number for each spike.
    spikes: np.ndarray


@dataclass(frozen=True)
class PopulationTrace(MembraneTrace):
    """What N neurons did side by side, each under a current of its own: all arrays are (T, N)."""

    #: An array for each neuron.
    spikes: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class UnitTrace:
    """What an artificial neuron did over T steps: y_t = f(w · x_t + w_rec y_{t-1} + b); w_rec is 0 without memory."""

    #: f by name: ``"step"``, ``"sigmoid"``, ``"tanh"`` or ``"relu"``.
    activation: str
    #: x_t, (T, I).
    inputs: np.ndarray
    #: w, (I,).
    weights: np.ndarray
    bias: float
    #: w_rec.
    recurrent_weight: float
    #: The weighted sum, bias and own past included, (T,).
    pre_activation: np.ndarray
    #: y_t, (T,).
    output: np.ndarray


@dataclass(frozen=True)
class RateCurve:
    """How often a model neuron fires under a constant current: its f-I curve. K currents."""

    model: str
    #: (K,), in the model's own unit.
    currents: np.ndarray
    #: One over the first interval between spikes, (K,), Hz; 0 where fewer than two spikes came.
    onset: np.ndarray
    #: The mean rate over the last half of the stimulus, (K,), Hz.
    steady: np.ndarray


@dataclass(frozen=True)
class Excitability:
    """How a model neuron begins to fire as a constant current grows (Hodgkin 1948)."""

    #: The least current found under which it keeps firing, in the model's own unit: its rheobase for lasting firing.
    rheobase: float
    #: How often it fires there, Hz.
    lowest_rate: float
    #: ``"I"``: it can fire as slowly as one likes, if the current is only near enough to the threshold. ``"II"``: its
    #: rate jumps from none to this one.
    type: Literal["I", "II"]


@dataclass(frozen=True)
class CircuitTrace:
    """What a circuit of N spiking neurons, in groups, did over T steps. The neurons are numbered group by group."""

    #: What the groups are called (two selective ones, other pyramidal cells, interneurons), and their sizes.
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    #: The start of each step, (T,), ms.
    time: np.ndarray
    #: The additional spikes that each neuron of the two selective groups got, (T, 2), Hz.
    stimulus: np.ndarray
    #: When a neuron spiked, (S,), ms, in order, and which it was, (S,), from 0 to N - 1.
    spike_times: np.ndarray
    spike_neurons: np.ndarray
    #: How far the NMDA receptors of a pyramidal group's synapses are open, its mean from 0 to 1, (T, 3).
    nmda: np.ndarray

    @property
    def group_of_spikes(self) -> np.ndarray:
        """The group that each spike is of, (S,)."""
        return np.searchsorted(np.cumsum(self.sizes), self.spike_neurons, side="right")

    def rates(self, window: float = 50.0) -> np.ndarray:
        """Each group's mean firing rate over the ``window`` ms around each step, (T, G), Hz; shorter at the ends."""
        dt = self.time[1] - self.time[0]
        steps, groups = len(self.time), len(self.sizes)
        place = np.rint(self.spike_times / dt).astype(int) * groups + self.group_of_spikes
        counts = np.bincount(place, minlength=steps * groups).reshape(steps, groups)
        total = np.concatenate([np.zeros((1, groups), int), counts.cumsum(axis=0)])
        half = max(round(window / dt / 2), 1)
        start = np.maximum(np.arange(steps) - half, 0)
        end = np.minimum(np.arange(steps) + half, steps)
        return (total[end] - total[start]) / ((end - start) * dt / 1000)[:, None] / np.array(self.sizes)


@dataclass(frozen=True)
class RestingTrace:
    """What holds a membrane at rest (``model.neurons.resting``): K ways through it."""

    #: The ions by their signs, and ``"leak"``.
    names: tuple[str, ...]
    #: Where each way alone would hold the voltage, mV, (K,).
    potentials: np.ndarray
    #: How well each lets current pass at rest, mS/cm², (K,).
    conductances: np.ndarray
    #: V at rest, mV.
    voltage: float

    @property
    def shares(self) -> np.ndarray:
        """Each way's part of all conductance, (K,), sums to 1: the weights of the mean that V is."""
        return self.conductances / self.conductances.sum()

    @property
    def currents(self) -> np.ndarray:
        """g (V - E), µA/cm², outwards, (K,): they cancel."""
        return self.conductances * (self.voltage - self.potentials)
