"""Where would you look? The class points at the photo; then its map stands beside the network's attention."""

from functools import partial

import numpy as np
import streamlit as st

from app.charts.kit.numbers import number
from app.charts.kit.style import percent
from app.charts.rooms.looks import looks_beside, region_picker
from app.i18n import _
from app.rooms.answering import answer_button, sent
from app.rooms.choosing import ask_about_a_photo
from app.rooms.pictures import PhotoChances, file_of, seen, show_photo_of
from app.ui.drawing import draw
from model.captioner.image import open_photo
from model.rooms import Activity, Seat, Teacher
from model.rooms.agreement import agreement_by_chance, halves, rank_correlation
from model.rooms.kinds import GRID
from model.traces import Looks


def ask(teacher: Teacher) -> None:
    st.caption(
        _(
            "For the word to come, everybody points at the place in the photo where one must look to say it. Then the "
            "class's map stands beside the network's attention."
        )
    )
    ask_about_a_photo(teacher, "look")


def attend(seat: Seat, activity: Activity) -> None:
    word = activity.content["words"][activity.step]
    sentence_with(activity, word)
    if sent(seat, activity, name_of_region) or activity.revealed:
        show_photo_of(seat, activity)
        return
    st.markdown(_("Where must one look to say **{word}**? Tap the photo.").format(word=word))
    key = f"class_region_{activity.round}"
    chosen = st.session_state.get(key)

    def tapped() -> None:
        points = st.session_state[f"class_tap_{activity.round}"].selection.points
        if points:
            st.session_state[key] = int(points[0]["customdata"])

    def typed() -> None:
        row, column = (st.session_state[f"class_{name}_{activity.round}"] for name in ("row", "column"))
        if row and column:
            st.session_state[key] = (int(row) - 1) * GRID + int(column) - 1

    image = open_photo(file_of(seat, activity))
    draw(
        partial(region_picker, image, chosen),
        f"class_tap_{activity.round}",
        beneath=False,
        on_select=tapped,
        selection_mode="points",
    )
    with st.container(horizontal=True):
        for name, label, place in (("row", _("Row"), 0), ("column", _("Column"), 1)):
            number = f"class_{name}_{activity.round}"
            if chosen is not None:
                st.session_state[number] = divmod(chosen, GRID)[place] + 1
            st.number_input(label, 1, GRID, None, key=number, on_change=typed, width=130)
    answer_button(seat, activity, None if chosen is None else str(chosen))


def project(teacher: Teacher, activity: Activity) -> None:
    sentence_with(activity, activity.content["words"][activity.step])
    if not activity.revealed:
        left, _right = st.columns([2, 3])
        with left:
            show_photo_of(teacher, activity)
        return
    known = seen(teacher, activity)
    looks = looks_of(known, activity.step, teacher.tally())
    draw(partial(looks_beside, looks, known.image), "class_chart_looks")
    _summary(teacher)


def sentence_with(activity: Activity, word: str) -> None:
    """The words so far and the one that is asked about, which is no secret here."""
    lang, words = activity.content["lang"], activity.content["words"]
    between = "" if lang == "zh" else " "
    before = between.join(words[: activity.step])
    st.subheader(f"{before}{between}:blue[{word}]", anchor=False)


def looks_of(known: PhotoChances, step: int, tally: dict[str, int]) -> Looks:
    """One round: the class's map beside the network's, and how well they agree."""
    counts = np.bincount([int(value) for value in tally], list(tally.values()), GRID * GRID).astype(int)
    counts = counts.reshape(GRID, GRID)
    attention = known.trace.attention[step]
    return Looks(
        word=known.trace.words[step],
        counts=counts,
        attention=attention,
        gate=float(known.trace.context_gate[step].mean()),
        agreement=rank_correlation(counts, attention),
        by_chance=agreement_by_chance(counts, attention),
        halves=halves(counts),
    )


def name_of_region(value: str) -> str:
    row, column = divmod(int(value), GRID)
    return _("row {row}, column {column}").format(row=row + 1, column=column + 1)


def _summary(teacher: Teacher) -> None:
    """All words of the room so far that somebody pointed at: does the class agree with the network, and with itself?"""
    rounds = [
        looks_of(seen(teacher, activity), activity.step, tally)
        for activity, tally in teacher.history()
        if activity.kind == "look" and tally
    ]
    if len(rounds) < 2:
        return
    st.subheader(_("All words so far"), anchor=False)
    heads = (
        _("Word"),
        _("Answers"),
        _("Class and network"),
        _("As well by chance"),
        _("Two halves of the class"),
        _("Gate open"),
    )
    rows = [
        (
            one.word,
            str(one.counts.sum()),
            _number(one.agreement),
            _share(one.by_chance),
            _number(one.halves),
            _share(one.gate),
        )
        for one in rounds
    ]
    means = [
        np.mean(found) if (found := [value for value in values if value is not None]) else None
        for values in zip(*((one.agreement, one.by_chance, one.halves, one.gate) for one in rounds), strict=True)
    ]
    rows.append(
        (
            _("mean"),
            "",
            _number(means[0]),
            _share(means[1]),
            _number(means[2]),
            _share(means[3]),
        )
    )
    st.table({head: [row[place] for row in rows] for place, head in enumerate(heads)})


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _number(value: float | None) -> str:
    return "–" if value is None else number(value, 2)
