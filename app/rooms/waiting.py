"""Waiting for others: a short question every second or two, in a fragment of its own, and no more until the answer
changes."""

from collections.abc import Callable

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from app.i18n import _
from model.rooms import Pulse, RoomClosed, Seat, Teacher

#: Seconds between two questions of a phone, and of the projector.
PHONE, PROJECTOR = 2.0, 1.0

#: Streamlit's page says by this attribute whether it has its server.
LOST = """<style>
.st-key-class_lost { display: none; }
[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"]) .st-key-class_lost { display: block; }
</style>"""


def watch(
    handle: Seat | Teacher, version: int, every: float, show: Callable[[Pulse], None] = lambda pulse: None
) -> None:
    """Show the pulse by ``show``, again and again, and run the page when the room is not at ``version`` any more."""

    @st.fragment(run_every=every)
    def look() -> None:
        try:
            pulse = handle.pulse()
        except RoomClosed:
            st.rerun()
        except SQLAlchemyError:
            reconnecting()
            return
        if pulse.version != version:
            st.rerun()
        show(pulse)

    look()


def try_again() -> None:
    """Where the database could not be reached: say so, and run the page again until it can be."""

    @st.fragment(run_every=PHONE)
    def again() -> None:
        reconnecting()
        if st.session_state.pop("class_tried", False):
            st.rerun()
        st.session_state["class_tried"] = True

    again()


def reconnecting() -> None:
    st.info(_("Reconnecting … Answers that were given are kept."), icon=":material/sync:")


def say_when_lost() -> None:
    """A sentence that the browser shows while it has lost its server; it stands there unseen until then."""
    st.html(LOST)
    with st.container(key="class_lost"):
        reconnecting()
