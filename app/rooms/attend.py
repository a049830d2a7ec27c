"""The students' side: for a phone held upright, one thing at a time."""

import streamlit as st

from app.i18n import _
from app.rooms.kinds import kinds
from app.rooms.waiting import PHONE, say_when_lost, watch
from app.ui.shell import from_the_top
from model.rooms import Seat

#: A phone has no room for what is the teacher's, nor for a large title: photo, question and button are seen at once.
PLAIN = """<style>
[class*="st-key-seen-group-share"], [class*="st-key-seen-group-projector"], [class*="st-key-seen-group-room"]
{ display: none; }
@media (max-width: 640px) {
    [data-testid="stMainBlockContainer"] { padding-top: 4.25rem; row-gap: 0.75rem; }
    [data-testid="stHorizontalBlock"]:has(h1) { flex-wrap: nowrap; }
    h1 { font-size: 1.5rem !important; padding: 0.25rem 0 !important; }
    [data-testid="stImage"] img { max-height: 36vh; object-fit: contain; }
}
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
        from_the_top(f"class-round-{activity.round}")
    watch(seat, pulse.version, PHONE)
