"""What a session computed lately: kept with the session alone, the oldest forgotten first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import streamlit as st

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """The last few values by their keys. It lives in one user's session and goes with it."""

    def __init__(self, most: int):
        self.most = most
        self.values: OrderedDict[Hashable, Value] = OrderedDict()

    @classmethod
    def of_session(cls, name: str, most: int) -> "Recent[Value]":
        """This session's store of that name."""
        return st.session_state.setdefault(name, cls(most))

    @staticmethod
    def forget(page: str) -> None:
        """Drop all of this session's stores of a page: those whose names begin with it."""
        stores = [name for name, kept in st.session_state.items() if isinstance(kept, Recent)]
        for name in stores:
            if name.startswith(page):
                del st.session_state[name]

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value for ``key``, computed if it is not there."""
        if key not in self.values:
            self.values[key] = compute()
            while len(self.values) > self.most:
                self.values.popitem(last=False)
        self.values.move_to_end(key)
        return self.values[key]
