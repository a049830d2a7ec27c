"""How to train: everything about a run that is not the task."""

from dataclasses import dataclass

import numpy as np

from model import checks
from model.cells import CELLS
from model.recurrent.tasks import Task

OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam")

#: The values of each setting that is a choice.
CHOICES = {"cell": CELLS, "optimizer": OPTIMIZERS}
#: The least and the most of each other setting.
LIMITS = {
    "hidden_size": (1, 512),
    "learning_rate": (0.0, 1e6),
    "batch_size": (1, 512),
    "clip": (0.0, 1e6),
    "keep_bias": (-10.0, 10.0),
    "seed": (0, 2**32 - 1),
}


@dataclass(frozen=True)
class Settings:
    """One run's settings; the same settings and task give the same run.

    Raises:
        SettingError: when a setting is out of its range.
    """

    #: One of ``CELLS``.
    cell: str = "gru"
    #: H, units.
    hidden_size: int = 32
    #: One of ``OPTIMIZERS``: plain gradient descent; the same with momentum 0.9; RMSprop (Hinton 2012); Adam (Kingma
    #: and Ba 2015). Beyond the learning rate they have torch's defaults.
    optimizer: str = "adam"
    #: So large that training breaks is allowed: it stops with a sentence.
    learning_rate: float = 0.01
    #: B, sequences a step.
    batch_size: int = 64
    #: Where the gradient's norm is larger, the gradient is scaled down to it (Pascanu et al. 2013); 0 is off.
    clip: float = 1.0
    #: How far the gate that keeps is open at the start, where a cell has one (see ``model.recurrent.network``): with 3,
    #: half of a memory is left after 14 steps; with 0, as torch has it, after one.
    keep_bias: float = 3.0
    #: Of the weights, the sequences, and the sequences to check with, each with a generator of its own.
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            checks.one_of(name, getattr(self, name), choices)
        for name, (least, most) in LIMITS.items():
            given = checks.limited(name, getattr(self, name), least, most)
            object.__setattr__(self, name, given)  # a plain one, as JSON takes it

    @classmethod
    def for_task(cls, task: Task | type[Task], **changes: object) -> "Settings":
        """The settings that suit a task, with these changes."""
        return cls(**{**task.suggested, **changes})


def generator_seeds(seed: int) -> tuple[int, int, int]:
    """Independent seeds for the weights, the training sequences and the sequences to check with."""
    weights, sequences, fresh = np.random.SeedSequence(seed).generate_state(3, np.uint64)
    return int(weights), int(sequences), int(fresh)
