"""What is learned? A question of the lessons, asked to the whole class."""

from functools import partial

import streamlit as st

from app.charts.rooms.choices import choices_shown
from app.i18n import _
from app.rooms.answering import answer_button, sent
from app.rooms.presence import teaching
from app.ui.drawing import draw
from app.ui.shell import go_to
from model.rooms import Activity, Seat, Teacher
from model.traces import Choices


def ask(teacher: Teacher) -> None:
    st.caption(
        _(
            "The questions stand at the end of each lesson. While this room is open, each has a button “Ask the class” "
            "there."
        )
    )
    st.page_link("app_pages/lessons.py", label=_("Lessons"), icon=":material/school:")


def attend(seat: Seat, activity: Activity) -> None:
    answers = activity.content["answers"]
    st.markdown(activity.content["text"])
    answered = sent(seat, activity, lambda value: answers[int(value)])
    if activity.revealed:
        _explain(activity)
    elif not answered:
        chosen = st.radio(
            _("Your answer"),
            range(len(answers)),
            index=None,
            format_func=answers.__getitem__,
            key=f"class_choice_{activity.round}",
        )
        answer_button(seat, activity, None if chosen is None else str(chosen))


def project(teacher: Teacher, activity: Activity) -> None:
    answers = tuple(activity.content["answers"])
    st.subheader(activity.content["text"], anchor=False)
    if not activity.revealed:
        st.markdown("\n".join(f"{place}. {answer}" for place, answer in enumerate(answers, start=1)))
        return
    tally = teacher.tally()
    counts = tuple(tally.get(str(place), 0) for place in range(len(answers)))
    choices = Choices(answers, counts, activity.content["right"])
    draw(partial(choices_shown, choices), "class_chart_choices")
    _explain(activity)


def _explain(activity: Activity) -> None:
    right = activity.content["right"]
    st.info(
        _("Right is: {answer}. {because}").format(
            answer=activity.content["answers"][right], because=activity.content["because"][right]
        ),
        icon=":material/check:",
    )


def ask_button(code: str, text: str, answers: tuple[tuple[str, bool, str], ...]) -> None:
    """Beside a lesson's question: ask it to the room that this session teaches, if it does. ``answers`` are each a
    text, whether it is right, and why."""
    teacher = teaching()
    if teacher is None:
        return
    if st.button(_("Ask the class"), key=f"lessons_ask_{code}", icon=":material/campaign:"):
        content = {
            "code": code,
            "text": text,
            "answers": [answer for answer, _right, _because in answers],
            "because": [because for _answer, _right, because in answers],
            "right": next(place for place, (_answer, right, _because) in enumerate(answers) if right),
        }
        teacher.ask("learned", content)
        go_to("class_room")
