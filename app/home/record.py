"""Record what the home page replays, with the networks that come with the project:

    python -m app.home.record

writes a caption's trace for each language that the captioner speaks, and a sequence's trace, to ``assets/traces``. Run
it again whenever ``assets/captioner`` or ``assets/recurrent`` changed; ``tests/app/test_home.py`` says when.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.export import trace_json
from app.export.sequence import as_json
from app.home.traces import BITS, PRESET, caption_file, photo, sequence_file
from model.captioner import Captioner
from model.captioner.digest import digest_of
from model.files import write_bytes, write_json
from model.recurrent import load_preset, trace_example
from model.traces import CaptionTrace, SequenceTrace

CAPTIONER = Path(__file__).resolve().parents[2] / "assets" / "captioner"
#: So many decimals are kept.
DECIMALS = 5


def caption_trace(captioner: Captioner, lang: str) -> CaptionTrace:
    """The caption as the caption page finds it at first, with its attention; the memory's arrays are left empty."""
    whole = captioner.caption(photo().open(), lang=lang)
    return replace(
        whole,
        log_probs=_rounded(whole.log_probs),
        attention=_rounded(whole.attention),
        context_gate=whole.context_gate[:, :0],
        initial_hidden=whole.initial_hidden[:0],
        hidden=whole.hidden[:, :0],
        gates={name: gate[:, :0] for name, gate in whole.gates.items()},
        alternatives=((),) * len(whole.words),
        beams=(),
        energy=None,
        context=None,
        log_sums=None,
    )


def sequence_trace() -> SequenceTrace:
    """The sequence with its states and outputs; the gates are left out."""
    saved = load_preset(PRESET)
    whole = trace_example(saved.network, saved.task, saved.task.read(BITS))
    arrays: dict[str, Any] = {
        name: _rounded(getattr(whole, name)) for name in ("inputs", "initial_hidden", "hidden", "outputs")
    }
    return replace(whole, gates={}, terms={}, **arrays)


def record() -> None:
    """Write all of them."""
    captioner = Captioner.from_pretrained(CAPTIONER)
    for lang in captioner.languages:
        stored = json.loads(trace_json(caption_trace(captioner, lang)))
        write_json(caption_file(lang), stored | {"captioner_digest": digest_of(CAPTIONER, lang)}, indent=None)
    write_bytes(sequence_file(), as_json(sequence_trace()) + b"\n")


def _rounded(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float64).round(DECIMALS)


if __name__ == "__main__":
    record()
