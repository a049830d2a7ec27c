"""What pure functions gave: charts as they are sent, traces; remembered by what they were made of.

Building a figure takes Plotly a tenth of a second or more, sending one again a few milliseconds. A chart is a pure
function of a trace and a few settings, so a call of one, ``functools.partial(chart, trace, unit)``, is known by its
fingerprint: the function's name, the content of all arguments, and the language that texts are in.

What is made of a visitor's own things is kept with the session, and goes with it. On pages and with settings that all
share (``of_all``) it is kept once for all. Both are bounded in bytes.
"""

import hashlib
import pickle
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any, TypeVar

import orjson
import streamlit as st
from PIL import Image
from plotly.basedatatypes import BaseFigure

from app.charts.kit.chart import Chart
from app.i18n import current_language
from app.ui.lru_store import LruStore

Value = TypeVar("Value")

#: Bytes of figures that a session keeps, and that are kept for all sessions.
OF_SESSION, OF_ALL = 4 << 20, 96 << 20
#: Where a run says whether what it shows is everybody's.
_EVERYBODYS = "remembered_for_all"


class Sent(BaseFigure):
    """A chart as it is sent, from its figure's ``to_dict``: all parts serialised, nothing checked again; with its
    words, and whether it is wide."""

    def __init__(self, spec: dict[str, Any], words: str = "", wide: bool = False):
        #: As ``plotly.io.to_json`` takes it: it goes through the traces' keys, Streamlit reads the height.
        self._parts = {
            "data": [_serialised(trace) for trace in spec["data"]],
            "layout": _serialised(spec["layout"]) | {"height": spec["layout"]["height"]},
        }
        if spec.get("frames"):
            self._parts["frames"] = orjson.Fragment(_dumped(spec["frames"]))
        self._words, self._wide = words, wide
        self._weight = len(orjson.dumps(self._parts)) + len(words.encode())

    @property
    def words(self) -> str:
        return self._words

    @property
    def wide(self) -> bool:
        return self._wide

    @property
    def weight(self) -> int:
        """Bytes."""
        return self._weight

    def to_dict(self) -> dict[str, Any]:
        return {**self._parts, "data": [dict(trace) for trace in self._parts["data"]]}


def _serialised(part: dict[str, Any]) -> dict[str, orjson.Fragment]:
    return {name: orjson.Fragment(_dumped(value)) for name, value in part.items()}


def _dumped(value: Any) -> bytes:
    # By Plotly's own writer, which knows what orjson alone does not, such as a column of strings.
    from plotly.io import to_json

    return to_json({"value": value}, validate=False, remove_uids=False).encode()[len('{"value":') : -1]


def of_all(everybodys: bool) -> None:
    """Say whether what this run shows from here on holds nothing of a visitor's own."""
    st.session_state[_EVERYBODYS] = everybodys


def chart(call: partial[Chart], finish: Callable[[Chart], Sent]) -> Sent:
    """The chart that ``call`` gives, as ``finish`` has it sent."""
    return _get((call, finish), lambda: finish(call()))


def result(call: partial[Value]) -> Value:
    """What ``call`` gives: a trace, a picture's bytes, anything that can be pickled. It is shared, and must not be
    changed."""
    return _get((call,), call)


def _get(calls: tuple[Callable, ...], make: Any) -> Any:
    if st.session_state.get(_EVERYBODYS):
        store = _for_all()
    else:
        store = LruStore.of_session(f"{st.session_state.get('shell_page', '')}_figures", OF_SESSION, _weight)
    return store.get(fingerprint(current_language(), *calls), make)


@st.cache_resource(show_spinner=False)
def _for_all() -> LruStore:
    return LruStore(OF_ALL, _weight)


def _weight(value: Any) -> int:
    return value.weight if isinstance(value, Sent) else len(pickle.dumps(value, protocol=5))


def fingerprint(*parts: Any) -> bytes:
    """What tells values apart by their content; functions are told apart by their names.

    Raises:
        pickle.PicklingError, AttributeError: for what has no name or content of its own, such as a lambda.
    """
    sums = hashlib.blake2b(digest_size=20)
    pickler = _Pickler(_Into(sums))
    # Without a memo: whether two equal parts are one object makes no difference.
    pickler.fast = True
    pickler.dump(parts)
    return sums.digest()


class _Into:
    """A file that keeps nothing of what is written but its sum."""

    def __init__(self, sums: Any):
        self.write = sums.update


class _Pickler(pickle.Pickler):
    def __init__(self, file: Any):
        super().__init__(file, protocol=5)

    def reducer_override(self, obj: Any) -> Any:
        """Photos and traces are up to millions of bytes, and never changed: the sum of one is kept with it."""
        if isinstance(obj, Image.Image):
            return bytes, (_kept_sum(obj, lambda: (obj.mode, obj.size, obj.tobytes())),)
        if is_dataclass(obj) and type(obj).__module__.startswith("model.traces"):
            return bytes, (_kept_sum(obj, lambda: (type(obj), [getattr(obj, part.name) for part in fields(obj)])),)
        torch = sys.modules.get("torch")
        if torch and isinstance(obj, torch.Tensor):
            return bytes, (fingerprint(obj.detach().numpy()),)
        return NotImplemented


def _kept_sum(obj: Any, content: Callable[[], Any]) -> bytes:
    known = obj.__dict__.get("_sum")
    if known is None:
        known = obj.__dict__["_sum"] = fingerprint(content())
    return known
