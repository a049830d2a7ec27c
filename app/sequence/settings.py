"""What a network reads and how it is trained: settings that all three views share. Each stands in the URL."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from app.i18n import _
from app.sequence.texts import choose_corpus, text_field
from app.ui.shell import choice, controls
from model.cells import CELLS
from model.errors import UserError
from model.recurrent import OPTIMIZERS, TASKS, Settings, make_task
from model.recurrent.settings import LIMITS
from model.recurrent.tasks import NextSymbol, Numbers, Task
from model.recurrent.tasks.ten_numbers import READINGS

#: The cells of a race, and how a page calls it.
RACERS, RACE = ("rnn_tanh", "lstm", "gru"), "race"
#: The largest seed that the page offers.
LARGEST_SEED = 999_999


@dataclass(frozen=True)
class Plan:
    """What decides a training run: the same plan gives the same run."""

    task: Task
    #: With the first cell; the others differ in nothing else.
    settings: Settings
    cells: tuple[str, ...]
    #: How many steps a press of Run goes.
    steps: int

    def settings_of(self, cell: str) -> Settings:
        return replace(self.settings, cell=cell)


def task_names() -> dict[str, str]:
    """What a reader calls the tasks, by their names."""
    return {
        "parity": _("Parity: is the number of ones odd?"),
        "recall": _("Recall: which letter came first?"),
        "text": _("Text: which character comes next?"),
        "reber": _("Reber grammar: which letter may come next?"),
        "adding": _("Adding: the sum of two marked numbers"),
        "sine": _("Sine: continue the wave"),
        "numbers": _("Numbers: continue my own series"),
        "ten_numbers": _("Ten random numbers to ten (first exercise)"),
    }


def task_titles() -> dict[str, str]:
    """The same in a word or two."""
    return {
        "parity": _("Parity"),
        "recall": _("Recall"),
        "text": _("Text"),
        "reber": _("Reber grammar"),
        "adding": _("Adding"),
        "sine": _("Sine"),
        "numbers": _("Numbers"),
        "ten_numbers": _("Ten numbers"),
    }


def about_task(name: str) -> str:
    """What the network is asked, in a sentence or two."""
    return {
        "parity": _("It reads ones and zeros, and says after each whether the number of ones so far is odd."),
        "recall": _("It reads letters, then a question mark, and must say which letter came first."),
        "text": _("It reads a text character by character, and at each one guesses the next."),
        "reber": _("It reads strings that a small grammar wrote, and says which letter may come next."),
        "adding": _("It reads numbers, two of them marked with *, and says at the end what these two add up to."),
        "sine": _("It reads the values of a sine wave, and says at each step what comes next."),
        "numbers": _("It reads your numbers, and says at each step what comes next."),
        "ten_numbers": _(
            "It reads ten random numbers and should say ten others, as random. There is nothing in it to learn but "
            "their mean, which costs their variance, 1/12. Below that the loss falls only on these 100 pairs, learned "
            "by heart, and not on new ones (overfitting). The usual code has two traps: its data is 2-D, which PyTorch "
            "reads as one sequence of 100 steps, and it unpacks the LSTM's three results into two names."
        ),
    }[name]


def cell_names() -> dict[str, str]:
    """What a reader calls the cells, by their names."""
    return {name: _(cell.short) for name, cell in CELLS.items()}


def about_cell(name: str) -> str:
    """What is special about a cell, and where it comes from; as Markdown."""
    papers = ", ".join(f"[{paper.short}]({paper.link})" for paper in CELLS[name].papers)
    return _("{about} ({papers})").format(about=_(CELLS[name].about), papers=papers)


def choose_plan(view: str, source: str) -> Callable[[], Plan]:
    """The groups ``network`` and ``training``. What a view does not need is out of sight, but stays in the URL.

    The plan is made when it is asked for, and raises a UserError when the settings do not go together: those out of
    sight must not disturb a view that does not need them.
    """
    with only_if(view == "train" or source == "untrained", "network"), controls("network"):
        name = choice(st.selectbox, _("Task"), task_names(), key="sequence_task", default="parity")
        st.caption(about_task(name))
        _suggest(name)
        parameters = _choose_parameters(name)
        cells = cell_names() | {RACE: _("All three")}
        beside = _("It stands beside RNN, LSTM and GRU.") if view == "gradients" else None
        cell = choice(st.pills, _("Cell"), cells, key="sequence_cell", default="gru", help=beside)
        if cell != RACE:
            st.markdown(about_cell(cell))
        left, right = st.columns(2)
        with left:
            size = st.number_input(
                _("Units"), *LIMITS["hidden_size"], 32, key="sequence_size", bind="query-params", help=_size_help()
            )
        with right:
            seed = st.number_input(
                _("Seed"),
                0,
                LARGEST_SEED,
                0,
                key="sequence_seed",
                bind="query-params",
                help=_("Draws the first weights and the sequences. The same seed gives the same run."),
            )
    with only_if(view == "train", "training"), controls("training"):
        training = _choose_training()
    steps = training.pop("steps")

    def plan() -> Plan:
        task = NextSymbol(**parameters) if name == "text" else _make(name, parameters)
        raced = RACERS if cell == RACE else (cell,)
        settings = Settings(cell=raced[0], hidden_size=size, seed=seed, **training)
        return Plan(task, settings, raced, steps or task.steps)

    return plan


def only_if(shown: bool, name: str):
    """A container whose widgets, when it is not shown, keep their values and their places in the URL."""
    return st.container(key=f"{'seen' if shown else 'unseen'}-sequence-{name}")


def _make(name: str, parameters: dict) -> Task:
    if name != "numbers":
        return make_task(name, **parameters)
    typed, others = parameters["numbers"], {key: value for key, value in parameters.items() if key != "numbers"}
    if not typed.strip():
        raise UserError("The series is empty. Please type at least 4 numbers, such as 1 2 3 4 3 2 1.")
    return Numbers.from_text(typed, **others)


def _choose_parameters(name: str) -> dict:
    """The task's own settings, a widget for each."""
    labels = {
        "length": _("Length of a sequence"),
        "distractors": _("Distractors"),
        "period": _("Steps in a wave"),
        "pairs_seed": _("Seed of the pairs"),
    }
    parameters: dict = {}
    if name == "text":
        parameters["text"] = choose_corpus()
    if name == "numbers":
        parameters["numbers"] = text_field(
            _("My series"),
            "sequence_series",
            height=100,
            default="0 1 2 3 4 3 2 1 0 1 2 3 4 3 2 1 0 1 2 3 4 3 2 1 0",
            help=_("4 to 1,000 numbers, with spaces or commas between them."),
        )
    fields = TASKS[name].limits.items()
    for column, (field, (least, most)) in zip(st.columns(max(len(fields), 1)), fields, strict=False):
        with column:
            parameters[field] = st.number_input(
                labels[field],
                least,
                min(most, LARGEST_SEED),
                TASKS[name].__dataclass_fields__[field].default,
                key=f"sequence_{name}_{field}",
                bind="query-params",
            )
    if name == "reber":
        parameters["embedded"] = st.toggle(
            _("In a frame that must be remembered"), key="sequence_reber_embedded", bind="query-params"
        )
    if name == "ten_numbers":
        names = dict(zip(READINGS, (_("100 pairs, as meant"), _("One sequence, as torch reads it")), strict=True))
        parameters["reading"] = choice(
            st.pills, _("The data is read as"), names, key="sequence_ten_reading", default=READINGS[0]
        )
    return parameters


def _choose_training() -> dict:
    names = dict(zip(OPTIMIZERS, ("SGD", _("SGD with momentum"), "RMSprop", "Adam"), strict=True))
    with st.expander(_("How it is trained"), icon=":material/tune:"):
        rate = st.number_input(
            _("Learning rate"),
            *LIMITS["learning_rate"],
            0.01,
            0.001,
            format="%g",
            key="sequence_learning_rate",
            bind="query-params",
            help=_("How far each step goes. Try a much larger one to see training break."),
        )
        optimizer = choice(st.selectbox, _("Optimiser"), names, key="sequence_optimizer", default="adam")
        batch = st.number_input(
            _("Sequences in a step (batch)"), *LIMITS["batch_size"], 64, key="sequence_batch", bind="query-params"
        )
        clip = st.number_input(
            _("Clip the gradient's norm at (0: off)"),
            *LIMITS["clip"],
            1.0,
            0.1,
            format="%g",
            key="sequence_clip",
            bind="query-params",
        )
        keep = st.number_input(
            _("Bias of the gate that keeps"),
            *LIMITS["keep_bias"],
            Settings.keep_bias,
            0.5,
            format="%g",
            key="sequence_keep_bias",
            bind="query-params",
            help=_(
                "Above 0, a new network with gates keeps most of its state at each step, so that it can learn to keep "
                "more. The plain RNN has no such gate."
            ),
        )
        steps = st.number_input(
            _("Stop after so many steps (0: as the task needs)"),
            0,
            100_000,
            0,
            100,
            key="sequence_steps",
            bind="query-params",
        )
    chosen = {"learning_rate": rate, "optimizer": optimizer, "batch_size": batch, "clip": clip, "keep_bias": keep}
    return chosen | {"steps": steps}


def _suggest(name: str) -> None:
    """When the user chooses another task, set what suits it; an address's own settings are left alone."""
    before = st.session_state.get("sequence_task_before", name)
    st.session_state["sequence_task_before"] = name
    if before == name:
        return
    put_settings(Settings.for_task(TASKS[name]), cell="cell" in TASKS[name].suggested)


def put_settings(settings: Settings, *, cell: bool = True, seed: bool = False) -> None:
    """Set the widgets, before they are drawn."""
    if cell:
        st.session_state["sequence_cell"] = settings.cell
    if seed:
        st.session_state["sequence_seed"] = min(settings.seed, LARGEST_SEED)
    st.session_state["sequence_size"] = settings.hidden_size
    st.session_state["sequence_learning_rate"] = float(settings.learning_rate)
    st.session_state["sequence_optimizer"] = settings.optimizer
    st.session_state["sequence_batch"] = settings.batch_size
    st.session_state["sequence_clip"] = float(settings.clip)
    st.session_state["sequence_keep_bias"] = float(settings.keep_bias)


def _size_help() -> str:
    return _("How many numbers its memory has. With 2 units its path shows all of it.")
