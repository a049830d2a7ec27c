"""The session's training run: one network, or three in a race. It lives in one user's session and goes with it."""

from dataclasses import replace
from time import perf_counter

import streamlit as st

from app.sequence.settings import TrainingPlan
from model.recurrent import Network, Training, TrainingStopped
from model.recurrent.training import TrainingStage

_KEY = "sequence_current_run"


class TrainingRun:
    """Networks that train side by side on the same seed, all of them the same number of steps.

    It trains only while the page asks it to, in chunks so short that the page can answer in between.
    """

    def __init__(self, plan: TrainingPlan, start: Network | None = None, trained: int = 0):
        """``start`` is a loaded network to go on from, which had ``trained`` steps."""
        self.plan = plan
        self.trained = trained
        self.trainings = {cell: Training(plan.task, plan.settings_of(cell), start=start) for cell in plan.cells}
        self.playing = False
        #: The step that is looked at; None for the last.
        self.shown: int | None = None
        #: The last stage of slow motion; None at full speed.
        self.stage: TrainingStage | None = None
        self.until = plan.steps

    @classmethod
    def current(cls) -> "TrainingRun | None":
        """The session's run, if it has one."""
        return st.session_state.get(_KEY)

    @classmethod
    def begin(cls, plan: TrainingPlan, start: Network | None = None, trained: int = 0) -> "TrainingRun":
        """A new run in the place of the session's."""
        st.session_state[_KEY] = run = cls(plan, start, trained)
        return run

    @staticmethod
    def take(run: "TrainingRun") -> None:
        """Make this one the session's."""
        st.session_state[_KEY] = run

    @classmethod
    def of(cls, plan: TrainingPlan) -> "TrainingRun":
        """The session's run; a new one while there is none, or the one there is has not begun and is planned otherwise.

        Raises:
            SettingError: when one step would be too large.
        """
        run = cls.current()
        if run is None or (run.untouched and not run.same_as(plan)):
            run = cls.begin(plan)
        if run.same_as(plan):
            run.plan = plan
        return run

    @property
    def step(self) -> int:
        """How many steps are done."""
        return max(training.step for training in self.trainings.values())

    @property
    def untouched(self) -> bool:
        return self.step == 0 and self.stage is None and not self.trained and not self.broken

    @property
    def broken(self) -> dict[str, TrainingStopped]:
        """The networks that cannot go on, and why."""
        return {cell: training.stopped for cell, training in self.trainings.items() if training.stopped}

    @property
    def over(self) -> bool:
        """Whether it goes no further by itself."""
        return self.step >= self.until or len(self.broken) == len(self.trainings)

    def play(self) -> None:
        """Run from the last step on, up to the next multiple of the steps planned."""
        self.playing, self.shown = True, None
        self.until = (self.step // self.plan.steps + 1) * self.plan.steps

    def pause(self) -> None:
        self.playing = False

    def train(self, seconds: float) -> None:
        """Steps at full speed for so long."""
        started = perf_counter()
        while not self.over and perf_counter() - started < seconds:
            self.train_step()

    def train_step(self) -> None:
        """One step of each network; the one under way in slow motion is finished."""
        self.stage, self.shown = None, None
        for training in self.trainings.values():
            if not training.stopped:
                try:
                    next(training.run(steps=1))
                except TrainingStopped:
                    continue  # It is kept in ``training.stopped``.

    def train_stage(self) -> None:
        """The next stage of a step, of each network."""
        self.shown = None
        for training in self.trainings.values():
            if not training.stopped:
                try:
                    self.stage = training.advance()
                except TrainingStopped:
                    continue

    def rewind(self, step: int) -> None:
        """Go back to the nearest snapshot up to ``step``, and forget what came after."""
        for training in self.trainings.values():
            training.rewind(step)
        self.shown, self.stage, self.playing = None, None, False

    def change(self, plan: TrainingPlan) -> None:
        """Go on with the learning rate and the clipping of ``plan``."""
        for training in self.trainings.values():
            training.change(learning_rate=plan.settings.learning_rate, clip=plan.settings.clip)
        self.plan = plan

    def same_as(self, plan: TrainingPlan) -> bool:
        """Whether ``plan`` goes the same way, be it for more or fewer steps."""
        return (plan.task, plan.settings, plan.cells) == (self.plan.task, self.plan.settings, self.plan.cells)

    def can_change_to(self, plan: TrainingPlan) -> bool:
        """Whether the plan differs in nothing but what ``change`` can change."""
        to = plan.settings
        return self.same_as(
            replace(
                plan,
                settings=replace(to, **{name: getattr(self.plan.settings, name) for name in ("learning_rate", "clip")}),
            )
        )

    def snapshots(self) -> list[int]:
        """The steps that can be looked at, the last one among them."""
        kept = set.intersection(*(set(training.snapshots.steps) for training in self.trainings.values()))
        return sorted(kept | {self.step})

    def network(self, cell: str) -> Network:
        """A copy of a network at the step that is looked at."""
        return self.trainings[cell].network_at(self.shown)

    @property
    def looked_at(self) -> int:
        """The step that is looked at, those before loading counted."""
        return self.trained + (self.step if self.shown is None else self.shown)
