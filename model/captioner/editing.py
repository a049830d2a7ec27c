"""Surgery on a caption: at one step of the run, what the decoder remembers, sees or reads is replaced.

At step t the decoder reads the word before, looks, and remembers (``model.captioner.decoder``). Each of the three can
be replaced: the memory h_t after the step, the context c_t, the word w_{t-1}; and the photo, from this step on. All
else the decoder computes by itself, from what is there now: a replaced context changes the memory, a replaced word also
where it looks.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model import checks
from model.captioner.decoder import Decoder, DecoderStep, Regions
from model.errors import SettingError

#: What something is replaced by: numbers, a function from the numbers that are there, or None: it stays.
Change = np.ndarray | Callable[[np.ndarray], np.ndarray] | None


@dataclass(frozen=True)
class Edit:
    """What is replaced at step ``at``: see ``Captioner.edit``. ``regions`` (R, channels) are another photo's."""

    at: int
    hidden: Change = None
    context: Change = None
    previous: str | None = None
    regions: Tensor | None = None
    hold: bool = False


class Surgeon:
    """Does an edit in one run of the search, which calls it for each step. ``previous`` is a token."""

    def __init__(self, edit: Edit, previous: int | None, regions: Tensor | None):
        self.edit, self.previous, self.regions = edit, previous, regions
        self._other: Regions | None = None
        self._steps = 0

    def __call__(
        self, decoder: Decoder, t: int, embedded: Tensor, state: Tensor, seen: Regions
    ) -> tuple[Tensor, DecoderStep]:
        """Step ``t`` of the run (``model.captioner.search.Doing``)."""
        edit, self._steps = self.edit, t + 1
        now, lasting = t == edit.at, t >= edit.at
        if now and self.previous is not None:
            word = torch.tensor([[self.previous]], device=embedded.device)
            embedded = decoder.embed(word).expand_as(embedded)
        if lasting and self.regions is not None:
            self._other = self._other or decoder.look(self.regions[None])
            seen = self._other
        if not (now or (lasting and edit.hold)):
            return embedded, decoder.step(embedded, state, seen)
        instead = None
        if edit.context is not None:

            def instead(context: Tensor) -> Tensor:
                return replaced("context", context, edit.context)

        step = decoder.step(embedded, state, seen, instead)
        if edit.hidden is not None:
            hidden = replaced("hidden", step.memory.hidden, edit.hidden)
            rest = step.memory.state[..., hidden.shape[-1] :]  # an LSTM's cell stays
            memory = step.memory._replace(hidden=hidden, state=torch.cat([hidden, rest], dim=-1))
            step = step._replace(memory=memory)
        return embedded, step

    def check_done(self) -> None:
        """Raises: SettingError: when the search ended before the step."""
        if self._steps <= self.edit.at:
            raise SettingError(
                "The edit is at step {at}, but the captions end before it. Please choose a step up to {last}.",
                at=self.edit.at,
                last=self._steps - 1,
            )


def replaced(name: str, own: Tensor, change: Change) -> Tensor:
    """``own`` (1, N, K) with each of the N rows replaced.

    Raises:
        SettingError: when what is to be there is not K finite numbers.
    """
    size = own.shape[-1]
    rows = [change(row) for row in own[0].cpu().float().numpy().copy()] if callable(change) else [change] * len(own[0])
    checked = np.stack([_vector(name, row, size) for row in rows])
    return own.new_tensor(checked)[None]


def _vector(name: str, values: object, size: int) -> np.ndarray:
    vector = checks.array(name, values)
    if vector.shape != (size,) or not np.isfinite(vector).all():
        raise SettingError(
            "{name} has the shape {given}; {size} finite numbers are wanted.",
            name=name,
            given=vector.shape,
            size=size,
        )
    return vector
