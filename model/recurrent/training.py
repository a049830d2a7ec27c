"""Training, one step after the other, each in the same stages.

1. ``initialise``: draw the weights. Once, before the first step.
2. ``forward``: let the network read a batch of sequences: y_t for all t.
3. ``loss``: how wrong it was, L.
4. ``backward``: dL/dw for each weight w, through time (``loss.backward()``), scaled down where its norm is too large.
5. ``update``: let the optimiser move each weight against its gradient.
6. ``repeat``: the step is done, and is written down.

>>> training = Training(make_task("parity"), Settings(cell="gru", seed=1))
>>> for step in training.run(steps=100):
...     print(step.loss, step.accuracy, step.gradient_norm, step.seconds)
>>> training.advance()                  # slow motion: one stage
>>> training.trace()                    # all steps so far, as arrays
>>> training.network_at(50)             # the network as it was
"""

import copy
import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from model import checks
from model.cells import CELLS
from model.errors import SettingError, UserError
from model.recurrent.network import Network
from model.recurrent.saving import Saved
from model.recurrent.settings import Settings, generator_seeds
from model.recurrent.snapshots import Snapshot, Snapshots
from model.recurrent.tasks import Batch, Task
from model.traces import TrainingTrace

STAGES = ("initialise", "forward", "loss", "backward", "update", "repeat")

#: A task is solved when so many answers on fresh sequences are right.
SOLVED = 0.99
#: How often the network is tried on fresh sequences, in steps, and on how many.
CHECK_EVERY = 50
CHECK_SEQUENCES = 256
#: For all snapshots of a run, in bytes.
SNAPSHOT_BUDGET = 32 * 2**20

#: The most multiplications, and the most numbers going in and out, of one forward pass: it takes well below a second.
_MOST_WORK = 3e9
_MOST_NUMBERS = 2e7


class TrainingStep(NamedTuple):
    """One step of training. Loss and accuracy are of its batch, before the update."""

    #: How many steps are done, this one included.
    step: int
    loss: float
    #: The share of right answers.
    accuracy: float
    #: √Σ (dL/dw)² over all weights w, before clipping.
    gradient_norm: float
    #: How long the step took, s; time between its stages in slow motion does not count.
    seconds: float


class TrainingStage(NamedTuple):
    """A stage of a step that has just been done."""

    #: One of ``STAGES``.
    name: str
    #: How many whole steps are done.
    step: int
    #: What was done, in figures (see ``Training.advance``).
    figures: dict[str, float]


class Score(NamedTuple):
    """How well a network does on freshly drawn sequences."""

    loss: float
    accuracy: float


class TrainingStopped(UserError):
    """Loss, gradient or weights are no longer finite numbers. ``last_good`` is the latest snapshot before that."""

    def __init__(self, reason: UserError, last_good: Snapshot):
        super().__init__(reason.template, **reason.values)
        self.last_good = last_good


class Training:
    """A training run that can be stepped, paused, watched and wound back; it belongs to nobody's thread.

    A run depends on nothing but task and settings: it draws from generators of its own, so that runs side by side do
    not disturb each other, and however it is cut into ``run`` and ``advance`` calls, it goes the same way.

    Args:
        task: what to learn.
        settings: how (see ``Settings.for_task``).
        start: a network to go on from, such as a loaded one; its numbers are copied. Else one is drawn by the seed.
        snapshot_budget: for all snapshots together, bytes.

    Raises:
        SettingError: when one step would take too long or too much memory, or ``start`` does not fit.
    """

    def __init__(
        self,
        task: Task,
        settings: Settings | None = None,
        *,
        start: Network | None = None,
        snapshot_budget: int = SNAPSHOT_BUDGET,
    ):
        checks.kind("task", task, Task, "a task")
        checks.kind("settings", settings, Settings | None, "a Settings")
        checks.kind("start", start, Network | None, "a Network")
        checks.whole("snapshot_budget", snapshot_budget, 0, 2**40)
        self.task = task
        self.settings = settings = settings or Settings.for_task(task)
        #: Set when training cannot go on; ``rewind`` clears it.
        self.stopped: TrainingStopped | None = None
        #: The batch of the step under way, and what the network made of it, for slow motion; None before the first.
        self.batch: Batch | None = None
        self.outputs: Tensor | None = None

        # A page may look at a run, in one thread, that another thread still advances.
        self._lock = threading.RLock()
        check_work(task, settings)
        weights_seed, sequences_seed, check_seed = generator_seeds(settings.seed)
        self._generator = torch.Generator().manual_seed(sequences_seed)
        self._check = _check_batch(task, check_seed)
        sizes = task.input_size, settings.hidden_size, task.output_size
        self.network = Network(settings.cell, *sizes, weights_seed, settings.keep_bias)
        if start is not None:
            _copy_weights(start, self.network)
        self._parameters = list(self.network.parameters())
        self._optimizer = _optimizer(settings, self._parameters)

        #: How many steps are done.
        self.step = 0
        self._steps: list[TrainingStep] = []
        self._checks: list[tuple[int, Score]] = []
        self.snapshots = Snapshots(snapshot_budget)
        self.snapshots.add(self.snapshot())
        self._now = TrainingStep(0, math.nan, math.nan, math.nan, math.nan)  # the step under way, as far as it is known
        self._spent = 0.0  # s, on it
        self._cycle = self._stages()

    @property
    def solved_at(self) -> int | None:
        """The first step after which ``SOLVED`` of the answers on fresh sequences were right; None before that."""
        return next((step for step, score in self._checks if score.accuracy >= SOLVED), None)

    def run(self, steps: int | None = None, seconds: float | None = None) -> Iterator[TrainingStep]:
        """Train, yielding each step when it is done, until so many steps or so much time (s) have gone by.

        A page calls this in short chunks, such as ``run(seconds=0.2)``, so that it can answer in between.

        Raises:
            TrainingStopped: when training cannot go on; it says how it could.
            SettingError: when steps or seconds are no such number.
        """
        if steps is not None:
            checks.whole("steps", steps, 0, 10**9)
        if seconds is not None:
            checks.number("seconds", seconds, 0, 1e9)
        started = perf_counter()
        done = 0
        while (steps is None or done < steps) and (seconds is None or perf_counter() - started < seconds):
            with self._lock:
                while self._advance() != "repeat":
                    pass
                step = self._steps[-1]
            done += 1
            yield step

    def advance(self) -> TrainingStage:
        """Do one stage of a step, for slow motion, and say in figures what it did.

        - ``initialise``: ``parameters``, how many; ``weight_norm``, √Σ w².
        - ``forward``: ``sequences`` and ``steps`` read; ``least_output`` and ``greatest_output``.
        - ``loss``: ``loss`` and ``accuracy``.
        - ``backward``: ``gradient_norm`` of all weights, and as ``gradient_norm:NAME`` that of each matrix and bias;
          ``scale``, by which clipping will multiply the gradient, 1 where it does nothing.
        - ``update``: ``update_norm``, √Σ Δw²; ``weight_norm`` after it.
        - ``repeat``: ``seconds`` that the step took.

        In between, ``batch`` and ``outputs`` are those of the step under way, and each parameter's ``grad`` its
        gradient.

        Raises:
            TrainingStopped: as ``run``.
        """
        with self._lock:
            before = [parameter.detach().clone() for parameter in self._parameters]
            name = self._advance()
            return TrainingStage(name, self.step, self._figures(name, before))

    def change(self, *, learning_rate: float | None = None, clip: float | None = None) -> None:
        """Go on with another learning rate or clipping.

        Raises:
            SettingError: when it is out of its range.
        """
        with self._lock:
            settings = self.settings
            if learning_rate is not None:
                settings = replace(settings, learning_rate=learning_rate)
            if clip is not None:
                settings = replace(settings, clip=clip)
            self.settings = settings
            for group in self._optimizer.param_groups:
                group["lr"] = self.settings.learning_rate

    def trace(self) -> TrainingTrace:
        """All steps and checks so far."""
        with self._lock:
            steps = np.array(self._steps, dtype=np.float64).reshape(-1, len(TrainingStep._fields))
            checks = np.array([(step, *score) for step, score in self._checks], dtype=np.float64).reshape(-1, 3)
            return TrainingTrace(
                task=self.task.name,
                cell=self.settings.cell,
                parameters=self.network.parameter_count,
                steps=steps[:, 0].astype(np.int64),
                loss=steps[:, 1],
                accuracy=steps[:, 2],
                gradient_norm=steps[:, 3],
                seconds=steps[:, 4],
                check_steps=checks[:, 0].astype(np.int64),
                check_loss=checks[:, 1],
                check_accuracy=checks[:, 2],
                solved_at=self.solved_at,
                references=dict(self.task.references),
            )

    def network_at(self, step: int | None = None) -> Network:
        """A copy of the network as it was at the nearest snapshot up to ``step``, or as it is now."""
        with self._lock:
            network = copy.deepcopy(self.network)
            network.zero_grad()
            if step is not None:
                network.load_state_dict(self.snapshots.nearest(step).weights)
            return network

    def snapshot(self) -> Snapshot:
        """The run as it is now, between two steps: all that ``rewind`` needs, here or in a new run of the same task."""
        with self._lock:
            state = self._optimizer.state_dict()["state"]
            return Snapshot(
                step=self.step,
                weights={name: tensor.clone() for name, tensor in self.network.state_dict().items()},
                optimizer={place: _copied(of_one) for place, of_one in state.items()},
                generator=self._generator.get_state(),
            )

    def rewind(self, to: Snapshot | int) -> None:
        """Go back to a snapshot, or to the nearest one up to a step, and forget what came after.

        From there, training goes the same way again unless a setting is changed (see ``change``).
        """
        with self._lock:
            checks.kind("to", to, int | Snapshot, "a step or a Snapshot")
            snapshot = self.snapshots.nearest(to) if isinstance(to, int) else to
            self.network.load_state_dict(snapshot.weights)
            state = {place: _copied(of_one) for place, of_one in snapshot.optimizer.items()}
            groups = self._optimizer.state_dict()["param_groups"]
            self._optimizer.load_state_dict({"state": state, "param_groups": groups})
            self._generator.set_state(snapshot.generator)
            self.step = snapshot.step
            self._steps = [step for step in self._steps if step.step <= self.step]
            self._checks = [(step, score) for step, score in self._checks if step <= self.step]
            self.snapshots.drop_after(self.step)
            self.snapshots.add(snapshot)
            self.stopped, self.batch, self.outputs, self._spent = None, None, None, 0.0
            self._cycle = self._stages()

    def _advance(self) -> str:
        """Do the next stage and name it; the time it takes counts towards its step."""
        if self.stopped:
            raise self.stopped.with_traceback(None)
        started = perf_counter()
        try:
            stage = next(self._cycle)
        except BaseException:  # Stopped, or interrupted from the keyboard: a generator that raised is at its end.
            self._cycle = self._stages()
            raise
        self._spent += perf_counter() - started
        if stage == "repeat":
            self._now = self._now._replace(seconds=self._spent)
            self._steps.append(self._now)
            self._spent = 0.0
        return stage

    def _stages(self) -> Iterator[str]:
        """All stages of all steps. One generator serves full speed and slow motion, so that both do the same."""
        if self.step == 0:
            yield "initialise"
        while True:
            self.batch = self.task.batch(self.settings.batch_size, self._generator)
            self.outputs, _ = self.network(self.batch.inputs, last=self.batch.targets.shape[1])
            yield "forward"

            loss = self.task.loss(self.outputs, self.batch.targets)
            accuracy = self.task.accuracy(self.outputs.detach(), self.batch.targets)
            self._now = TrainingStep(self.step + 1, self._finite(loss), accuracy, math.nan, math.nan)
            yield "loss"

            for parameter in self._parameters:
                parameter.grad = None
            loss.backward()
            norm = get_total_norm([grad for parameter in self._parameters if (grad := parameter.grad) is not None])
            self._now = self._now._replace(gradient_norm=self._finite(norm))
            yield "backward"

            if 0 < self.settings.clip < self._now.gradient_norm:
                clip_grads_with_norm_(self._parameters, self.settings.clip, norm)
            self._optimizer.step()
            self._finite(get_total_norm(self._parameters))
            yield "update"

            self.step += 1
            if self.snapshots.due(self.step):
                self.snapshots.add(self.snapshot())
            if self.step % CHECK_EVERY == 0:
                self._checks.append((self.step, _score(self.network, self.task, self._check)))
            yield "repeat"

    def _figures(self, stage: str, before: list[Tensor]) -> dict[str, float]:
        """What ``advance`` tells about a stage; ``before`` are the weights before it."""
        match stage:
            case "initialise":
                return {"parameters": self.network.parameter_count, "weight_norm": _norm(self._parameters)}
            case "forward":
                assert self.batch is not None and self.outputs is not None, "this stage has made them"
                sequences, steps, _ = self.batch.inputs.shape
                least, greatest = (end.item() for end in self.outputs.detach().aminmax())
                return {"sequences": sequences, "steps": steps, "least_output": least, "greatest_output": greatest}
            case "loss":
                return {"loss": self._now.loss, "accuracy": self._now.accuracy}
            case "backward":
                norm, clip = self._now.gradient_norm, self.settings.clip
                of_each = {
                    f"gradient_norm:{name}": _norm([parameter.grad])
                    for name, parameter in self.network.named_parameters()
                    if parameter.grad is not None
                }
                return {"gradient_norm": norm, "scale": clip / norm if 0 < clip < norm else 1.0, **of_each}
            case "update":
                moved = [after.detach() - old for after, old in zip(self._parameters, before, strict=True)]
                return {"update_norm": _norm(moved), "weight_norm": _norm(self._parameters)}
            case _:
                return {"seconds": self._now.seconds}

    def _finite(self, figure: Tensor) -> float:
        """The figure as a number; where it is none, or infinite, training stops."""
        number = figure.item()
        if math.isfinite(number):
            return number
        good = self.snapshots.nearest(self.step)
        reason = UserError(
            "Training stopped in step {step}: its numbers grew beyond all bounds. Please go back to step {good}, "
            "where they were still good, and choose a smaller learning rate or a smaller clipping norm.",
            step=self.step + 1,
            good=good.step,
        )
        self.stopped = TrainingStopped(reason, good)
        raise self.stopped


def untrained(task: Task, settings: Settings) -> Saved:
    """The network that training with these settings starts with.

    Raises:
        SettingError: as ``Training``.
    """
    return Saved(Training(task, settings, snapshot_budget=0).network, task, settings)


def evaluate(network: Network, task: Task, seed: int = 0, sequences: int = 1_000) -> Score:
    """Loss and share of right answers on fresh sequences, drawn by ``seed``.

    Raises:
        SettingError: when the network was not made for the task, or a number is out of its range.
    """
    checks.kind("network", network, Network, "a Network")
    checks.kind("task", task, Task, "a task")
    checks.whole("sequences", sequences, 1, 100_000)
    checks.seed(seed)
    if (network.recurrent.input_size, network.readout.out_features) != (task.input_size, task.output_size):
        raise SettingError("The network was not made for the task {task}: its sizes are others.", task=task.name)
    return _score(network, task, task.fresh(sequences, torch.Generator().manual_seed(seed)))


@torch.no_grad()
def _score(network: Network, task: Task, batch: Batch) -> Score:
    outputs, _ = network(batch.inputs, last=batch.targets.shape[1])
    return Score(task.loss(outputs, batch.targets).item(), task.accuracy(outputs, batch.targets))


def check_work(task: Task, settings: Settings) -> None:
    """Raise SettingError where a single step would take too long for a page, or too much memory."""
    steps = task.batch(1, torch.Generator()).inputs.shape[1] * settings.batch_size
    units, numbers = settings.hidden_size, task.input_size + task.output_size
    rows = len(CELLS[settings.cell].rows)
    work = steps * units * (rows * (task.input_size + units) + task.output_size)
    times = max(work / _MOST_WORK, steps * numbers / _MOST_NUMBERS)
    if times > 1:
        raise SettingError(
            "One step of training would be {times} times too large for this page. Please choose fewer units, "
            "a smaller batch, shorter sequences, or a text with fewer different characters.",
            times=f"{times:.1f}",
        )


def _check_batch(task: Task, seed: int) -> Batch:
    """The fresh sequences to check with: fewer where they are large, as one-hot Chinese texts are."""
    one = task.batch(1, torch.Generator()).inputs.numel()
    sequences = max(1, min(CHECK_SEQUENCES, int(_MOST_NUMBERS / 10 / one)))
    return task.fresh(sequences, torch.Generator().manual_seed(seed))


def _copied(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value.clone() if torch.is_tensor(value) else value for name, value in state.items()}


def _norm(tensors: Sequence[Tensor]) -> float:
    """√Σ x² over all numbers x of the tensors."""
    return get_total_norm(tensors).item()


def _optimizer(settings: Settings, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    rate = settings.learning_rate
    match settings.optimizer:
        case "sgd":
            return torch.optim.SGD(parameters, rate, fused=True)
        case "momentum":
            return torch.optim.SGD(parameters, rate, momentum=0.9, fused=True)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, rate)
        case "adam":
            return torch.optim.Adam(parameters, rate, fused=True)
        case _:
            raise AssertionError(settings.optimizer)


def _copy_weights(start: Network, network: Network) -> None:
    shapes = [{name: tensor.shape for name, tensor in each.state_dict().items()} for each in (start, network)]
    if start.cell != network.cell or shapes[0] != shapes[1]:
        raise SettingError(
            "The network to go on from has another cell or other sizes than this run. "
            "Please choose the cell, the size and the task that it was made with."
        )
    network.load_state_dict(start.state_dict())
