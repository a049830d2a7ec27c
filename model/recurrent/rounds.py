"""Whether a state goes round: while a network reads a wave, and when it is left alone.

Read to it, a wave drives the state round a loop, once a period, whatever the network would do by itself. Left alone,
each answer is the next input, and nothing drives it: h → cell(readout(h), h). It then goes on for ever only where this
map has a loop of its own, a limit cycle (Sussillo and Barak 2013, section 3.2, train such a network on sines). One that
was trained to say the next number of a given wave need not have one.
"""

from dataclasses import replace

import numpy as np
import torch

from model import checks
from model.recurrent.network import Network
from model.recurrent.reading import extrapolate, fresh_examples, trace_example
from model.recurrent.tasks import Example, Task
from model.recurrent.tasks.series import SeriesTask
from model.recurrent.tracing import trace_sequence
from model.traces import LoopTrace

#: It comes back up to so much of the loop's radius from where it was: periods are no whole numbers of steps.
_NEAR = 0.35
#: The longest sequence of a task of series, in steps.
_LONGEST = 200


def read_on(network: Network, task: SeriesTask, seed: int = 0) -> LoopTrace:
    """Read a sequence as long as the task has them, drawn by ``seed``; what it does in the second half, settled."""
    checks.kind("task", task, SeriesTask, "a task of series")
    longer = replace(task, length=_LONGEST)  # type: ignore[call-arg]  # every such task has a length
    trace = trace_example(network, task, fresh_examples(longer, seed)[0])
    states = trace.full_states[len(trace.inputs) // 2 :]
    return LoopTrace(states, period_of(states))


def left_alone(network: Network, task: Task, prompt: Example, count: int = 200) -> LoopTrace:
    """Read ``prompt``, then go on for ``count`` steps: the states from there, and whether it still goes round in the
    second half of them.

    Raises:
        SettingError: when the task is no series, or ``count`` is out of its range.
    """
    numbers = extrapolate(network, task, prompt, count=count)
    own = checks.kind("task", task, SeriesTask, "a task of series").standardised(list(numbers))[:, None]
    states = trace_sequence(network.recurrent, torch.cat([prompt.inputs, own])).full_states[-count - 1 :]
    return LoopTrace(states, period_of(states[count // 2 :]))


def period_of(states: np.ndarray) -> float | None:
    """How many steps a round takes, for states (T, S): T - 1 over the turns around their mean, in the plane of their
    first two principal axes. None where they turn less than twice, or do not come back near to where they were."""
    centred = states - states.mean(axis=0)
    size = float(np.linalg.norm(centred, axis=1).mean())
    if not np.isfinite(centred).all() or size < 1e-6 or centred.shape[1] < 2:
        return None
    _left, _sizes, axes = np.linalg.svd(centred, full_matrices=False)
    x, y = (centred @ axes[:2].T).T
    angles = np.unwrap(np.arctan2(y, x))
    turns = abs(float(angles[-1] - angles[0])) / (2 * np.pi)
    if turns < 2:
        return None
    period = (len(states) - 1) / turns
    after = round(period)
    gap = float(np.linalg.norm(states[after:] - states[:-after], axis=1).mean())
    return period if gap < _NEAR * size else None
