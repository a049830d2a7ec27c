r"""Self-attention over a few words, with every number in sight (Vaswani et al. 2017, section 3.2.1 and 3.5).

.. math::
    q_t = x_t W_q \qquad k_t = x_t W_k \qquad v_t = x_t W_v \qquad
    e_{ts} = q_t \cdot k_s / \sqrt{d} \qquad \alpha_t = \mathrm{softmax}(e_t) \qquad y_t = \sum_s \alpha_{ts} v_s

With the **causal mask** e_ts is -∞ for s > t, so that no word sees those after it. With **positions** x_t is the word's
vector plus

.. math::
    p_{t,2i} = \sin(t / 10000^{2i/D}) \qquad p_{t,2i+1} = \cos(t / 10000^{2i/D})

The words' vectors and the three matrices are set by hand, so that what comes out can be understood; nothing is trained.
"""

from collections.abc import Sequence

import numpy as np

from model.traces import SelfAttentionTrace

#: The words, and what each is, D = 4 numbers: an article, a thing, something done, a word that refers back.
WORDS = ("the", "dog", "saw", "its", "ball")
VECTORS = {
    "the": (1, 0, 0, 0),
    "dog": (0, 1, 0, 0),
    "saw": (0, 0, 1, 0),
    "its": (0, 0, 0, 1),
    "ball": (0, 1, 0, 0),
}
#: (D, d), d = 2. A query's and a key's two numbers: "a thing", "an article". What is done, and more so what refers
#: back, looks for things; a thing looks for its article.
W_Q = np.array([[0, 0], [0, 1.5], [1.5, 0], [2, 0]])
W_K = np.array([[0, 2], [2, 0], [0, 0], [0, 0]])
#: A value's two numbers: how much of a thing, how much of something done.
W_V = np.array([[0, 0], [1, 0], [0, 1], [0, 0]])


def attend(words: Sequence[str] = WORDS, *, causal: bool = True, positions: bool = False) -> SelfAttentionTrace:
    """Self-attention over words of ``VECTORS``."""
    x = np.array([VECTORS[word] for word in words], dtype=float)
    if positions:
        x = x + encoded_positions(*x.shape)
    queries, keys, values = x @ W_Q, x @ W_K, x @ W_V
    scores = queries @ keys.T / np.sqrt(keys.shape[1])
    if causal:
        scores[np.triu_indices(len(x), k=1)] = -np.inf
    exponentials = np.exp(scores)
    weights = exponentials / exponentials.sum(axis=1, keepdims=True)
    return SelfAttentionTrace(tuple(words), queries, keys, values, scores, exponentials, weights, weights @ values)


def encoded_positions(steps: int, size: int) -> np.ndarray:
    """p, (T, D), t from 0."""
    angles = np.arange(steps)[:, None] / 10_000 ** (np.arange(0, size, 2) / size)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(steps, size)
