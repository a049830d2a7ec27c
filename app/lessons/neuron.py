"""Lesson 2, the artificial neuron and the network: a weighted sum, a bent curve, layers, and why the curve is bent."""

from functools import partial

import numpy as np
import streamlit as st

from app.charts.lessons.network_picture import DrawnLayer, network_picture
from app.charts.neurons.plane import AnswerPlane, answers_in_words, answers_over_plane
from app.i18n import _
from app.lessons.parts import Answer, Link, Question, check, formula, try_it
from app.ui.cite import cite
from app.ui.drawing import draw, join_sentences
from app.ui.settings import Code, Number
from app.ui.shell import controls
from model.neurons import respond
from model.neurons.logic import CORNERS, TABLES, YES, xor_hidden, xor_output

#: What the lesson's claims rest on.
CITED = ("mcculloch", "rosenblatt", "minsky", "goodfellow", "cybenko", "leshno")
#: w₁, w₂ and b at first: they answer AND.
WEIGHTS = {
    name: Number(f"lessons_neuron_{name}", -10.0, 10.0, first, 0.5)
    for name, first in (("w1", 4.0), ("w2", 4.0), ("b", -6.0))
}
#: The part of the plane that is drawn; with a hidden layer, so much of the plane of its answers.
INPUTS, HIDDEN = (-0.6, 1.6), (-1.6, 2.6)

NETWORK = Code("lessons_neuron_network", "one")
QUESTION = Code("lessons_neuron_question", "and")


def show() -> None:
    st.markdown(
        _(
            "An **artificial neuron**, or unit, does two things: it adds up its inputs, each multiplied by a "
            "**weight**, and sends the sum through a curve. What it knows is in its weights and its bias, and nowhere "
            "else."
        )
    )
    _two_inputs()
    st.markdown(
        _(
            "One unit can only cut with one straight line. That is enough for AND and for OR. It is not enough for "
            "XOR: yes when exactly one of two inputs is 1. Try it by hand, then add a hidden layer, then take its f "
            "away. Written out:"
        )
    )
    formula(
        r"\begin{gathered} y = f(\mathbf{w} \cdot \mathbf{x} + b) \\ "
        r"\mathbf{w} \cdot \mathbf{x} = w_1 x_1 + w_2 x_2 + \dots + w_n x_n \end{gathered}",
        {
            r"\mathbf{x}": _("the inputs, n numbers"),
            r"\mathbf{w}": _("the weights: how much each input counts, and whether for or against"),
            "b": _("the bias: how easily the unit says yes, whatever comes in"),
            "f": _("the activation, a bent (nonlinear) curve: a step, a sigmoid σ, tanh, or ReLU, which is max(a, 0)"),
            "y": _("the output, one number"),
        },
    )
    st.markdown(
        _(
            "Units side by side that read the same inputs are a **layer**; their weights are the rows of one matrix. A "
            "**network** is layers in a row: each reads what the one before it gives. Those between input and output "
            "are called hidden."
        )
    )
    formula(
        (r"\mathbf{h} = f(W_1 \mathbf{x} + \mathbf{b}_1)", r"\mathbf{y} = W_2 \mathbf{h} + \mathbf{b}_2"),
        {
            r"\mathbf{h}": _("what the hidden layer gives: one number for each of its units"),
            r"W_1,\ W_2": _("one matrix of weights for each layer"),
            r"\mathbf{b}_1,\ \mathbf{b}_2": _("their biases"),
        },
    )
    st.markdown(
        _("**Why must f be bent?** In the field's word: **nonlinear**. Leave it out, and the two layers melt into one:")
    )
    formula(
        r"\begin{aligned} & W_2 (W_1 \mathbf{x} + \mathbf{b}_1) + \mathbf{b}_2 \\ "
        r"=\ & (W_2 W_1)\, \mathbf{x} + (W_2 \mathbf{b}_1 + \mathbf{b}_2) \end{aligned}",
        {},
    )
    st.markdown(
        _(
            "With enough hidden units, a network can come as close as you like to any continuous function on a closed "
            "and bounded region (**universal approximation**), whatever continuous f it has, so long as f is no "
            "polynomial (Leshno et al. 1993). Bent alone is not enough: with f(a) = a² the whole network is a parabola "
            "again, however many units it has. The theorem says that good weights exist, not that training finds them."
        )
    )
    cite(*CITED)
    try_it(
        Link(
            _("Drive a unit by a current; change its weight, its bias and f"),
            "neurons",
            {"neurons_view": "one", "neurons_model": "lif", "neurons_activation": "relu"},
        ),
        Link(
            _("A weighted sum beside a membrane that adds up, too"),
            "neurons",
            {"neurons_view": "summing"},
        ),
    )
    _questions()


def _questions() -> None:
    check(
        "neuron",
        Question(
            "neuron-1",
            _("A unit has w = (1, 1), b = −1.5, and f is a step at 0. Its inputs are 0 or 1. What does it compute?"),
            (
                Answer(
                    "AND",
                    True,
                    _("Only 1 + 1 − 1.5 = 0.5 is above 0: both inputs must be 1."),
                ),
                Answer(
                    "OR",
                    False,
                    _("One input alone gives 1 − 1.5 = −0.5, below 0. For OR the bias could be −0.5."),
                ),
                Answer(
                    "XOR",
                    False,
                    _(
                        "With one input alone the sum is 1 − 1.5 = −0.5: no. And no unit can: where each input alone "
                        "says yes, both together say it even louder."
                    ),
                ),
            ),
        ),
        Question(
            "neuron-2",
            _("Somebody stacks ten layers and leaves f out. What can the network do that one layer cannot?"),
            (
                Answer(
                    _("Ten times as much"),
                    False,
                    _("Ten matrices multiplied are one matrix: the whole is a single layer."),
                ),
                Answer(
                    _("Nothing more"),
                    True,
                    _("A linear layer after another is one linear layer. The bend in f makes layers worth having."),
                ),
            ),
        ),
        Question(
            "neuron-3",
            _("3 inputs, a hidden layer of 4 units, 2 outputs. How many numbers are learned?"),
            (
                Answer(
                    "9",
                    False,
                    _("That counts inputs and units. What is learned are the weights between them, and the biases."),
                ),
                Answer(
                    "20",
                    False,
                    _("4 × 3 + 2 × 4 = 20 are the weights. Each of the 6 units has a bias as well."),
                ),
                Answer(
                    "26",
                    True,
                    _("4 × 3 + 2 × 4 = 20 weights, and 4 + 2 = 6 biases."),
                ),
            ),
        ),
    )


def _two_inputs() -> None:
    """One unit set by hand, or a hidden layer with f and without."""
    networks = {"one": _("One unit"), "bent": _("XOR: hidden layer"), "flat": _("XOR: hidden layer without f")}
    with controls("network"):
        network = NETWORK.choose(st.segmented_control, _("Network"), networks)
    # Out of sight, the settings of the one unit keep their values.
    with st.container(key=f"{'seen' if network == 'one' else 'unseen'}-lessons-neuron-unit"), controls("unit"):
        asked = {"and": _("AND"), "or": _("OR"), "xor": _("XOR")}
        question = QUESTION.choose(st.segmented_control, _("Question"), asked)
        names = (("w1", _("Weight w₁")), ("w2", _("Weight w₂")), ("b", _("Bias b")))
        weights = {}
        for column, (name, label) in zip(st.columns(3), names, strict=True):
            with column:
                weights[name] = WEIGHTS[name].slider(label, format="%g")
    if network != "one":
        question = "xor"
    planes, outputs = _one_unit(**weights) if network == "one" else _layers(bent=network == "bent")
    layers = _drawn(network, weights)
    draw(partial(network_picture, layers), "lessons_chart_neuron_network")
    _its_formula(network)
    wanted = TABLES[question]
    for place, (column, plane) in enumerate(zip(st.columns(len(planes)), planes, strict=True)):
        with column:
            figure = partial(answers_over_plane, plane, outputs, wanted, yes=YES)
            draw(figure, f"lessons_chart_neuron_{place}")
    st.caption(join_sentences(answers_in_words(CORNERS, outputs, wanted, yes=YES)))


def _its_formula(network: str) -> None:
    """What the network that is drawn computes."""
    if network == "one":
        formula(r"y = \sigma(w_1 x_1 + w_2 x_2 + b)", {})
        return
    first, second = "x_1 + x_2", "x_1 + x_2 - 1"
    if network == "bent":
        first, second = f"f({first})", f"f({second})"
    formula((f"h_1 = {first}", f"h_2 = {second}"), {})
    formula("y = h_1 - 2 h_2", {})
    st.markdown(
        _("f is ReLU. The hidden layer bends the plane, so that one straight line now parts yes from no.")
        if network == "bent"
        else _("Without f the four points stay on one straight line: no other line parts the middle from both ends.")
    )


def _drawn(network: str, weights: dict[str, float]) -> tuple[DrawnLayer, ...]:
    """The network as a picture: the unit as it is set, or the hidden layer by which XOR is solved."""
    inputs = DrawnLayer(("x₁", "x₂"))
    if network == "one":
        unit = DrawnLayer(("y",), np.array([[weights["w1"], weights["w2"]]]), np.array([weights["b"]]))
        return inputs, unit
    hidden = DrawnLayer(("h₁", "h₂"), np.ones((2, 2)), np.array([0.0, -1.0]))
    return inputs, hidden, DrawnLayer(("y",), np.array([[1.0, -2.0]]), np.zeros(1))


def _one_unit(w1: float, w2: float, b: float) -> tuple[list[AnswerPlane], np.ndarray]:
    """A sigmoid unit over the plane, and its answers to the four inputs."""
    along, grid = _plane(*INPUTS)
    answers = respond(grid, (w1, w2), b).output.reshape(len(along), -1)
    return [AnswerPlane(_("The answer y"), ("x₁", "x₂"), along, answers, CORNERS)], respond(CORNERS, (w1, w2), b).output


def _layers(*, bent: bool) -> tuple[list[AnswerPlane], np.ndarray]:
    """XOR by a hidden layer: y over what the layer gives, and over the inputs."""
    hidden = xor_hidden(CORNERS, bent=bent)
    inside, inside_grid = _plane(*HIDDEN)
    along, grid = _plane(*INPUTS)
    over_hidden = xor_output(inside_grid).reshape(len(inside), -1)
    over_inputs = xor_output(xor_hidden(grid, bent=bent)).reshape(len(along), -1)
    planes = [
        AnswerPlane(_("What the output layer sees"), ("h₁", "h₂"), inside, over_hidden, hidden),
        AnswerPlane(_("The answer to the inputs"), ("x₁", "x₂"), along, over_inputs, CORNERS),
    ]
    return planes, xor_output(hidden)


def _plane(least: float, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Numbers along an axis, (G,), and all pairs of them, (G², 2), row by row."""
    along = np.linspace(least, most, 89)
    return along, np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
