"""Who is at the page: the teacher of a room, a participant, or somebody who has not chosen yet.

A room's code stands in the address, ``/class?room=K7F3M``, and so do a student's link and its QR code. What must not be
read off a projector does not: the browser keeps the teacher's key, and what makes it one participant, in cookies of
this site, for as long as a room can be open. ``class_teach`` in the address only says that this window is the
teacher's, so that the same browser can also try a student's link. A teacher's link for another device holds the key,
which is taken out of the address on arrival.
"""

import streamlit as st

from app.rooms.store import rooms
from app.ui.lru_store import LruStore
from app.ui.share import link_to
from model.rooms import RoomClosed, Seat, Teacher, random_secret, read_code, read_secret
from model.rooms.rooms import LIFETIME

#: The parameters of the address that no student's link may have.
KEY, TEACH = "class_key", "class_teach"
SEAT_COOKIE, KEY_COOKIE = "afterimage_seat", "afterimage_key_{code}"


def code_here() -> str | None:
    """The code in the address, or that of this session's room, which then comes back into the address."""
    asked = st.query_params.get("room")
    if asked is None and (held := st.session_state.get("class_code")):
        st.query_params["room"] = held
        if (teacher := st.session_state.get("class_teacher")) and teacher.code == held:
            st.query_params[TEACH] = "1"
        return held
    code = read_code(asked or "")
    if asked and not code:
        raise RoomClosed()
    st.session_state["class_code"] = code
    return code


def teacher_of(code: str) -> Teacher | None:
    """This window's teacher of the room, if it is one."""
    linked = read_secret(st.query_params.get(KEY, ""))
    if KEY in st.query_params:
        del st.query_params[KEY]
        st.query_params[TEACH] = "1"
    if TEACH not in st.query_params:
        return None
    held: Teacher | None = st.session_state.get("class_teacher")
    if held is None or held.code != code:
        key = linked or read_secret(kept(KEY_COOKIE.format(code=code)))
        if not key:
            return None
        try:
            held = st.session_state["class_teacher"] = rooms().teach(code, key, address())
        except RoomClosed:  # It has another key, or is not: whoever has no key is nobody's teacher.
            del st.query_params[TEACH]
            return None
    _keep(KEY_COOKIE.format(code=code), held.key)
    return held


def seat_in(code: str) -> Seat:
    """This browser's participant of the room.

    Raises:
        RoomError: when there is no such room, or no place in it.
    """
    held: Seat | None = st.session_state.get("class_seat")
    if held is None or held.code != code:
        mine = st.session_state.get("class_secret") or read_secret(kept(SEAT_COOKIE))
        st.session_state["class_secret"] = mine or random_secret()
        held = st.session_state["class_seat"] = rooms().join(code, st.session_state["class_secret"], address())
    _keep(SEAT_COOKIE, st.session_state["class_secret"])
    return held


def open_room() -> None:
    """Open a room and be its teacher.

    Raises:
        RoomError: when there are too many.
    """
    teacher = rooms().open(address())
    st.session_state["class_teacher"], st.session_state["class_code"] = teacher, teacher.code
    st.query_params["room"], st.query_params[TEACH] = teacher.code, "1"


def teaching() -> Teacher | None:
    """The room that this session teaches, on whatever page it is."""
    return st.session_state.get("class_teacher")


def inside() -> bool:
    """Whether this session was in a room until now."""
    return bool({"class_teacher", "class_seat"} & st.session_state.to_dict().keys())


def leave() -> None:
    """Be in no room; nothing of it stays in the session."""
    for key in ("class_teacher", "class_seat", "class_code"):
        st.session_state.pop(key, None)
    for name in ("room", KEY, TEACH):
        if name in st.query_params:
            del st.query_params[name]
    LruStore.forget("class")


def student_link(code: str) -> str:
    return link_to(st.context.url or "", {"room": code} | _look(), [])


def teacher_link(teacher: Teacher) -> str:
    return link_to(st.context.url or "", {"room": teacher.code, KEY: teacher.key} | _look(), [])


def _look() -> dict[str, str]:
    """What of the address holds for all pages: a class reads the language that its teacher chose."""
    return {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}


def address() -> str:
    """Where this browser comes from, to slow down who guesses codes; behind a proxy all come from it."""
    return st.context.ip_address or ""


def kept(name: str) -> str:
    """The cookie of that name which the browser came with, or ""; anybody may have written it."""
    return st.context.cookies.get(name, "")


def _keep(name: str, secret: str) -> None:
    """Have the browser keep a secret as a cookie; both are of letters, digits, ``_`` and ``-`` alone."""
    if read_secret(secret) is None:
        raise ValueError("This is no secret.")
    with st.container(key=f"unseen-{name}"):
        st.html(
            f"<script>document.cookie = '{name}={secret}; path=/; max-age={LIFETIME}; SameSite=Lax' "
            "+ (location.protocol === 'https:' ? '; Secure' : '')</script>",
            unsafe_allow_javascript=True,
        )
