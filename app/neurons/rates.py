"""f-I curves in the background: the page goes on while one is computed, and whoever asks again gets the same one."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep
from typing import Any, TypeVar

import streamlit as st

from app.neurons.models import MODELS
from model.neurons import rate_curve
from model.neurons.rates import excitability
from model.traces import Excitability, RateCurve

#: How many results are kept for all sessions.
MOST = 400
#: Seconds between two looks at something that is being computed.
PATIENCE = 0.05
Result = TypeVar("Result")


class Background:
    """Results by their keys, computed one after another in one thread, so that pages keep the other core."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="rates")
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Future] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], Result]) -> Future[Result]:
        """The result, or the promise of it."""
        with self._lock:
            known = self._known.get(key)
            # What another session no longer wanted is begun again; what failed is not kept.
            if known is None or known.cancelled() or (known.done() and known.exception()):
                self._known[key] = known = self._worker.submit(compute)
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)[1].cancel()
            return known


@st.cache_resource(show_spinner=False)
def background() -> Background:
    """The one of this process."""
    return Background()


def curve_of(model: str, parameters: Any) -> Callable[[], Future[RateCurve]]:
    """The f-I curve of a neuron, each time it is called: the promise of it, or a new one where that was cancelled."""
    offered = MODELS[model]
    return lambda: background().get(
        ("curve", model, parameters),
        lambda: rate_curve(offered.module, offered.currents, parameters, offered.curve_dt, offered.curve_duration),
    )


def onset_of(model: str, parameters: Any, curve: RateCurve) -> Callable[[], Future[Excitability | None]]:
    """How firing sets in on ``curve``, looked at closely."""
    offered = MODELS[model]
    return lambda: background().get(
        ("onset", model, parameters),
        lambda: excitability(offered.module, curve, parameters, offered.curve_dt, offered.curve_duration),
    )


def await_it(ask: Callable[[], Future[Result]]) -> Result:
    """Wait for a result in such a way that whatever the user does goes first.

    When this session's page is led elsewhere meanwhile, a result that is not begun yet is given up, so that it holds up
    no other.
    """
    finished = False
    try:
        while not (promise := ask()).done():
            sleep(PATIENCE)
            # A look into the session's state is where Streamlit ends this run as soon as the user changes anything.
            st.session_state.get("neurons_model")
        finished = True
        return promise.result()
    finally:
        if not finished:
            promise.cancel()
