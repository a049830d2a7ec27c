"""Who looks at whom among a few words, with all numbers."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SelfAttentionTrace:
    """Self-attention over T words (``model.self_attention``)."""

    words: tuple[str, ...]
    #: q, k and v, (T, d).
    queries: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    #: e, (T, T), -inf where the mask hides, and exp(e).
    scores: np.ndarray
    exponentials: np.ndarray
    #: α, (T, T), each row sums to 1.
    weights: np.ndarray
    #: y, (T, d).
    outputs: np.ndarray
