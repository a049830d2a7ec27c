"""f-I curves in the background: the page goes on while one is computed, and whoever asks again gets the same one."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import streamlit as st

from app.neurons.models import MODELS
from model.neurons import rate_curve
from model.traces import RateCurve

#: How many curves are kept for all sessions.
MOST = 200
#: Where firing sets in, the gap between two currents is filled with so many more; so often, by the model. A curve of
#: Hodgkin and Huxley's takes seconds, and has a jump that one time shows.
FINER, TIMES = 16, {"lif": 2, "izhikevich": 2, "hodgkin_huxley": 1}


class Curves:
    """Curves by model and parameters, computed one after another in a thread of their own."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="f-I")
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Future[RateCurve]] = OrderedDict()

    def of(self, model: str, parameters: Any) -> Future[RateCurve]:
        """The curve, or the promise of it."""
        key = (model, parameters)
        with self._lock:
            if key not in self._known or self._known[key].cancelled():
                self._known[key] = self._worker.submit(compute, model, parameters)
                while len(self._known) > MOST:
                    self._known.popitem(last=False)[1].cancel()
            self._known.move_to_end(key)
            return self._known[key]


@st.cache_resource(show_spinner=False)
def curves() -> Curves:
    """The one store of the process."""
    return Curves()


def compute(model: str, parameters: Any) -> RateCurve:
    """The rates at currents from 0 on, and at finer ones where steady firing sets in."""
    offered = MODELS[model]
    most, count, dt, duration = offered.curve
    every: list[RateCurve] = []
    currents = np.linspace(0.0, most, count)
    for _time in range(1 + TIMES[model]):
        curve = rate_curve(offered.module, currents, parameters, dt, duration)
        every.append(curve)
        fires = np.flatnonzero(curve.steady > 0)
        if not len(fires) or not fires[0]:
            break
        currents = np.linspace(currents[fires[0] - 1], currents[fires[0]], FINER + 2)[1:-1]
    return _joined(every)


def _joined(every: list[RateCurve]) -> RateCurve:
    currents = np.concatenate([curve.currents for curve in every])
    order = np.argsort(currents, kind="stable")
    onset, steady = (np.concatenate([getattr(curve, name) for curve in every])[order] for name in ("onset", "steady"))
    return RateCurve(model=every[0].model, currents=currents[order], onset=onset, steady=steady)
