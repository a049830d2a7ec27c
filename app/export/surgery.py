"""What surgery on a caption found, as tables (CSV)."""

from collections.abc import Mapping

from app.export.files import csv_table
from model.traces import HoldingTrace, PatchingTrace, SwapTrace
from model.traces.editing import PARTS


def swap_csv(trace: SwapTrace, captions: Mapping[str, str]) -> bytes:
    """A row for each memory with each photo: log p of A's word and of B's, in nats, and how the caption goes on."""
    head = ["memory", "photo", f"log_prob {trace.words[0]} (A)", f"log_prob {trace.words[1]} (B)", "caption"]
    rows = (
        [memory, photo, *trace.log_probs[i, k].tolist(), captions[f"memory {memory}, photo {photo}"]]
        for i, memory in enumerate("AB")
        for k, photo in enumerate("AB")
    )
    return csv_table(head, rows)


def patching_csv(trace: PatchingTrace) -> bytes:
    """A row for each part of each step: log p of B's word with it put into A's run, the share of the way that is
    recovered, and the same share for other photos' values."""
    head = ["part", "step_a", "step_b", "log_prob", "recovered", "recovered_others"]
    rows = (
        [
            part,
            int(trace.steps_a[k]),
            int(trace.steps_b[k]),
            *(float(values[p, k]) for values in (trace.log_probs, trace.recovered, trace.baseline)),
        ]
        for p, part in enumerate(PARTS)
        for k in range(len(trace.steps_a))
    )
    return csv_table(head, rows)


def holding_csv(trace: HoldingTrace) -> bytes:
    """A row a unit: what it is set to, what the word loses when it alone is held, in nats, and whether it was held."""
    rows = (
        [unit, value, cost, int(unit in trace.units)]
        for unit, (value, cost) in enumerate(zip(trace.values.tolist(), trace.costs.tolist(), strict=True))
    )
    return csv_table(["unit", "value", "cost", "held"], rows)
