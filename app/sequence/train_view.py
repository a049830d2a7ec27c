"""Train it live: run, pause, one step, slow motion; what happens meanwhile; rewind afterwards."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from app.charts.kit.numbers import size
from app.charts.sequence import path, series, training
from app.charts.sequence.answers import said
from app.i18n import _, ngettext, translate_error
from app.scripts import sequence as scripts
from app.scripts.script import Made
from app.sequence.code import show_code
from app.sequence.files import training_files
from app.sequence.networks import SOURCE, choose_cell, choose_step, network_of_run
from app.sequence.reading import task_units_of
from app.sequence.run import TrainingRun
from app.sequence.settings import TrainingPlan, cell_names, put_plan
from app.sequence.step_view import plain, show_text
from app.sequence.words import what_to_look_for
from app.ui.drawing import draw
from app.ui.settings import Code, Flag
from app.ui.shell import controls
from model.hidden_basis import fit_basis
from model.recurrent import SOLVED, STAGES, Network, extrapolate, load, trace_example, write_on
from model.recurrent.reading import fresh_examples
from model.recurrent.tasks import SymbolTask, Task
from model.traces import HiddenBasis, SequenceTrace, TrainingTrace

#: Seconds of training between two looks at the page, and from one stage to the next in slow motion.
CHUNK, SLOW = 0.25, 1.5
#: Seconds from one chunk to the next, at least.
PACE = 0.3
#: So many fresh sequences are followed while it trains.
FOLLOWED = 6

#: Where the session keeps the run that another task ended.
_BEFORE = "sequence_run_before"

WATCH, SLOW_MOTION = Code("sequence_watch", "accuracy"), Flag("sequence_slow")


def train_it_live(plan: TrainingPlan) -> None:
    """The buttons, what happens while it trains, and what can be done afterwards.

    Raises:
        SettingError: when one step would be too large.
    """
    run = _for_task(plan)
    slow = _buttons(run, plan)  # Above all that comes and goes, so that they stay where they are.
    begun = run.playing or not run.untouched
    if not begun:
        what_to_look_for("train")  # Once it runs, its curves come first.
    _changed(run, plan)
    _stopped(run)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        watched = _choose_watched()
        if not (run.playing or run.untouched):
            _rewind(run)
    cell = choose_cell(run.plan.cells)[0] if watched == "path" else run.plan.cells[0]

    @st.fragment(run_every=(SLOW if slow else PACE) if run.playing else None)
    def live() -> None:
        if run.playing:
            if slow:
                run.train_stage()
            else:
                run.train(CHUNK)
            if run.over:
                run.pause()
                st.rerun()
        _stages(run)
        _pictures(run, watched, cell)
        _figures(run)

    live()
    _head_start(run.plan)
    if begun:
        what_to_look_for("train")
    if not (run.playing or run.untouched):
        training_files(run, {cell: network_of_run(run, cell) for cell in run.plan.cells})
    if not run.playing:
        _code(run)


def _code(run: TrainingRun) -> None:
    """The script trains as many steps as were done; before the first, as many as Run would."""
    plan = run.plan
    file = Made("load(Path('network.safetensors').read_bytes()).network", load, Path, remark="the file that was loaded")
    start = file if run.trained else None
    given = {"task": plan.task, "settings": plan.settings, "cells": plan.cells, "steps": run.step or plan.steps}
    show_code(_("2 Train it live"), scripts.train, plan.cells[0], start=start, **given)


def _for_task(plan: TrainingPlan) -> TrainingRun:
    """The session's run. Another task begins another one at once, as it would make no sense to go on; the one before
    can be had back."""
    run, before = TrainingRun.current(), st.session_state.get(_BEFORE)
    if run and not run.untouched and run.plan.task != plan.task:
        run.pause()
        st.session_state[_BEFORE] = before = run
        TrainingRun.begin(plan)
    run = TrainingRun.of(plan)

    def back() -> None:
        old = st.session_state.pop(_BEFORE)
        put_plan(old.plan)
        TrainingRun.take(old)

    if before and run.untouched:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Another task, so another run. The one before is kept."))
            st.button(_("Undo"), key="sequence_undo_task", icon=":material/undo:", on_click=back)
    elif not run.untouched:
        st.session_state.pop(_BEFORE, None)
    return run


def _begin(plan: TrainingPlan) -> None:
    TrainingRun.begin(plan)


def _buttons(run: TrainingRun, plan: TrainingPlan) -> bool:
    """The group ``run``; whether slow motion is on."""

    def train(how: Callable[[], None]) -> None:
        SOURCE.put("mine")  # From now on the other views show what is trained here.
        how()

    with controls("run", horizontal=True, vertical_alignment="center"):
        label, icon = (_("Pause"), ":material/pause:") if run.playing else (_("Run"), ":material/play_arrow:")
        go = run.pause if run.playing else run.play
        st.button(label, key="sequence_run", icon=icon, on_click=train, args=(go,), width=170)
        for name, label, icon, how in (
            ("step", _("One step"), ":material/skip_next:", run.train_step),
            ("stage", _("One stage"), ":material/step:", run.train_stage),
        ):
            st.button(label, key=f"sequence_one_{name}", icon=icon, on_click=train, args=(how,), disabled=run.playing)
        st.button(_("Reset"), key="sequence_reset", icon=":material/replay:", on_click=_begin, args=(plan,))
        return SLOW_MOTION.toggle(_("Slow motion"), help=_("One stage at a time, so that you can follow."))


def _changed(run: TrainingRun, plan: TrainingPlan) -> None:
    """Where the settings are no longer those of the run, say so, and offer what can be done."""
    if run.same_as(plan):
        return
    st.info(_("The settings have changed since this run began. It goes on as it was."), icon=":material/tune:")
    with st.container(horizontal=True):
        st.button(_("Start anew with them"), key="sequence_anew", on_click=_begin, args=(plan,))
        if run.can_change_to(plan):
            st.button(
                _("Go on with the new learning rate and clipping"),
                key="sequence_change",
                on_click=run.change,
                args=(plan,),
            )


def _head_start(plan: TrainingPlan) -> None:
    """In a race, say where some start ahead."""
    if len(plan.cells) > 1 and plan.settings.keep_bias:
        st.caption(
            _(
                "LSTM and GRU begin with a bias of {bias} at the gate that keeps. It is 0 in torch: change it under "
                "“{place}”, and see what it does (lesson 5)."
            ).format(bias=f"{plan.settings.keep_bias:g}", place=_("How it is trained"))
        )


def _stopped(run: TrainingRun) -> None:
    """Where numbers grew beyond all bounds: the sentence, and the way back."""
    for cell, stopped in run.broken.items():
        st.error(f"**{cell_names()[cell]}**: {translate_error(stopped)}", icon=":material/warning:")
    if run.broken:
        good = min(stopped.last_good.step for stopped in run.broken.values())
        st.button(
            _("Go back to step {step}").format(step=good),
            key="sequence_last_good",
            icon=":material/history:",
            on_click=run.rewind,
            args=(good,),
        )


def _choose_watched() -> str:
    """The group ``watch``: what is drawn beside the loss."""
    names = {
        "accuracy": _("Right answers"),
        "norm": _("Gradient norm"),
        "says": _("What it says"),
        "path": _("Its memory's path"),
    }
    with controls("watch", width="content"):
        return WATCH.choose(st.segmented_control, _("Beside the loss"), names, label_visibility="collapsed")


def stage_names() -> dict[str, str]:
    names = (_("initialise"), _("forward"), _("loss"), _("backward"), _("update"), _("repeat"))
    return dict(zip(STAGES, names, strict=True))


def _stages(run: TrainingRun) -> None:
    """The six stages, the current one lit, and what it did in figures."""
    names = stage_names()
    if run.stage:
        current = {run.stage.name}
    else:
        current = set(STAGES[1:]) if run.playing else {"repeat"} if run.step else {"initialise"}
    badges = [
        f":blue-badge[**{place}. {names[name]}**]" if name in current else f":gray-badge[{place}. {names[name]}]"
        for place, name in enumerate(STAGES, start=1)
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" → ".join(badges), width="content")
        st.caption(_doing(run))


def _doing(run: TrainingRun) -> str:
    """The stage in a sentence."""
    if not run.stage:
        if not run.step:
            return _("The weights are drawn, by the seed. Nothing is learned yet.")
        seconds = sum(training.trace().seconds[-50:].mean() for training in run.trainings.values())
        text = (
            _("All stages 2 to 6 pass {rate} times a second.")
            if run.playing
            else _("Paused after step {step}; at full speed stages 2 to 6 pass {rate} times a second.")
        )
        return text.format(rate=f"{1 / seconds:,.0f}" if seconds else "…", step=run.step)
    texts = {
        "initialise": _("Drew {parameters} weights; their norm is {weight_norm}."),
        "forward": _(
            "Read {sequences} sequences of {steps} steps; its outputs go from {least_output} to {greatest_output}."
        ),
        "loss": _("Compared them with the right answers: loss {loss}, {accuracy} of the answers right."),
        "backward": _(
            "Went back through time: the gradient's norm is {gradient_norm}, clipping multiplies it by {scale}."
        ),
        "update": _("Moved the weights by {update_norm}; their norm is now {weight_norm}."),
        "repeat": _("Step done, in {seconds} s. On to the next batch of sequences."),
    }
    return texts[run.stage.name].format(
        **{name: f"{value:,}" if isinstance(value, int) else size(value) for name, value in run.stage.figures.items()}
    )


def _figures(run: TrainingRun) -> None:
    """A row for each network: its parameters, steps, when it solved the task, loss and time."""
    rows: dict[str, list[str]] = {
        "": [],
        _("parameters"): [],
        _("steps"): [],
        _("solved at step"): [],
        _("loss (mean of {count} steps)").format(count=training.LATEST): [],
    }
    rows |= {_("right, on fresh sequences"): [], _("time"): []}
    for cell, one in run.trainings.items():
        trace = one.trace()
        solved = _("not yet") if trace.solved_at is None else f"{trace.solved_at:,}"
        loss = size(training.latest_loss(trace)) if len(trace.loss) else "–"
        right = f"{trace.check_accuracy[-1]:.1%}" if len(trace.check_accuracy) else "–"
        cells = [cell_names()[cell], f"{trace.parameters:,}", f"{one.step:,}", solved, loss, right]
        for column, value in zip(rows.values(), [*cells, f"{trace.seconds.sum():.1f} s"], strict=True):
            column.append(value)
    st.table(rows, hide_index=True)


def _pictures(run: TrainingRun, watched: str, cell: str) -> None:
    """The loss, and beside it what was chosen; the path is that of one cell."""
    traces = {cell_names()[cell]: one.trace() for cell, one in run.trainings.items()}
    left, right = st.columns(2, gap="medium")
    with left:
        if run.step:
            draw(partial(training.loss_curves, traces, shown=run.shown), "sequence_chart_loss")
        else:
            _before(run)
    with right:
        if watched == "path":
            _path(run, cell)
        elif watched == "says":
            _says(run)
        elif run.step:
            _beside(run, watched, traces)
        else:
            st.markdown(_("Some of what it will read, and what it says now, untrained:"))
            _says(run)


def _before(run: TrainingRun) -> None:
    """What will be trained: the network, and that Run begins it."""
    for cell in run.plan.cells:
        network = network_of_run(run, cell).network
        st.markdown(
            ngettext(
                "**{cell}**: {units} unit, {numbers} weights, drawn at random by the seed.",
                "**{cell}**: {units} units, {numbers} weights, drawn at random by the seed.",
                run.plan.settings.hidden_size,
            ).format(
                cell=cell_names()[cell],
                units=run.plan.settings.hidden_size,
                numbers=f"{network.parameter_count:,}",
            )
        )
    st.info(_("Press **Run**: here you will see the loss fall, and how often the answers are right."))


def _beside(run: TrainingRun, watched: str, traces: dict[str, TrainingTrace]) -> None:
    if watched == "accuracy":
        figure = partial(training.accuracy_curves, traces, chance=run.plan.task.chance_accuracy, solved=SOLVED)
        draw(figure, "sequence_chart_accuracy")
    else:
        clip = run.plan.settings.clip
        figure = partial(training.gradient_norm_curves, traces, clip=clip)
        draw(figure, "sequence_chart_norm")


def _says(run: TrainingRun) -> None:
    """What each network says now: text that it writes, a series that it continues, or its answers to fresh ones."""
    task = run.plan.task
    for cell in run.plan.cells:
        looked = network_of_run(run, cell)
        if len(run.plan.cells) > 1:
            st.markdown(f"**{cell_names()[cell]}**")
        if isinstance(task, SymbolTask) and task.continues:
            prompt = fresh_examples(task, 0, 1)[0]
            written = write_on(looked.network, task, prompt, count=120, temperature=0.7)
            if len(run.plan.cells) == 1:
                show_text(prompt.symbols, written.symbols)
            else:
                st.code(plain(written.symbols), language=None, wrap_lines=True)
        elif task.continues:
            prompt = fresh_examples(task, 0, 1)[0]
            trace = trace_example(looked.network, task, prompt)
            continued = extrapolate(looked.network, task, prompt, count=40)
            task_units = task_units_of(task)
            draw(
                partial(series.continued_series, trace, continued, task_units=task_units), f"sequence_chart_says_{cell}"
            )
        else:
            st.table(_answers(looked.network, task, FOLLOWED // len(run.plan.cells)), hide_index=True)


def _answers(network: Network, task: Task, count: int) -> dict[str, list[str]]:
    """Fresh sequences, what is right, and what the network says; the last ones asked for, where there are many."""
    rows: dict[str, list[str]] = {_("sequence"): [], _("right answer"): [], _("it says"): []}
    for example in fresh_examples(task, 0, count):
        trace = trace_example(network, task, example)
        spoken = said(trace, task_units_of(task))
        asked = [t for t, answer in enumerate(example.answers) if answer][-12:]
        right, says = [example.answers[t] for t in asked], [spoken[t] for t in asked]
        read = example.symbols if len(example.symbols) <= 26 else (*example.symbols[:12], "…", *example.symbols[-12:])
        apart = "" if task.classes else " "
        texts = ("`" + apart.join(part) + "`" for part in (read, right, says))
        for column, text in zip(rows.values(), texts, strict=True):
            column.append(text)
    return rows


def _path(run: TrainingRun, cell: str) -> None:
    """The paths of a few fresh sequences through a network's memory."""
    looked = network_of_run(run, cell)
    examples = fresh_examples(looked.task, 0, FOLLOWED)
    traces = [trace_example(looked.network, looked.task, example) for example in examples]
    basis = _basis(run, cell, traces)
    draw(partial(path.state_paths, traces, basis), "sequence_chart_path")


def _basis(run: TrainingRun, cell: str, traces: list[SequenceTrace]) -> HiddenBasis:
    """While the run is looked at, the view of its last step, so that what moves is the memory and not the view."""
    if run.shown is not None:
        last = run.trainings[cell].network_at()
        task = run.plan.task
        traces = [trace_example(last, task, example) for example in fresh_examples(task, 0, FOLLOWED)]
    return fit_basis([trace.states for trace in traces])


def _rewind(run: TrainingRun) -> None:
    """The way back to an earlier step, and on from there."""
    choose_step(run, "sequence_at_train")
    if run.shown is not None:
        with controls("go_on"):
            st.button(
                _("Train on from step {step}").format(step=run.shown),
                key="sequence_go_on",
                icon=":material/history:",
                on_click=run.rewind,
                args=(run.shown,),
                help=_("Forgets what came after it."),
            )
