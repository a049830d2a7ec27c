"""What all single neurons share: checks, and one loop over time that runs a model's step.

A model writes its step once, with ``maths.exp`` and the like. For one neuron the loop runs it on Python's floats, which
here are ten times faster than arrays of one number; for N neurons side by side on arrays (N,).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

import numpy as np

from model import checks
from model.errors import SettingError
from model.traces import NeuronTrace, PopulationTrace, Variable

#: The most steps that one run may take.
MOST_STEPS = 2_000_000
#: The most numbers that one trace may hold in each of its arrays: steps times neurons.
MOST_VALUES = 20_000_000

#: What drives one neuron, (T,), and what drives N of them, (T, N).
Current = np.ndarray[tuple[int], np.dtype[Any]]
Currents = np.ndarray[tuple[int, int], np.dtype[Any]]


class Maths(NamedTuple):
    """The functions a step needs, for floats or for arrays."""

    exp: Callable
    #: exp(x) - 1, exact for small x.
    expm1: Callable
    #: ``where(condition, this, otherwise)``.
    where: Callable
    minimum: Callable


SCALARS = Maths(math.exp, math.expm1, lambda condition, this, otherwise: this if condition else otherwise, min)
ARRAYS = Maths(np.exp, np.expm1, np.where, np.minimum)

#: A neuron's variables, the voltage first: floats or arrays (N,).
State = tuple
#: From the state and the current, the state ``dt`` later.
Step = Callable[[State, Any], State]


@dataclass(frozen=True)
class Model:
    """One model of a neuron: how the loop runs it, and how its trace is read."""

    #: As in ``MembraneTrace.model``.
    name: str
    #: The current's unit; "" where it has none.
    unit: str
    #: The largest current, either way, in that unit.
    most_current: float
    #: The longest step, ms.
    longest_dt: float
    #: The variables beside the voltage, in the state's order.
    variables: tuple[Variable, ...]
    #: The class of its parameters.
    parameters: type
    #: ``start(parameters)``: the variables before the first step, floats.
    start: Callable[[Any], State]
    #: ``stepper(parameters, dt, maths)``: the step. Where it can no longer follow, it makes the voltage NaN for good.
    stepper: Callable[[Any, float, Maths], Step]
    #: ``spiked(before, after, parameters)``: from the voltages at a step's two ends, whether a spike fell into it.
    spiked: Callable[[np.ndarray, np.ndarray, Any], np.ndarray]
    #: ``drive(current, parameters, dt, generator)``: the current and whatever noise the membrane adds to it.
    drive: Callable[[np.ndarray, Any, float, np.random.Generator], np.ndarray] = lambda current, *_: current
    #: ``report(voltage, variables, parameters)``: what else the trace's ``state`` shows, by name.
    report: Callable[[np.ndarray, dict[str, np.ndarray], Any], dict[str, np.ndarray]] = lambda *_: {}
    #: ``threshold(parameters)``: the voltage at which it fires, mV; None where that is no fixed one.
    threshold: Callable[[Any], float | None] = lambda _: None
    #: See ``MembraneTrace.inside``.
    inside: str = ""
    #: ``nullclines(voltage, current, parameters)``: where the voltage stands still, and where its one other variable
    #: does, as two arrays of that variable; None where the model has no phase plane.
    nullclines: Callable[..., tuple[np.ndarray, np.ndarray]] | None = None


@overload
def run(model: Model, current: Current, parameters: Any, dt: float, seed: int) -> NeuronTrace: ...
@overload
def run(model: Model, current: Currents, parameters: Any, dt: float, seed: int) -> PopulationTrace: ...
def run(model: Model, current: np.ndarray, parameters: Any, dt: float, seed: int) -> NeuronTrace | PopulationTrace:
    """Run a model over a current (T,), or over N of them, (T, N); see ``MembraneTrace``.

    ``voltage`` and ``state`` are the values at the start of each step, before any reset. A spike's time is the start of
    the step in which the threshold was crossed (as in brian2).

    Raises:
        SettingError: when the current or the step cannot be used, or the numerics break down.
    """
    check_dt(model, dt)
    check_parameters(model, parameters)
    current = checked_current(model, current)
    driven = model.drive(current, parameters, dt, np.random.default_rng(checks.seed(seed)))
    many = current.ndim == 2
    try:
        with np.errstate(all="ignore"):  # What went wrong is found, and said, below.
            record = (_run_arrays if many else _run_floats)(model, driven, parameters, dt)
    except OverflowError as error:
        raise _broken(model, dt) from error
    check_record(model, record, dt)

    voltage, *others = record[:, :-1]
    time = np.arange(len(current)) * dt
    spiked = model.spiked(record[0, :-1], record[0, 1:], parameters)
    variables = {variable.name: values for variable, values in zip(model.variables, others, strict=True)}
    known: dict[str, Any] = {
        "model": model.name,
        "time": time,
        "current": current,
        "voltage": voltage,
        "state": {**variables, **model.report(voltage, variables, parameters)},
        "unit": model.unit,
        "threshold": model.threshold(parameters),
        "variables": model.variables,
        "inside": model.inside,
    }
    if many:
        return PopulationTrace(**known, spikes=tuple(time[column] for column in spiked.T))
    return NeuronTrace(**known, spikes=time[spiked])


def _run_floats(model: Model, current: np.ndarray, parameters: Any, dt: float) -> np.ndarray:
    """All variables of one neuron at the T + 1 ends of steps, (V, T + 1)."""
    step = model.stepper(parameters, dt, SCALARS)
    state = model.start(parameters)
    record = [state]
    for now in current.tolist():
        state = step(state, now)
        record.append(state)
    return np.array(record).T.copy()


def _run_arrays(model: Model, current: np.ndarray, parameters: Any, dt: float) -> np.ndarray:
    """All variables of N neurons at the T + 1 ends of steps, (V, T + 1, N)."""
    steps, neurons = current.shape
    step = model.stepper(parameters, dt, ARRAYS)
    state = start_arrays(model, parameters, neurons)
    record = np.empty((len(state), steps + 1, neurons))
    record[:, 0] = state
    for t in range(steps):
        state = step(state, current[t])
        for row, values in zip(record, state, strict=True):
            row[t + 1] = values
    return record


def start_arrays(model: Model, parameters: Any, neurons: int) -> State:
    """The variables of N neurons before the first step, each (N,)."""
    return tuple(np.full(neurons, float(value)) for value in model.start(parameters))


def check_dt(model: Model, dt: float) -> None:
    """Raises: SettingError: when the step is no length that the model can use."""
    if not checks.within(dt, 0.0001, model.longest_dt):
        raise SettingError(
            "The step is {given} ms; this model's step can be from {least} to {most} ms.",
            given=checks.quoted(dt),
            least=0.0001,
            most=model.longest_dt,
        )


def checked_current(model: Model, current: np.ndarray | Sequence[float]) -> np.ndarray:
    """The current as floats, (T,) or (T, N).

    Raises:
        SettingError: when it has another shape, no steps, too many, or a value that is no usable number.
    """
    values = checks.array("current", current)
    if values.ndim not in (1, 2):
        raise SettingError(
            "The current has the shape {given}; (T,) for one neuron or (T, N) for N neurons is wanted.",
            given=values.shape,
        )
    if not values.size:
        raise SettingError("The current has no steps. Please choose a duration longer than zero.")
    if len(values) > MOST_STEPS or values.size > MOST_VALUES:
        raise SettingError(
            "The current has {steps} steps for {neurons} neurons; at most {most_steps} steps and {most_values} values "
            "in all can be run. Please choose a shorter duration or a longer step.",
            steps=len(values),
            neurons=values.shape[1] if values.ndim == 2 else 1,
            most_steps=MOST_STEPS,
            most_values=MOST_VALUES,
        )
    if not np.abs(values).max() <= model.most_current:  # so that NaN is caught, too
        raise SettingError(
            "The current goes to {given}; it can be from {least} to {most}.",
            given=_with_unit(values.flat[np.abs(values).argmax()], model.unit),
            least=_with_unit(-model.most_current, model.unit),
            most=_with_unit(model.most_current, model.unit),
        )
    return values


def check_parameters(model: Model, parameters: Any) -> None:
    """Raises: SettingError: when they are those of another model, or none at all."""
    checks.kind("parameters", parameters, model.parameters, f"{model.name}.Parameters")


def check_record(model: Model, values: np.ndarray, dt: float) -> None:
    """Raises: SettingError: when the numerics broke down on the way to these values."""
    if not np.isfinite(values).all():
        raise _broken(model, dt)


def check_limits(parameters: Any, limits: dict[str, tuple[float, float]]) -> None:
    """Raises: SettingError: when a parameter is no number or out of its limits."""
    for name, (least, most) in limits.items():
        checks.limited(name, getattr(parameters, name), least, most)


def _with_unit(value: float, unit: str) -> str:
    return f"{value:g} {unit}".rstrip()


def _broken(model: Model, dt: float) -> SettingError:
    return SettingError(
        "With this current and these parameters, steps of {dt} ms are too long to follow the voltage. "
        "Please choose a shorter step or a weaker current.",
        dt=dt,
    )
