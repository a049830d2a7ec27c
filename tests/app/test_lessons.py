"""The course's frame: its order, its progress, and the file that carries it."""

import json

import pytest

from app.lessons import progress
from app.lessons.course import course

ASKED = {"recurrence": ["recurrence-1", "recurrence-2"]}
GIVEN = {"recurrence-1": {"answer": 1, "right": True}, "recurrence-2": {"answer": 1, "right": False}}


@pytest.fixture
def session(monkeypatch):
    """A session of our own in place of a browser's."""
    state: dict = {}
    monkeypatch.setattr(progress.st, "session_state", state)
    return state


def saved(**changes) -> bytes:
    content = {"format": progress.FORMAT, "version": progress.VERSION, "questions": ASKED, "answers": GIVEN} | changes
    return json.dumps(content).encode()


def test_progress_comes_back_from_its_file(session):
    progress.expect("recurrence", ASKED["recurrence"])
    for code, one in GIVEN.items():
        progress.remember(code, one["answer"], right=bool(one["right"]))
    stored = progress.saved()
    session.clear()
    assert progress.restore(stored) == 2
    assert progress.answer_to("recurrence-2") == 1
    assert not progress.is_done("recurrence")
    progress.remember("recurrence-2", 0, right=True)
    assert progress.is_done("recurrence")
    progress.expect("recurrence", ["recurrence-1", "recurrence-2", "recurrence-3"])
    assert not progress.is_done("recurrence")


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        saved(version=2),
        saved(format="other"),
        saved(answers=[]),
        saved(questions=None),
        saved(questions={"recurrence": "recurrence-1"}),
        saved(questions={"recurrence": [1]}),
        saved(questions={"recurrence": ["training-1"]}),
        saved(questions={"recurrence": ["recurrence-1"] * 11}),
        saved(answers={"recurrence-1": 1}),
        saved(answers={"recurrence-1": {"answer": -1, "right": True}}),
        saved(answers={"recurrence-1": {"answer": True, "right": True}}),
        saved(answers={"recurrence-1": {"answer": 10**9, "right": True}}),
        saved(answers={"recurrence-1": {"answer": 1, "right": "yes"}}),
        saved(answers={"<script>": {"answer": 1, "right": True}}),
        saved(answers={f"recurrence-{k}": {"answer": 0, "right": True} for k in range(300)}),
        saved() + b" " * progress.MOST_BYTES,
    ],
)
def test_a_file_that_is_none_is_told_in_a_sentence(session, stored):
    with pytest.raises(progress.ProgressFileError) as caught:
        progress.restore(stored)
    assert "\n" not in str(caught.value)
    assert "lessons_answers" not in session


def test_the_lessons_follow_each_other_and_the_place_is_in_the_address(app):
    codes = list(course())
    assert len(codes) == 9 and codes[-1] == "glossary"
    test = app(page="lessons", lessons_lesson="brain")
    for following in codes[1:3]:
        test.button(key="lessons_next").click().run()
        assert not test.exception
        assert test.query_params["lessons_lesson"] == following
        assert course()[following].title in test.header[0].value


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_course_begins_with_its_overview(app, lang):
    test = app(page="lessons", lang=lang)
    assert not test.exception and "lessons_lesson" not in test.query_params
    lessons = course()
    shown = [one.value for one in test.markdown]
    assert sum(any(f"{number}. " in one for one in shown) for number in range(1, 9)) == 8
    assert len([button for button in test.button if button.key.startswith("lessons_open_")]) == len(lessons)
    test.button(key="lessons_open_recurrence").click().run()
    assert test.query_params["lessons_lesson"] == "recurrence" and test.header[0].value.startswith("3. ")
    test.radio(key="lessons_answer_recurrence-1").set_value(1).run()
    test.button(key="lessons_back").click().run()
    assert test.header[0].value.startswith("2. ")
    test.selectbox(key="lessons_lesson_shown").set_value("overview").run()
    told = "1 of 3 questions right" if lang == "en" else "3 题答对 1 题"
    assert any(told in caption.value for caption in test.caption)


def test_a_lesson_whose_questions_are_answered_is_marked_done(app):
    test = app(lessons_lesson="recurrence", page="lessons")
    for number, right in ((1, 1), (2, 0), (3, 1)):
        test.radio(key=f"lessons_answer_recurrence-{number}").set_value(right).run()
    assert not test.exception
    assert test.header[0].value.endswith("✓") and len(test.success) == 3
    test.radio(key="lessons_answer_recurrence-1").set_value(0).run()
    assert not test.header[0].value.endswith("✓")
    test.button(key="lessons_next").click().run()
    test.selectbox(key="lessons_lesson_shown").set_value("recurrence").run()
    assert test.radio(key="lessons_answer_recurrence-2").value == 0  # what was answered is still there
