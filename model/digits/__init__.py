"""A CNN against a GRU that reads the pixel rows one after another: the same small pictures, about equally many numbers.

    python -m model.digits --seeds 5        # how often each is right: as they are, shifted, scrambled

>>> from model.digits import Contest
>>> contest = Contest(seed=0)
>>> for _ in range(300):
...     contest.train_step()
>>> contest.trace().accuracy            # of test digits, while they learned
>>> contest.read(7, down=2).gru         # how the GRU's answer forms, row by row

Loading torch takes seconds, so the names here are loaded when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.digits.contest import STEPS, Contest
    from model.digits.data import FARTHEST, TESTED

#: Where each name is.
_HOMES = {"contest": ("STEPS", "Contest"), "data": ("FARTHEST", "TESTED")}

__all__ = ["FARTHEST", "STEPS", "TESTED", "Contest"]


def __getattr__(name: str):
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"model.digits.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
