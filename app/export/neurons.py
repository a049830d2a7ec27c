"""The traces of a model neuron and of an artificial one, and an f-I curve, as tables (CSV) and as JSON.

Units stand in the heads: voltages in mV, times in ms, rates in Hz, currents in the model's own unit.
"""

import numpy as np

from app.export.files import csv_table, fields_of, json_file
from model.traces import NeuronTrace, RateCurve, UnitTrace


def traces_json(neuron: NeuronTrace, unit: UnitTrace, *, step: float, rates: RateCurve | None = None) -> bytes:
    """Both traces with all their fields, and the f-I curve where there is one; ``step`` is the unit's, ms."""
    traces = {"neuron": neuron, "unit": unit} | ({"rates": rates} if rates else {})
    content = {name: fields_of(trace) for name, trace in traces.items()}
    return json_file("afterimage neuron and unit", {"unit_step_ms": step} | content)


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
