import numpy as np
import pytest
import torch

from model.errors import SettingError
from model.neurons import ACTIVATIONS, respond

X = np.random.default_rng(0).normal(size=(30, 3))
W = np.array([0.8, -1.1, 0.4])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_without_memory_it_is_the_formula(activation):
    trace = respond(X, W, 0.2, activation)
    np.testing.assert_allclose(trace.pre_activation, X @ W + 0.2)
    np.testing.assert_allclose(trace.output, ACTIVATIONS[activation](X @ W + 0.2))
    shuffled = respond(X[::-1], W, 0.2, activation)
    np.testing.assert_array_equal(shuffled.output, trace.output[::-1])  # no memory: the order does not matter


def test_activations():
    values = np.array([-800.0, -1.0, 0.0, 1.0, 800.0])
    np.testing.assert_array_equal(ACTIVATIONS["step"](values), [0, 0, 1, 1, 1])
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"](values), torch.sigmoid(torch.tensor(values)).numpy(), atol=1e-12)
    np.testing.assert_allclose(ACTIVATIONS["tanh"](values), np.tanh(values))
    np.testing.assert_array_equal(ACTIVATIONS["relu"](values), [0, 0, 0, 1, 800])


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_recurrent_unit_is_torchs(activation):
    """torch.nn.RNN with one unit, by torch itself."""
    rnn = torch.nn.RNN(3, 1, nonlinearity=activation, bias=True).double()
    with torch.no_grad():
        rnn.get_parameter("weight_ih_l0").copy_(torch.tensor(W)[None])
        rnn.get_parameter("weight_hh_l0").fill_(0.7)
        rnn.get_parameter("bias_ih_l0").fill_(0.2)
        rnn.get_parameter("bias_hh_l0").zero_()
        theirs = rnn(torch.tensor(X))[0][:, 0].numpy()
    np.testing.assert_allclose(respond(X, W, 0.2, activation, 0.7).output, theirs, atol=1e-12)


@pytest.mark.parametrize("activation", ["step", "sigmoid"])
def test_recurrent_unit_adds_its_past(activation):
    trace = respond(X, W, 0.2, activation, -1.5)
    before = np.concatenate([[0.0], trace.output[:-1]])
    np.testing.assert_allclose(trace.pre_activation, X @ W + 0.2 - 1.5 * before)
    np.testing.assert_allclose(trace.output, ACTIVATIONS[activation](trace.pre_activation))


def test_a_step_unit_can_hold_a_bit():
    """With w_rec strong enough to stay on, and a strong negative input to put it out."""
    inputs = np.zeros(20)
    inputs[5], inputs[12] = 2.0, -2.0
    trace = respond(inputs, 1.0, bias=-0.5, activation="step", recurrent_weight=1.0)
    np.testing.assert_array_equal(trace.output, [0] * 5 + [1] * 7 + [0] * 8)
    assert trace.inputs.shape == (20, 1)
    assert trace.weights.shape == (1,)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"inputs": X, "weights": W[:2]}, "do not fit"),
        ({"inputs": np.zeros(0)}, "do not fit"),
        ({"inputs": np.zeros((2, 2, 2)), "weights": W[:2]}, "do not fit"),
        ({"inputs": [1.0, float("nan")]}, "finite"),
        ({"inputs": [1.0], "weights": float("inf")}, "finite"),
        ({"inputs": [1.0], "bias": float("nan")}, "finite"),
        ({"inputs": ["a"]}, "numbers"),
        ({"inputs": [1.0], "activation": "softmax"}, "one of"),
        ({"inputs": np.ones(5000), "activation": "relu", "recurrent_weight": 2.0}, "without bounds"),
    ],
)
def test_what_cannot_be_is_refused(arguments, says):
    with pytest.raises(SettingError, match=says):
        respond(**arguments)
