"""f-I curves in the background: the page goes on while one is computed, and whoever asks again gets the same one.

One is computed at a time, for all sessions. It is given up as soon as nobody waits for it any more.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from time import sleep
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from app.neurons.models import MODELS
from app.turns import PATIENCE, go_on
from model.neurons import rate_curve
from model.neurons.rates import excitability
from model.traces import Excitability, RateCurve

#: How many results are kept for all sessions.
MAX_CURVE_POINTS = 400
Result = TypeVar("Result")
Pulse = Callable[[], None]


class _Begun(NamedTuple):
    """A result that is computed, or was."""

    promise: Future[Any]
    #: Ends the computation at its next pulse.
    give_up: Callable[[], None]


class Background:
    """Results by their keys, computed one after another in one thread, so that pages keep the other core."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="rates")
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, _Begun] = OrderedDict()
        self._waiting: Counter[Hashable] = Counter()

    def get(self, key: Hashable, compute: Callable[[Pulse], Result]) -> Future[Result]:
        """The result, or the promise of it. ``compute`` gets a function to call now and then, which may end it."""
        with self._lock:
            return self._begun(key, compute).promise

    def _begun(self, key: Hashable, compute: Callable[[Pulse], Result]) -> _Begun:
        known = self._known.get(key)
        # What nobody waited for was given up and is begun again; what failed is not kept.
        if known is None or known.promise.cancelled() or (known.promise.done() and known.promise.exception()):
            given_up = threading.Event()

            def pulse() -> None:
                if given_up.is_set():
                    raise CancelledError

            self._known[key] = known = _Begun(self._worker.submit(compute, pulse), given_up.set)
        self._known.move_to_end(key)
        while len(self._known) > MAX_CURVE_POINTS:
            self._known.popitem(last=False)[1].promise.cancel()
        return known

    def wait(self, key: Hashable, compute: Callable[[Pulse], Result]) -> Result:
        """The result, waited for in such a way that whatever the user does goes first."""
        with self._lock:
            promise, give_up = self._begun(key, compute)
            self._waiting[key] += 1
        try:
            while not promise.done():
                sleep(PATIENCE)
                go_on()
            return promise.result()
        finally:
            with self._lock:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._waiting[key]
                    if not promise.done() and not promise.cancel():
                        give_up()
                        del self._known[key]  # whoever asks now begins anew


@st.cache_resource(show_spinner=False)
def background() -> Background:
    """The one of this process."""
    return Background()


class Asked(NamedTuple):
    """Something to be computed: what tells it from others, and how."""

    key: Hashable
    compute: Callable[[Pulse], Any]

    def promise(self) -> Future:
        """It, or the promise of it."""
        return background().get(self.key, self.compute)

    def wait(self) -> Any:
        """It, waited for."""
        return background().wait(self.key, self.compute)


def curve_of(model: str, parameters: Any) -> Asked:
    """The f-I curve of a neuron, a ``RateCurve``."""
    offered = MODELS[model]

    def compute(pulse: Pulse) -> RateCurve:
        settings = (parameters, offered.curve_dt, offered.curve_duration)
        return rate_curve(offered.module, offered.currents, *settings, pulse=pulse)

    return Asked(("curve", model, parameters), compute)


def onset_of(model: str, parameters: Any, curve: RateCurve) -> Asked:
    """How firing sets in on ``curve``, looked at closely: an ``Excitability``, or None."""
    offered = MODELS[model]

    def compute(pulse: Pulse) -> Excitability | None:
        return excitability(offered.module, curve, parameters, offered.curve_dt, offered.curve_duration, pulse=pulse)

    return Asked(("onset", model, parameters), compute)
