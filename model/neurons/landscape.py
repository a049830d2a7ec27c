"""The plane of Izhikevich's neuron under a constant current, as ``model.recurrent.landscape`` has it of a network.

    v' = 0.04 v² + 5 v + 140 - u + I        u' = a (b v - u)

Time runs on without steps here, so what decides is the real part of an eigenvalue of

    J = (0.08 v + 5, -1; a b, -a)        [1/ms]

below 0 a change fades, above it grows (Izhikevich 2007, "Dynamical systems in neuroscience", chapters 4 and 8).
"""

import numpy as np

from model import checks
from model.neurons import izhikevich
from model.neurons.izhikevich import Parameters
from model.traces import FixedPoint, LandscapeTrace
from model.traces.landscape import kind_of

#: mV and mV/ms: the plane.
VOLTAGES, RECOVERIES = (-90.0, 35.0), (-25.0, 15.0)
#: ms: how long it is followed. Every so many steps of it are drawn.
DURATION, _EVERY = 200.0, 2
_ALONG = 61
#: A fall of the voltage within a step, mV, that is a reset.
_RESET = -20.0


def landscape(current: float, parameters: Parameters = izhikevich.TEXTBOOK) -> LandscapeTrace:
    """The plane of v (mV) and u (mV/ms) under a steady current; the fall begins where the neuron does.

    Eigenvalues are in 1/ms, changes per ms.

    Raises:
        SettingError: when the current or the parameters cannot be used.
    """
    current = checks.number("current", current, -100, 100)
    checks.kind("parameters", parameters, Parameters, "izhikevich.Parameters")
    v, u = np.linspace(*VOLTAGES, _ALONG), np.linspace(*RECOVERIES, _ALONG)
    change = np.stack(_flow(*np.meshgrid(v, u), current, parameters), axis=-1)
    trace = izhikevich.simulate(np.full(round(DURATION / izhikevich.DT), current), parameters)
    states = np.stack([trace.voltage, trace.state["u"]], axis=1)
    resets = np.flatnonzero(np.diff(trace.voltage) < _RESET)  # The peak before the reset is drawn.
    kept = np.union1d(np.arange(0, len(states), _EVERY), resets)
    gaps = np.flatnonzero(np.isin(kept, resets)) + 1
    fall = np.insert(states[kept], gaps, np.nan, axis=0)
    return LandscapeTrace(v, u, change, _points(current, parameters), fall)


def _flow(v: np.ndarray, u: np.ndarray, current: float, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    return 0.04 * v**2 + 5 * v + 140 - u + current, p.a * (p.b * v - u)


def _points(current: float, p: Parameters) -> tuple[FixedPoint, ...]:
    """Where the nullclines cross: the real roots of 0.04 v² + (5 - b) v + 140 + I."""
    points = []
    for root in np.unique(np.roots([0.04, 5 - p.b, 140 + current])):
        if abs(root.imag) > 1e-9:
            continue
        v = float(root.real)
        jacobian = np.array([[0.08 * v + 5, -1], [p.a * p.b, -p.a]])
        eigenvalues = np.linalg.eigvals(jacobian).astype(complex)
        eigenvalues = eigenvalues[np.argsort(-eigenvalues.real)]
        state = np.array([v, p.b * v])
        speed = float(np.hypot(*_flow(state[0], state[1], current, p)))
        points.append(FixedPoint(state, speed, eigenvalues, kind_of(eigenvalues.real)))
    return tuple(points)
