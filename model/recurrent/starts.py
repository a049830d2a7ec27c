"""How much hangs on the start: the recall presets once more, with other biases of the gate that keeps.

    python -m model.recurrent starts

trains the LSTM and the GRU of delayed recall as ``model.recurrent.presets`` does, same task, settings, steps and seeds,
but with each bias of ``BIASES`` in place of the presets' own, and writes ``starts.json`` beside the presets: for each
cell and bias the share of 1,000 fresh sequences that each seed answered rightly. The plain RNN has no such gate.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import exp
from pathlib import Path

from model.files import write_json
from model.recurrent.presets import DIRECTORY, PRESETS, train_seeds

INDEX = "starts.json"
CELLS = ("lstm", "gru")
#: torch's start; 1, which Keras gives the LSTM; and the start of ``Settings``, which the pages' own training has.
BIASES = (0.0, 1.0, 3.0)


@cache
def accuracy_by_bias(cell: str) -> dict[float, tuple[float, ...]]:
    """The shares of right answers over 60 distractors, one a seed, by the bias of the keeping gate, the presets' own
    last; 0.125 is guessing."""
    preset = PRESETS[f"recall-{cell}"]
    measured = json.loads((DIRECTORY / INDEX).read_text())[cell]
    own = json.loads((DIRECTORY / "presets.json").read_text())[f"recall-{cell}"]["accuracy_by_seed"]
    found = {float(bias): tuple(by_seed.values()) for bias, by_seed in measured.items()}
    return found | {preset.settings.keep_bias: tuple(own.values())}


def kept(bias: float, steps: int = 1) -> float:
    """About what share of a memory is left after so many steps of a new network: σ(bias)^steps, all else at 0."""
    return (1 / (1 + exp(-bias))) ** steps


def measure(cell: str, bias: float, say: Callable[[str], None] = lambda line: None) -> dict[str, float]:
    """The share of right answers by seed, from training anew."""
    preset = PRESETS[f"recall-{cell}"]
    changed = replace(preset, settings=replace(preset.settings, keep_bias=bias))
    return {str(run.settings.seed): score.accuracy for score, run in train_seeds(changed, say)}


def measure_all(directory: Path, say: Callable[[str], None] = lambda line: None) -> None:
    """Measure every cell with every bias, and write the file."""
    found: dict[str, dict[str, dict[str, float]]] = {cell: {} for cell in CELLS}
    for cell in CELLS:
        for bias in BIASES:
            say(f"{cell}, bias {bias:g}")
            found[cell][f"{bias:g}"] = measure(cell, bias, say)
            write_json(directory / INDEX, found, indent=2)
