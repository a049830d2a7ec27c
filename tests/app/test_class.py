"""The page for a class: a teacher's session and students' sessions of one server, through rounds of it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app.rooms import presence
from app.rooms.store import rooms
from model.rooms import Teacher, random_secret


@pytest.fixture(autouse=True)
def without_cookies(monkeypatch):
    """AppTest has no browser that could keep any."""
    monkeypatch.setattr(presence, "kept", lambda name: "")


@pytest.fixture
def class_page(app, go):
    """``class_page(room="K7F3M")``: a new visitor of the page at this address."""

    def come(**address: str):
        test = go(app(), "class_room") if not address else app()
        if address:
            for name, value in address.items():
                test.query_params[name] = value
            test = go(test, "class_room")
        assert not test.exception
        return test

    return come


def code_of(test) -> str:
    found = test.query_params["room"]
    return found[0] if isinstance(found, list) else found


def click(test, key: str):
    test.button(key=key).click().run()
    assert not test.exception and not test.error
    return test


def texts(test) -> str:
    kinds = (test.markdown, test.subheader, test.caption, test.success, test.warning, test.info)
    return "\n".join(one.value for kind in kinds for one in kind)


def keys(test) -> set[str]:
    return {button.key for button in test.button if button.key and button.key.startswith("class_")}


def test_a_room_is_opened_guessed_in_revealed_and_closed(class_page):
    teacher = click(class_page(), "class_open")
    room = rooms()
    handle: Teacher = teacher.session_state["class_teacher"]
    assert handle.code == code_of(teacher)
    click(teacher, "class_ask_guess")
    words = handle.activity().content["words"]
    assert len(words) > 3 and not any(f"**{words[0]}**" in texts(teacher) for _once in (0,))
    seats = [room.join(handle.code, random_secret()) for _student in range(3)]
    for seat, word in zip(seats, (words[0], words[0], "dog"), strict=True):
        assert seat.answer(word)
    click(teacher, "class_reveal")
    assert f"The word was **{words[0]}**. 2 of 3 guessed it." in texts(teacher)
    assert "the network by" in texts(teacher)
    click(teacher, "class_next")
    assert handle.activity().step == 1 and not handle.activity().revealed
    click(teacher, "class_closing")
    click(teacher, "class_close")
    assert "all that was in it is deleted" in texts(teacher) and room._find(handle.code) is None


def test_a_student_answers_once_and_sees_no_controls(class_page):
    teacher = rooms().open()
    teacher.ask("guess", {"lang": "en", "words": ["a", "dog"]}, rounds=2, photo=_photo())
    student = class_page(room=teacher.code)
    number = teacher.activity().round
    assert keys(student) == {f"class_send_{number}"}
    field = student.selectbox(key=f"class_word_{number}")
    assert field.value is None and {"a", "dog"} <= set(field.options) and len(field.options) > 3000
    field.select("dog").run()
    click(student, f"class_send_{number}")
    assert teacher.tally() == {"dog": 1} and "Sent: dog" in texts(student)
    assert not keys(student)
    teacher.reveal()
    student.run()
    assert "The word was **a**. 0 of 1 guessed it." in texts(student)
    teacher.go(1)
    student.run()
    assert keys(student) == {f"class_send_{teacher.activity().round}"}
    teacher.close()


@pytest.mark.parametrize("forged", [{"class_teach": "1"}, {"class_key": "x" * 22}, {"class_key": "<script>"}])
def test_no_address_but_the_teachers_makes_a_teacher(class_page, forged):
    teacher = rooms().open()
    student = class_page(room=teacher.code, **forged)
    assert not {"class_reveal", "class_closing", "class_open"} & keys(student)
    teacher.close()


def test_the_teachers_link_makes_a_teacher_and_leaves_the_address(class_page):
    teacher = rooms().open()
    elsewhere = class_page(room=teacher.code, class_key=teacher.key)
    assert "class_closing" in keys(elsewhere)
    assert "class_key" not in elsewhere.query_params and code_of(elsewhere) == teacher.code
    teacher.close()


@pytest.mark.parametrize("code", ["CDFGH", "K0F3M", "' OR 1=1", "<b>x</b>"])
def test_a_wrong_code_leads_to_the_door(class_page, code):
    test = class_page(room=code)
    assert "There is no such room" in texts(test) and "class_open" in keys(test)


def test_links_for_students_hold_no_key(monkeypatch):
    teacher = rooms().open()
    monkeypatch.setattr(presence, "_look", dict)
    monkeypatch.setattr(presence.st, "context", type("Context", (), {"url": "http://school/class?room=X&class_key=K"}))
    student, other = presence.student_link(teacher.code), presence.teacher_link(teacher)
    assert parse_qs(urlsplit(student).query) == {"room": [teacher.code]}
    assert parse_qs(urlsplit(other).query) == {"room": [teacher.code], "class_key": [teacher.key]}
    teacher.close()


@pytest.mark.parametrize(
    ("page", "address", "key"),
    [
        ("about", {}, "share_room"),
        ("lessons", {"lessons_lesson": "captioning"}, "lessons_ask_captioning-1"),
        ("neurons", {}, "neurons_ask"),
    ],
)
def test_other_pages_ask_the_room_and_lead_to_it_whatever_their_address_holds(app, go, page, address, key):
    """Streamlit clears no address in which a widget's value stands, and every page has such widgets."""
    teacher = rooms().open()
    test = app()
    test.session_state["class_teacher"], test.session_state["class_code"] = teacher, teacher.code
    for name, value in {"lang": "en", **address}.items():
        test.query_params[name] = value
    test = go(test, page)
    click(test, key)
    assert code_of(test) == teacher.code and "class_closing" in keys(test)
    assert (teacher.activity() is not None) == (key != "share_room")
    teacher.close()


def test_no_page_is_left_in_a_way_that_clears_its_address(root):
    calls = [file for file in (root / "app").rglob("*.py") if "switch_page(" in file.read_text(encoding="utf-8")]
    assert calls == [root / "app" / "ui" / "shell.py"]


def _photo() -> bytes:
    from model.captioner.gallery import samples
    from model.rooms import for_a_room

    return for_a_room(samples()[0].open())
