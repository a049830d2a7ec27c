"""Lesson 8, the classic first exercise, step by step: an LSTM, a dense layer, random data, and three mistakes.

The code that the page shows is the source of the functions that it runs, all in ``model.recurrent.first_exercise``.
"""

import inspect
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import streamlit as st
import torch

from app.charts.sequence.by_heart import by_heart, describe_by_heart
from app.drawing import draw
from app.i18n import _
from app.lessons.parts import Answer, Link, Question, check, try_it
from app.sequence.settings import LARGEST_SEED
from app.shell import choice, controls
from app.turns import Shared, go_on
from model.recurrent import first_exercise as steps
from model.recurrent.tasks.ten_numbers import PAIRS

#: The exercise's 100 epochs, and how many are allowed here.
EPOCHS, MOST_EPOCHS = 100, 300
#: New pairs to try the trained network on.
NEW_PAIRS = 2_000
#: The mean squared error of answering 1/2 to numbers drawn from 0 to 1: their variance.
VARIANCE = 1 / 12


class Run(NamedTuple):
    """What one run of the exercise gave, in numbers."""

    #: How many numbers the network learns.
    parameters: int
    #: The loss on all of its own pairs, and on new ones: before training, and after each epoch.
    own: np.ndarray
    new: np.ndarray
    #: A new input, what should come out, and what does.
    new_input: list[float]
    wanted: list[float]
    predicted: list[float]


def show() -> None:
    st.markdown(
        _(
            "Many courses begin recurrent networks with the same exercise: an LSTM layer of 50 units, a dense layer, "
            "100 times ten random numbers as inputs, 100 times ten others as targets; train it, then predict. Here it "
            "is in PyTorch. **The code on this page is the code that runs**, and what stands under each step is what "
            "it gave just now. Then we look for its three mistakes."
        )
    )
    with controls("exercise"):
        targets = choice(
            st.segmented_control,
            _("The targets are"),
            {"random": _("random, as in the exercise"), "reversed": _("the ten numbers in reverse order")},
            key="lessons_exercise_targets",
            default="random",
        )
        with st.container(horizontal=True):
            epochs = st.number_input(
                _("Epochs"), 1, MOST_EPOCHS, EPOCHS, key="lessons_exercise_epochs", bind="query-params", width=160
            )
            seed = st.number_input(
                _("Seed"), 0, LARGEST_SEED, 0, key="lessons_exercise_seed", bind="query-params", width=160
            )
    run = _run(targets, int(epochs), int(seed))
    _build(run)
    _train(run)
    _predict(run)
    _mistakes(int(seed))
    try_it(
        Link(
            _("The same exercise live, with its loss on new pairs"),
            "sequence",
            {"sequence_view": "train", "sequence_task": "ten_numbers", "sequence_cell": "lstm", "sequence_size": "50"},
        ),
        Link(
            _("The same, read as torch reads 2-D data: one sequence of 100 steps"),
            "sequence",
            {
                "sequence_view": "train",
                "sequence_task": "ten_numbers",
                "sequence_cell": "lstm",
                "sequence_size": "50",
                "sequence_ten_reading": "one_sequence",
            },
        ),
        Link(
            _("A first exercise with something in it: continue a wave"),
            "sequence",
            {"sequence_view": "train", "sequence_task": "sine", "sequence_cell": "lstm"},
        ),
    )
    _questions()


@st.cache_resource(show_spinner=False)
def _runs() -> Shared[Run]:
    """The last runs of all sessions."""
    return Shared(50)


def _compute(targets: str, epochs: int, seed: int) -> Run:
    """All of the exercise, in its order; everything random comes from one seed."""
    generator = torch.Generator().manual_seed(seed)
    X, y = steps.new_data(PAIRS, generator, targets)
    unseen = steps.new_data(NEW_PAIRS, generator, targets)
    model = steps.new_model(generator)
    own, new = [steps.loss_on(model, X, y)], [steps.loss_on(model, *unseen)]
    for loss in steps.train(model, X, y, epochs, generator):
        own.append(loss)
        new.append(steps.loss_on(model, *unseen))
        go_on()
    new_input, wanted = steps.new_data(1, generator, targets)
    predicted = steps.predict(model, new_input)
    return Run(
        sum(weights.numel() for weights in model.parameters()),
        np.array(own),
        np.array(new),
        *(tensor.flatten().tolist() for tensor in (new_input, wanted, predicted)),
    )


def _run(targets: str, epochs: int, seed: int) -> Run:
    with st.spinner(_("Training …"), show_time=False):
        return _runs().get((targets, epochs, seed), lambda: _compute(targets, epochs, seed))


def _code(*parts: Callable | type) -> None:
    """The source of what runs, as it stands in its module."""
    st.code("\n\n".join(inspect.getsource(part).strip() for part in parts), language="python")


def _build(run: Run) -> None:
    st.markdown(_("#### Step 1: install and import"))
    st.code("pip install torch", language="bash")
    _docstring, imports = inspect.getsource(steps).split('"""')[1:]
    st.code(imports.split("\n\n\n")[0].strip(), language="python")
    st.markdown(
        _(
            "#### Step 2: the network\n\n"
            "The LSTM gives its state h at every step; the dense layer, one matrix and a bias, makes ten numbers of "
            "it. torch's LSTM returns two things: the outputs, and the pair of its last h and c."
        )
    )
    _code(steps.FirstLSTM, steps.new_model)
    st.caption(_("It has {count} numbers to learn.").format(count=f"{run.parameters:,}"))
    st.markdown(
        _(
            "#### Step 3: the data\n\n"
            "A recurrent layer wants three axes: which sequence, which step, which number. So 100 times ten numbers "
            "are 100 sequences of 1 step of 10 numbers."
        )
    )
    _code(steps.new_data)
    st.caption(_("X has the shape {shape}, and so has y.").format(shape=f"({PAIRS}, 1, {len(run.new_input)})"))


def _train(run: Run) -> None:
    st.markdown(
        _(
            "#### Step 4: training\n\n"
            "Adam moves the weights, the mean squared error (MSE) says how wrong the answers are, 32 pairs at a time. "
            "An epoch is once through all pairs. Lesson 4 has these six steps one by one."
        )
    )
    _code(steps.train, steps.loss_on)
    draw(by_heart(run.own, run.new, VARIANCE), "lessons_chart_exercise", describe_by_heart(run.own, run.new, VARIANCE))


def _predict(run: Run) -> None:
    st.markdown(_("#### Step 5: a prediction on a new input"))
    _code(steps.predict)
    rows = {
        _("new input"): run.new_input,
        _("its target"): run.wanted,
        _("predicted"): run.predicted,
    }
    st.table(
        [{"": name} | {str(k): f"{number:.2f}" for k, number in enumerate(row, 1)} for name, row in rows.items()],
        hide_index=True,
    )
    off = float(np.abs(np.subtract(run.wanted, run.predicted)).mean())
    st.caption(_("On average the prediction is off by {error}.").format(error=f"{off:.2f}"))


def _mistakes(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    X, _y = steps.new_data(PAIRS, generator)
    flat, model = X[:, 0], steps.new_model(generator)
    with torch.no_grad():
        outputs, (h, _c) = model.lstm(flat)
    st.markdown(
        _(
            "#### Find the mistakes\n\n"
            "As it is usually printed, for Keras, the exercise does not run; and once it runs, it teaches nothing. And "
            "though it often stands under the heading of image description, there is no image in it.\n\n"
            "**Mistake 1: the data has two axes.** It is printed as `X = np.random.rand(100, 10)`. Keras stops there: "
            "it expects three. PyTorch says nothing and takes it for one sequence of 100 steps, so that every answer "
            "depends on the rows before. Try it: the first row is set to zeros, and the answer to the second row "
            "should not care."
        )
    )
    _code(steps.carried_over)
    st.code(
        f"X.shape == {tuple(X.shape)}:  {steps.carried_over(model, X):.4f}\n"
        f"X.shape == {tuple(flat.shape)}:     {steps.carried_over(model, flat):.4f}\n"
        f"h.shape == {tuple(h.shape)}, outputs.shape == {tuple(outputs.shape)}",
        language=None,
    )
    st.markdown(
        _(
            "**Mistake 2: three values into two names.** Keras' LSTM, told to return its state, returns three values: "
            "the outputs, h and c. The printed line unpacks them into two."
        )
    )
    _code(steps.unpack_as_printed)
    try:
        steps.unpack_as_printed(model, X)
    except ValueError as error:
        st.code(f"ValueError: {error}", language=None)
    st.markdown(
        _(
            "**Mistake 3: there is nothing to learn.** The targets are drawn without a look at the inputs. The loss on "
            "the 100 pairs falls, because a network can learn 100 pairs by heart. On new pairs nothing beats answering "
            "1/2, which costs the variance of the numbers, 1/12. Whoever looks at the training loss alone takes that "
            "for learning. Now choose the ten numbers in reverse order as targets, at the top of this lesson: the same "
            "network, and the loss on new pairs falls, too."
        )
    )


def _questions() -> None:
    check(
        "exercise",
        Question(
            "exercise-1",
            _("The loss on the training pairs fell from epoch to epoch. Has the network learned something useful?"),
            (
                Answer(
                    _("Yes, that is what a falling loss means"),
                    False,
                    _("It fell on random targets, too. Only the loss on pairs it never saw can tell."),
                ),
                Answer(
                    _("One cannot know without new pairs"),
                    True,
                    _("Learning by heart lowers the training loss as well. Keep some data back to test with."),
                ),
            ),
        ),
        Question(
            "exercise-2",
            _("You have 100 sentences of 20 words, and each word is 10 numbers. Which shape does the data have?"),
            (
                Answer(
                    "(100, 10)",
                    False,
                    _("The steps are missing. torch would read one sequence of 100 steps, without a word of warning."),
                ),
                Answer(
                    "(100, 20, 10)",
                    True,
                    _("Sequences, steps, numbers: with batch_first=True, as here, in that order."),
                ),
                Answer(
                    "(2000, 10)",
                    False,
                    _("That is one sequence of 2,000 steps: all sentences run into each other."),
                ),
            ),
        ),
        Question(
            "exercise-3",
            _("Why do the predictions for random targets lie near 0.5?"),
            (
                Answer(
                    _("0.5 is the mean of what might come: it costs least on average"),
                    True,
                    _("Knowing nothing, the mean has the least squared error, here the variance 1/12."),
                ),
                Answer(
                    _("The LSTM's output gate is half open"),
                    False,
                    _("The dense layer can make any number of any gate. It learned to answer near the mean."),
                ),
            ),
        ),
    )
