"""A caption's trace as a JSON file, and back. What is read may come from anyone, so all of it is checked.

The file: ``format``, ``version``, ``lang`` (English where it is left out), ``cell`` (a GRU where it is left out),
``caption``, ``words``, ``end_log_prob``, ``arrays`` (by the trace's field and gate names, each with its ``axes``, its
``shape``, and its ``values`` in one list, the last axis running fastest), ``alternatives`` (for each word, pairs of
word and probability), ``beams`` (objects with the fields of ``BeamNode``).
"""

import json
from typing import Any, NoReturn

import numpy as np

from app.i18n import N_
from model.errors import UserError
from model.traces import BeamNode, CaptionTrace

FORMAT, VERSION = "afterimage caption trace", 1

#: The arrays of a trace and their axes; axes of one name have one length.
AXES = {
    "log_probs": ("word",),
    "attention": ("word", "row", "column"),
    "context_gate": ("word", "channel"),
    "initial_hidden": ("unit",),
    "hidden": ("word", "unit"),
}
#: The longest that each axis may be.
LONGEST = {"word": 100, "row": 64, "column": 64, "channel": 4096, "unit": 4096}
#: The least and greatest value that each array may hold; computing in single precision may go over by a hair.
RANGES = {
    "log_probs": (-1e4, 0.001),
    "attention": (0, 1.001),
    "context_gate": (0, 1.001),
    "initial_hidden": (-1.001, 1.001),
    "hidden": (-1.001, 1.001),
}
#: The gates of each cell with their ranges; all have the axes word and unit.
GATES = {
    "gru": {"update_gate": (0, 1.001), "reset_gate": (0, 1.001), "candidate": (-1.001, 1.001)},
    "lstm": {
        "input_gate": (0, 1.001),
        "forget_gate": (0, 1.001),
        "output_gate": (0, 1.001),
        "candidate": (-1.001, 1.001),
        "cell": (-1e4, 1e4),
    },
    "rnn_tanh": {"pre_activation": (-1e4, 1e4)},
}
STATES = ("kept", "dropped", "finished")
MOST_BYTES, MOST_NODES, MOST_ALTERNATIVES, LONGEST_WORD, LONGEST_CAPTION = 16_000_000, 20_000, 20, 100, 5_000


class TraceFileError(UserError):
    """A file that holds no trace, or a damaged one."""


def trace_json(trace: CaptionTrace) -> bytes:
    """The whole trace as JSON in UTF-8; ``read_trace_json`` gives back the same numbers to the last bit."""
    arrays = {name: (axes, getattr(trace, name)) for name, axes in AXES.items()}
    arrays |= {name: (("word", "unit"), values) for name, values in trace.gates.items()}
    content = {
        "format": FORMAT,
        "version": VERSION,
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
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def read_trace_json(stored: bytes) -> CaptionTrace:
    """The trace in a file that ``trace_json`` wrote.

    Raises:
        TraceFileError: when the file is too large, is no trace, or breaks a law that every trace keeps.
    """
    if len(stored) > MOST_BYTES:
        raise TraceFileError(
            N_("The file has {size} MB; a trace can have up to {most} MB. Please load a trace that this page saved."),
            size=round(len(stored) / 1e6),
            most=MOST_BYTES // 1_000_000,
        )
    try:
        content = json.loads(stored.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise TraceFileError(N_("This file is no JSON. Please load a trace that this page saved.")) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise TraceFileError(N_("This file holds no caption's trace. Please load a trace that this page saved."))
    if content.get("version") != VERSION:
        raise TraceFileError(
            N_("This trace was saved by another version of this page. Please save it again, and load the new file.")
        )
    words = _words(content)
    cell = content.get("cell", "gru")
    _check(isinstance(cell, str) and cell in GATES, "cell")
    arrays, lengths = _arrays(content, len(words), cell)
    return CaptionTrace(
        caption=_text(content, "caption", LONGEST_CAPTION),
        words=words,
        end_log_prob=_number(content.get("end_log_prob"), "end_log_prob", -1e4, 1e-3),
        alternatives=_alternatives(content, len(words)),
        beams=_beams(content, lengths["word"]),
        lang=_text(content, "lang", 8) if "lang" in content else "en",
        cell=cell,
        gates={name: arrays.pop(name) for name in GATES[cell]},
        **arrays,
    )


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _check(fits: bool, part: str) -> None:
    if not fits:
        raise TraceFileError(
            N_("The trace in this file is damaged: its part “{part}” does not fit. Please save it again."), part=part
        )


def _text(parent: dict, part: str, longest: int) -> str:
    text = parent.get(part)
    _check(isinstance(text, str) and len(text) <= longest and text.isprintable(), part)
    return text


def _list(parent: dict, part: str, longest: int) -> list:
    found = parent.get(part)
    _check(isinstance(found, list) and len(found) <= longest, part)
    return found


def _number(value: Any, part: str, least: float, most: float) -> float:
    _check(type(value) in (int, float) and least <= value <= most, part)
    return float(value)


def _whole(value: Any, part: str, least: int, most: int) -> int:
    _check(type(value) is int and least <= value <= most, part)
    return value


def _words(content: dict) -> tuple[str, ...]:
    words = _list(content, "words", LONGEST["word"])
    return tuple(_text({"words": word}, "words", LONGEST_WORD) for word in words)


def _arrays(content: dict, length: int, cell: str) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """The arrays by name, and the length of each axis."""
    stored = content.get("arrays")
    _check(isinstance(stored, dict), "arrays")
    arrays, lengths = {}, {"word": length}
    ranges = RANGES | GATES[cell]
    for name, axes in (AXES | dict.fromkeys(GATES[cell], ("word", "unit"))).items():
        one = stored.get(name)
        _check(isinstance(one, dict), name)
        shape = one.get("shape")
        _check(isinstance(shape, list) and len(shape) == len(axes), name)
        for axis, size in zip(axes, shape, strict=True):
            _check(_whole(size, name, 0, LONGEST[axis]) == lengths.setdefault(axis, size), name)
        values = one.get("values")
        _check(isinstance(values, list) and len(values) == int(np.prod(shape)), name)
        _check(all(type(value) in (int, float) for value in values), name)
        least, most = ranges[name]
        _check(all(least <= value <= most for value in values), name)
        arrays[name] = np.array(values, np.float32).reshape(shape)
    sums = arrays["attention"].sum(axis=(1, 2), dtype=float)
    _check(bool(np.all(np.abs(sums - 1) < 1e-3)), "attention")
    return arrays, lengths


def _alternatives(content: dict, length: int) -> tuple[tuple[tuple[str, float], ...], ...]:
    stored = _list(content, "alternatives", length)
    _check(len(stored) == length, "alternatives")
    result = []
    for likely in stored:
        pairs = _list({"alternatives": likely}, "alternatives", MOST_ALTERNATIVES)
        _check(all(isinstance(pair, list) and len(pair) == 2 for pair in pairs), "alternatives")
        result.append(
            tuple(
                (_text({"alternatives": word}, "alternatives", LONGEST_WORD), _number(p, "alternatives", 0, 1.001))
                for word, p in pairs
            )
        )
    return tuple(result)


def _beams(content: dict, length: int) -> tuple[BeamNode, ...]:
    nodes = []
    for place, stored in enumerate(_list(content, "beams", MOST_NODES)):
        _check(isinstance(stored, dict) and set(stored) == set(BeamNode._fields), "beams")
        _check(stored["state"] in STATES, "beams")
        parent = _whole(stored["parent"], "beams", -1, place - 1)
        step = _whole(stored["step"], "beams", 0, LONGEST["word"])
        if parent >= 0:
            _check(step == nodes[parent].step + 1, "beams")
        log_prob = _number(stored["log_prob"], "beams", -1e6, 1e-3)
        nodes.append(BeamNode(step, parent, _text(stored, "word", LONGEST_WORD), log_prob, stored["state"]))
    return tuple(nodes)
