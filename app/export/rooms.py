"""What a class answered as a table: how often each answer was given in each revealed round, and by nobody."""

from collections.abc import Iterable, Mapping

from app.export.files import csv_table
from model.captioner.languages import BLANK, LANGUAGES
from model.rooms import Activity
from model.rooms.kinds import GRID


def results_csv(history: Iterable[tuple[Activity, Mapping[str, int]]]) -> bytes:
    """The activity's and the round's numbers from 1, the kind, what was asked, the word that came or the right answer,
    the answer (a region as row-column) and how many gave it."""
    rows = []
    for activity, tally in history:
        asked, right = _asked(activity)
        head = [activity.place + 1, activity.kind, activity.step + 1, asked, right]
        rows += [[*head, _answer(activity, value), count] for value, count in tally.items()]
    return csv_table(["activity", "kind", "round", "asked", "right", "answer", "count"], rows)


def _asked(activity: Activity) -> tuple[str, str]:
    content = activity.content
    if activity.kind in ("guess", "look"):
        words = content["words"]
        return LANGUAGES[content["lang"]].write_out([*words[: activity.step], BLANK]), words[activity.step]
    if activity.kind == "fire":
        values = content["values"]
        return f"{values['model']} {values['kind']} {values['amplitude']:g}", ""
    return content["text"], content["answers"][content["right"]]


def _answer(activity: Activity, value: str) -> str:
    if activity.kind == "look":
        row, column = divmod(int(value), GRID)
        return f"{row + 1}-{column + 1}"
    return activity.content["answers"][int(value)] if activity.kind == "learned" else value
