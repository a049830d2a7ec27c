"""The server's rooms: one object for all sessions, and a thread that deletes those whose time is over."""

import os
import threading
import time
from contextlib import suppress
from functools import cache

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from app.models import captioner
from model.rooms import Rooms, open_database

#: Seconds between two looks for rooms whose time is over.
EVERY = 60.0


@st.cache_resource(show_spinner=False)
def rooms() -> Rooms:
    """All rooms, in the database that ``AFTERIMAGE_DATABASE`` names, or in the server's own file.

    Raises:
        RoomError: when that is no address of a database.
        SQLAlchemyError: when the database cannot be reached.
    """
    found = Rooms(open_database(os.environ.get("AFTERIMAGE_DATABASE", "")), _set_of_words)
    # Nobody need come to the page for a room to end.
    threading.Thread(target=_sweep, args=(found,), daemon=True, name="rooms").start()
    return found


@cache
def vocabulary(lang: str) -> tuple[str, ...]:
    """The words that can be guessed, in the order of a dictionary."""
    return tuple(sorted(captioner().vocabulary(lang)))


@cache
def _set_of_words(lang: str) -> frozenset[str]:
    return frozenset(vocabulary(lang))


def _sweep(found: Rooms) -> None:
    while True:
        with suppress(SQLAlchemyError):  # The database is away; it is asked again.
            found.sweep()
        time.sleep(EVERY)
