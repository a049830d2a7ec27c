"""Two inputs, one answer: what a single artificial neuron can tell apart, and what takes a hidden layer.

XOR by a hidden layer of two units (Goodfellow, Bengio and Courville 2016, section 6.1):

    h₁ = f(x₁ + x₂)        h₂ = f(x₁ + x₂ - 1)        y = h₁ - 2 h₂

With f = ReLU, y is 1 where exactly one input is 1, and 0 where none or both are. Without f, that is f(a) = a, it is
y = 2 - x₁ - x₂: two layers, but one linear map, and wrong where both inputs are 0 (Minsky and Papert 1969).
"""

import numpy as np

from model import checks
from model.neurons.artificial import respond

#: The four inputs (x₁, x₂), (4, 2), and what AND, OR and XOR answer to them.
CORNERS = np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
TABLES = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0)}
#: An answer counts as yes from here on.
YES = 0.5


def xor_hidden(inputs: np.ndarray, *, bent: bool = True) -> np.ndarray:
    """h₁ and h₂, (T, 2), for inputs (T, 2); with ``bent=False`` without f."""
    checks.flag("bent", bent)
    units = [respond(inputs, (1.0, 1.0), bias, "relu") for bias in (0.0, -1.0)]
    return np.stack([unit.output if bent else unit.pre_activation for unit in units], axis=1)


def xor_output(hidden: np.ndarray) -> np.ndarray:
    """y, (T,), for h₁ and h₂, (T, 2)."""
    return respond(hidden, (1.0, -2.0)).pre_activation
