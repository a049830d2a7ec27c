"""A view's script, and the lines behind the view.

A script is an ordinary function here, so that it is checked and tested like all other code; its body is what a student
copies. Its parameters are what the page fills in, and what it takes from elsewhere becomes its imports:

    @behind(Decoder.step)
    def looked(captioner, photo, settings):
        "Where the network looked for each word."
        trace = captioner.describe(captioner.look(photo), settings)
        ...

    looked.text(captioner=CAPTIONER, photo=Made("sample('cat').open()", sample), settings=SearchSettings())

Its lines, and those behind the view, are read from the files as they are when they are asked for.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Made:
    """A value as a script makes it: an expression, and what of the project or of a library it takes."""

    def __init__(self, expression: str, *taken: Any, remark: str = ""):
        self.expression, self.taken, self.remark = expression, taken, remark

    def __repr__(self) -> str:
        return self.expression


class Listing(NamedTuple):
    """Lines of the project: the file, from the project's folder on, the first line's number, and the lines."""

    file: str
    first: int
    lines: str


@dataclass(frozen=True)
class Script:
    """What ``behind`` makes of a function."""

    body: Callable[..., None]
    functions: tuple[Any, ...]

    def listings(self) -> list[Listing]:
        """The lines of the project that compute what the view shows."""
        return [listing_of(function) for function in self.functions]

    def text(self, **given: Any) -> str:
        """The script, with these values for its parameters: numbers, texts, collections, dataclasses, or ``Made``."""
        nodes, lines = _body_of(self.body)
        imported = _names_in(nodes, self.body.__globals__)
        for name in inspect.signature(self.body).parameters:
            for taken in _taken_by(given[name]):
                imported[_name_of(taken)] = taken
        filled = [
            f"{name} = {given[name]!r}" + (f"  # {remark}" if (remark := getattr(given[name], "remark", "")) else "")
            for name in inspect.signature(self.body).parameters
        ]
        head = textwrap.indent(inspect.getdoc(self.body) or "", "# ", lambda _line: True)
        return "\n".join([head, *_imports(imported), "", *filled, "", lines])


def behind(*functions: Any) -> Callable[[Callable[..., None]], Script]:
    """Make a script of a function; ``functions``, or classes, are those whose lines compute what the view shows."""
    return lambda body: Script(body, functions)


def listing_of(function: Any) -> Listing:
    """The lines of a function or a class."""
    function = inspect.unwrap(function)
    lines, first = inspect.getsourcelines(function)
    file = Path(inspect.getsourcefile(function) or "").resolve()
    return Listing(file.relative_to(ROOT).as_posix(), first, textwrap.dedent("".join(lines)).rstrip())


def _body_of(function: Callable) -> tuple[list[ast.stmt], str]:
    """A function's statements behind its docstring, and their lines."""
    source = textwrap.dedent(inspect.getsource(function))
    (tree,) = ast.parse(source).body
    assert isinstance(tree, ast.FunctionDef), "a script is a function"
    nodes = tree.body[1:]
    lines = source.splitlines()[tree.body[0].end_lineno :]
    return nodes, textwrap.dedent("\n".join(lines)).strip("\n") + "\n"


def _names_in(nodes: list[ast.stmt], known: dict[str, Any]) -> dict[str, Any]:
    """What the statements take from their module."""
    names = {node.id for one in nodes for node in ast.walk(one) if isinstance(node, ast.Name)}
    return {name: known[name] for name in sorted(names) if name in known}


def _taken_by(value: Any) -> Iterator[Any]:
    """What must be imported for ``repr(value)`` to be that value."""
    if isinstance(value, Made):
        yield from value.taken
        return
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, tuple | list):
        parts = value
    elif is_dataclass(value):
        parts = [getattr(value, each.name) for each in fields(value)]
    if is_dataclass(value) or hasattr(value, "_fields"):
        yield type(value)
    for part in parts:
        yield from _taken_by(part)


def _name_of(taken: Any) -> str:
    return taken.__name__.split(".")[-1] if isinstance(taken, ModuleType) else taken.__qualname__


def _imports(imported: dict[str, Any]) -> list[str]:
    """Lines that import these by their names: modules first, then what is in a module, a line for each."""
    modules: list[str] = []
    parts: dict[str, list[str]] = {}
    for name, value in imported.items():
        if isinstance(value, ModuleType):
            modules.append(f"import {value.__name__}" + (f" as {name}" if name != value.__name__ else ""))
        else:
            own = _name_of(value)
            parts.setdefault(value.__module__, []).append(own if name == own else f"{own} as {name}")
    return [*sorted(modules), *(f"from {module} import {', '.join(sorted(parts[module]))}" for module in sorted(parts))]
