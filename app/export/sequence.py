"""A sequence's trace, a training run and gradients through time as tables (CSV) and as JSON.

CSV is UTF-8 with a byte order mark, without which spreadsheets garble Chinese; symbols that a spreadsheet would take
for a formula get an apostrophe before them. JSON knows no NaN and no infinity: they are ``null``, and empty
in CSV.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from app.export.table import FORMULA
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
    content = {"format": kind, "version": 1} | {
        name: {field.name: plain(getattr(trace, field.name)) for field in fields(trace)}
        for name, trace in named.items()
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


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


def csv_table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(head)
    for row in rows:
        table.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return value if np.isfinite(value) else ""


def plain(value: Any) -> Any:
    """What JSON can say of a field's value."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value
