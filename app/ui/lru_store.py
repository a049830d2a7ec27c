"""What was computed lately: kept with a session, or for all of them, the oldest forgotten first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

import streamlit as st

Value = TypeVar("Value")


class LruStore(Generic[Value]):
    """The last few values by their keys, of a weight of ``most`` together; each weighs 1 where ``weigh`` says nothing
    else. One of a session lives in it and goes with it; threads may share one, and may then compute a value twice."""

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda _value: 1):
        self.most, self.weigh, self.weight = most, weigh, 0
        self.values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def of_session(cls, name: str, most: int, weigh: Callable[[Value], int] = lambda _value: 1) -> "LruStore[Value]":
        """This session's store of that name."""
        if name not in st.session_state:
            st.session_state[name] = cls(most, weigh)
        return st.session_state[name]

    @staticmethod
    def forget(page: str) -> None:
        """Drop all of this session's stores of a page: those whose names begin with it."""
        stores = [name for name, kept in st.session_state.items() if isinstance(kept, LruStore)]
        for name in stores:
            if str(name).startswith(page):
                del st.session_state[name]

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value for ``key``, computed if it is not there. The last one is kept, whatever it weighs."""
        with self._lock:
            if key in self.values:
                self.values.move_to_end(key)
                return self.values[key]
        value = compute()
        with self._lock:
            if key not in self.values:
                self.values[key] = value
                self.weight += self.weigh(value)
            while self.weight > self.most and len(self.values) > 1:
                self.weight -= self.weigh(self.values.popitem(last=False)[1])
        return value
