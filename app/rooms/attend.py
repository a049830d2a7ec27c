"""The students' side: for a phone held upright, one thing at a time."""

import streamlit as st

from app.i18n import _
from app.rooms.kinds import kinds
from app.rooms.waiting import PHONE, say_when_lost, watch
from model.rooms import Seat

#: A phone has no room for what is the teacher's.
PLAIN = """<style>
[class*="st-key-seen-group-share"], [class*="st-key-seen-group-projector"], [class*="st-key-seen-group-room"]
{ display: none; }
</style>"""


def show(seat: Seat) -> None:
    """Raises:
    RoomClosed: when the room is closed.
    """
    st.html(PLAIN)
    say_when_lost()
    pulse = seat.pulse()
    activity = seat.activity()
    if activity is None:
        st.success(_("You are in room {code}.").format(code=seat.code), icon=":material/check:")
        st.markdown(_("Soon there will be something to answer here. Nobody will know what is yours."))
    else:
        name, kind = kinds()[activity.kind]
        rounds = _(" · {step} of {rounds}").format(step=activity.step + 1, rounds=activity.rounds)
        st.caption(f"{seat.code} · {name}" + (rounds if activity.rounds > 1 else ""))
        kind.attend(seat, activity)
    watch(seat, pulse.version, PHONE)
