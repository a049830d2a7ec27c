"""The experiment of lesson 6: a CNN and a GRU learn to read digits before everyone's eyes, and what each assumes shows.

Training runs in chunks so short that the page can answer in between; a run lives in one user's session.
"""

from functools import partial
from time import perf_counter

import streamlit as st

from app.charts.kit.style import percent
from app.charts.lessons import digits
from app.i18n import _
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from app.ui.settings import Flag, Number, Seed
from app.ui.shell import controls
from model.digits import FARTHEST, STEPS, TESTED, Contest

#: Seconds of training between two looks at the page, and from one chunk to the next, at least.
CHUNK, PACE = 0.25, 0.3
#: So many runs are kept, so that one can be held against another.
KEPT = 4

SEED = Seed("lessons_digits_seed")
SCRAMBLE = Flag("lessons_digits_scramble")
DIGIT = Number("lessons_digit", 0, TESTED - 1, 0)
DOWN, RIGHT = (Number(f"lessons_digit_{way}", -FARTHEST, FARTHEST, 0) for way in ("down", "right"))


class ContestRun:
    """A contest that is trained while the page asks for it."""

    def __init__(self, seed: int, scramble: bool):
        self.contest = Contest(seed, scramble)
        self.playing = False

    @property
    def over(self) -> bool:
        return self.contest.step >= STEPS

    def play(self) -> None:
        self.playing = True

    def pause(self) -> None:
        self.playing = False

    def train(self, seconds: float) -> None:
        """Steps at full speed for so long."""
        started = perf_counter()
        while not self.over and perf_counter() - started < seconds:
            self.contest.train_step()


def show() -> None:
    """The buttons, the curves while both learn, one digit read by both, and the runs so far beside each other."""
    runs: LruStore[ContestRun] = LruStore.of_session("lessons_digits_runs", KEPT)
    run = _chosen(runs)

    @st.fragment(run_every=PACE if run.playing else None)
    def live() -> None:
        if run.playing:
            run.train(CHUNK)
            if run.over:
                run.pause()
                st.rerun()
        trace = run.contest.trace()
        draw(partial(digits.learning, trace), "lessons_chart_digits")

    live()
    if not run.playing:
        _one_digit(run)
        _compare(runs)


def _chosen(runs: LruStore[ContestRun]) -> ContestRun:
    """The groups ``digits`` and ``digits_run``: which run, and its buttons."""
    line = st.container(horizontal=True, vertical_alignment="bottom", gap="large")
    with line, controls("digits", horizontal=True, vertical_alignment="bottom", gap="medium", width="content"):
        seed = SEED.field(_("Seed"), width=140)
        scramble = SCRAMBLE.toggle(
            _("Scramble the pixels"),
            help=_("Every pixel gets another place, by lot: the same for all pictures, in training and afterwards."),
        )
    key = seed, scramble
    with st.spinner(_("Getting the digits …")):
        run = runs.get(key, lambda: ContestRun(*key))
    # A run that is not looked at rests.
    for other in runs.values.values():
        if other is not run:
            other.pause()

    def reset() -> None:
        runs.values[key] = ContestRun(*key)

    with line, controls("digits_run", horizontal=True, width="content"):
        label, icon = (_("Pause"), ":material/pause:") if run.playing else (_("Run"), ":material/play_arrow:")
        go = run.pause if run.playing else run.play
        st.button(label, key="lessons_digits_run", icon=icon, on_click=go, disabled=run.over, width=130)
        st.button(_("Reset"), key="lessons_digits_reset", icon=":material/replay:", on_click=reset)
    return run


def _one_digit(run: ContestRun) -> None:
    """The group ``digit``: a test digit, where it stands, and what both say to it."""
    with controls("digit", horizontal=True, vertical_alignment="bottom", gap="medium"):
        number = DIGIT.field(_("Test digit (0 to {last})").format(last=TESTED - 1), width=180)
        down, right = (
            shift.slider(label, width=200)
            for label, shift in ((_("Shift it down by … pixels"), DOWN), (_("Shift it right by … pixels"), RIGHT))
        )
    reading = run.contest.read(number, down, right)
    rows, answers = st.columns([3, 2], gap="medium")
    with rows:
        draw(partial(digits.row_by_row, reading), "lessons_chart_digit_rows")
    with answers:
        draw(partial(digits.answers, reading), "lessons_chart_digit_answers")
    known: LruStore[dict[str, float]] = LruStore.of_session("lessons_digits_shares", 50)
    at = (run.contest.seed, run.contest.scramble, run.contest.step, down, right)
    accuracy = known.get(at, lambda: run.contest.accuracy(down, right))
    shares = {name: percent(share) for name, share in accuracy.items()}
    st.markdown(
        _("All {count} test digits, shifted like this one: the CNN reads **{cnn}** rightly, the GRU **{gru}**.").format(
            count=TESTED, **shares
        )
    )


def _compare(runs: LruStore[ContestRun]) -> None:
    """The runs of this session that learned something, a row each, where there are several."""
    trained = [run.contest for run in runs.values.values() if run.contest.step]
    if len(trained) < 2:
        return
    rows: dict[str, list[str]] = {_("pixels"): [], _("seed"): [], _("steps"): [], _("CNN"): [], _("GRU"): []}
    for contest in sorted(trained, key=lambda one: (one.seed, one.scramble)):
        trace = contest.trace()
        cells = [_("scrambled") if contest.scramble else _("as they are"), str(contest.seed), str(trace.steps[-1])]
        cells += [f"{shares[-1]:.1%}" for shares in trace.accuracy.values()]
        for column, cell in zip(rows.values(), cells, strict=True):
            column.append(cell)
    st.markdown(_("Your runs so far, and how many test digits were read rightly:"))
    st.table(rows, hide_index=True)
