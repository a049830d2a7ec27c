"""Texts in a model card that a command writes: each stands between two marks, and is made anew from measured figures.

<!-- steps: written by model.training.cards -->
...
<!-- steps: end -->
"""

from collections.abc import Sequence

Marks = tuple[str, str]


def marks(name: str, command: str) -> Marks:
    """What stands before and after a text that ``command`` writes."""
    return f"<!-- {name}: written by {command} -->", f"<!-- {name}: end -->"


def put(text: str, between: Marks, made: str) -> str:
    """The text with what stands between the marks made anew; as it was, where it has no such marks."""
    begin, end = between
    if begin not in text or end not in text:
        return text
    before, _begin, rest = text.partition(begin)
    return f"{before}{begin}\n\n{made}\n\n{end}{rest.partition(end)[2]}"


def table(head: Sequence[str], *rows: Sequence[str]) -> str:
    """Rows of cells as a Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
