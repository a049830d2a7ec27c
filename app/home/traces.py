"""The traces that the home page replays, so that it is there at once: no network runs, and torch is not loaded.

They are files in ``assets/traces``, written by ``python -m app.home.record`` and by nothing else; a test computes them
again. They hold what the home page draws: the arrays of the others of a trace's fields are empty.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.export.trace_file import read_trace_json
from model.captioner.gallery import Sample, samples
from model.traces import CaptionTrace, SequenceTrace

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "traces"
#: The language that there always is.
FIRST_LANGUAGE = "en"
#: The trained network that reads zeros and ones, and what it reads.
PRESET, BITS = "parity-gru", "1101001011"


def photo() -> Sample:
    """The photo of the caption: the one that the caption page shows first."""
    return samples()[0]


def caption_file(lang: str) -> Path:
    return FOLDER / f"caption-{lang}.json"


def sequence_file() -> Path:
    return FOLDER / "sequence.json"


def caption(lang: str) -> CaptionTrace:
    """How the shipped captioner described ``photo`` in ``lang``; in the first language where it does not speak that."""
    file = caption_file(lang) if caption_file(lang).exists() else caption_file(FIRST_LANGUAGE)
    return read_trace_json(file.read_bytes())


def sequence() -> SequenceTrace:
    """How the network ``PRESET`` read ``BITS``."""
    stored = json.loads(sequence_file().read_bytes())["trace"]
    kept: dict[str, Any] = {name: tuple(stored[name]) for name in ("symbols", "answers", "classes")}
    kept |= {name: np.array(stored[name]) for name in ("inputs", "initial_hidden", "hidden", "outputs")}
    return SequenceTrace(cell=stored["cell"], gates={}, terms={}, **kept)
