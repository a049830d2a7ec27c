"""What all kinds share on a phone: sending an answer, and what stands there once it is sent."""

from collections.abc import Callable

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from app.i18n import _, translate_error
from app.ui.markdown import literal
from model.errors import UserError
from model.rooms import Activity, Seat

#: Where an error waits for the run behind a callback.
_ERROR = "class_error"


def send(seat: Seat, activity: Activity, value: str) -> None:
    """Send an answer; call it in a callback."""
    try:
        seat.answer(value, activity.round)
    except UserError as error:
        st.session_state[_ERROR] = error
    except SQLAlchemyError:
        st.session_state[_ERROR] = UserError("Your answer could not be sent just now. Please send it again.")


def answer_button(seat: Seat, activity: Activity, value: str | None) -> None:
    """The button that sends ``value``, and why it was not taken the last time."""
    st.button(
        _("Send"),
        key=f"class_send_{activity.round}",
        icon=":material/send:",
        on_click=send,
        args=(seat, activity, value),
        disabled=value is None,
        width="stretch",
    )
    if error := st.session_state.pop(_ERROR, None):
        st.warning(translate_error(error), icon=":material/help:")


def sent(seat: Seat, activity: Activity, name: Callable[[str], str]) -> bool:
    """Whether the participant has answered; then what they said, called by ``name``, stands there."""
    own = seat.own_answer(activity.round)
    if own is None:
        return False
    st.success(_("Sent: {answer}").format(answer=literal(name(own))), icon=":material/check:")
    if not activity.revealed:
        st.caption(_("Look at the projector. This page goes on by itself."))
    return True
