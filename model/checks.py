"""What callers give, checked once and the same way everywhere: a sentence for what cannot be used.

A number may be Python's or NumPy's; ``True`` is none, nor is ``"3"``. NaN is within no limits.

>>> whole("beam", 2.5, 1, 20)
SettingError: beam is 2.5; it can be a whole number from 1 to 20.
"""

import warnings
from collections.abc import Iterable, Sequence
from types import UnionType
from typing import Any, TypeGuard, TypeVar, cast

import numpy as np

from model.errors import SettingError

Choice = TypeVar("Choice", bound=str)

#: The largest seed: what NumPy, torch and a page's address all take.
MOST_SEED = 2**32 - 1
#: So many characters of a value are quoted.
_QUOTED = 60


def quoted(value: object) -> str:
    """A value as Python writes it, cut where that is long."""
    try:
        text = repr(value)
    except Exception:  # An object's own repr can do anything; an integer of 5,000 digits has none.
        text = f"a {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a real number; infinity and NaN are."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is an integer: 3.0 is none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def within(value: object, least: float, most: float) -> bool:
    """Whether it is a number from ``least`` to ``most``."""
    return is_number(value) and bool(least <= value <= most)


def whole_within(value: object, least: int, most: int) -> bool:
    """Whether it is an integer from ``least`` to ``most``."""
    return is_whole(value) and bool(least <= value <= most)


def number(name: str, value: Any, least: float, most: float) -> float:
    """The value. Raises: SettingError: when it is no number from ``least`` to ``most``."""
    if not within(value, least, most):
        raise SettingError(
            "{name} is {given}; it can be from {least} to {most}.",
            name=name,
            given=quoted(value),
            least=least,
            most=most,
        )
    return float(value)


def whole(name: str, value: Any, least: int, most: int) -> int:
    """The value. Raises: SettingError: when it is no integer from ``least`` to ``most``."""
    if not whole_within(value, least, most):
        raise SettingError(
            "{field} is {given}; it can be a whole number from {least} to {most}.",
            field=name,
            given=quoted(value),
            least=least,
            most=most,
        )
    return int(value)


def limited(name: str, value: Any, least: float, most: float) -> float:
    """The value, a whole number where ``least`` is one. Raises: SettingError: when it is out of its limits."""
    return whole(name, value, least, int(most)) if isinstance(least, int) else number(name, value, least, most)


def seed(value: Any) -> int:
    """The value. Raises: SettingError: when it is no integer from 0 to ``MOST_SEED``."""
    if not whole_within(value, 0, MOST_SEED):
        raise SettingError("The seed is {given}; it can be a whole number from 0 to 4294967295.", given=quoted(value))
    return int(value)


def flag(name: str, value: Any) -> bool:
    """The value. Raises: SettingError: when it is neither True nor False."""
    if not isinstance(value, bool | np.bool_):
        raise SettingError("{name} is {given}; it can be True or False.", name=name, given=quoted(value))
    return bool(value)


def one_of(name: str, value: Any, choices: Iterable[Choice]) -> Choice:
    """The value. Raises: SettingError: when it is none of the choices."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        raise SettingError(
            "{name} is {given}; it can be one of {choices}.",
            name=name,
            given=quoted(value),
            choices=", ".join(known),
        )
    return cast(Choice, value)


def kind(name: str, value: Any, wanted: type | UnionType | tuple[type, ...], called: str) -> Any:
    """The value. Raises: SettingError: when it is not what is ``called`` so."""
    if not isinstance(value, wanted):
        raise SettingError("{name} is {given}; {wanted} is wanted.", name=name, given=quoted(value), wanted=called)
    return value


def list_of(name: str, values: Any, wanted: type, called: str, most: int) -> list:
    """The values as a list. Raises: SettingError: when they are no list of what is ``called`` so, or too many."""
    usable = isinstance(values, Sequence) and not isinstance(values, str | bytes | bytearray)
    if not usable or len(values) > most or not all(isinstance(value, wanted) for value in values):
        raise SettingError(
            "{name} is {given}; a list of up to {most} {wanted} is wanted.",
            name=name,
            given=quoted(values),
            most=most,
            wanted=called,
        )
    return list(values)


def array(name: str, values: Any) -> np.ndarray:
    """Real numbers of any kind, NumPy's, torch's or lists of lists, as an array of float64 of its own.

    Raises:
        SettingError: when there is text among them, or complex numbers, or rows of different lengths, or they are a
            sparse or packed tensor.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if hasattr(values, "detach"):  # a tensor of torch's, which is not loaded for this
                values = values.detach().cpu().resolve_conj()
                values = (values.double() if values.is_floating_point() else values).numpy()
            plain = np.asarray(values)
            if plain.dtype.kind not in "fiub":
                raise TypeError(f"numbers of the kind {plain.dtype}")
            return np.array(plain, dtype=np.float64)
    except Exception as error:  # Each kind of input has errors of its own.
        raise SettingError(
            "{name} is no array of real numbers: {given}. Please give numbers alone, in rows of one length.",
            name=name,
            given=quoted(values),
        ) from error
