"""Hold units: some of the memory's units at zero, at their mean or at a value, beside as many random ones."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from app.caption.changes import changes, written_out
from app.caption.code import show_code
from app.caption.experiments.surgery.other import WORD, run_of
from app.caption.shown import Shown
from app.caption.units import read_units
from app.caption.word import choose_word
from app.charts.caption import holding
from app.charts.caption.gates import gate_heat_map
from app.export.surgery import holding_csv
from app.i18n import _
from app.models import captioner
from app.scripts import caption as scripts
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.lru_store import LruStore
from app.ui.settings import Code, Flag, Number, Text
from model.captioner.editing import Edit
from model.captioner.holding import DRAWS, MAX_UNITS, PICKED, hold
from model.traces import CaptionTrace

UNITS = Text("caption_surgery_units")
SEED = Number("caption_surgery_seed", 0, 9999, 0)
AT, VALUE = Code("caption_surgery_at", "zero"), Number("caption_surgery_value", -1.0, 1.0, 0.8, 0.05)
ONCE = Flag("caption_surgery_once")
CITED = ("bau",)


def show(shown: Shown) -> None:
    st.markdown(
        _(
            "Choose a word. When the caption comes to it, some units of the memory are held at another value, from "
            "there on. Unless you choose, those are held that this word needs most. **Does the caption still say it?**"
        )
    )
    place = choose_word(shown.trace, WORD)
    units, value, lasting, seed = _choose(shown)
    run = run_of(shown.photo, shown.trace)
    values = _values(shown.trace, value)
    trace = hold(run, place, values, units or None, seed)
    held = _caption(shown, place, trace.units, values, lasting)
    control = _caption(shown, place, trace.random_units[0].tolist(), values, lasting)
    random_name = _("As many random units (seed {seed})").format(seed=seed)
    named = ((_("As it was"), shown.trace), (_("With the units held"), held), (random_name, control))
    for column, (name, caption) in zip(st.columns(3, gap="medium"), named, strict=True):
        with column.container(border=True):
            st.markdown(f"**{name}**")
            _gone, new = changes(shown.trace.words, caption.words)
            st.html(written_out(new, caption.lang))
    numbers = ", ".join(map(str, trace.units))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Held: {units}.").format(units=numbers), width="content")
        if not units:
            st.button(
                _("Keep these units"),
                icon=":material/push_pin:",
                key="caption_surgery_keep",
                on_click=UNITS.put,
                args=(numbers,),
                help=_("For other words too: else those are held that the chosen word needs."),
            )
    draw(partial(holding.next_word, trace), "caption_chart_held_next")
    st.markdown("#### " + _("More than chance?"))
    draw(partial(holding.control, trace), "caption_chart_held_control")
    st.markdown(_caution(picked=not units))
    cite(*CITED)
    download("caption", _("All units (CSV)"), "caption-held.csv", lambda: holding_csv(trace))
    held_at = {"place": place, "units": units, "value": value, "seed": seed, "lasting": lasting}
    show_code(shown, _("Hold units"), scripts.holding, **held_at)


def _choose(shown: Shown) -> tuple[list[int], float | None, bool, int]:
    """The units (none: those that matter most), their value (None: each its mean), whether it lasts, and the seed."""
    size = shown.trace.hidden.shape[1]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        typed = UNITS.field(
            _("Units, by their numbers"),
            placeholder=_("the {count} that this word needs most").format(count=PICKED),
            help=_("Numbers from 0 to {last}, at most {most}. The view “Its gates” shows what each does.").format(
                last=size - 1, most=MAX_UNITS
            ),
        )
        seed = SEED.field(_("Seed of the random units"), width=220)
    known = captioner().bases.get(shown.trace.lang) is not None
    _offer_gates(shown.trace)
    kinds = {"zero": _("Zero")} | ({"mean": _("Their mean")} if known else {}) | {"value": _("A value")}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        kind = AT.choose(st.segmented_control, _("Hold them at"), kinds)
        value: float | None = {"zero": 0.0, "mean": None}.get(kind, 0.0)
        if kind == "value":
            value = VALUE.slider(_("Value"), width=260)
        once = ONCE.toggle(_("At this word alone"))
    return read_units(typed, size, MAX_UNITS), value, not once, int(seed)


def _offer_gates(trace: CaptionTrace) -> None:
    """The gates' heat map, where a stretch of units is chosen by dragging; drawn once it is opened."""

    def take() -> None:
        points = st.session_state["caption_chart_held_gates"].selection.points
        chosen = [str(int(point["customdata"])) for point in points if "customdata" in point]
        if chosen:
            UNITS.put(",".join(chosen[:MAX_UNITS]))

    name = _("Choose units in the gates' heat map")
    place = st.expander(name, key="caption_surgery_gates", icon=":material/gradient:", on_change="rerun")
    if not place.open:
        return
    with place:
        st.markdown(
            _(
                "The update gate z of all units, those that behave alike side by side. Drag up or down over a stretch "
                "of rows: at most {most} units of it are held. Do neighbours that keep alike also carry alike?"
            ).format(most=MAX_UNITS)
        )
        chart = partial(gate_heat_map, trace, "update_gate", sort="similarity", brush=True)
        draw(chart, "caption_chart_held_gates", on_select=take, selection_mode="box")


def _values(trace: CaptionTrace, value: float | None) -> np.ndarray:
    """What each unit is held at."""
    if value is None:
        return captioner().bases[trace.lang].mean
    return np.full(trace.hidden.shape[1], value, np.float32)


def _caption(shown: Shown, place: int, units: Sequence[int], values: np.ndarray, lasting: bool) -> CaptionTrace:
    """The caption with these units held from ``place`` on."""
    words = shown.trace.words
    traces: LruStore[CaptionTrace] = LruStore.of_session("caption_surgery_traces", 60)
    mask = np.isin(np.arange(len(values)), units)

    def describe() -> CaptionTrace:
        edit = Edit(place, hidden=lambda hidden: np.where(mask, values, hidden), hold=lasting)
        return captioner().describe(shown.photo.regions, replace(shown.settings, prefix=words[:place]), edit)

    key = (shown.photo.key, words, place, tuple(units), values.tobytes(), lasting, shown.settings)
    return traces.get(key, describe)


def _caution(picked: bool) -> str:
    """What the comparison shows, and what not."""
    if picked:
        return _(
            "These units were picked for what they do to this very word, so that they beat random ones is no surprise, "
            "and no sign that they *stand* for it. Choose another word, and keep their numbers: do they matter there, "
            "too? The random units are drawn {draws} times."
        ).format(draws=DRAWS)
    return _(
        "If as many random units often cost the word as much, these are nothing special for it. A unit that matters "
        "need not *stand* for the word: most take part in many. The random units are drawn {draws} times."
    ).format(draws=DRAWS)
