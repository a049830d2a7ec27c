"""A sequence's trace, a training run and gradients through time as tables (CSV) and as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.export.files import csv_table, fields_of, json_file
from model.traces import GradientTrace, SequenceTrace, TrainingTrace

_FORMATS = {
    SequenceTrace: "afterimage sequence trace",
    TrainingTrace: "afterimage training run",
    GradientTrace: "afterimage gradients through time",
}


def as_json(traces: SequenceTrace | TrainingTrace | GradientTrace | Mapping[str, Any]) -> bytes:
    """One trace, or several by name, with all its fields; arrays are nested lists in the order of their axes."""
    named = traces if isinstance(traces, Mapping) else {"trace": traces}
    kind = _FORMATS[type(next(iter(named.values())))]
    return json_file(kind, {name: fields_of(trace) for name, trace in named.items()})


def sequence_csv(trace: SequenceTrace) -> bytes:
    """A row a step: its number, symbol and right answer; then the state, each gate and the outputs, a column a unit."""
    parts = {"unit": trace.hidden} | trace.gates
    if trace.outputs is not None:
        parts["output"] = trace.outputs
    head = ["step", "symbol", "answer"]
    head += [f"{name}_{unit}" for name, values in parts.items() for unit in range(values.shape[1])]
    steps = len(trace.hidden)
    symbols, answers = trace.symbols or ("",) * steps, trace.answers or ("",) * steps
    rows = (
        [t + 1, symbols[t], answers[t], *(number for values in parts.values() for number in values[t].tolist())]
        for t in range(steps)
    )
    return csv_table(head, rows)


def training_csv(runs: Mapping[str, TrainingTrace]) -> bytes:
    """A row a step of each run; loss and accuracy on fresh sequences where they were measured."""
    head = ["network", "step", "loss", "accuracy", "gradient_norm", "seconds", "fresh_loss", "fresh_accuracy"]

    def rows() -> Iterable[list]:
        for name, run in runs.items():
            checks = {
                int(step): (float(loss), float(accuracy))
                for step, loss, accuracy in zip(run.check_steps, run.check_loss, run.check_accuracy, strict=True)
            }
            columns = (run.steps, run.loss, run.accuracy, run.gradient_norm, run.seconds)
            for step, *numbers in zip(*(column.tolist() for column in columns), strict=True):
                yield [name, step, *numbers, *checks.get(step, ("", ""))]

    return csv_table(head, rows())


def gradients_csv(named: Mapping[str, GradientTrace]) -> bytes:
    """A row a step of each network: the norms of dL/dx_t and dL/ds_t."""
    head = ["network", "step", "symbol", "input_gradient_norm", "state_gradient_norm"]
    rows = (
        [name, t + 1, trace.symbols[t] if trace.symbols else "", float(trace.inputs[t]), float(trace.states[t])]
        for name, trace in named.items()
        for t in range(len(trace.inputs))
    )
    return csv_table(head, rows)
