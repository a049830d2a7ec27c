"""Whose memory is looked at: a trained preset's, a new network's, or that of the one trained on this page."""

from collections.abc import Callable

import streamlit as st

from app.i18n import _, ngettext
from app.sequence.presets import first_preset, preset_names, presets
from app.sequence.run import TrainingRun
from app.sequence.settings import RACERS, TrainingPlan, cell_names, only_if
from app.sequence.tasks import task_names
from app.ui.settings import Code
from app.ui.shell import controls
from model.recurrent import Saved
from model.recurrent.tasks import NextSymbol
from model.recurrent.training import untrained as model_untrained

SOURCE = Code("sequence_network", "preset")
PRESET, LOOK = Code("sequence_preset"), Code("sequence_look")


def in_words(looked: Saved) -> str:
    """What a network is, in a sentence of the user's language, and in a second one how well a preset does."""
    text = (
        ngettext(
            "{cell}, {units} unit, {numbers} numbers to learn, trained for {steps} steps.",
            "{cell}, {units} units, {numbers} numbers to learn, trained for {steps} steps.",
            looked.settings.hidden_size,
        )
        if looked.steps
        else ngettext(
            "{cell}, {units} unit, {numbers} numbers to learn, not trained: its weights are random.",
            "{cell}, {units} units, {numbers} numbers to learn, not trained: its weights are random.",
            looked.settings.hidden_size,
        )
    )
    says = text.format(
        cell=cell_names()[looked.network.cell],
        units=looked.settings.hidden_size,
        numbers=f"{looked.network.parameter_count:,}",
        steps=f"{looked.steps:,}",
    )
    return f"{says} {_measured(looked)}".strip()


def _measured(looked: Saved) -> str:
    if "accuracy" not in looked.figures:
        return ""
    text = _("On {count} fresh sequences it gave {share} of the answers rightly.")
    says = text.format(count=f"{looked.figures['sequences']:,}", share=f"{looked.figures['accuracy']:.1%}")
    if seeds := looked.figures.get("accuracy_by_seed"):
        listed = ", ".join(f"{share:.0%}" for share in seeds.values())
        says += " " + _("Trained anew with {count} seeds: {shares}.").format(count=len(seeds), shares=listed)
    return says


def choose_source(view: str) -> str:
    """The group ``source``: ``preset``, ``untrained`` or ``mine``; for the landscape also ``hand``, two units by hand.
    Where nothing was trained yet, ``mine`` is new."""
    sources = {"hand": _("Two units by hand")} if view == "landscape" else {}
    sources |= {"preset": _("Trained preset"), "untrained": _("Untrained"), "mine": _("Mine")}
    if not presets():
        del sources["preset"]
    with only_if(view != "train", "source"), controls("source"):
        return SOURCE.choose(
            st.pills,
            _("Network"),
            sources,
            default="hand" if view == "landscape" else None,
            help=_("“Mine” is the one that you train under “Train it live”."),
        )


def choose_networks(view: str, source: str, plan: Callable[[], TrainingPlan], typed: str) -> dict[str, Saved]:
    """The networks to look at, by their cells: one to step through, several side by side for their gradients."""
    if view == "train" or source == "hand":
        return {}
    if source == "preset":
        return _from_presets(view)
    if source == "mine":
        return _from_run(view, TrainingRun.of(plan()))
    new = plan()
    # Beside the three, the cell that was chosen: dict.fromkeys keeps each once, in order.
    cells = tuple(dict.fromkeys(RACERS + new.cells)) if view == "gradients" else choose_cell(new.cells)
    return {cell: untrained(new, cell, typed) for cell in cells}


def untrained(plan: TrainingPlan, cell: str, typed: str = "") -> Saved:
    """A new network, as training would start with it. Where it is to read a text of its own, it knows its symbols."""
    task = plan.task
    if isinstance(task, NextSymbol) and not set(typed) <= set(task.text):
        task = NextSymbol(task.text + typed, task.length)
    return model_untrained(task, plan.settings_of(cell))


def network_of_run(run: TrainingRun, cell: str) -> Saved:
    """A network of the session's run, at the step that is looked at."""
    return Saved(run.network(cell), run.plan.task, run.plan.settings_of(cell), run.looked_at)


def _from_presets(view: str) -> dict[str, Saved]:
    """The preset chosen; for the gradients all those of its task."""
    saved = presets()
    with controls("preset"):
        name = PRESET.choose(st.selectbox, _("Preset"), preset_names(), default=first_preset(view))
    chosen = saved[name]
    together = [one for one in saved.values() if one.task == chosen.task] if view == "gradients" else [chosen]
    return {one.settings.cell: one for one in together}


def _from_run(view: str, run: TrainingRun) -> dict[str, Saved]:
    if run.untouched:
        st.info(
            _("Nothing is trained yet. This is the network that “Train it live” would start with."),
            icon=":material/info:",
        )
    else:
        st.caption(task_names()[run.plan.task.name])
        choose_step(run, "sequence_at")
    cells = run.plan.cells if view == "gradients" else choose_cell(run.plan.cells)
    return {cell: network_of_run(run, cell) for cell in cells}


def choose_cell(cells: tuple[str, ...]) -> tuple[str]:
    """One of the cells of a race."""
    if len(cells) == 1:
        return cells
    names = {cell: cell_names()[cell] for cell in cells}
    with controls("look"):
        return (LOOK.choose(st.segmented_control, _("Look at"), names, default=cells[-1]),)


def choose_step(run: TrainingRun, key: str) -> None:
    """The group ``rewind``: a slider over the run's snapshots. What it says holds for all views."""
    steps = run.snapshots()
    if len(steps) < 2:
        return

    def look() -> None:
        step = st.session_state[key]
        run.shown = None if step == steps[-1] else step

    shown = steps[-1] if run.shown is None else max(step for step in steps if step <= run.shown)
    st.session_state[key] = shown
    with controls("rewind"):
        st.select_slider(
            _("Rewind: the network as it was after step"),
            steps,
            key=key,
            on_change=look,
            help=_("All three views show the network as it was then."),
        )
