"""A caption's trace as a JSON file, and back; its hidden states as a table.

The JSON file: ``format``, ``version``, ``lang``, ``cell``, ``caption``, ``words``, ``end_log_prob``, ``arrays`` (by the
trace's field and gate names, each with its ``axes``, its ``shape``, and its ``values`` in one list, the last axis
running fastest), ``alternatives`` (for each word, pairs of word and probability), ``beams`` (objects with the fields of
``BeamNode``), ``length_penalty``. What a trace may lack, and this one lacks, is not there.
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
#: Those that a trace may lack.
MORE_AXES = {
    "energy": ("word", "row", "column"),
    "context": ("word", "channel"),
    "log_sums": ("word",),
}


def trace_json(trace: CaptionTrace) -> bytes:
    """The whole trace as JSON in UTF-8; ``read_trace_json`` gives back the same numbers to the last bit."""
    known = {name: (axes, getattr(trace, name)) for name, axes in (AXES | MORE_AXES).items()}
    arrays = {name: (axes, values) for name, (axes, values) in known.items() if values is not None}
    arrays |= {name: (("word", "unit"), values) for name, values in trace.gates.items()}
    content = {
        "lang": trace.lang,
        "cell": trace.cell,
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
    if trace.length_penalty is not None:
        content["length_penalty"] = trace.length_penalty
    return json_file("afterimage caption trace", content)


def read_trace_json(stored: bytes) -> CaptionTrace:
    """The trace in a file that ``trace_json`` wrote."""
    content = json.loads(stored)
    arrays = {
        name: np.array(array["values"], np.float32).reshape(array["shape"]) for name, array in content["arrays"].items()
    }
    own = {name: arrays.pop(name) for name in (*AXES, *MORE_AXES) if name in arrays}
    return CaptionTrace(
        caption=content["caption"],
        words=tuple(content["words"]),
        end_log_prob=content["end_log_prob"],
        alternatives=tuple(tuple(map(tuple, likely)) for likely in content["alternatives"]),
        beams=tuple(BeamNode(**node) for node in content["beams"]),
        lang=content["lang"],
        cell=content["cell"],
        length_penalty=content.get("length_penalty"),
        gates=arrays,
        **own,
    )


def hidden_csv(trace: CaptionTrace) -> bytes:
    """``hidden`` (T, H) as CSV: a row a word, first the word, then its state in the columns unit_0, unit_1, ..."""
    head = ["word", *(f"unit_{unit}" for unit in range(trace.hidden.shape[1]))]
    return csv_table(head, ([word, *state.tolist()] for word, state in zip(trace.words, trace.hidden, strict=True)))
