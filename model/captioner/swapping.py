"""Two runs crossed at one word: each one's memory with what the eye sees in each one's photo.

The words so far are A's. The memory after the chosen step is A's, or B's after its own chosen step; what comes through
the gate is what A, with its memory and words, looks at in its own photo, or in B's. Each of the four pairs gives both
chosen words a log-probability; who of memory and picture tips the balance is read off as in a two-by-two experiment.
"""

import torch

from model import checks
from model.captioner.patching import ForcedReading
from model.traces import SwapTrace


@torch.inference_mode()
def swap(a: ForcedReading, b: ForcedReading, at_a: int, at_b: int) -> SwapTrace:
    """Cross ``a`` at its word ``at_a`` with ``b`` at its word ``at_b``.

    Raises:
        SettingError: when a caption has no such word.
    """
    checks.whole("at", at_a, 0, len(a.words) - 1)
    checks.whole("at_b", at_b, 0, len(b.words) - 1)
    embedded = a.embedded[at_a]
    contexts = [
        a.speaker.decoder.step(embedded[None, None], a.states[at_a][None, None], seen).context[0, 0]
        for seen in (a.seen, b.seen)
    ]
    memories = [a.states[at_a + 1], b.states[at_b + 1]]
    said = a.speaker.tokens_of([a.words[at_a], b.words[at_b]])
    log_probs = [[a.log_probs(embedded, memory, seen)[said] for seen in contexts] for memory in memories]
    return SwapTrace(
        words=(a.words[at_a], b.words[at_b]),
        log_probs=torch.stack([torch.stack(row) for row in log_probs]).cpu().numpy(),
    )
