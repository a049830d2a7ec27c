"""A network and one sequence: the trace of reading it, and how the network goes on by itself."""

from dataclasses import replace
from typing import NamedTuple

import torch

from model import checks
from model.errors import SettingError
from model.recurrent.network import Network
from model.recurrent.tasks import Example, SymbolTask, Task
from model.recurrent.tasks.series import SeriesTask
from model.recurrent.tasks.task import MAX_STEPS, one_hot
from model.recurrent.tracing import trace_sequence
from model.traces import SequenceTrace


def trace_example(network: Network, task: Task, example: Example) -> SequenceTrace:
    """All that happens while the network reads an example, with the task's names for inputs, answers and outputs.

    >>> trace_example(network, task, task.read("0110"))
    """
    _check(network, task, example)
    trace = trace_sequence(network.recurrent, example.inputs, readout=network.readout)
    return replace(trace, symbols=example.symbols, answers=example.answers, classes=tuple(task.classes))


def fresh_examples(task: Task, seed: int, count: int = 1) -> list[Example]:
    """``count`` fresh sequences of a task, drawn by a seed; where it has no more, fewer."""
    checks.kind("task", task, Task, "a task")
    size = checks.whole("count", count, 1, MAX_STEPS)
    batch = task.fresh(size, torch.Generator().manual_seed(checks.seed(seed)))
    return [task.example(batch, row) for row in range(min(size, len(batch.inputs)))]


class Written(NamedTuple):
    """Symbols that a network wrote, each read again before the next."""

    symbols: tuple[str, ...]
    #: The probability that each had, before the temperature.
    probabilities: tuple[float, ...]


@torch.no_grad()
def write_on(
    network: Network, task: Task, prompt: Example, *, count: int = 100, temperature: float = 1.0, seed: int = 0
) -> Written:
    """Let the network write ``count`` symbols behind a prompt, for tasks whose answers can be the next inputs.

    Each is drawn from softmax(y / temperature) by ``seed``; temperature 0 takes the most likely.

    Raises:
        SettingError: when the task's answers are no inputs, or a number is out of its range.
    """
    _check(network, task, prompt)
    if not isinstance(task, SymbolTask) or not task.continues:
        raise SettingError("A network for the task {task} cannot write on by itself.", task=task.name)
    _check_count(count)
    if not checks.within(temperature, 0, 10):
        raise SettingError("The temperature is {given}; it can be 0 to 10.", given=checks.quoted(temperature))
    generator = torch.Generator().manual_seed(checks.seed(seed))
    symbols: list[str] = []
    probabilities: list[float] = []
    inputs, state = prompt.inputs, None
    for _ in range(count):
        outputs, state = network(inputs[None], state, last=1)
        y = outputs[0, 0]
        # Less their maximum, and in float64, so that a very small temperature makes no 0 / 0.
        if temperature:
            chances = ((y - y.max()).double() / float(temperature)).softmax(-1)
            code = torch.multinomial(chances, 1, generator=generator)
        else:
            code = y.argmax()[None]
        symbols.append(task.alphabet[int(code)])
        probabilities.append(y.softmax(-1)[code].item())
        inputs = one_hot(code, task.input_size)
    return Written(tuple(symbols), tuple(probabilities))


@torch.no_grad()
def extrapolate(network: Network, task: Task, prompt: Example, *, count: int = 40) -> tuple[float, ...]:
    """Let the network go on with a series for ``count`` numbers, each answer read as the next input; in its own units.

    Raises:
        SettingError: when the task is no series, or ``count`` is out of its range.
    """
    _check(network, task, prompt)
    if not isinstance(task, SeriesTask):
        raise SettingError("A network for the task {task} cannot go on with numbers by itself.", task=task.name)
    _check_count(count)
    numbers: list[float] = []
    inputs, state = prompt.inputs, None
    for _ in range(count):
        outputs, state = network(inputs[None], state, last=1)
        inputs = outputs[0]
        numbers.append(task.in_units(inputs.item()))
    return tuple(numbers)


def _check_count(count: int) -> None:
    if not checks.whole_within(count, 1, MAX_STEPS):
        raise SettingError(
            "{given} steps are asked for; it can be 1 to {most}.", given=checks.quoted(count), most=MAX_STEPS
        )


def _check(network: Network, task: Task, example: Example) -> None:
    checks.kind("network", network, Network, "a Network")
    checks.kind("task", task, Task, "a task")
    checks.kind("example", example, Example, "an Example")
    if (network.recurrent.input_size, network.readout.out_features) != (task.input_size, task.output_size):
        raise SettingError(
            "The network has {inputs} inputs and {outputs} outputs, but the task {task} has {task_inputs} and "
            "{task_outputs}. Please give the network that was trained on it.",
            inputs=network.recurrent.input_size,
            outputs=network.readout.out_features,
            task=task.name,
            task_inputs=task.input_size,
            task_outputs=task.output_size,
        )
