"""A class together: the teacher's page for the projector, the students' for their phones, or the door to both."""

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from app.i18n import translate_error
from app.rooms import attend, landing, presence, teach
from app.rooms.waiting import try_again
from model.errors import UserError
from model.rooms import RoomClosed

try:
    if st.session_state.pop("class_open_wanted", False):
        presence.open_room()
    code = presence.code_here()
    if code is None:
        landing.show()
    elif teacher := presence.teacher_of(code):
        teach.show(teacher)
    else:
        attend.show(presence.seat_in(code))
except RoomClosed as error:
    # Who was in it knows the code: the room is closed.
    was_in = presence.inside()
    presence.leave()
    st.session_state["class_closed"] = was_in
    landing.show(None if was_in else error)
except UserError as error:
    st.error(translate_error(error), icon=":material/error:")
except SQLAlchemyError:
    try_again()
