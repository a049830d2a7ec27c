"""Who is in no room: join one by its code, or open one."""

import streamlit as st

from app.i18n import _, translate_error
from app.rooms import presence
from app.rooms.lesson_plan import lesson_plan
from model.errors import UserError
from model.rooms import LENGTH, RoomClosed, read_code


def show(error: UserError | None = None) -> None:
    """``error`` says why somebody who came with a code is here."""
    if st.session_state.pop("class_closed", False):
        st.success(_("The room is closed, and all that was in it is deleted."), icon=":material/check:")
    if error:
        st.warning(translate_error(error), icon=":material/help:")
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Join a room"), anchor=False)
        with st.form("class_join", border=False):
            typed = st.text_input(_("The code on the projector"), key="class_typed", max_chars=LENGTH + 4)
            if st.form_submit_button(_("Join"), key="class_join_button", icon=":material/login:") and typed:
                code = read_code(typed)
                if code is None:
                    st.warning(translate_error(RoomClosed()), icon=":material/help:")
                else:
                    st.query_params["room"] = code
                    st.rerun()
        st.caption(_("No name, no account."))
    with right:
        st.subheader(_("Open a room"), anchor=False)
        st.markdown(
            _(
                "Your page goes on the projector, your class answers on their phones, and then all see people and "
                "network side by side."
            )
        )
        if st.button(_("Open a room"), key="class_open", icon=":material/co_present:"):
            presence.open_room()
            st.rerun()
        st.caption(_("It closes when you close it, or after three hours, and then everything in it is deleted."))
    lesson_plan()
