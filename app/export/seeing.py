"""What the CNN saw, and saliency beside attention, as tables (CSV) and JSON."""

from collections.abc import Sequence

from app.export.files import csv_table, fields_of, json_file
from model.traces import FeatureMapsTrace, ReceptiveFieldTrace, SaliencyControl, SaliencyTrace


def maps_json(trace: FeatureMapsTrace) -> bytes:
    """A stage's strongest channels: their numbers and maps, and the strengths of all channels."""
    return json_file("afterimage feature maps", fields_of(trace))


def fields_csv(traces: Sequence[ReceptiveFieldTrace]) -> bytes:
    """A row a stage: its region, the theoretical field's width in pixels, and what holds 95 % of the gradient."""
    head = ["stage", "channels", "rows", "columns", "row", "column", "photo_px", "theoretical_px"]
    head += ["effective_width", "effective_area"]
    rows = (
        [
            *(trace.stage, trace.channels, *trace.grid, trace.row + 1, trace.column + 1),
            *(len(trace.gradient), trace.theoretical_side, trace.width(), trace.area()),
        ]
        for trace in traces
    )
    return csv_table(head, rows)


def saliency_csv(trace: SaliencyTrace) -> bytes:
    """A row a region: attention's share, and what the region adds to the word's log-probability, in nats."""
    rows, columns = trace.attention.shape
    return csv_table(
        ["row", "column", "attention", "saliency_nats"],
        (
            [row + 1, column + 1, float(trace.attention[row, column]), float(trace.regions[row, column])]
            for row in range(rows)
            for column in range(columns)
        ),
    )


def saliency_json(trace: SaliencyTrace, control: SaliencyControl | None = None) -> bytes:
    """All of it, pixel by pixel; and its control, where there is one."""
    return json_file("afterimage saliency", fields_of(trace) | ({"control": fields_of(control)} if control else {}))
