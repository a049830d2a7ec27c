"""What one unit can tell apart, and what takes a hidden layer."""

import numpy as np
import pytest

from model.neurons import respond
from model.neurons.logic import CORNERS, TABLES, YES, xor_hidden, xor_output


def right(outputs: np.ndarray, question: str) -> int:
    return int(((outputs >= YES) == np.array(TABLES[question], dtype=bool)).sum())


@pytest.mark.parametrize(("question", "bias"), [("and", -6.0), ("or", -2.0)])
def test_one_unit_answers_and_and_or(question, bias):
    assert right(respond(CORNERS, (4.0, 4.0), bias).output, question) == 4


def test_no_single_unit_answers_xor():
    """Yes to both single inputs and no to none means w₁ + w₂ + b > -b > 0: yes to both at once. Any three it can."""
    drawn = np.random.default_rng(0).uniform(-10, 10, (5000, 3))
    scores = [right(respond(CORNERS, weights[:2], weights[2]).output, "xor") for weights in drawn]
    assert max(scores) == 3


def test_a_bent_hidden_layer_answers_xor_exactly():
    np.testing.assert_array_equal(xor_hidden(CORNERS), [(0, 0), (1, 0), (1, 0), (2, 1)])
    np.testing.assert_array_equal(xor_output(xor_hidden(CORNERS)), TABLES["xor"])


def test_without_f_two_layers_are_one_linear_map():
    inputs = np.random.default_rng(1).uniform(-3, 3, (200, 2))
    outputs = xor_output(xor_hidden(inputs, bent=False))
    np.testing.assert_allclose(outputs, 2 - inputs.sum(axis=1), atol=1e-12)
    # (W₂ W₁) x + (W₂ b₁ + b₂), as the lesson writes it.
    first, second = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([[1.0, -2.0]])
    merged = inputs @ (second @ first).T + second @ np.array([0.0, -1.0])
    np.testing.assert_allclose(outputs, merged[:, 0], atol=1e-12)
    corners = xor_output(xor_hidden(CORNERS, bent=False))
    assert right(corners, "xor") == 3 and corners[0] == 2
