"""A computation that takes seconds: how far it is, how long it will take, and a way to stop it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import streamlit as st

from app.i18n import _
from app.turns import go_on

#: Seconds before anything is said: what is done sooner needs no bar.
PATIENCE = 0.7


@contextmanager
def underway(what: str, steps: int, stop: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Gives what is to be called before each of about ``steps`` steps: it says ``what`` is done, and the seconds left.

    A button calls ``stop`` and ends the run there, as does whatever else the visitor does.
    """
    place = st.empty()
    start, done = monotonic(), 0
    bar = None

    def step() -> None:
        nonlocal done, bar
        go_on()
        passed = monotonic() - start
        if passed > PATIENCE and done:
            left = max(0.0, passed / done * (steps - done))
            text = _("{what} About {seconds} s left.").format(what=what, seconds=round(left))
            if bar is None:
                with place.container(horizontal=True, vertical_alignment="bottom"):
                    bar = st.progress(0.0)
                    st.button(_("Stop"), key="caption_stop", icon=":material/stop:", on_click=stop)
            bar.progress(min(done / steps, 1.0), text)
        done += 1

    try:
        yield step
    finally:
        place.empty()
