"""The search for words: greedy, beam, sampling, each from a given start if wanted.

One loop serves them all. It holds up to N live hypotheses and asks the decoder once a step for all of them; what
differs is the choice of who lives on. Greedy search is a beam of width 1.

A hypothesis of T words and the end scores ``log p / (T + 1) ** length_penalty`` (Wu et al. 2016, section 7, without
their coverage term): the plain sum would favour short captions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from model.captioner.config import LENGTH_PENALTY, CaptionerConfig
from model.captioner.decoder import Decoder, DecoderStep
from model.errors import SettingError
from model.traces import BeamNode

MAX_BEAM = 20
MAX_WORDS = 50
ALTERNATIVES = 5
_NEVER = float("-inf")


@dataclass(frozen=True)
class Sampling:
    """How to draw words instead of choosing the most likely.

    ``temperature`` divides the scores before the softmax (below 1 bolder, above 1 more adventurous), ``top_k``
    keeps only the k most likely words (0: all), ``top_p`` the fewest words that hold this probability together
    (Holtzman et al. 2020), ``seed`` makes the draw repeatable.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0

    def __post_init__(self):
        if not 0.05 <= self.temperature <= 5:
            raise SettingError("The temperature is {given}; it can be 0.05 to 5.", given=self.temperature)
        if self.top_k < 0:
            raise SettingError("Top-k is {given}; it can be 0 (all words) or more.", given=self.top_k)
        if not 0 < self.top_p <= 1:
            raise SettingError("Top-p is {given}; it can be above 0 and up to 1.", given=self.top_p)


class Found(NamedTuple):
    """The caption found, of T words, with what the decoder did for each word and for the end (T + 1 entries)."""

    tokens: list[int]
    log_probs: list[float]  # (T + 1): the last is the end's
    alternatives: list[list[tuple[int, float]]]  # (T + 1)
    steps: list[tuple[DecoderStep, int]]  # (T + 1): the step and the hypothesis' row in it
    initial_hidden: Tensor  # (H,)
    tree: list[tuple[int, int, int, float, str]]  # BeamNode with a token in place of the word


class _Live(NamedTuple):
    """A hypothesis that may go on; ``node`` is its place in the tree, -1 for the empty one."""

    node: int
    token: int
    log_prob: float


def search(
    decoder: Decoder,
    regions: Tensor,
    config: CaptionerConfig,
    *,
    beam: int = 3,
    prefix: Sequence[int] = (),
    sample: Sampling | None = None,
    max_words: int = 20,
    length_penalty: float = LENGTH_PENALTY,
) -> Found:
    """Find a caption for one photo: ``regions`` (R, channels).

    ``prefix`` are the tokens it starts with; with ``sample``, words are drawn, one hypothesis wide.

    Raises:
        SettingError: when ``beam`` or ``max_words`` is out of range, or the prefix is longer than ``max_words``.
    """
    check_settings(beam, max_words, len(prefix))
    draw = _drawing(sample) if sample else None
    width = 1 if sample else beam
    seen = decoder.look(regions[None])
    first_state = state = decoder.first_state(seen)  # (1, 1, S)

    live = [_Live(-1, config.start_token_id, 0.0)]
    tree: list[tuple[int, int, int, float, str]] = []
    origin: list[tuple[int, int]] = []  # of each node: the step (its place in `steps`) and the row in it
    steps: list[DecoderStep] = []
    log_probs_at: list[Tensor] = []
    finished: list[int] = []

    def grow(parent: _Live, row: int, token: int, log_prob: float, state: str) -> int:
        tree.append((len(steps) - 1, parent.node, token, log_prob, state))
        origin.append((len(steps) - 1, row))
        return len(tree) - 1

    while live and len(finished) < width:
        tokens = torch.tensor([[hypothesis.token for hypothesis in live]], device=regions.device)
        embedded = decoder.embed(tokens)  # (1, N, E)
        step = decoder.step(embedded, state, seen)
        scores = decoder.predict(embedded, step.memory.hidden, step.context)[0].float().cpu()  # (N, V)
        scores[:, [config.pad_token_id, config.start_token_id, config.unknown_token_id]] = _NEVER
        log_probs = scores.log_softmax(dim=-1)
        t = len(steps)
        steps.append(step)
        log_probs_at.append(log_probs)

        going_on: list[tuple[int, _Live]] = []
        if t < len(prefix):
            chosen = [(0, prefix[t])]
        elif t == max_words:  # no word may follow: end here, whatever it costs
            chosen = [(row, config.end_token_id) for row in range(len(live))]
        elif draw:
            chosen = [(0, draw(scores[0]))]
        else:
            totals = torch.tensor([hypothesis.log_prob for hypothesis in live])[:, None] + log_probs
            best = totals.flatten().topk(min(2 * width, int(torch.isfinite(totals).sum()))).indices
            chosen = [divmod(int(place), totals.shape[1]) for place in best]
        for rank, (row, token) in enumerate(chosen):
            log_prob = live[row].log_prob + float(log_probs[row, token])
            if token == config.end_token_id and (rank < width or t == max_words):
                finished.append(grow(live[row], row, token, log_prob, "finished"))
            elif token != config.end_token_id and len(going_on) < width - len(finished):
                node = grow(live[row], row, token, log_prob, "kept")
                going_on.append((row, _Live(node, token, log_prob)))
            else:
                grow(live[row], row, token, log_prob, "dropped")
        state = step.memory.state[:, [row for row, _ in going_on]]
        live = [hypothesis for _, hypothesis in going_on]

    def score(node: int) -> float:
        step_number, _, _, log_prob, _ = tree[node]
        return log_prob / (step_number + 1) ** length_penalty

    path = [max(finished, key=score)]
    while (parent := tree[path[0]][1]) >= 0:
        path.insert(0, parent)
    return Found(
        tokens=[tree[node][2] for node in path[:-1]],
        log_probs=[float(log_probs_at[origin[n][0]][origin[n][1], tree[n][2]]) for n in path],
        alternatives=[_most_likely(log_probs_at[origin[n][0]][origin[n][1]]) for n in path],
        steps=[(steps[origin[n][0]], origin[n][1]) for n in path],
        initial_hidden=first_state[0, 0, : config.hidden_size],
        tree=tree,
    )


def check_settings(beam: int, max_words: int, prefix_words: int) -> None:
    """Raise SettingError where a search setting is out of its range."""
    if not 1 <= beam <= MAX_BEAM:
        raise SettingError("The beam's width is {given}; it can be 1 to {most}.", given=beam, most=MAX_BEAM)
    if not 1 <= max_words <= MAX_WORDS:
        raise SettingError(
            "The longest caption is {given} words; it can be 1 to {most}.", given=max_words, most=MAX_WORDS
        )
    if prefix_words > max_words:
        raise SettingError(
            "The caption should start with {given} words, but its length is limited to {most}.",
            given=prefix_words,
            most=max_words,
        )


def _drawing(sample: Sampling):
    """A function from scores (V,) to a drawn token, with a generator of its own."""
    generator = torch.Generator().manual_seed(sample.seed)

    def draw(scores: Tensor) -> int:
        ordered, tokens = (scores / sample.temperature).softmax(dim=-1).sort(descending=True)
        if sample.top_k:
            ordered[sample.top_k :] = 0
        before = ordered.cumsum(dim=-1) - ordered
        ordered[before >= sample.top_p * ordered.sum()] = 0
        return int(tokens[torch.multinomial(ordered, 1, generator=generator)])

    return draw


def _most_likely(log_probs: Tensor) -> list[tuple[int, float]]:
    top = log_probs.exp().topk(min(ALTERNATIVES, log_probs.shape[-1]))
    return [(int(token), float(p)) for token, p in zip(top.indices, top.values, strict=True)]


def tree_of_words(tree: list[tuple[int, int, int, float, str]], words: dict[int, str]) -> tuple[BeamNode, ...]:
    """The tree with words in place of tokens, ``""`` for the end."""
    return tuple(BeamNode(step, parent, words.get(token, ""), p, state) for step, parent, token, p, state in tree)
