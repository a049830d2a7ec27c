"""What one layer costs on a sequence of T steps: multiplications, waiting, and memory, by formulas.

d is the layer's width, N the states of each of its channels. Counted are the multiplications of matrices and states;
biases, curves and the softmax are not.

- Recurrent (plain RNN): W_xh x_t and W_hh h_{t-1} at each step, 2 d² T. Each step waits for the one before.
- Attention (one head, each step sees itself and all before): queries, keys, values and output, 4 d² T; a score and a
  weighted value for each of the T (T + 1) / 2 pairs, d T (T + 1). Nothing waits.
- Linear state space (diagonal): a ⊙ h, b x and c · h in each of d channels, 3 d N T, then a matrix that mixes the
  channels, d² T. A parallel scan needs log₂ T rounds, each of which waits for the one before (Martin and Cundy 2018).
"""

from typing import NamedTuple

from model import checks

#: The longest sequence, the widest layer and the most states that are counted.
MAX_SIZE = 10**9


class Cost(NamedTuple):
    """One layer's cost on a whole sequence."""

    #: Over all T steps, forward.
    multiplications: int
    #: How many rounds must wait for each other when all of the sequence is known, as in training.
    rounds: int
    #: How many numbers it keeps to go on with step T + 1.
    kept: int


def recurrent(steps: int, width: int) -> Cost:
    """Count a plain RNN's: 2 d² T multiplications, T rounds, d numbers kept.

    Raises:
        SettingError: when a size is no whole number from 1 to ``MAX_SIZE``.
    """
    steps, width = _checked(steps=steps, width=width)
    return Cost(2 * width**2 * steps, steps, width)


def attention(steps: int, width: int) -> Cost:
    """Count one head's: 4 d² T + d T (T + 1) multiplications, 1 round, 2 d T numbers kept.

    Raises:
        SettingError: as ``recurrent``.
    """
    steps, width = _checked(steps=steps, width=width)
    return Cost(4 * width**2 * steps + width * steps * (steps + 1), 1, 2 * width * steps)


def state_space(steps: int, width: int, states: int) -> Cost:
    """Count a diagonal state space's: 3 d N T + d² T multiplications, log₂ T rounds, d N numbers kept.

    Raises:
        SettingError: as ``recurrent``.
    """
    steps, width, states = _checked(steps=steps, width=width, states=states)
    return Cost(3 * width * states * steps + width**2 * steps, (steps - 1).bit_length(), width * states)


def _checked(**sizes: int) -> list[int]:
    return [checks.whole(name, size, 1, MAX_SIZE) for name, size in sizes.items()]
