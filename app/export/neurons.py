"""The traces of a model neuron and of an artificial one, and an f-I curve, as tables (CSV) and as JSON.

Both are written as in ``app.export.sequence``. Units stand in the heads: voltages in
mV, times in ms, rates in Hz, currents in the model's own unit.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from app.export.sequence import csv_table, plain
from model.traces import NeuronTrace, RateCurve, UnitTrace


def traces_json(neuron: NeuronTrace, unit: UnitTrace, *, step: float, rates: RateCurve | None = None) -> bytes:
    """Both traces with all their fields, and the f-I curve where there is one; ``step`` is the unit's, ms."""
    traces: Mapping[str, Any] = {"neuron": neuron, "unit": unit, "rates": rates}
    content: dict[str, Any] = {"format": "afterimage neuron and unit", "version": 1, "unit_step_ms": step}
    for name, trace in traces.items():
        if trace is not None:
            content[name] = {field.name: plain(getattr(trace, field.name)) for field in fields(trace)}
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def neuron_csv(trace: NeuronTrace) -> bytes:
    """A row a step of one neuron: time, current, voltage, each variable of its state, and 1 where it spiked."""
    spiked = np.isin(trace.time, trace.spikes).astype(int)
    columns = {"time_ms": trace.time, "current": trace.current, "voltage_mv": trace.voltage, **trace.state}
    return csv_table(
        [*columns, "spike"], zip(*(each.tolist() for each in columns.values()), spiked.tolist(), strict=True)
    )


def unit_csv(trace: UnitTrace, *, step: float) -> bytes:
    """A row a step of ``step`` ms: time, inputs, weighted sum, output."""
    times = np.arange(len(trace.output)) * step
    head = ["time_ms", *(f"x_{k}" for k in range(trace.inputs.shape[1])), "weighted_sum", "output"]
    columns = (times, *trace.inputs.T, trace.pre_activation, trace.output)
    return csv_table(head, zip(*(each.tolist() for each in columns), strict=True))
