"""What linear probes read off a memory, and how well they do that."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ProbeScore:
    """How often a probe is right about captions of photos that it was not fitted to, from 0 to 1."""

    accuracy: float
    #: The same for the answer that is most frequent among those it was fitted to, whatever the memory.
    majority: float
    #: The same for a probe fitted in the same way to the memory of a GRU with random weights, that reads the same words
    #: and looks.
    random: float
    #: Steps and photos that it was fitted to, and that it was tested with.
    fitted_steps: int
    fitted_photos: int
    tested_steps: int
    tested_photos: int


@dataclass(frozen=True)
class ProbeTrace:
    """What one probe reads off a caption's memory, step by step: K possible answers, T words."""

    #: The question (``model.captioner.word_classes``).
    question: str
    #: The possible answers, ascending, (K,).
    classes: np.ndarray
    #: The probability that the probe gives each of them, before each word, (T, K).
    probabilities: np.ndarray
    #: The right answers, (T,); -1 where there is none yet.
    truth: np.ndarray
    score: ProbeScore

    @property
    def read(self) -> np.ndarray:
        """The likeliest answer before each word, (T,)."""
        return self.classes[self.probabilities.argmax(axis=1)]

    @property
    def expected(self) -> np.ndarray:
        """The mean answer, for counts, (T,)."""
        return self.probabilities @ self.classes

    @property
    def right(self) -> float:
        """How often it is right on this caption, where there is an answer; NaN where there is none."""
        asked = self.truth >= 0
        return float((self.read == self.truth)[asked].mean()) if asked.any() else float("nan")
