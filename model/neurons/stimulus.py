"""What is put into a neuron: a current over time, the same for every model and step size."""

import math
from dataclasses import dataclass

import numpy as np

from model import checks
from model.errors import SettingError
from model.neurons.membrane import MOST_STEPS, Current, check_limits

#: What each adds from ``start`` to ``stop``. step: ``amplitude``. pulses: ``amplitude`` for ``width`` each ``period``.
#: ramp: a line from 0 to ``amplitude``. noise: ``amplitude`` plus a fresh normal number of standard deviation ``sigma``
#: every ``width``. sine: ``amplitude`` sin(2π (t - start) / ``period``).
KINDS = ("step", "pulses", "ramp", "noise", "sine")

#: The least and the most of each number. The models have limits of their own for the current.
LIMITS = {
    "amplitude": (-20_000.0, 20_000.0),
    "baseline": (-20_000.0, 20_000.0),
    "duration": (0.1, 20_000.0),
    "start": (0.0, 20_000.0),
    "stop": (0.0, 20_000.0),
    "period": (0.1, 20_000.0),
    "width": (0.01, 20_000.0),
    "sigma": (0.0, 20_000.0),
}


@dataclass(frozen=True)
class Stimulus:
    """A current: ``baseline`` all the time, and from ``start`` to ``stop`` what the kind adds (see ``KINDS``).

    Currents are in the unit of the model that gets them.

    Raises:
        SettingError: when a value is out of its limits, or the stop is not after the start.
    """

    #: One of ``KINDS``.
    kind: str = "step"
    #: In the model's unit.
    amplitude: float = 1.0
    #: In the model's unit.
    baseline: float = 0.0
    #: ms, the first moment of what is added.
    start: float = 20.0
    #: ms, its end; from ``duration`` on it is cut off.
    stop: float = 180.0
    #: ms, how long all lasts.
    duration: float = 200.0
    #: ms, from one pulse to the next, or of one wave.
    period: float = 25.0
    #: ms, how long a pulse lasts, or each value of the noise.
    width: float = 2.0
    #: In the model's unit: the noise's standard deviation.
    sigma: float = 0.5
    #: Of the noise.
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            raise SettingError(
                "The stimulus is {given}; it can be one of {choices}.",
                given=checks.quoted(self.kind),
                choices=", ".join(KINDS),
            )
        check_limits(self, LIMITS)
        checks.seed(self.seed)
        if not self.start < self.stop:
            raise SettingError(
                "The stimulus stops at {stop} ms, not after its start at {start} ms. Please choose a later stop.",
                stop=self.stop,
                start=self.start,
            )

    def current(self, dt: float) -> Current:
        """The current during each step of ``dt`` ms, by its value at the step's start, (T,), T = duration / dt.

        Raises:
            SettingError: when the step is no length, longer than the duration, or so short that there are more than
                ``MOST_STEPS``.
        """
        if not checks.within(dt, 0.0, math.inf) or not dt:
            raise SettingError("The step is {given} ms. Please choose one longer than zero.", given=checks.quoted(dt))
        if dt >= 2 * self.duration:
            raise SettingError(
                "The duration of {duration} ms is shorter than a step of {dt} ms. Please choose a longer one.",
                duration=self.duration,
                dt=checks.quoted(dt),
            )
        dt = float(dt)
        if self.duration / dt > MOST_STEPS:
            raise SettingError(
                "{duration} ms in steps of {dt} ms are more than {most} steps. Please choose a longer step.",
                duration=self.duration,
                dt=dt,
                most=MOST_STEPS,
            )
        steps = round(self.duration / dt)
        time = np.arange(steps) * dt
        tiny = dt / 1000  # so that rounding moves no edge to the next step
        on = (time >= self.start - tiny) & (time < self.stop - tiny)
        return self.baseline + np.where(on, self._added(np.maximum(time - self.start, 0), tiny), 0.0)

    def _added(self, since: np.ndarray, tiny: float) -> np.ndarray:
        """What the kind adds, from the time since ``start``, ms."""
        match self.kind:
            case "step":
                return np.full(len(since), self.amplitude)
            case "pulses":
                return self.amplitude * ((since + tiny) % self.period < self.width)
            case "ramp":
                return self.amplitude * since / (self.stop - self.start)
            case "sine":
                return self.amplitude * np.sin(2 * np.pi * since / self.period)
            case "noise":
                held = ((since + tiny) / self.width).astype(int)
                fresh = np.random.default_rng(self.seed).standard_normal(held[-1] + 1)
                return self.amplitude + self.sigma * fresh[held]
        raise AssertionError(self.kind)
