"""Lesson 8, the classic first exercise, step by step: an LSTM, a dense layer, random data, and three mistakes.

The code that the page shows is the source of the functions that it runs, all in ``model.recurrent.first_exercise``.
"""

import inspect
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import streamlit as st
import torch

from app.charts.kit.numbers import size
from app.charts.lessons.by_heart import by_heart, what_was_learned
from app.i18n import _
from app.lessons import keras_class
from app.lessons.parts import Answer, Link, Question, check, try_it
from app.turns import Shared, go_on
from app.ui.drawing import draw
from app.ui.settings import Code, Number, Seed
from app.ui.shell import controls
from model.recurrent import first_exercise as steps
from model.recurrent.tasks.ten_numbers import PAIRS

#: The exercise's 100 epochs, and how many are allowed here.
EPOCHS, MOST_EPOCHS = 100, 300
#: New pairs to try the trained network on.
NEW_PAIRS = 2_000
#: The mean squared error of answering 1/2 to numbers drawn from 0 to 1: their variance.
VARIANCE = 1 / 12
#: Losses that the text states, with seed 0: before and after, on its own pairs and on new ones. A test trains for them.
FALLEN = {"seen": (0.358, 0.082), "new": (0.362, 0.086)}
LONG = {"seen": 0.076, "new": 0.090}
REVERSED = {"new": 0.019}

TARGETS = Code("lessons_exercise_targets", "random")
EXERCISE_EPOCHS = Number("lessons_exercise_epochs", 1, MOST_EPOCHS, EPOCHS)
SEED = Seed("lessons_exercise_seed")


class ExerciseResult(NamedTuple):
    """What one run of the exercise gave, in numbers."""

    #: How many numbers the network learns.
    parameters: int
    #: The loss on all of its own pairs, and on new ones: before training, and after each epoch.
    seen: np.ndarray
    new: np.ndarray
    #: What always answering their mean costs on its own pairs.
    seen_mean: float
    #: By how much the LSTM cell written out differs from torch's.
    differs: float
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
        targets = TARGETS.choose(
            st.segmented_control,
            _("The targets are"),
            {"random": _("random, as in the exercise"), "reversed": _("the ten numbers in reverse order")},
        )
        with st.container(horizontal=True):
            epochs = EXERCISE_EPOCHS.field(_("Epochs"), width=160)
            seed = SEED.field(_("Seed"), width=160)
    run = _run(targets, epochs, seed)
    _outcome(run)
    _build(run)
    _train()
    _predict(run)
    _mistakes(seed)
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
def _runs() -> Shared[ExerciseResult]:
    """The last runs of all sessions."""
    return Shared(50)


def _compute(targets: str, epochs: int, seed: int) -> ExerciseResult:
    """All of the exercise, in its order; everything random comes from one seed."""
    generator = torch.Generator().manual_seed(seed)
    X, y = steps.new_data(PAIRS, generator, targets)
    unseen = steps.new_data(NEW_PAIRS, generator, targets)
    model = steps.new_model(generator)
    seen, new = [steps.loss_on(model, X, y)], [steps.loss_on(model, *unseen)]
    for loss in steps.train(model, X, y, epochs, generator):
        seen.append(loss)
        new.append(steps.loss_on(model, *unseen))
        go_on()
    new_input, wanted = steps.new_data(1, generator, targets)
    predicted = steps.predict(model, new_input)
    return ExerciseResult(
        sum(weights.numel() for weights in model.parameters()),
        np.array(seen),
        np.array(new),
        steps.loss_of_mean(y),
        steps.differs_by(model.lstm, X.view(10, 10, 10)),
        *(tensor.flatten().tolist() for tensor in (new_input, wanted, predicted)),
    )


def _run(targets: str, epochs: int, seed: int) -> ExerciseResult:
    with st.spinner(_("Training …"), show_time=False):
        return _runs().get((targets, epochs, seed), lambda: _compute(targets, epochs, seed))


def _code(*parts: Callable | type) -> None:
    """The source of what runs, as it stands in its module."""
    st.code("\n\n".join(_source(part).strip() for part in parts), language="python")


_source = cache(inspect.getsource)


def _outcome(run: ExerciseResult) -> None:
    """What came of the training, before how it was done."""
    draw(partial(by_heart, run.seen, run.new, VARIANCE), "lessons_chart_exercise")
    st.markdown(what_was_learned(run.seen, run.new, run.seen_mean, VARIANCE))


def _build(run: ExerciseResult) -> None:
    st.markdown(_("#### Step 1: install and import"))
    st.code("pip install torch", language="bash")
    _docstring, imports = _source(steps).split('"""')[1:]
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
    with st.expander(_("Inside the layer: an LSTM cell in ten lines"), icon=":material/code:"):
        st.markdown(
            _(
                "torch runs its LSTM as one piece. Written out it is no more than this: four sums, three of them gates "
                "(lesson 5 has the formulas). Below, it reads the same data with the same weights, as 10 sequences of "
                "10 steps."
            )
        )
        _code(steps.LSTMCell, steps.differs_by)
        st.caption(_("It differs from torch's own by {difference} at most.").format(difference=size(run.differs)))
    st.markdown(
        _(
            "#### Step 3: the data\n\n"
            "A recurrent layer wants three axes: which sequence, which step, which number. So 100 times ten numbers "
            "are 100 sequences of 1 step of 10 numbers."
        )
    )
    _code(steps.new_data)
    st.caption(_("X has the shape {shape}, and so has y.").format(shape=f"({PAIRS}, 1, {len(run.new_input)})"))


def _train() -> None:
    st.markdown(
        _(
            "#### Step 4: training\n\n"
            "Adam moves the weights, the mean squared error (MSE) says how wrong the answers are, 32 pairs at a time. "
            "An epoch is once through all pairs. Lesson 4 has these six steps one by one."
        )
    )
    _code(steps.train, steps.loss_on, steps.loss_of_mean)


def _predict(run: ExerciseResult) -> None:
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
            "**Mistake 3: there is nothing to learn.** The targets are drawn without a look at the inputs, and yet the "
            "loss falls: with seed 0, in {epochs} epochs, from {own_first} to {own_last} on its own pairs and from "
            "{new_first} to {new_last} on new ones. So first ask what knowing nothing costs, the **baseline**: always "
            "answering 1/2 costs the variance of the numbers, 1/12 = {variance}. Both losses fall down to it, because "
            "the network finds the mean. Only what falls below it tells of more. After {long} epochs the loss on its "
            "own pairs is {own_long}, on new ones {new_long}: below the baseline here, further above it there. The "
            "network learns its pairs by heart, which is called **overfitting**, and nothing but new pairs shows it."
        ).format(
            epochs=EPOCHS,
            own_first=FALLEN["seen"][0],
            own_last=FALLEN["seen"][1],
            new_first=FALLEN["new"][0],
            new_last=FALLEN["new"][1],
            variance=f"{VARIANCE:.4f}",
            long=MOST_EPOCHS,
            own_long=LONG["seen"],
            new_long=f"{LONG['new']:.3f}",
        )
    )
    with st.expander(_("The Keras class, corrected line by line"), icon=":material/spellcheck:"):
        st.markdown(_("As it is printed:"))
        st.code(keras_class.PRINTED, language="python")
        st.table(
            [
                {
                    _("printed"): f"`{change.printed}`",
                    _("corrected"): f"`{change.corrected}`" if change.corrected else _("(nothing)"),
                    _("why"): _(change.why),
                }
                for change in keras_class.CHANGES
            ],
            hide_index=True,
        )
        st.markdown(_("Corrected. Keras does not run on this page, but this text was run with it:"))
        st.code(keras_class.CORRECTED, language="python")
    st.markdown(
        _(
            "Now choose the ten numbers in reverse order as targets, at the top of this lesson. The same network in as "
            "many epochs, and on pairs that it never saw the loss falls to {new}, far below the baseline: that is "
            "learning."
        ).format(new=REVERSED["new"])
    )


def _questions() -> None:
    check(
        "exercise",
        Question(
            "exercise-1",
            _(
                "On random targets the loss fell from {first} to {last}, and on new pairs nearly as far. What has the "
                "network learned?"
            ).format(first=FALLEN["seen"][0], last=FALLEN["seen"][1]),
            (
                Answer(
                    _("How the targets follow from the inputs"),
                    False,
                    _("They do not follow. Always answering 1/2 costs {variance}: the loss fell that far.").format(
                        variance=f"{VARIANCE:.4f}"
                    ),
                ),
                Answer(
                    _("Its 100 pairs by heart"),
                    False,
                    _("Not yet: then the loss on its own pairs would be far below the baseline, on new ones not."),
                ),
                Answer(
                    _("The mean of the targets, and hardly more"),
                    True,
                    _("Both losses end at what the mean costs. Compare with a baseline before you praise a network."),
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
