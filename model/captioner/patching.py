r"""Activation patching: which step of a run carries a word, and through which part.

Two photos' captions are read to the decoder. Then A's is read again, each time with one thing replaced by B's: the
memory h after one step, the context c of one step, or the word read before one step. How likely does that make B's
word at the chosen place?

.. math::
    \text{recovered} = \frac{\log p_\text{patched} - \log p_A}{\log p_B - \log p_A}

Meng et al. 2022, "Locating and editing factual associations in GPT", section 2.1 (there, a clean run's states are put
into a corrupted one's); the normalised measure and its limits: Zhang and Nanda 2024, "Towards best practices of
activation patching in language models". As a baseline the same is done with runs of photos that have nothing
to do with it: what any replacement does is no sign of B.

All replaced runs go through the decoder at once, as hypotheses of one photo. Every replacement is really made; no
gradient stands for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model import checks
from model.captioner.decoder import Regions
from model.captioner.speaker import Speaker
from model.errors import SettingError
from model.traces import PatchingTrace
from model.traces.editing import PARTS


@dataclass(frozen=True)
class ForcedReading:
    """A caption of T words read to the decoder: what stood at each of its T + 1 steps, the last that of the end."""

    speaker: Speaker
    words: tuple[str, ...]
    seen: Regions
    #: The state before the first step and after each, (T + 2, S).
    states: Tensor
    #: What each step read, (T + 1, E), and saw, (T + 1, C).
    embedded: Tensor
    contexts: Tensor

    @classmethod
    @torch.inference_mode()
    def of(cls, speaker: Speaker, regions: Tensor, words: Sequence[str]) -> "ForcedReading":
        """Read ``words`` with a photo's ``regions`` (R, channels)."""
        words = tuple(speaker.known_words(list(words)))
        decoder = speaker.decoder
        seen = decoder.look(speaker.checked_regions(regions)[None])
        state = decoder.first_state(seen)
        tokens = [speaker.config.start_token_id, *speaker.tokens_of(words)]
        embedded = decoder.embed(torch.tensor(tokens, device=state.device))
        states, contexts = [state[0, 0]], []
        for read in embedded:
            step = decoder.step(read[None, None], state, seen)
            state = step.memory.state
            states.append(state[0, 0])
            contexts.append(step.context[0, 0])
        return cls(speaker, words, seen, torch.stack(states), embedded, torch.stack(contexts))

    def log_probs(self, embedded: Tensor, state: Tensor, context: Tensor) -> Tensor:
        """log p of every word, from what was read (..., E), remembered (..., S) and seen (..., C): (..., V)."""
        decoder, config = self.speaker.decoder, self.speaker.config
        scores = decoder.predict(embedded, state[..., : decoder.hidden_size], context).float()
        never = torch.tensor(config.never_said, device=scores.device)
        return scores.index_fill(-1, never, -torch.inf).log_softmax(dim=-1)


@torch.inference_mode()
def patch(
    a: ForcedReading, b: ForcedReading, at_a: int, at_b: int, others: Sequence[ForcedReading] = ()
) -> PatchingTrace:
    """Put each step of ``b`` into ``a``; ask for b's word ``at_b`` in the place of a's word ``at_a``.

    Raises:
        SettingError: when a caption has no such word, or the two are not in one language.
    """
    for name, run, at in (("at", a, at_a), ("at_b", b, at_b)):
        if not run.words:
            raise SettingError("A caption is empty: there is no word to ask for. Please take another photo.")
        checks.whole(name, at, 0, len(run.words) - 1)
    if any(run.speaker is not a.speaker for run in (b, *others)):
        raise SettingError("The captions are not in one language. Please caption all photos in one.")
    (word,) = a.speaker.tokens_of([b.words[at_b]])

    def log_prob(run: ForcedReading, at: int) -> float:
        return float(run.log_probs(run.embedded[at], run.states[at + 1], run.contexts[at])[word])

    steps = np.arange(max(-1, at_a - at_b - 1), at_a + 1)
    # The others' steps: as far before the place of B's word, or before their own end where they are shorter.
    places = [at_b, *(min(at_b, len(other.words)) for other in others)]
    patched = _patched(a, [b, *others], steps, at_a, places, word)
    return PatchingTrace(
        words_a=a.words[: at_a + 1],
        words_b=b.words[: at_b + 1],
        steps_a=steps,
        steps_b=steps + at_b - at_a,
        log_prob_a=log_prob(a, at_a),
        log_prob_b=log_prob(b, at_b),
        log_probs=patched[0],
        log_probs_others=patched[1:],
        lang=a.speaker.lang,
    )


def _patched(
    a: ForcedReading, sources: Sequence[ForcedReading], steps: np.ndarray, at: int, places: Sequence[int], word: int
) -> np.ndarray:
    """log p of ``word`` at step ``at`` of ``a`` with one part of one step replaced, (sources, 3, P)."""
    decoder = a.speaker.decoder
    rows = [  # where the answer goes, what is replaced, at which step of A, by which step of whom
        ((s, p, k), part, step, step + place - at, source)
        for s, (source, place) in enumerate(zip(sources, places, strict=True))
        for p, part in enumerate(PARTS)
        for k, step in enumerate(steps.tolist())
        if min(step, step + place - at) >= (-1 if part == "hidden" else 0)
    ]

    def put(own: Tensor, part: str, t: int) -> Tensor:
        own = own.clone()
        for row, (_answer, of, step, theirs, source) in enumerate(rows):
            if of == part and step == t:
                values = {"hidden": source.states[1:], "context": source.contexts, "previous": source.embedded}[part]
                own[0, row] = values[theirs] if theirs >= 0 else source.states[0]
        return own

    state = put(a.states[0].repeat(1, len(rows), 1), "hidden", -1)
    for t in range(at + 1):
        embedded = put(a.embedded[t].repeat(1, len(rows), 1), "previous", t)

        def put_context(context: Tensor, t: int = t) -> Tensor:
            return put(context, "context", t)

        step = decoder.step(embedded, state, a.seen, put_context)
        state = put(step.memory.state, "hidden", t)
    log_probs = a.log_probs(embedded, state, step.context)[0, :, word]
    found = np.full((len(sources), len(PARTS), len(steps)), np.nan, np.float32)
    for row, value in zip(rows, log_probs.tolist(), strict=True):
        found[row[0]] = value
    return found
