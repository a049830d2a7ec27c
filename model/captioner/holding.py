"""Holding units: some of the memory's units set to other values at one word, and what that costs the word.

The word's step is done as in the caption, then units of the memory after it are replaced (Bau et al. 2019, "Identifying
and controlling important neurons in neural machine translation", set units likewise). What the word loses is
held against as many random units, drawn anew many times: units picked for what they do to this word must beat those, so
this alone is no sign that they stand for it.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from model import checks
from model.captioner.patching import ForcedReading
from model.captioner.search import ALTERNATIVES
from model.errors import SettingError
from model.traces import HoldingTrace

#: So many units are held together at most, and so many random sets are drawn.
MAX_UNITS, DRAWS = 50, 200
#: How many are picked by themselves.
PICKED = 10


@torch.inference_mode()
def hold(
    run: ForcedReading,
    at: int,
    values: np.ndarray,
    units: Sequence[int] | None = None,
    seed: int = 0,
    draws: int = DRAWS,
) -> HoldingTrace:
    """Hold units at word ``at`` of the caption that ``run`` read.

    Args:
        values: what each unit is set to where it is held, (H,).
        units: which are held; by themselves the ``PICKED`` that cost the word most, each alone.
        seed: of the random sets.
        draws: how many of them.

    Raises:
        SettingError: when there is no such word or unit, or the values are not H finite numbers.
    """
    size = run.speaker.decoder.hidden_size
    checks.whole("at", at, 0, len(run.words) - 1)
    values = checks.array("values", values)
    if values.shape != (size,) or not np.isfinite(values).all():
        raise SettingError(
            "{name} has the shape {given}; {size} finite numbers are wanted.",
            name="values",
            given=values.shape,
            size=size,
        )
    (word,) = run.speaker.tokens_of([run.words[at]])
    own = run.states[at + 1]
    new = own.new_tensor(values)

    def all_log_probs(held: np.ndarray) -> Tensor:
        """log p of every word, a row for each of N sets of units: ``held`` (N, H) True to (N, V)."""
        mask = torch.tensor(held, device=own.device)
        states = own.repeat(len(held), 1)
        states[:, :size] = torch.where(mask, new, states[:, :size])
        read, seen = (one[at].expand(len(held), -1) for one in (run.embedded, run.contexts))
        return run.log_probs(read, states, seen).cpu()

    def log_probs(held: np.ndarray) -> np.ndarray:
        return all_log_probs(held)[:, word].numpy()

    log_prob = float(log_probs(np.zeros((1, size), bool))[0])
    costs = log_prob - log_probs(np.eye(size, dtype=bool))
    if units is None:
        units = np.argsort(-costs, kind="stable")[:PICKED].tolist()
    units = [
        checks.whole("unit", unit, 0, size - 1) for unit in checks.list_of("units", units, int, "units", MAX_UNITS)
    ]
    units = tuple(dict.fromkeys(units))
    rng = np.random.default_rng(checks.seed(seed))
    free = np.setdiff1d(np.arange(size), units)
    count = min(len(units), len(free))
    random_units = np.array(
        [rng.choice(free, count, replace=False) for _ in range(checks.whole("draws", draws, 1, 10_000))]
    )
    chances = all_log_probs(_mask([(), units, random_units[0]], size)).exp()  # (3, V)
    likely = chances.topk(min(ALTERNATIVES, chances.shape[1])).indices.unique()
    likely = likely[chances[0, likely].argsort(descending=True, stable=True)]
    return HoldingTrace(
        word=run.words[at],
        place=at,
        log_prob=log_prob,
        values=values.astype(np.float32),
        costs=costs,
        units=units,
        log_prob_held=float(log_probs(_mask([units], size))[0]),
        random_units=random_units,
        random_log_probs=log_probs(_mask(random_units, size)),
        seed=seed,
        next_words=tuple(run.speaker.word(token) for token in likely.tolist()),
        next_chances=chances[:, likely].numpy(),
        lang=run.speaker.lang,
    )


def _mask(sets: Sequence[Sequence[int]] | np.ndarray, size: int) -> np.ndarray:
    """(N, size), True at each set's units."""
    mask = np.zeros((len(sets), size), bool)
    for row, units in enumerate(sets):
        mask[row, list(units)] = True
    return mask
