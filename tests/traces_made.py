"""Made traces: valid random CaptionTraces from a seed, for tests of what draws or stores traces.

They keep every law a real trace keeps (maps that sum to 1, a GRU step that adds up, a search tree whose best
finished path is the caption), so that a chart can be held against them without a model.
"""

from collections.abc import Sequence

import numpy as np

from model.traces import BeamNode, CaptionTrace, HiddenBasis

VOCABULARY = ("a", "the", "dog", "cat", "man", "woman", "child", "runs", "jumps", "over", "in", "grass", "street")


def make_trace(
    seed: int = 0,
    words: Sequence[str] | int = 8,
    *,
    rows: int = 9,
    columns: int = 9,
    units: int = 32,
    channels: int = 16,
    beam: int = 3,
    finished: bool = True,
    spread: float = 1.2,
    length_penalty: float = 0.75,
) -> CaptionTrace:
    """A trace of ``words`` (or of that many random words), looked for in one blob of ``spread`` regions each."""
    rng = np.random.default_rng(seed)
    said = tuple(rng.choice(VOCABULARY, words)) if isinstance(words, int) else tuple(words)
    said = tuple(str(word) for word in said)
    length = len(said)
    probabilities = rng.uniform(0.15, 0.9, length)

    update, reset = (_sigmoid(rng.normal(0, 2, (length, units))) for _ in range(2))
    candidate = np.tanh(rng.normal(0, 1, (length, units))).astype(np.float32)
    initial = np.tanh(rng.normal(0, 0.5, units)).astype(np.float32)
    hidden = np.zeros((length, units), np.float32)
    for t in range(length):
        before = hidden[t - 1] if t else initial
        hidden[t] = (1 - update[t]) * candidate[t] + update[t] * before

    log_probs = np.log(probabilities).astype(np.float32)
    end_log_prob = float(np.float32(np.log(rng.uniform(0.3, 0.9))))
    attention = _blobs(rng, length, rows, columns, spread)
    gate = _sigmoid(rng.normal(rng.normal(0, 1.5, (length, 1)), 0.5, (length, channels)))
    tree = _tree(rng, said, log_probs, end_log_prob, beam, finished, length_penalty)
    return CaptionTrace(
        caption=" ".join(said),
        words=said,
        log_probs=log_probs,
        end_log_prob=end_log_prob,
        attention=attention,
        context_gate=gate,
        initial_hidden=initial,
        hidden=hidden,
        gates={"update_gate": update, "reset_gate": reset, "candidate": candidate},
        alternatives=tuple(_alternatives(rng, word, p) for word, p in zip(said, probabilities, strict=True)),
        beams=tree,
        energy=np.log(attention) + rng.normal(0, 2, (length, 1, 1)).astype(np.float32),
        context=gate * rng.exponential(1, gate.shape).astype(np.float32),
        log_sums=rng.normal(9, 2, length).astype(np.float32),
        length_penalty=length_penalty,
    )


def make_basis(seed: int = 0, units: int = 32, axes: int = 3) -> HiddenBasis:
    """Orthonormal random axes that hold a falling share of the variance."""
    rng = np.random.default_rng(seed)
    components = np.linalg.qr(rng.normal(size=(units, axes)))[0].T.astype(np.float32)
    explained = (0.3 * 0.6 ** np.arange(axes)).astype(np.float32)
    return HiddenBasis(rng.normal(0, 0.1, units).astype(np.float32), components, explained)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return (1 / (1 + np.exp(-x))).astype(np.float32)


def _blobs(rng: np.random.Generator, length: int, rows: int, columns: int, spread: float) -> np.ndarray:
    y, x = np.mgrid[:rows, :columns]
    maps = []
    for _ in range(length):
        row, column = rng.uniform(0, rows - 1), rng.uniform(0, columns - 1)
        blob = np.exp(-((y - row) ** 2 + (x - column) ** 2) / (2 * spread**2)) + 0.01
        maps.append(blob / blob.sum())
    return np.array(maps, np.float32).reshape(length, rows, columns)


def _alternatives(rng: np.random.Generator, word: str, probability: float) -> tuple[tuple[str, float], ...]:
    """The word said and four others (the end among them at times), that share what it leaves, best first."""
    others = [str(other) for other in rng.permutation([w for w in VOCABULARY if w != word])[:4]]
    if rng.random() < 0.3:
        others[-1] = ""
    shares = rng.dirichlet(np.ones(5))[:4] * (1 - probability)
    pairs = [(word, float(probability)), *zip(others, shares.tolist(), strict=True)]
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def _tree(
    rng: np.random.Generator,
    words: tuple[str, ...],
    log_probs: np.ndarray,
    end_log_prob: float,
    beam: int,
    finished: bool,
    length_penalty: float,
) -> tuple[BeamNode, ...]:
    """A beam that keeps the said words and ``beam - 1`` rivals a step, drops as many, and finishes the caption."""
    nodes: list[BeamNode] = []
    alive: list[tuple[int, float]] = [(-1, 0.0)]
    best = -1
    for step, word in enumerate(words):
        offered = []
        for place, (parent, score) in enumerate(alive):
            offered.append((parent, word if place == 0 else str(rng.choice(VOCABULARY)), score + log_probs[step]))
            offered += [
                (parent, str(rng.choice(VOCABULARY)), score + log_probs[step] - rng.exponential(2)) for _ in range(2)
            ]
        first, rest = offered[0], sorted(offered[1:], key=lambda node: -node[2])
        alive = []
        for place, (parent, name, score) in enumerate([first, *rest[: 2 * beam - 1]]):
            nodes.append(BeamNode(step, parent, name, float(score), "kept" if place < beam else "dropped"))
            if place < beam:
                alive.append((len(nodes) - 1, float(score)))
        best = alive[0][0]
        if step and beam > 1 and rng.random() < 0.3:
            loser, score = alive.pop()
            nodes.append(BeamNode(step + 1, loser, "", score - 2.0, "finished"))
    if finished:
        score = nodes[best].log_prob if nodes else 0.0
        chosen = BeamNode(len(words), best, "", score + end_log_prob, "finished")
        for place, node in enumerate(nodes):  # No rival has a better score.
            if node.state == "finished":
                most = (chosen.score(length_penalty) - 0.01) * (node.step + 1) ** length_penalty
                nodes[place] = node._replace(log_prob=min(node.log_prob, most))
        nodes.append(chosen)
    return tuple(nodes)
