"""When else did it remember like this? Moments of other captions with a like memory, or with a pattern of units.

The captions are those of photos that the captioner was not trained on; of them there are words and memories alone.
"""

import html
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from app.caption.code import show_code
from app.caption.shown import Shown
from app.caption.units import read_units
from app.caption.word import choose_word
from app.charts.caption import moments as charts
from app.charts.caption.captions import told_apart
from app.charts.kit.numbers import number
from app.export.moments import like_csv, pattern_csv
from app.i18n import _, ngettext
from app.models import captioner, moments
from app.scripts import caption as scripts
from app.ui.cite import cite
from app.ui.download import download
from app.ui.drawing import draw
from app.ui.markdown import literal
from app.ui.settings import Code, Number, Text
from model.captioner.languages import LANGUAGES
from model.captioner.moments import MOST_UNITS, Moments
from model.traces import CaptionTrace, Moment, PatternTrace

WORD, PART = Code("caption_moments_word"), Code("caption_moments_part", "like")
BY = Code("caption_moments_by", "units")
HIGH, LOW = Text("caption_moments_high"), Text("caption_moments_low")
SHARE = Number("caption_moments_share", 5, 50, 25, 5)
#: As many units make the pattern by themselves.
UNUSUAL = 3
CITED = ("strobelt",)
#: Captions shown under one word.
SHOWN = 6


def when_else(shown: Shown) -> None:
    """The view: a memory's likes, or a pattern's moments."""
    trace = shown.trace
    index = moments(trace.lang)
    if index is None:
        st.info(
            _("There is no index of moments for these weights. The command is: {command}").format(
                command="`python -m model.training.moments --help`"
            )
        )
        return
    if not trace.words:
        st.info(_("The caption is empty: there is no memory to compare."))
        return
    shown.introduce(
        _(
            "The memory before a word is {units} numbers; what do they mean? Look where else they were like this. Here "
            "are {moments} moments of {captions} captions of photos that it was not trained on."
        ).format(units=trace.hidden.shape[1], moments=f"{len(index.packed):,}", captions=len(index.captions))
    )
    place = choose_word(trace, WORD)
    part = PART.choose(
        st.segmented_control,
        _("Look for"),
        {"like": _("Like memories"), "pattern": _("A pattern of units")},
        label_visibility="collapsed",
    )
    given: dict[str, Any]
    if part == "like":
        by_axes = _show_like(index, trace, place)
        script, given = scripts.moments_like, {"place": place, "by_axes": by_axes}
    else:
        units, share = _show_pattern(index, trace, place)
        script, given = scripts.moments_pattern, {"lang": trace.lang, "units": units, "share": share}
    cite(*CITED)
    show_code(shown, _("When else?"), script, **given)


def _show_like(index: Moments, trace: CaptionTrace, place: int) -> bool:
    """Draw them; say whether they are alike along the axes, rather than in all units."""
    basis = captioner().bases.get(trace.lang)
    by = "units"
    if basis is not None:
        by = BY.choose(
            st.segmented_control,
            _("Alike in"),
            {"units": _("All units"), "basis": _("The axes of “What it remembered”")},
        )
    found = index.like(trace.hidden[place], basis if by == "basis" else None)
    word = told_apart(trace.words)[place]
    st.markdown(
        _(
            "The {count} moments most like the memory before “{word}”, by what came next (similarity {far} to {near}; "
            "all moments have {mean} on average):"
        ).format(
            count=len(found.moments),
            word=literal(word),
            far=number(float(found.similarity[-1]), 2),
            near=number(float(found.similarity[0]), 2),
            mean=number(found.mean_similarity, 2),
        )
    )
    for said, places in found.by_word.items():
        st.markdown(
            ngettext(
                "**{word}** came next {count} time of {all}", "**{word}** came next {count} times of {all}", len(places)
            ).format(word=literal(said), count=len(places), all=len(found.moments))
        )
        _list([found.moments[k] for k in places[:SHOWN]], found.lang)
        if len(places) > SHOWN:
            st.caption(_("The {count} most alike are shown.").format(count=SHOWN))
    st.caption(
        _(
            "Alike is the cosine of the angle between two memories: 1 is the same direction, 0 nothing in common. The "
            "word marked is what was said from this memory."
        )
    )
    download("caption", _("The moments (CSV)"), "caption-moments.csv", lambda: like_csv(found))
    return by == "basis"


def _show_pattern(index: Moments, trace: CaptionTrace, place: int) -> tuple[dict[int, bool], float]:
    """Draw them; give the pattern: units, each high or low, and the share that counts as that."""
    size = trace.hidden.shape[1]
    example = _("for example: {words}").format(words="12, 40")
    left, right = st.columns(2)
    with left:
        high = HIGH.field(_("Units that are high"), placeholder=example)
    with right:
        low = LOW.field(_("Units that are low"), placeholder=example)
    share = SHARE.slider(_("High and low are each unit's outermost … % of all moments"), width=420)
    units = dict.fromkeys(read_units(low, size, MOST_UNITS), False) | dict.fromkeys(
        read_units(high, size, MOST_UNITS), True
    )
    units = dict(list(units.items())[:MOST_UNITS])
    if not units:
        units = _unusual(index, trace.hidden[place])
        st.caption(
            _("As none are typed: the {count} units in which the memory before “{word}” is most unusual.").format(
                count=len(units), word=told_apart(trace.words)[place]
            )
        )
    found = index.pattern(units, share / 100)
    st.markdown(charts.in_words(found))
    if found.matched:
        _show_found(found)
    return units, share / 100


def _show_found(found: PatternTrace) -> None:
    draw(partial(charts.pattern_words, found), "caption_chart_pattern")
    st.caption(
        _(
            "{compared} words were compared, so a probability of one in {compared} comes up by chance about once. And "
            "moments of one caption are not independent: take these probabilities for hints."
        ).format(compared=found.compared)
    )
    st.markdown(_("Moments with the strongest pattern:"))
    _list(found.examples, found.lang)
    download("caption", _("The words (CSV)"), "caption-pattern.csv", lambda: pattern_csv(found))


def _unusual(index: Moments, hidden: np.ndarray) -> dict[int, bool]:
    """The units farthest from their own means, in standard deviations, and whether they are above."""
    away = (hidden - index.hidden.mean(axis=0)) / np.maximum(index.hidden.std(axis=0), 1e-6)
    return {int(unit): bool(away[unit] > 0) for unit in np.argsort(-np.abs(away))[:UNUSUAL]}


def _list(found: Sequence[Moment], lang: str) -> None:
    """Captions, the word of the moment marked."""
    between = LANGUAGES[lang].between
    rows = []
    for moment in found:
        words = [html.escape(word) for word in moment.words]
        words[moment.place] = f"<mark>{words[moment.place]}</mark>"
        rows.append(f"<li>{between.join(words)}</li>")
    style = (
        ".moments mark { background: none; color: inherit; font-weight: 700; outline: 2px solid; border-radius: 4px;"
    )
    style += " padding: 0 0.2em }"
    st.html(f'<style>{style}</style><ul class="moments">{"".join(rows)}</ul>')
