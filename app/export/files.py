"""How files are written: tables as CSV, and traces as JSON.

CSV is UTF-8 with a byte order mark, without which spreadsheets garble Chinese; text that a spreadsheet would take for a
formula gets an apostrophe before it. JSON knows no NaN and no infinity: they are ``null``, and empty in CSV.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

#: A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(head)
    for row in rows:
        table.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return value if np.isfinite(value) else ""


def json_file(kind: str, content: Mapping[str, Any]) -> bytes:
    """A file of such a ``kind`` with this content, which JSON can say, as JSON in UTF-8."""
    return json.dumps({"format": kind, "version": 1, **content}, ensure_ascii=False, allow_nan=False).encode()


def fields_of(trace: Any) -> dict[str, Any]:
    """A trace's fields as JSON can say them; arrays are nested lists in the order of their axes."""
    return {field.name: plain(getattr(trace, field.name)) for field in fields(trace)}


def plain(value: Any) -> Any:
    """What JSON can say of a field's value."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value
