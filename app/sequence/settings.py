"""What a network reads and how it is trained: settings that all three views share. Each stands in the URL."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import streamlit as st

from app.i18n import _
from app.sequence.tasks import OFFERED, TASK, choose_parameters, put_task, task_names, task_of
from app.ui.settings import Code, Number, Seed
from app.ui.shell import controls
from model.cells import CELLS
from model.recurrent import OPTIMIZERS, TASKS, Settings
from model.recurrent.settings import LIMITS
from model.recurrent.tasks import Task

#: The cells of a race, and how a page calls it.
RACERS, RACE = ("rnn_tanh", "lstm", "gru"), "race"

CELL = Code("sequence_cell", Settings.cell)
SIZE = Number("sequence_size", *LIMITS["hidden_size"], Settings.hidden_size)
SEED = Seed("sequence_seed")
RATE = Number("sequence_learning_rate", *LIMITS["learning_rate"], Settings.learning_rate, 0.001)
OPTIMIZER = Code("sequence_optimizer", Settings.optimizer)
BATCH = Number("sequence_batch", *LIMITS["batch_size"], Settings.batch_size)
CLIP = Number("sequence_clip", *LIMITS["clip"], Settings.clip, 0.1)
KEEP_BIAS = Number("sequence_keep_bias", *LIMITS["keep_bias"], Settings.keep_bias, 0.5)
STEPS = Number("sequence_steps", 0, 100_000, 0, 100)
#: What stands in a run's ``Settings``, by the fields' names.
OF_RUN = {
    "cell": CELL,
    "hidden_size": SIZE,
    "optimizer": OPTIMIZER,
    "learning_rate": RATE,
    "batch_size": BATCH,
    "clip": CLIP,
    "keep_bias": KEEP_BIAS,
    "seed": SEED,
}


#: Where the session keeps the cell that was chosen before a task asked for another.
_OWN_CELL = "sequence_own_cell"


@dataclass(frozen=True)
class TrainingPlan:
    """What decides a training run: the same plan gives the same run."""

    task: Task
    #: With the first cell; the others differ in nothing else.
    settings: Settings
    cells: tuple[str, ...]
    #: How many steps a press of Run goes.
    steps: int

    def settings_of(self, cell: str) -> Settings:
        return replace(self.settings, cell=cell)


def cell_names() -> dict[str, str]:
    """What a reader calls the cells, by their names."""
    return {name: _(cell.short) for name, cell in CELLS.items()}


def about_cell(name: str) -> str:
    """What is special about a cell, and where it comes from; as Markdown."""
    papers = ", ".join(f"[{paper.short}]({paper.link})" for paper in CELLS[name].papers)
    return _("{about} ({papers})").format(about=_(CELLS[name].about), papers=papers)


def choose_plan(view: str, source: str) -> Callable[[], TrainingPlan]:
    """The groups ``network`` and ``training``. What a view does not need is out of sight, but stays in the URL.

    The plan is made when it is asked for, and raises a UserError when the settings do not go together: those out of
    sight must not disturb a view that does not need them.
    """
    with only_if(view == "train" or source == "untrained", "network"), controls("network"):
        name = TASK.choose(st.selectbox, _("Task"), task_names(), on_change=_suggest)
        st.caption(_(OFFERED[name].about))
        parameters = choose_parameters(name)
        cells = cell_names() | {RACE: _("All three")}
        beside = _("It stands beside RNN, LSTM and GRU.") if view == "gradients" else None
        cell = CELL.choose(st.pills, _("Cell"), cells, help=beside)
        if cell != RACE:
            st.markdown(about_cell(cell))
        left, right = st.columns(2)
        with left:
            size = SIZE.field(
                _("Units"), help=_("How many numbers its memory has. With 2 units its path shows all of it.")
            )
        with right:
            seed = SEED.field(
                _("Seed"), help=_("Draws the first weights and the sequences. The same seed gives the same run.")
            )
    with only_if(view == "train", "training"), controls("training"):
        training, steps = _choose_training()

    def plan() -> TrainingPlan:
        task = task_of(name, parameters)
        raced = RACERS if cell == RACE else (cell,)
        settings = Settings(cell=raced[0], hidden_size=size, seed=seed, **training)
        return TrainingPlan(task, settings, raced, steps or task.steps)

    return plan


def only_if(shown: bool, name: str):
    """A container whose widgets, when it is not shown, keep their values and their places in the URL."""
    return st.container(key=f"{'seen' if shown else 'unseen'}-sequence-{name}")


def _choose_training() -> tuple[dict, int]:
    """What ``Settings`` has for training, by the fields' names; and after how many steps to stop, 0 for the task's."""
    names = dict(zip(OPTIMIZERS, ("SGD", _("SGD with momentum"), "RMSprop", "Adam"), strict=True))
    with st.expander(_("How it is trained"), icon=":material/tune:"):
        chosen = {
            "learning_rate": RATE.field(
                _("Learning rate"),
                format="%g",
                help=_("How far each step goes. Try a much larger one to see training break."),
            ),
            "optimizer": OPTIMIZER.choose(st.selectbox, _("Optimiser"), names),
            "batch_size": BATCH.field(_("Sequences in a step (batch)")),
            "clip": CLIP.field(_("Clip the gradient's norm at (0: off)"), format="%g"),
            "keep_bias": KEEP_BIAS.field(
                _("Bias of the gate that keeps"),
                format="%g",
                help=_(
                    "Above 0, a new network with gates keeps most of its state at each step, so that it can learn to "
                    "keep more. The plain RNN has no such gate."
                ),
            ),
        }
        return chosen, STEPS.field(_("Stop after so many steps (0: as the task needs)"))


def _suggest() -> None:
    """Set what suits the task that the user has chosen: all but the seed, and the cell where any suits."""
    task = TASKS[TASK.value]
    kept = {"seed"} if "cell" in task.suggested else {"seed", "cell"}
    # A cell that one task asks for is not meant for the next.
    if "cell" in task.suggested:
        st.session_state.setdefault(_OWN_CELL, CELL.value)
    elif _OWN_CELL in st.session_state:
        CELL.put(st.session_state.pop(_OWN_CELL))
    put_settings(Settings.for_task(task), OF_RUN.keys() - kept)


def put_plan(plan: TrainingPlan) -> None:
    """Set the widgets to a plan; call it in a callback."""
    put_task(plan.task)
    put_settings(plan.settings)
    if len(plan.cells) > 1:
        CELL.put(RACE)


def put_settings(settings: Settings, names: Iterable[str] = tuple(OF_RUN)) -> None:
    """Set the widgets of these fields; call it in a callback."""
    for name in names:
        OF_RUN[name].put(getattr(settings, name))
