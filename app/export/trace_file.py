"""A caption's trace as a JSON file, and back; its hidden states as a table.

The JSON file: ``format``, ``version``, ``lang``, ``cell``, ``length_penalty``, ``caption``, ``words``,
``end_log_prob``, ``arrays`` (by the trace's field and gate names, each with its ``axes``, its ``shape``, and its
``values`` in one list, the last axis running fastest), ``alternatives`` (for each word, pairs of word and probability),
``beams`` (objects with the fields of ``BeamNode``).
"""

import json

import numpy as np

from app.export.files import csv_table, json_file
from model.traces import BeamNode, CaptionTrace

#: The arrays of a trace, but for its gates, and their axes; axes of one name have one length.
AXES = {
    "log_probs": ("word",),
    "attention": ("word", "row", "column"),
    "context_gate": ("word", "channel"),
    "initial_hidden": ("unit",),
    "hidden": ("word", "unit"),
}


def trace_json(trace: CaptionTrace) -> bytes:
    """The whole trace as JSON in UTF-8; ``read_trace_json`` gives back the same numbers to the last bit."""
    arrays = {name: (axes, getattr(trace, name)) for name, axes in AXES.items()}
    arrays |= {name: (("word", "unit"), values) for name, values in trace.gates.items()}
    content = {
        "lang": trace.lang,
        "cell": trace.cell,
        "length_penalty": trace.length_penalty,
        "caption": trace.caption,
        "words": trace.words,
        "end_log_prob": trace.end_log_prob,
        "arrays": {
            name: {"axes": axes, "shape": values.shape, "values": values.ravel().tolist()}
            for name, (axes, values) in arrays.items()
        },
        "alternatives": trace.alternatives,
        "beams": [node._asdict() for node in trace.beams],
    }
    return json_file("afterimage caption trace", content)


def read_trace_json(stored: bytes) -> CaptionTrace:
    """The trace in a file that ``trace_json`` wrote."""
    content = json.loads(stored)
    arrays = {
        name: np.array(array["values"], np.float32).reshape(array["shape"]) for name, array in content["arrays"].items()
    }
    own = {name: arrays.pop(name) for name in AXES}
    return CaptionTrace(
        caption=content["caption"],
        words=tuple(content["words"]),
        end_log_prob=content["end_log_prob"],
        alternatives=tuple(tuple(map(tuple, likely)) for likely in content["alternatives"]),
        beams=tuple(BeamNode(**node) for node in content["beams"]),
        lang=content["lang"],
        cell=content["cell"],
        length_penalty=content.get("length_penalty", 0.0),
        gates=arrays,
        **own,
    )


def hidden_csv(trace: CaptionTrace) -> bytes:
    """``hidden`` (T, H) as CSV: a row a word, first the word, then its state in the columns unit_0, unit_1, ..."""
    head = ["word", *(f"unit_{unit}" for unit in range(trace.hidden.shape[1]))]
    return csv_table(head, ([word, *state.tolist()] for word, state in zip(trace.words, trace.hidden, strict=True)))
