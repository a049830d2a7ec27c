"""Turns at what is costly: so much at once for the whole server, the rest waits in the order in which it came.

A session runs one page at a time, so it has one costly thing running at most. Whatever takes long calls ``go_on`` now
and then: that is where Streamlit ends it as soon as its visitor leaves or changes a setting.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cache
from time import sleep
from typing import Generic, TypeVar

import streamlit as st

from app.i18n import N_, _

#: Seconds between two looks at something that is waited for.
PATIENCE = 0.02
Value = TypeVar("Value")


def go_on() -> None:
    """Return, unless this run of the page has been led elsewhere; then it ends here."""
    st.session_state.get("lang")  # Streamlit looks for such wishes whenever the session's state is read.


class Queue:
    """``places`` that are taken in the order of asking."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._taken = 0
        self._waiting: list[object] = []
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, places: int = 1, waiting: Callable[[int], None] = lambda ahead: None) -> Iterator[None]:
        """Wait until so many places are free, hold them within the block, and give them back.

        ``waiting`` is called again and again with the number of those before; whatever it raises gives up the wait.
        """
        self._wait(min(places, self.places), waiting)
        try:
            yield
        finally:
            with self._lock:
                self._taken -= min(places, self.places)

    def _wait(self, places: int, waiting: Callable[[int], None]) -> None:
        ticket = object()
        with self._lock:
            self._waiting.append(ticket)
        try:
            while True:
                with self._lock:
                    ahead = self._waiting.index(ticket)
                    if not ahead and self._taken + places <= self.places:
                        self._taken += places
                        return
                waiting(ahead)
                sleep(PATIENCE)
        finally:
            with self._lock:
                self._waiting.remove(ticket)


@cache
def costly() -> Queue:
    """The server's places for what takes seconds; pages keep the other cores."""
    return Queue(max(2, (os.cpu_count() or 2) // 2))


@contextmanager
def costly_turn() -> Iterator[None]:
    """One of those places; whoever has to wait is told so."""
    waiting = Waiting(N_("Many are computing just now; yours is next."))
    with costly().turn(waiting=waiting):
        waiting.over()
        yield


class Waiting:
    """What ``Queue.turn`` calls: it shows a sentence to whoever has to wait, and how many are before, if any."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.place, self.shown = st.empty(), -1

    def __call__(self, ahead: int) -> None:
        go_on()
        if ahead == self.shown:
            return
        self.shown = ahead
        text = _("You are number {number} in the queue.").format(number=ahead + 1) if ahead else _(self.sentence)
        self.place.info(text, icon=":material/hourglass:")

    def over(self) -> None:
        """Take the sentence away."""
        self.place.empty()


class Shared(Generic[Value]):
    """The last few results by their keys for all sessions, each computed in a turn of its own."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._known: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The result for ``key``; whoever waited for a turn may find that another has computed it meanwhile."""
        if (known := self._look_up(key)) is None:
            with costly_turn():
                if (known := self._look_up(key)) is None:
                    known = compute()
            with self._lock:
                self._known[key] = known
                while len(self._known) > self.most:
                    self._known.popitem(last=False)
        return known

    def _look_up(self, key: Hashable) -> Value | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)
