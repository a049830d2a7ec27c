"""The honesty test's figures in the model card: a table between two marks, written anew from the files beside it."""

from pathlib import Path

from model.captioner import card
from model.captioner.honesty_file import file_of, load
from model.captioner.languages import LANGUAGES
from model.files import write_text
from model.traces import Estimate, HonestyTrace

CARD = "README.md"
MARKS = card.marks("honesty", "model.training.honesty")
BEGIN, END = MARKS
#: What the card calls groups of words.
GROUPS = {
    "all": "all",
    "content": "that name something",
    "function": "function words",
    "quarter1": "the quarter with the palest look",
    "quarter4": "the quarter with the sharpest look",
}
HEAD = (
    *("words", "how many", "brightest region", "where it looked", "elsewhere", "difference", "median difference"),
    *("dearest tenth's share", "rank among all places", "difference to other words' places", "rank among them"),
)


def table(traces: list[HonestyTrace]) -> str:
    """The figures as a Markdown table, a row for each language and group of words."""
    rows = []
    for trace in traces:
        for code, name in GROUPS.items():
            if group := trace.groups.get(code):
                cells = (
                    f"{LANGUAGES[trace.lang].name}: {name}",
                    f"{group.words:,}",
                    "{:.0%} to {:.0%}".format(*group.peaks),
                    f"{group.looked.mean:.2f}",
                    f"{group.elsewhere.mean:.2f}",
                    _interval(group.difference),
                    _interval(group.difference_median),
                    "–" if group.tenth is None else f"{group.tenth:.0%}",
                    _interval(group.rank, "{:.0%}"),
                    _interval(group.difference_others),
                    _interval(group.rank_others, "{:.0%}"),
                )
                rows.append(cells)
    return card.table(HEAD, *rows)


def write(directory: Path) -> None:
    """Put the table of the figures in ``directory`` into its card, where it has one with the two marks."""
    file = directory / CARD
    if not file.is_file():
        return
    traces = [load(one) for lang in LANGUAGES if (one := file_of(directory, lang)).is_file()]
    write_text(file, card.put(file.read_text(encoding="utf-8"), MARKS, table(traces)))


def _interval(estimate: Estimate | None, number: str = "{:.2f}") -> str:
    if estimate is None:
        return "–"
    return f"{number} ({number} to {number})".format(*(round(value, 2) + 0.0 for value in estimate))
