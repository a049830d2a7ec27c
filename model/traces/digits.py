"""How a CNN and a GRU read the same pictures of digits."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DigitsTrace:
    """How two networks learned to read small pictures of digits, on the same batches: a CNN, and a GRU that reads the
    pixel rows one after another. C checks on test digits."""

    #: Whether the pixels of all pictures were put in another order, the same for all.
    scrambled: bool
    #: How many numbers each trains, by its name: ``"cnn"``, ``"gru"``.
    parameters: dict[str, int]
    #: How many steps were done at each check, (C,), the first before any.
    steps: np.ndarray
    #: The share of the test digits that it read rightly there, by name, each (C,).
    accuracy: dict[str, np.ndarray]


@dataclass(frozen=True)
class DigitReading:
    """What the two say to one picture of R rows. All probabilities are of the digits 0 to 9."""

    #: The picture as the networks got it, from 0, paper, to 1, ink, (R, R).
    image: np.ndarray
    #: The digit that it shows.
    label: int
    #: The CNN's answer, (10,).
    cnn: np.ndarray
    #: The GRU's answer after each row, (R, 10): the last is what counts.
    gru: np.ndarray

    @property
    def said(self) -> dict[str, int]:
        """The likeliest digit of each network, by its name."""
        return {"cnn": int(self.cnn.argmax()), "gru": int(self.gru[-1].argmax())}
