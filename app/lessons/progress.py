"""How far the course was worked through: kept in the browser's session, saved to a file and loaded again; no account.

What is kept for each question is the number of the answer given and whether it was right; for each lesson, which
questions it asks, once it was opened.
"""

import json
import re
from collections.abc import Callable
from typing import Any, TypeGuard

import streamlit as st

from app.i18n import N_
from model.errors import UserError

FORMAT, VERSION = "afterimage course", 1
#: In one file: its size; its questions; of one question its answers, of one lesson its questions.
MOST_BYTES, MOST_QUESTIONS, MOST_ANSWERS = 100_000, 200, 10
_CODE = re.compile(r"[a-z_]{1,30}-[0-9]{1,2}")


class ProgressFileError(UserError):
    """A file that holds no progress, or a damaged one."""


def _answers() -> dict[str, dict[str, Any]]:
    return st.session_state.setdefault("lessons_answers", {})


def _questions() -> dict[str, list[str]]:
    return st.session_state.setdefault("lessons_questions", {})


def expect(lesson: str, codes: list[str]) -> None:
    """Say which questions a lesson asks."""
    _questions()[lesson] = codes


def answer_to(code: str) -> int | None:
    """The number of the answer given, or None."""
    answer = _answers().get(code)
    return answer["answer"] if answer else None


def remember(code: str, answer: int, *, right: bool) -> None:
    """Keep an answer."""
    _answers()[code] = {"answer": answer, "right": right}


def is_done(lesson: str) -> bool:
    """Whether all of the lesson's questions were answered rightly."""
    right, asked = right_of(lesson)
    return 0 < asked == right


def right_of(lesson: str) -> tuple[int, int]:
    """How many of a lesson's questions were answered rightly, and how many it asks; 0 of 0 before it was opened."""
    asked = _questions().get(lesson, [])
    return sum(bool(_answers().get(code, {}).get("right")) for code in asked), len(asked)


def saved() -> bytes:
    """The progress as a file."""
    content = {"format": FORMAT, "version": VERSION, "questions": _questions(), "answers": _answers()}
    return json.dumps(content, indent=1).encode()


def restore(stored: bytes) -> int:
    """Take over the progress in a file that ``saved`` made, and say how many answers it has.

    Raises:
        ProgressFileError: when it is no such file.
    """
    try:
        content = json.loads(stored.decode("utf-8")) if len(stored) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (FORMAT, VERSION):
        raise ProgressFileError(
            N_("This file holds no progress through the course. Please load one that was saved here.")
        )
    questions, answers = content.get("questions"), content.get("answers")
    if not (_all_fit(questions, _is_list_of_questions) and _all_fit(answers, _is_answer)):
        raise ProgressFileError(N_("The progress in this file is damaged. Please load one that was saved here."))
    st.session_state["lessons_answers"] = answers
    st.session_state["lessons_questions"] = questions
    return len(answers)


def _all_fit(content: Any, fits: Callable[[str, Any], bool]) -> TypeGuard[dict[str, Any]]:
    return isinstance(content, dict) and len(content) <= MOST_QUESTIONS and all(fits(*pair) for pair in content.items())


def _is_list_of_questions(lesson: str, codes: Any) -> bool:
    return (
        isinstance(codes, list)
        and len(codes) <= MOST_ANSWERS
        and all(isinstance(code, str) and _CODE.fullmatch(code) and code.rsplit("-", 1)[0] == lesson for code in codes)
    )


def _is_answer(code: str, answer: Any) -> bool:
    return (
        _CODE.fullmatch(code) is not None
        and isinstance(answer, dict)
        and set(answer) == {"answer", "right"}
        and type(answer["answer"]) is int
        and 0 <= answer["answer"] < MOST_ANSWERS
        and type(answer["right"]) is bool
    )
