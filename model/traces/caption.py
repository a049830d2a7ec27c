"""What happened while a photo became a caption: by the GRU, and beside it by a Transformer."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

#: What became of a hypothesis in its step.
Fate: TypeAlias = Literal["kept", "dropped", "finished"]


class BeamNode(NamedTuple):
    """One hypothesis in a beam search's tree: ``word`` appended to the hypothesis ``parent``.

    The row's own place in ``CaptionTrace.beams`` is its name: ``parent`` is such a place, or -1 for the empty
    caption. ``step`` counts words from 0, ``log_prob`` is the sum of log-probabilities (natural logarithm)
    from the start of the caption to this word, ``word`` is ``""`` for the end of the caption, and ``state``
    says what became of it: ``"kept"`` (lived on to the next step), ``"dropped"`` (better ones filled the beam, or
    it says a thing twice: ``repeats``) or ``"finished"`` (a complete caption).
    """

    step: int
    parent: int
    word: str
    log_prob: float
    state: Fate
    repeats: bool = False

    def score(self, length_penalty: float) -> float:
        """What whole captions are compared by: log p / (T + 1) ** length_penalty, for T words and the end."""
        return self.log_prob / (self.step + 1) ** length_penalty


@dataclass(frozen=True)
class CaptionTrace:
    """All that happened while a photo became a caption of T words (the end token is not counted).

    Arrays are float32. The GRU's z is that of Cho et al. 2014 and torch (others swap z and 1 - z):
    ``hidden[t] = (1 - update_gate[t]) * candidate[t] + update_gate[t] * hidden[t-1]``, with
    ``initial_hidden`` in the place of ``hidden[-1]``.
    """

    #: The caption as a reader wants it.
    caption: str
    #: The T words it is made of.
    words: tuple[str, ...]
    #: log p(word | photo, words before), natural logarithm, (T,).
    log_probs: np.ndarray
    #: log p(end | photo, all words): the sum of ``log_probs`` and this scores the whole caption. Where the
    #: length limit cut the caption, it is what ending there would have cost.
    end_log_prob: float
    #: Where it looked for each word: weights over the grid of regions, (T, rows, columns), each map sums to 1.
    attention: np.ndarray
    #: How far the gate on the looked-at content was open, 0 shut to 1 open, (T, C).
    context_gate: np.ndarray
    #: The memory before the first word, made from the photo, (H,).
    initial_hidden: np.ndarray
    #: The memory after reading the word before and looking, from which the word was predicted, (T, H).
    hidden: np.ndarray
    #: What its cell's gates did, each (T, H), by name: for the GRU ``update_gate``, ``reset_gate`` and ``candidate``,
    #: for the other cells as in ``SequenceTrace``.
    gates: dict[str, np.ndarray]
    #: For each of the T words, the most likely words and their probabilities, best first; ``""`` is the end.
    alternatives: tuple[tuple[tuple[str, float], ...], ...]
    #: The search tree, parents before children (see ``BeamNode``).
    beams: tuple[BeamNode, ...]
    #: The caption's language: ``"en"``, ``"zh"``.
    lang: str = "en"
    #: Which recurrent cell, one of ``model.cells.CELLS``.
    cell: str = "gru"
    #: How well each region fitted what was looked for, before the softmax that makes ``attention`` of it, (T, rows,
    #: columns). These and what follows are None where they were not kept, and this where there is no attention.
    energy: np.ndarray | None = None
    #: What came through the gate from where it looked, (T, C).
    context: np.ndarray | None = None
    #: log of the sum of exp(score) over all words that could be said, (T,): a word's score is its log-probability plus
    #: this.
    log_sums: np.ndarray | None = None
    #: Whole captions were compared by ``BeamNode.score`` with this.
    length_penalty: float | None = None

    @property
    def states(self) -> np.ndarray:
        """The path of the state: that before the first word, then that of each, (T + 1, H)."""
        return np.concatenate([self.initial_hidden[None], self.hidden])

    @property
    def update_gate(self) -> np.ndarray:
        """The GRU's z: 1 keeps a unit's old state, 0 replaces it, (T, H)."""
        return self.gates["update_gate"]

    @property
    def reset_gate(self) -> np.ndarray:
        """The GRU's r: how much of the old state enters the candidate, (T, H)."""
        return self.gates["reset_gate"]

    @property
    def candidate(self) -> np.ndarray:
        """The GRU's n, the state that was proposed, (T, H)."""
        return self.gates["candidate"]

    @property
    def log_prob(self) -> float:
        """log p(caption | photo): the sum over the words and the end."""
        return float(self.log_probs.sum()) + self.end_log_prob


@dataclass(frozen=True)
class HiddenBasis:
    """A view onto hidden states: their principal axes, as ``model.hidden_basis`` fits them.

    The captioner's was fitted once, to the captions of all validation photos, so that the paths of different photos lie
    in one space. A recurrent network's is fitted to the sequences at hand.
    """

    #: The mean state, (H,).
    mean: np.ndarray
    #: The principal axes, orthonormal rows, (K, H).
    components: np.ndarray
    #: The share of the fitted states' variance that each axis holds, (K,).
    explained: np.ndarray

    def project(self, hidden: np.ndarray) -> np.ndarray:
        """States (T, H) to coordinates (T, K): ``(hidden - mean) @ components.T``."""
        return (hidden - self.mean) @ self.components.T

    def share_of(self, hidden: np.ndarray) -> np.ndarray:
        """The share of these states' own variance around their mean that each axis shows, (K,)."""
        spread = hidden - hidden.mean(axis=0)
        total = float((spread**2).sum())
        return ((spread @ self.components.T) ** 2).sum(axis=0) / total if total else np.zeros(len(self.components))


@dataclass(frozen=True)
class TransformerCaption:
    """What a Transformer said about a photo in T tokens (words, or pieces of words), and what that took."""

    #: The caption as a reader wants it.
    caption: str
    #: The T tokens it is made of, the end not counted.
    tokens: tuple[str, ...]
    #: log p(token | photo, tokens before), natural logarithm, (T,).
    log_probs: np.ndarray
    #: log p(end | photo, all tokens), or None where the length limit cut the caption.
    end_log_prob: float | None
    #: How many hypotheses the search kept; 1 is greedy.
    beam: int
    #: What the model is called.
    name: str
    #: From the picture to the caption, s.
    seconds: float
    parameters: int
    #: The size of its weights on the disk, MB.
    megabytes: float
    #: The numbers that its attention keeps for each token that it read or said: 2 * layers * hidden size.
    kept_per_token: int
