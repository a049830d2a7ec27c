"""What synapses do to a membrane, and how they and an artificial unit's weights learn."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SynapseTrace:
    """What the spikes of I inputs did to one membrane over T steps."""

    #: The start of each step, (T,), ms.
    time: np.ndarray
    #: When each input's spikes came, ms: I arrays.
    arrivals: tuple[np.ndarray, ...]
    #: The potential that each input pulls the membrane to, (I,), mV.
    reversal: np.ndarray
    #: How far each input's synapse is open, (T, I), nS.
    conductance: np.ndarray
    #: The membrane's voltage, (T,), mV.
    voltage: np.ndarray
    #: What the inputs' potentials, each measured alone, add up to, (T,), mV: a weighted sum knows no more.
    linear: np.ndarray
    #: When the membrane itself spiked, ms.
    spikes: np.ndarray
    #: mV.
    rest: float
    threshold: float

    @property
    def current(self) -> np.ndarray:
        """What flows into the membrane through each synapse, (T, I), pA: -g (v - E)."""
        return -self.conductance * (self.voltage[:, None] - self.reversal)


@dataclass(frozen=True)
class PlasticityTrace:
    """How a synapse's weight changed over P pairings of the same spikes."""

    #: The spikes of one pairing before and behind the synapse, ms.
    pre: np.ndarray
    post: np.ndarray
    #: What one pairing adds to the weight, as long as no bound is met.
    change: float
    #: The weight before the first pairing and after each, (P + 1,), from 0 to ``w_max``.
    weights: np.ndarray
    w_max: float


@dataclass(frozen=True)
class DescentTrace:
    """How a sigmoid unit's weights changed over S steps of gradient descent on E = (y - target)² / 2."""

    #: x, (I,).
    inputs: np.ndarray
    target: float
    #: η.
    rate: float
    #: w before the first step and after each, (S + 1, I), and b, (S + 1,).
    weights: np.ndarray
    bias: np.ndarray
    #: y with these weights, (S + 1,).
    output: np.ndarray
    #: dE/dw there, (S + 1, I).
    gradient: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """E, (S + 1,)."""
        return (self.output - self.target) ** 2 / 2
