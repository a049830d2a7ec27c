r"""Linear probes: what can be read off the memory, by a linear map and nothing more.

.. math::
    p(\text{answer} \mid h_t) = \mathrm{softmax}(W h_t + b)

Alain and Bengio 2017, "Understanding intermediate layers using linear classifier probes". What a probe reads is there
to be read; whether the network itself uses it, a probe cannot tell (Belinkov 2022, "Probing classifiers: promises,
shortcomings, and advances"). ``model.training.probes`` fits them; they lie beside the captioner's other files.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from model.captioner.word_classes import COUNTS, YES_NO, answers
from model.traces import CaptionTrace, ProbeScore, ProbeTrace
from model.weights import damaged, load_metadata, load_weights, save_weights

#: What the file in a language's folder is called.
PROBES_FILE = "probes.safetensors"
QUESTIONS = (*YES_NO, *COUNTS)


@dataclass(frozen=True)
class Probe:
    """One question's probe: ``weight`` (K, H), ``bias`` (K,), and the answers they are for, (K,)."""

    weight: np.ndarray
    bias: np.ndarray
    classes: np.ndarray
    score: ProbeScore

    def probabilities(self, hidden: np.ndarray) -> np.ndarray:
        """Each answer's probability: memories (T, H) to (T, K)."""
        scores = hidden @ self.weight.T + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def read(probes: dict[str, Probe], trace: CaptionTrace) -> tuple[ProbeTrace, ...]:
    """What each probe reads off a caption's memory, beside the right answers."""
    right = answers(trace.words, trace.lang)
    return tuple(
        ProbeTrace(name, probe.classes, probe.probabilities(trace.hidden), right[name], probe.score)
        for name, probe in probes.items()
    )


def save_probes(probes: dict[str, Probe], folder: Path, digest: str) -> None:
    """Write them into a language's folder, with the digest of the captioner's weights that they read."""
    tensors = {}
    for name, probe in probes.items():
        tensors[f"{name}.weight"] = torch.tensor(probe.weight, dtype=torch.float32)
        tensors[f"{name}.bias"] = torch.tensor(probe.bias, dtype=torch.float32)
        tensors[f"{name}.classes"] = torch.tensor(probe.classes, dtype=torch.int64)
    scores = {name: asdict(probe.score) for name, probe in probes.items()}
    save_weights(tensors, folder / PROBES_FILE, {"captioner_digest": digest, "scores": json.dumps(scores)})


def load_probes(folder: Path) -> dict[str, Probe]:
    """What ``save_probes`` wrote, in the order of ``QUESTIONS``.

    Raises:
        MissingFileError: when there is none in the folder.
        WeightsError: when it is damaged.
    """
    file = folder / PROBES_FILE
    arrays = {name: tensor.numpy() for name, tensor in load_weights(file).items()}
    try:
        scores = json.loads(load_metadata(file)["scores"])
        return {
            name: Probe(
                arrays[f"{name}.weight"], arrays[f"{name}.bias"], arrays[f"{name}.classes"], ProbeScore(**scores[name])
            )
            for name in QUESTIONS
            if name in scores
        }
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(file) from error
