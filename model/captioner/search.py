"""The search for words: greedy, beam, sampling, each from a given start if wanted.

One loop serves them all. It holds up to N live hypotheses and asks the decoder once a step for all of them; what
differs is the choice of who lives on. Greedy search is a beam of width 1.

A hypothesis of T words and the end scores ``log p / (T + 1) ** length_penalty`` (Wu et al. 2016, section 7, without
their coverage term): the plain sum would favour short captions. What would say a thing twice
(``model.captioner.repetition``) is left out, unless it is asked for.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from model.captioner.config import LENGTH_PENALTY, CaptionerConfig
from model.captioner.decoder import Decoder, DecoderStep, Regions
from model.captioner.repetition import Repetition
from model.captioner.settings import DEFAULT, Sampling, SearchSettings
from model.traces import BeamNode
from model.traces.caption import Fate

ALTERNATIVES = 5


#: What does step t in the place of ``decoder.step(embedded, state, seen)``: decoder, t, embedded (1, N, E), state
#: (1, N, S) and what is seen to the words read, (1, N, E), and the step.
Doing = Callable[[Decoder, int, Tensor, Tensor, Regions], tuple[Tensor, DecoderStep]]


class TokenNode(NamedTuple):
    """A hypothesis: a ``BeamNode`` with a token in place of the word."""

    step: int
    parent: int
    token: int
    log_prob: float
    state: Fate
    row: int  # of the parent, among the hypotheses that the decoder was asked for in this step
    repeats: bool = False  # dropped since it says a thing twice; without that it would have been among the best


class FoundCaption(NamedTuple):
    """The caption found, of T words, with what the decoder did for each word and for the end (T + 1 entries)."""

    tokens: list[int]
    log_probs: list[float]  # (T + 1): the last is the end's
    log_sums: list[float]  # (T + 1): log of the sum over all words of exp(score)
    alternatives: list[list[tuple[int, float]]]  # (T + 1)
    steps: list[tuple[DecoderStep, int]]  # (T + 1): the step and the hypothesis' row in it
    initial_hidden: Tensor  # (H,)
    tree: list[TokenNode]


def search(
    decoder: Decoder,
    regions: Tensor,
    config: CaptionerConfig,
    settings: SearchSettings = DEFAULT,
    *,
    start: Sequence[int] = (),
    length_penalty: float = LENGTH_PENALTY,
    repetition: Repetition | None = None,
    edit: Doing | None = None,
) -> FoundCaption:
    """Find a caption for one photo: ``regions`` (R, channels).

    ``start`` are the tokens of the settings' prefix; with ``sample``, words are drawn, one hypothesis wide.
    ``repetition`` says what may not come again; None lets everything come. ``edit`` reaches into each step
    (``model.captioner.editing``).
    """
    draw = _drawing(settings.sample) if settings.sample else None
    width = 1 if draw else settings.beam
    seen = decoder.look(regions[None])
    first_state = state = decoder.first_state(seen)  # (1, 1, S)
    hypotheses = _Hypotheses(width, config)
    steps: list[DecoderStep] = []
    log_probs_at: list[Tensor] = []
    log_sums_at: list[Tensor] = []

    while hypotheses.live and len(hypotheses.finished) < width:
        parents = hypotheses.parents()
        tokens = torch.tensor([[parent.token for parent in parents]], device=regions.device)
        embedded = decoder.embed(tokens)  # (1, N, E)
        t = len(steps)
        if edit:
            embedded, step = edit(decoder, t, embedded, state, seen)
        else:
            step = decoder.step(embedded, state, seen)
        scores = decoder.predict(embedded, step.memory.hidden, step.context)[0].float().cpu()  # (N, V)
        scores[:, config.never_said] = -torch.inf
        log_probs = scores.log_softmax(dim=-1)
        banned = [repetition.banned(said) if repetition else [] for said in hypotheses.words_said()]
        steps.append(step)
        log_probs_at.append(log_probs)
        # What the softmax took off every score; to sum all words' once more takes longer than a step of the GRU.
        log_sums_at.append(scores[:, config.end_token_id] - log_probs[:, config.end_token_id])

        last = t == settings.max_words
        if t < len(start):
            chosen = [(0, start[t])]
        elif last:  # no word may follow: end here, whatever it costs
            chosen = [(row, config.end_token_id) for row in range(len(parents))]
        elif draw:
            scores[0, banned[0]] = -torch.inf
            chosen = [(0, draw(scores[0]))]
        else:
            totals = torch.tensor([parent.log_prob for parent in parents])[:, None] + log_probs
            chosen, repeats = _best(totals, 2 * width, banned)
            hypotheses.drop(t, repeats)
        rows = hypotheses.grow(t, chosen, log_probs, last)
        state = step.memory.state[:, rows]

    path = hypotheses.best(length_penalty)
    return FoundCaption(
        tokens=[node.token for node in path[:-1]],
        log_probs=[float(log_probs_at[node.step][node.row, node.token]) for node in path],
        log_sums=[float(log_sums_at[node.step][node.row]) for node in path],
        alternatives=[_most_likely(log_probs_at[node.step][node.row]) for node in path],
        steps=[(steps[node.step], node.row) for node in path],
        initial_hidden=first_state[0, 0, : config.hidden_size],
        tree=hypotheses.tree,
    )


class _Hypotheses:
    """All beginnings of captions that a search followed, as a tree, and which of them live on."""

    def __init__(self, width: int, config: CaptionerConfig):
        self.width, self.end = width, config.end_token_id
        self.empty = TokenNode(-1, -1, config.start_token_id, 0.0, "kept", 0)
        self.tree: list[TokenNode] = []
        #: Places in the tree; -1 is the empty hypothesis.
        self.live: list[int] = [-1]
        self.finished: list[int] = []
        #: The tokens of each that lived on.
        self.said: dict[int, list[int]] = {-1: []}

    def parents(self) -> list[TokenNode]:
        """Those that live."""
        return [self.tree[place] if place >= 0 else self.empty for place in self.live]

    def words_said(self) -> list[list[int]]:
        """The tokens of each that lives."""
        return [self.said[place] for place in self.live]

    def drop(self, t: int, repeats: list[tuple[float, int, int]]) -> None:
        """Keep on record what would say a thing twice, as (sum, row, token)."""
        self.tree += [
            TokenNode(t, self.live[row], token, total, "dropped", row, repeats=True) for total, row, token in repeats
        ]

    def grow(self, t: int, chosen: list[tuple[int, int]], log_probs: Tensor, last: bool) -> list[int]:
        """Add what was ``chosen`` at step t, the best first, as (row, token): it ends, lives on, or is dropped. After
        the ``last`` step all that ended is a caption. Gives the rows, among the parents, of those that live on."""
        parents = self.parents()
        going_on: list[int] = []
        for rank, (row, token) in enumerate(chosen):
            fate: Fate = "dropped"
            if token == self.end and (rank < self.width or last):
                fate = "finished"
                self.finished.append(len(self.tree))
            elif token != self.end and len(going_on) < self.width - len(self.finished):
                fate = "kept"
                going_on.append(len(self.tree))
                self.said[len(self.tree)] = [*self.said[self.live[row]], token]
            log_prob = parents[row].log_prob + float(log_probs[row, token])
            self.tree.append(TokenNode(t, self.live[row], token, log_prob, fate, row))
        self.live = going_on
        return [self.tree[place].row for place in going_on]

    def best(self, length_penalty: float) -> list[TokenNode]:
        """The nodes of the best finished caption, from its first word to its end. The search is over: what was alive
        is dropped."""
        for place in self.live:
            self.tree[place] = self.tree[place]._replace(state="dropped")

        def score(place: int) -> float:
            return self.tree[place].log_prob / (self.tree[place].step + 1) ** length_penalty

        path = [self.tree[max(self.finished, key=score)]]
        while path[0].parent >= 0:
            path.insert(0, self.tree[path[0].parent])
        return path


def _best(
    totals: Tensor, count: int, banned: list[list[int]]
) -> tuple[list[tuple[int, int]], list[tuple[float, int, int]]]:
    """Of the sums (N, V) of N hypotheses' log-probabilities with each next word: the ``count`` best as (row, token),
    without what is ``banned`` in each row; and what else would have been among them, as (sum, row, token)."""
    repeats = [(float(totals[row, token]), row, token) for row, some in enumerate(banned) for token in some]
    for _, row, token in repeats:
        totals[row, token] = -torch.inf
    best = totals.flatten().topk(min(count, totals.numel()))
    chosen = [
        divmod(place, totals.shape[1])
        for total, place in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        if total > -torch.inf
    ]
    worst = float(best.values[len(chosen) - 1])
    return chosen, [(total, row, token) for total, row, token in repeats if total > worst]


def _drawing(sample: Sampling) -> Callable[[Tensor], int]:
    """A function from scores (V,) to a drawn token, with a generator of its own."""
    generator = torch.Generator().manual_seed(int(sample.seed))

    def draw(scores: Tensor) -> int:
        ordered, tokens = (scores / sample.temperature).softmax(dim=-1).sort(descending=True)
        if sample.top_k:
            ordered[sample.top_k :] = 0
        before = ordered.cumsum(dim=-1) - ordered
        beyond = before >= sample.top_p * ordered.sum()
        beyond[0] = False  # the likeliest stays, be ``top_p`` so small that nothing is left of it in float32
        ordered[beyond] = 0
        return int(tokens[torch.multinomial(ordered, 1, generator=generator)])

    return draw


def _most_likely(log_probs: Tensor) -> list[tuple[int, float]]:
    top = log_probs.exp().topk(min(ALTERNATIVES, log_probs.shape[-1]))
    return [(int(token), float(p)) for token, p in zip(top.indices, top.values, strict=True)]


def tree_of_words(tree: list[TokenNode], words: dict[int, str]) -> tuple[BeamNode, ...]:
    """The tree with words in place of tokens, ``""`` for the end."""
    return tuple(
        BeamNode(node.step, node.parent, words.get(node.token, ""), node.log_prob, node.state, node.repeats)
        for node in tree
    )
