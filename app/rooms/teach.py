"""The teacher's side, for the projector: who is in, what is asked, what came of it; and the controls."""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from app.export.rooms import results_csv
from app.i18n import _
from app.rooms import presence
from app.rooms.kinds import kinds
from app.rooms.lesson_plan import lesson_plan
from app.rooms.waiting import PROJECTOR, say_when_lost, watch
from app.ui.download import download
from app.ui.share import OWN_NAMES, qr_code
from app.ui.shell import from_the_top
from model.rooms import Activity, Pulse, RoomError, Teacher

#: A code is read from the back of a room.
LARGE = """<style>
.st-key-class_code :is(h2, h2 *) { font-size: 5.5rem; letter-spacing: 0.08em; line-height: 1.1; }
</style>"""


def show(teacher: Teacher) -> None:
    """Raises:
    RoomClosed: when the room is closed.
    """
    say_when_lost()
    version = teacher.pulse().version
    activity = teacher.activity()
    if activity is None:
        left, right = st.columns([1, 2], gap="large")
        with left:
            _invite(teacher)
        with right:
            _count(teacher, version, None)
            _ask(teacher, activity)
            _end(teacher)
    else:
        name, kind = kinds()[activity.kind]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(_("{name} · room {code}").format(name=name, code=teacher.code), anchor=False, width="content")
            with st.popover(_("Join"), icon=":material/qr_code_2:"):
                _invite(teacher)
            _controls(teacher, activity)
        _count(teacher, version, activity)
        kind.project(teacher, activity)
        _ask(teacher, activity)
        _end(teacher)
    from_the_top(f"class-activity-{activity.id if activity else 0}")


def _invite(teacher: Teacher) -> None:
    """How to come in: the code in large type, the QR code, and the link."""
    link = presence.student_link(teacher.code)
    st.markdown(_("Open this link, or enter the code on the page **Class**:"))
    st.html(LARGE)
    with st.container(key="class_code"):
        st.header(f":blue[{teacher.code}]", anchor=False)
    if picture := qr_code(link):
        st.image(picture, alt=_("QR code of the link"), width="stretch")
    st.code(link, language=None, wrap_lines=True)
    if urlsplit(link).hostname in OWN_NAMES:
        st.warning(
            _(
                "This address works on this computer alone. For a class, open the page by this computer's address "
                "in the network."
            ),
            icon=":material/lan:",
        )


def _count(teacher: Teacher, version: int, activity: Activity | None) -> None:
    """How many are in, and how many have answered; it counts on by itself."""

    def count(pulse: Pulse) -> None:
        if activity is None:
            st.subheader(_("{count} in the room").format(count=pulse.participants), anchor=False)
        elif activity.revealed:
            st.markdown(_("{count} of {all} answered.").format(count=pulse.answers, all=pulse.participants))
        else:
            st.progress(
                min(1.0, pulse.answers / max(pulse.participants, 1)),
                text=_("{count} of {all} answered.").format(count=pulse.answers, all=pulse.participants),
            )

    watch(teacher, version, PROJECTOR, count)


def _controls(teacher: Teacher, activity: Activity) -> None:
    st.button(_("Back"), key="class_back", icon=":material/arrow_back:", on_click=_do, args=(teacher.go, -1))
    st.button(
        _("Reveal"),
        key="class_reveal",
        icon=":material/visibility:",
        on_click=_do,
        args=(teacher.reveal,),
        disabled=activity.revealed,
    )
    st.button(_("Next"), key="class_next", icon=":material/arrow_forward:", on_click=_do, args=(teacher.go, 1))
    if activity.rounds > 1:
        # A width of its own: else it would take what the line has left, and the buttons a second line.
        st.caption(_("{step} of {rounds}").format(step=activity.step + 1, rounds=activity.rounds), width="content")


def _do(change: Callable[..., None], *arguments: int) -> None:
    """A callback: where the room is closed or its database away, the page says so when it runs."""
    with suppress(RoomError, SQLAlchemyError):
        change(*arguments)


def _ask(teacher: Teacher, activity: Activity | None) -> None:
    """What can be asked; folded again by each new activity, since all then look at that."""
    label = _("Ask something else") if activity else _("What to ask first")
    key = f"class_asking_{activity.id if activity else 0}"
    with st.expander(label, expanded=activity is None, key=key):
        offered = kinds()
        chosen = st.segmented_control(
            _("Activity"),
            list(offered),
            default="guess",
            format_func=lambda kind: offered[kind][0],
            key="class_kind",
            required=True,
        )
        offered[chosen][1].ask(teacher)


def _close(teacher: Teacher) -> None:
    """Asks first: what is deleted does not come back."""
    st.markdown(_("Closing deletes everything, photos included; so do three hours."))

    def close() -> None:
        teacher.close()
        presence.leave()
        st.session_state["class_closed"] = True

    if st.button(_("Close it now"), key="class_close", icon=":material/delete:", on_click=close):
        st.rerun()  # the page, not only this dialog


def _end(teacher: Teacher) -> None:
    with st.expander(_("Results, another device, closing"), icon=":material/more_horiz:", key="class_more"):
        history = teacher.history()
        download("class", _("Results as a table (CSV)"), "class.csv", lambda: results_csv(history))
        st.caption(_("How often each answer was given, in every round that was revealed; not by whom."))
        if st.toggle(_("Show the teacher's link"), key="class_show_link"):
            st.code(presence.teacher_link(teacher), language=None, wrap_lines=True)
            st.caption(
                _("Whoever has this link leads the room: open it on another device, and never show it on a projector.")
            )
        if st.button(_("Close the room"), key="class_closing", icon=":material/door_front:"):
            st.dialog(_("Close the room"))(_close)(teacher)
    lesson_plan()
