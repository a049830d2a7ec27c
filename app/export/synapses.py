"""The traces of synapses, of learning and of the memory circuit as tables (CSV) and as JSON. Units stand in the
heads."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.export.files import csv_table, fields_of, json_file
from model.traces import CircuitTrace, DescentTrace, PlasticityTrace, SynapseTrace, UnitTrace


def synapse_csv(trace: SynapseTrace) -> bytes:
    """A row a step: time, voltage, the plain sum, each input's conductance, and 1 where the membrane spiked."""
    head = ["time_ms", "voltage_mv", "linear_mv"]
    head += [f"conductance_{k + 1}_ns" for k in range(trace.conductance.shape[1])]
    spiked = np.isin(trace.time, trace.spikes).astype(int)
    columns = (trace.time, trace.voltage, trace.linear, *trace.conductance.T, spiked)
    return csv_table([*head, "spike"], zip(*(column.tolist() for column in columns), strict=True))


def patterns_json(patterns: Sequence[Any], *, bin: float) -> bytes:
    """Each pattern's name and traces: of the neuron, of the unit without memory, of the recurrent one (bins in ms)."""
    listed = [
        {
            "name": each.name,
            "neuron": fields_of(each.neuron),
            "unit": fields_of(each.unit),
            "recurrent_unit": fields_of(each.recurrent),
        }
        for each in patterns
    ]
    return json_file("afterimage patterns of spikes", {"bin_ms": bin, "patterns": listed})


def learning_csv(synapse: PlasticityTrace, unit: DescentTrace) -> bytes:
    """A row a pairing, or a step, from 0 on: the synapse's weight; the unit's weights, bias, output and error."""
    head = ["count", "synapse_weight", *(f"w_{k + 1}" for k in range(unit.weights.shape[1])), "bias", "output", "error"]
    learned = np.column_stack([unit.weights, unit.bias, unit.output, unit.error]).tolist()
    rows = (
        [
            count,
            float(synapse.weights[count]) if count < len(synapse.weights) else "",
            *(learned[count] if count < len(learned) else [""] * len(learned[0])),
        ]
        for count in range(max(len(synapse.weights), len(learned)))
    )
    return csv_table(head, rows)


def learning_json(synapse: PlasticityTrace, unit: DescentTrace) -> bytes:
    return json_file("afterimage learning", {"synapse": fields_of(synapse), "unit": fields_of(unit)})


def spikes_csv(trace: CircuitTrace) -> bytes:
    """A row a spike: when it came, of which neuron, in which group."""
    rows = zip(
        trace.spike_times.tolist(),
        trace.spike_neurons.tolist(),
        (trace.groups[group] for group in trace.group_of_spikes),
        strict=True,
    )
    return csv_table(["time_ms", "neuron", "group"], rows)


def memory_json(circuit: CircuitTrace, unit: UnitTrace, *, step: float) -> bytes:
    """Both traces with all their fields; ``step`` is the unit's, ms."""
    return json_file(
        "afterimage memory", {"circuit": fields_of(circuit), "unit": fields_of(unit), "unit_step_ms": step}
    )
