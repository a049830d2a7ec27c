"""What probes read off a caption's memory, as a table (CSV)."""

from collections.abc import Sequence

from app.export.files import csv_table
from model.traces import ProbeTrace


def probes_csv(traces: Sequence[ProbeTrace], words: Sequence[str]) -> bytes:
    """A row for each question and word: the likeliest answer before the word, its probability, and the right one."""
    rows = (
        [trace.question, t, word, int(trace.read[t]), float(trace.probabilities[t].max()), int(trace.truth[t])]
        for trace in traces
        for t, word in enumerate(words)
    )
    return csv_table(["question", "step", "word", "read", "probability", "right"], rows)
