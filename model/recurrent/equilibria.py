"""Where a recurrent network stands still under a constant input, and what it does near there.

A step is a map of the state, F(h) = cell(x, h) with x held fixed. A fixed point is an h with F(h) = h; a slow point is
one where the speed |F(h) - h| is small and smallest around. Both are minima of

    q(h) = ½ |F(h) - h|²

whether they are stable or not, and are found from many starts at once by L-BFGS-B; what comes close to a fixed point is
brought onto it by Powell's hybrid method (scipy.optimize, ``minimize`` and ``root``). Near a fixed point the network is
a linear map, J = dF/dh, whose eigenvalues say what is kept, for how long, and what turns.

Sussillo and Barak 2013, "Opening the black box: low-dimensional dynamics in high-dimensional recurrent neural
networks", sections 2 and 3; Golub and Sussillo 2018, "FixedPointFinder", which also starts from the states of real
runs. A search from starts is no proof that there are no other points.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from scipy.optimize import minimize, root
from torch import Tensor

from model import checks
from model.cells.layers import Recurrent
from model.cells.sums import Sums, read_rows
from model.errors import SettingError
from model.recurrent.tracing import check_module, float64_weights
from model.traces import FixedPoint
from model.traces.landscape import kind_of

#: Up to this speed a state stands still: far above rounding, far below what is seen.
MAX_FIXED_SPEED = 1e-6
#: Two points nearer than this, for a state of the size 1, are one.
APART = 1e-3
#: States whose Jacobians are taken apart within seconds.
MOST_STATE = 1024
#: The first search's steps.
_ITERATIONS = 250
#: Evaluations of F to come onto a fixed point from near it.
_POLISHING = 80


def fixed_points(
    module: Recurrent,
    input: np.ndarray | Tensor | Sequence[float],
    seed: int = 0,
    *,
    starts: np.ndarray | Tensor | None = None,
    count: int = 64,
    slowest: float = MAX_FIXED_SPEED,
) -> tuple[FixedPoint, ...]:
    """The fixed points, and where asked the slow points, of a layer that reads the same input for ever; each once.

    The same seed gives the same points, the stillest first. Everything is done in float64.

    Args:
        module: as ``trace_sequence`` takes it.
        input: x, (I,).
        seed: draws the starts.
        starts: states to start from, (N, S), such as those of real runs (``SequenceTrace.full_states``): points near
            them are those that the network uses. Without them, they are drawn between -1 and 1, where the states of
            most cells are; an unbounded part of the state is drawn from a normal distribution of deviation 2.
        count: how many of them are taken, or drawn.
        slowest: the greatest speed of a point. Above ``MAX_FIXED_SPEED`` slow points are among them.

    Raises:
        SettingError: when the module is no such layer, a shape does not fit, or a number is out of its range.
    """
    step, size = step_of(module, input)
    generator = np.random.default_rng(checks.seed(seed))
    count = checks.whole("count", count, 1, 10_000)
    slowest = checks.number("slowest", slowest, 0, 1e3)
    bounded = _bounded(module)  # (S,)
    if starts is None:
        first = np.where(bounded, generator.uniform(-1, 1, (count, size)), generator.normal(0, 2, (count, size)))
        first[0] = 0
    else:
        first = _chosen(starts, size, count, generator)
    limits = np.where(bounded, 1.0, np.inf)
    found = sorted(_stillest(step, first, limits), key=lambda state: _speed(step, state))
    points: list[FixedPoint] = []
    for state in _each_once(found):
        settled = _settled(step, state)
        if _speed(step, settled) <= max(slowest, MAX_FIXED_SPEED) and not any(
            _same(settled, known.state) for known in points
        ):
            points.append(_described(step, settled))
    return tuple(sorted((point for point in points if point.speed <= slowest), key=lambda point: point.speed))


Map = Callable[[Tensor], Tensor]


def step_of(module: Recurrent, input: np.ndarray | Tensor | Sequence[float]) -> tuple[Map, int]:
    """The step as a map F of states (..., S) in float64 under a constant input (I,), and S.

    Raises:
        SettingError: as ``fixed_points``.
    """
    cell = check_module(module)
    vectors, size = len(cell.state), len(cell.state) * module.hidden_size
    x = checks.array("input", input)
    if x.shape != (module.input_size,) or not np.isfinite(x).all():
        raise SettingError(
            "The input has the shape {given}; ({size},), of finite numbers, is wanted.",
            given=x.shape,
            size=module.input_size,
        )
    if size > MOST_STATE:
        raise SettingError(
            "The state has {size} numbers; fixed points can be found for up to {most}. "
            "Please choose a smaller network.",
            size=size,
            most=MOST_STATE,
        )
    weights = float64_weights(module, cell)
    read = read_rows(cell, weights, torch.from_numpy(x))

    def step(state: Tensor) -> Tensor:
        before = state.chunk(vectors, dim=-1)
        after, _quantities = cell.step(Sums(cell, weights, read, before[0]), *before)
        return torch.cat(after, dim=-1)

    return step, size


def _bounded(module: Recurrent) -> np.ndarray:
    """Which of the state's numbers stay between -1 and 1, (S,)."""
    cell = check_module(module)
    vectors = [cell.bounded, *(cell.quantities[name].bounds is not None for name in cell.state[1:])]
    return np.repeat(vectors, module.hidden_size)


def _chosen(starts: np.ndarray | Tensor, size: int, count: int, generator: np.random.Generator) -> np.ndarray:
    given = checks.array("starts", starts)
    if given.ndim != 2 or given.shape[1] != size or not len(given) or not np.isfinite(given).all():
        raise SettingError(
            "The starts have the shape {given}; (N, {size}), of finite numbers, N at least 1, is wanted.",
            given=given.shape,
            size=size,
        )
    return given[np.sort(generator.permutation(len(given))[:count])]


def _stillest(step: Map, starts: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """A minimum of q near each of the starts, (N, S); all are searched as one sum, of which each is a term."""

    def speeds(states: np.ndarray) -> tuple[float, np.ndarray]:
        h = torch.from_numpy(states.reshape(starts.shape)).requires_grad_()
        q = (step(h) - h).square().sum() / 2
        (slope,) = torch.autograd.grad(q, h)
        return q.item(), slope.numpy().ravel()

    bounds = np.tile(np.stack([-limits, limits], axis=1), (len(starts), 1))
    options = {"maxiter": _ITERATIONS, "maxfun": 2 * _ITERATIONS, "ftol": 0.0, "gtol": 1e-12, "maxcor": 20}
    found = minimize(speeds, starts.ravel(), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return found.x.reshape(starts.shape)


def _settled(step: Map, state: np.ndarray) -> np.ndarray:
    """The fixed point beside ``state``; ``state`` itself where there is none."""
    unit, reach = np.eye(len(state)), 0.1 * (1 + np.linalg.norm(state))

    def change(h: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return step(torch.from_numpy(h)).numpy() - h

    def slope(h: np.ndarray) -> np.ndarray:
        return jacobian(step, h) - unit

    # Newton's step says where the fixed point would be: far away means that there is none here.
    if np.linalg.norm(np.linalg.lstsq(slope(state), change(state))[0]) > reach:
        return state
    found = root(change, state, jac=slope, options={"xtol": 1e-14, "maxfev": _POLISHING})
    near = np.linalg.norm(found.x - state) < reach
    return found.x if near and _speed(step, found.x) < _speed(step, state) else state


def jacobian(step: Map, state: np.ndarray) -> np.ndarray:
    """J = dF/dh at a state (S,), (S, S)."""
    return torch.func.jacrev(step)(torch.from_numpy(state)).numpy()


@torch.no_grad()
def _speed(step: Map, state: np.ndarray) -> float:
    h = torch.from_numpy(state)
    return (step(h) - h).norm().item()


def _each_once(states: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The first of those that are one."""
    kept: list[np.ndarray] = []
    for state in states:
        if not any(_same(state, known) for known in kept):
            kept.append(state)
    return kept


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.linalg.norm(one - other) <= APART * (1 + np.linalg.norm(other)))


def _described(step: Map, state: np.ndarray) -> FixedPoint:
    eigenvalues = np.linalg.eigvals(jacobian(step, state)).astype(complex)
    # Of a pair, the one that turns counterclockwise first.
    eigenvalues = eigenvalues[np.lexsort((-eigenvalues.imag, -np.abs(eigenvalues).round(12)))]
    return FixedPoint(state, _speed(step, state), eigenvalues, kind_of(np.abs(eigenvalues) - 1))
