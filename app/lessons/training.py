"""Lesson 4, training in six steps: a small network is trained for real, stage by stage, in the reader's session."""

from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import streamlit as st
from torch.nn.utils import parameters_to_vector

from app.charts.kit.numbers import size
from app.charts.kit.style import percent
from app.charts.lessons.by_hand import lines_of, two_steps_picture
from app.charts.sequence.training import loss_curves
from app.i18n import _, translate_error
from app.lessons.parts import Answer, Link, Question, check, formula, try_it
from app.sequence.train_view import stage_names
from app.ui.cite import cite
from app.ui.drawing import draw
from app.ui.settings import Code, Number
from app.ui.shell import controls
from model.recurrent import STAGES, Settings, Training, TrainingStopped, make_task
from model.recurrent.by_hand import TARGET, two_steps
from model.recurrent.training import TrainingStage

#: What the lesson's claims rest on.
CITED = ("rumelhart", "werbos")
#: The network of the figure: a plain RNN that must say which of three letters came first; plain gradient descent, so
#: that the update is the formula's.
TASK, DISTRACTORS = "recall", 2
SETTINGS = Settings(cell="rnn_tanh", hidden_size=16, optimizer="sgd", batch_size=32, clip=0.0, seed=0)
#: Learning rates on offer: too small, good, too large.
RATES, RATE = ("0.05", "0.5", "5"), "0.5"
#: So many steps at once.
STEPS_AT_ONCE = 50

LEARNING_RATE = Code("lessons_training_rate", RATE)
#: Of the picture by hand.
WEIGHTS = {
    name: Number(f"lessons_training_{name}", -2.0, 2.0, first, 0.1)
    for name, first in (("w_h", 0.8), ("w_x", 0.5), ("w_y", 1.2))
}


class Done(NamedTuple):
    """A stage that was done, and how far the weights moved in it: √Σ Δw²."""

    stage: TrainingStage
    moved: float


@dataclass
class LessonTraining:
    """The session's own training."""

    training: Training
    #: The learning rate's code.
    rate: str
    #: Each stage as it was done last, the latest one last.
    done: dict[str, Done] = field(default_factory=dict)

    def advance(self) -> str:
        """Do the next stage and name it.

        Raises:
            TrainingStopped: when the numbers grew beyond all bounds.
        """
        before = self._weights()
        stage = self.training.advance()
        if stage.name == "forward":  # A new step: what the last one did is over.
            self.done = {name: done for name, done in self.done.items() if name == "initialise"}
        self.done[stage.name] = Done(stage, (self._weights() - before).norm().item())
        return stage.name

    def _weights(self):
        return parameters_to_vector(self.training.network.parameters()).detach().clone()


def show() -> None:
    _live()
    st.markdown(
        _(
            "A network is not told how to do its task. It is shown examples, and after each batch of them its "
            "numbers are moved a little, so that it would have been a little less wrong. That is **training**, and it "
            "goes in six steps."
        )
    )
    formula(
        (
            r"L = -\frac{1}{N} \sum_{n=1}^{N} \ln p_n",
            r"w \leftarrow w - \eta\, \frac{\partial L}{\partial w}",
        ),
        {
            "L": _(
                "the loss of a batch of N answers; this one, minus the mean logarithm of p, is the **cross-entropy**"
            ),
            "p_n": _("the probability that the network gave to the right answer"),
            "w": _("any number of the network: a weight or a bias"),
            r"\partial L / \partial w": _("the gradient: how fast the loss grows when w grows"),
            r"\eta": _("the learning rate: how far each step goes; the minus sign makes it go downhill"),
        },
    )
    st.markdown(
        _(
            "The gradient is a matter of step 4 alone, the change a matter of step 5 alone. Texts that let "
            "“backpropagation update the weights” mix up the two: going backward changes nothing, as the figure shows."
        )
    )
    st.markdown(
        _(
            "**Through time.** A recurrent network uses the same weights at every step, so each step has its part in "
            "the error. Backward, the error is carried from the last step to the first, and the parts are added up:"
        )
    )
    formula(
        r"\begin{gathered} "
        r"\frac{\partial L}{\partial W_{hh}} = \sum_{t=1}^{T} \frac{\partial L}{\partial a_t}\, h_{t-1}^{\top} \\ "
        r"a_t = W_{hh} h_{t-1} + W_{xh} x_t + b_h \\ h_t = f(a_t) \end{gathered}",
        {
            "a_t": _("the sum that goes into f at step t"),
            r"\partial L / \partial a_t": _("how the loss depends on it, through all later steps"),
            r"h_{t-1}^{\top}": _("the state before, as a row"),
        },
    )
    _by_hand()
    cite(*CITED)
    try_it(
        Link(
            _("The same in slow motion, with a task and a network of your choice"),
            "sequence",
            {"sequence_view": "train", "sequence_task": TASK, "sequence_slow": "true"},
        ),
        Link(
            _("Let three networks race: RNN, LSTM and GRU"),
            "sequence",
            {"sequence_view": "train", "sequence_task": "parity", "sequence_cell": "race"},
        ),
        Link(
            _("One unit that learns from its error, beside a synapse that learns from spikes"),
            "neurons",
            {"neurons_view": "learning"},
        ),
    )
    _questions()


def _questions() -> None:
    check(
        "training",
        Question(
            "training-1",
            _(
                "A text says: “Backpropagation: update the parameters by computing gradients. Then: update the "
                "parameters.” What does backpropagation do?"
            ),
            (
                Answer(
                    _("It computes the gradients, and changes no weight"),
                    True,
                    _("The update comes after it, and uses the gradients. In the figure, only step 5 moves weights."),
                ),
                Answer(
                    _("It updates the parameters, a first time"),
                    False,
                    _("There is one update in each round, step 5. Step 4 only says which way is downhill."),
                ),
                Answer(
                    _("It runs the sequence from its end to its beginning"),
                    False,
                    _("The sequence is read once, forward. What goes back is how the loss depends on each state."),
                ),
            ),
        ),
        Question(
            "training-2",
            _("Why is the gradient of W_hh a sum over all time steps?"),
            (
                Answer(
                    _("Because the same W_hh is used at every step"),
                    True,
                    _("A change of W_hh acts at each step, and each has its part in the loss."),
                ),
                Answer(
                    _("Because each step has a W_hh of its own"),
                    False,
                    _("Then there would be a gradient for each of them, and nothing to add up."),
                ),
            ),
        ),
        Question(
            "training-3",
            _("The learning rate is ten times larger: 5 in place of 0.5. What does the loss of our network do?"),
            (
                Answer(
                    _("It falls ten times faster"),
                    False,
                    _("The gradient tells the slope right here only. A leap that is too long lands higher up. Try it."),
                ),
                Answer(
                    _("It jumps about, above where it began"),
                    True,
                    _("Each step leaps across the valley. The loss ends above that of pure guessing."),
                ),
            ),
        ),
    )


def _by_hand() -> None:
    """Two steps of one unit, forward and back, every number in sight."""
    st.markdown(
        _(
            "**By hand.** The smallest case: one unit without biases reads two numbers and should answer {target:g}. "
            "Read the picture forward along the blue arrows, then backward along the orange ones; the table has each "
            "line with its numbers. Make w_h smaller, and see what becomes of the gradient at the first step. This "
            "way of going back is **backpropagation through time**. For long sequences it is often **truncated**: "
            "carried back some steps, and no further."
        ).format(target=TARGET)
    )
    with controls("by_hand", horizontal=True, gap="medium"):
        weights = {
            name: WEIGHTS[name].slider(label, width=200)
            for name, label in (("w_h", _("Weight w_h")), ("w_x", _("Weight w_x")), ("w_y", _("Weight w_y")))
        }
    trace = two_steps(**weights)
    draw(partial(two_steps_picture, trace), "lessons_chart_by_hand")
    with st.expander(_("Each line, with its numbers"), expanded=True, icon=":material/calculate:"):
        st.table(lines_of(trace), hide_index=True)


def _about() -> dict[str, str]:
    """What happens in each stage."""
    return {
        "initialise": _("draw the weights at random. Once, before all else."),
        "forward": _("let the network read a batch of examples and answer."),
        "loss": _("say in one number how wrong the answers are."),
        "backward": _("compute the gradient: for each weight, which way the loss grows, and how fast."),
        "update": _("use the gradient: move each weight a little the other way."),
        "repeat": _("go back to 2 with new examples, until the loss falls no more: convergence."),
    }


def _live() -> None:
    """A network in training: its stages, and its loss."""
    st.markdown(
        _(
            "A plain RNN with 16 units reads three letters and a question mark, and must say which letter came first. "
            "Do the stages one by one, and watch the last column: when do the weights move? Then let it run."
        )
    )
    line = st.container(horizontal=True, vertical_alignment="bottom", gap="large")
    with line, controls("rate", width="content"):
        rate = LEARNING_RATE.choose(st.segmented_control, _("Learning rate η"), {code: code for code in RATES})
    run = _run(rate)
    with line, controls("run", horizontal=True, width="content"):
        for name, label, icon, how in (
            ("stage", _("Next stage"), ":material/step:", run.advance),
            ("many", _("{count} steps").format(count=STEPS_AT_ONCE), ":material/fast_forward:", lambda: _many(run)),
            ("anew", _("Begin anew"), ":material/replay:", _begin_anew),
        ):
            st.button(
                label,
                key=f"lessons_training_{name}",
                icon=icon,
                on_click=_unless_stopped,
                args=(how,),
                disabled=run.training.stopped is not None and name != "anew",
            )
    if run.training.stopped:
        st.error(translate_error(run.training.stopped), icon=":material/warning:")
    _stages(run)
    trace = run.training.trace()
    if len(trace.steps):
        runs = {"RNN": trace}
        draw(partial(loss_curves, runs), "lessons_chart_training")
        st.caption(
            _("The line is the loss on the examples it learns from, markers that on examples it has never seen.")
        )


def _run(rate: str) -> LessonTraining:
    """The session's run; a new one when there is none with this learning rate."""
    run = st.session_state.get("lessons_training_run")
    if run is None or run.rate != rate:
        settings = Settings(**{**vars(SETTINGS), "learning_rate": float(rate)})
        run = LessonTraining(Training(make_task(TASK, distractors=DISTRACTORS), settings), rate)
        st.session_state["lessons_training_run"] = run
    return run


def _many(run: LessonTraining) -> None:
    for _step in range(STEPS_AT_ONCE):
        while run.advance() != "repeat":
            pass


def _begin_anew() -> None:
    st.session_state.pop("lessons_training_run", None)


def _unless_stopped(how) -> None:
    try:
        how()
    except TrainingStopped:
        return  # It is kept in ``training.stopped``.


def _stages(run: LessonTraining) -> None:
    """The six stages: what each did last, and how far the weights moved in it; the latest one is marked."""
    names = stage_names()
    latest = next(reversed(run.done), None)
    about = _about()
    rows: dict[str, list[str]] = {
        "": [],
        _("What happens"): [],
        _("Just now"): [],
        _("Moved by"): [],
    }
    for place, name in enumerate(STAGES, start=1):
        done = run.done.get(name)
        title = rf"{place}\. {names[name]}"  # Not the start of a Markdown list.
        cells = (
            f"**▸ {title}**" if name == latest else title,
            about[name],
            _did(done.stage) if done else "–",
            "–" if done is None or name == "initialise" else size(done.moved),
        )
        for column, cell in zip(rows.values(), cells, strict=True):
            column.append(cell)
    st.table(rows, hide_index=True)


def _did(stage: TrainingStage) -> str:
    texts = {
        "initialise": _("drew {parameters} numbers"),
        "forward": _("read {sequences} sequences of {steps} steps"),
        "loss": _("loss {loss}, {accuracy} of the answers right"),
        "backward": _("the gradient's norm is {gradient_norm}"),
        "update": _("new weights, a small step downhill"),
        "repeat": _("step {step} is done"),
    }
    figures = {name: f"{value:,}" if isinstance(value, int) else size(value) for name, value in stage.figures.items()}
    if "accuracy" in figures:
        figures["accuracy"] = percent(stage.figures["accuracy"])
    return texts[stage.name].format(**figures, step=stage.step)
