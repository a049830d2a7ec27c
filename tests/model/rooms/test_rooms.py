"""Who is in a room answers once, what is counted is exact, and nobody reaches what is not theirs."""

import inspect
import logging
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from model.rooms import Pulse, RoomClosed, RoomError, Rooms, codes, open_database, random_secret, schema
from model.rooms import rooms as limits
from model.rooms import teacher as teachers
from model.rooms.seat import Seat
from tests.model.rooms.conftest import WORDS

GUESS = {"lang": "en", "words": ["a", "dog"]}


def join(rooms, teacher) -> Seat:
    return rooms.join(teacher.code, random_secret())


def rows(rooms) -> int:
    """How many rows there are in all tables together."""
    with rooms.engine.connect() as connection:
        return sum(connection.scalar(select(func.count()).select_from(one)) for one in schema.metadata.sorted_tables)


def test_a_class_guesses_and_the_teacher_reveals(rooms):
    teacher = rooms.open()
    seats = [join(rooms, teacher) for _student in range(3)]
    assert teacher.activity() is None and teacher.tally() == {}
    teacher.ask("guess", GUESS, rounds=2, photo=b"a picture")
    activity = seats[0].activity()
    assert (activity.kind, activity.step, activity.rounds, activity.revealed) == ("guess", 0, 2, False)
    assert activity.content == GUESS and seats[0].photo(activity.photo) == b"a picture"
    assert [seat.answer(word) for seat, word in zip(seats, ("dog", "cat", "dog"), strict=True)] == [True] * 3
    pulse = seats[1].pulse()
    assert (pulse.participants, pulse.answers) == (3, 3)
    assert teacher.tally() == {"dog": 2, "cat": 1}
    assert list(teacher.tally()) == ["dog", "cat"]
    assert seats[0].tally() == {}, "nobody sees what others said before it is revealed"
    teacher.reveal()
    assert seats[0].tally() == {"dog": 2, "cat": 1}
    assert seats[1].pulse().version > pulse.version
    assert seats[1].own_answer(activity.round) == "cat"


def test_an_answer_counts_once_and_the_first_stays(rooms):
    teacher, secret = rooms.open(), random_secret()
    teacher.ask("guess", GUESS)
    assert rooms.join(teacher.code, secret).answer("dog")
    assert not rooms.join(teacher.code, secret).answer("cat"), "the same browser after a reload"
    assert teacher.tally() == {"dog": 1} and teacher.pulse().participants == 1


def test_nothing_but_what_is_offered_is_an_answer(rooms):
    teacher = rooms.open()
    seat = join(rooms, teacher)
    wrong: dict[str, tuple[Any, list[Any]]] = {
        "guess": (GUESS, ["house", "", "Dog", "狗", "<b>dog</b>", 3]),
        "look": ({}, ["81", "-1", "1.5", "01", "+1", "１", "x", ""]),
        "fire": ({}, ["1000", "-1", "1e2", "٣", ""]),
        "learned": ({"answers": ["AND", "OR"]}, ["2", "AND", ""]),
    }
    for kind, (content, values) in wrong.items():
        teacher.ask(kind, content)
        for value in values:
            with pytest.raises(RoomError, match="no answer"):
                seat.answer(value)
        assert teacher.tally() == {}
    teacher.go(-1)
    assert seat.answer("999") and teacher.tally() == {"999": 1}


def test_after_the_reveal_no_answer_is_taken(rooms):
    teacher = rooms.open()
    seat = join(rooms, teacher)
    with pytest.raises(RoomError, match="too late"):
        seat.answer("dog")
    teacher.ask("guess", GUESS, rounds=2)
    before = seat.activity().round
    teacher.reveal()
    with pytest.raises(RoomError, match="too late"):
        seat.answer("dog")
    teacher.go(1)
    with pytest.raises(RoomError, match="too late"):
        seat.answer("dog", round=before)
    assert seat.answer("dog") and teacher.pulse().answers == 1


def test_the_teacher_goes_on_and_back_and_late_joiners_land_there(rooms):
    teacher = rooms.open()
    teacher.go(1)  # nothing to go to
    teacher.ask("guess", GUESS, rounds=2)
    teacher.ask("fire", {})
    seen = []
    for steps in (-1, -1, -1, 1, 1, 1):
        teacher.go(steps)
        late = join(rooms, teacher).activity()
        seen.append((late.place, late.step))
    assert seen == [(0, 1), (0, 0), (0, 0), (0, 1), (1, 0), (1, 0)]


def test_what_was_revealed_stays_revealed(rooms):
    teacher = rooms.open()
    seat = join(rooms, teacher)
    teacher.ask("guess", GUESS, rounds=2)
    seat.answer("dog")
    teacher.reveal()
    teacher.go(1)
    assert not seat.activity().revealed and seat.tally() == {}
    teacher.go(-1)
    assert seat.activity().revealed and seat.tally() == {"dog": 1}


def test_history_is_every_revealed_round_in_order(rooms):
    teacher = rooms.open()
    seat = join(rooms, teacher)
    teacher.ask("guess", GUESS, rounds=2)
    seat.answer("dog")
    teacher.reveal()
    teacher.go(1)
    seat.answer("cat")
    teacher.ask("look", {})
    seat.answer("80")
    teacher.reveal()
    told = [(activity.place, activity.kind, activity.step, tally) for activity, tally in teacher.history()]
    assert told == [(0, "guess", 0, {"dog": 1}), (1, "look", 0, {"80": 1})]


def test_answers_that_come_at_once_are_all_counted_once(rooms):
    """Thirty students answer twice each, at the same moment, from two windows; some of the windows are joining."""
    teacher = rooms.open()
    teacher.ask("guess", GUESS)
    secrets = [random_secret() for _student in range(30)] * 2
    words = ["dog"] * 20 + ["cat"] * 10

    def send(number: int) -> bool:
        return rooms.join(teacher.code, secrets[number]).answer(words[number % 30])

    order = list(range(60))
    random.Random(0).shuffle(order)
    with ThreadPoolExecutor(16) as crowd:
        counted = list(crowd.map(send, order))
    assert sum(counted) == 30
    assert teacher.tally() == {"dog": 20, "cat": 10}
    assert teacher.pulse() == Pulse(1, 30, 30)


def test_what_is_shown_at_the_reveal_does_not_change_behind_it(rooms):
    """The answers that are in when it is revealed are those that were taken, however close they came."""
    for _again in range(5):
        teacher = rooms.open()
        teacher.ask("guess", GUESS)
        seats = [join(rooms, teacher) for _student in range(12)]

        def send(seat) -> int:
            with suppress(RoomError):
                return int(seat.answer("dog"))
            return 0

        with ThreadPoolExecutor(13) as crowd:
            sent = [crowd.submit(send, seat) for seat in seats]
            crowd.submit(teacher.reveal).result()
            shown = sum(teacher.tally().values())
            assert shown == sum(one.result() for one in sent)
        assert sum(teacher.tally().values()) == shown


def test_two_servers_share_a_database(engine, rooms, clock):
    other = Rooms(open_database(engine.url.render_as_string(hide_password=False)), WORDS.__getitem__, now=clock)
    teacher = rooms.open()
    teacher.ask("guess", GUESS)
    here, there = join(rooms, teacher), join(other, teacher)
    assert here.answer("dog") and there.answer("cat")
    assert other.teach(teacher.code, teacher.key).tally() == teacher.tally() == {"cat": 1, "dog": 1}
    other.teach(teacher.code, teacher.key).reveal()
    assert here.activity().revealed
    other.engine.dispose()


def test_a_participant_has_nothing_of_a_teachers(rooms):
    """Whatever a participant's handle can do leaves the room as it is for all others."""
    offered = {name for name, _function in inspect.getmembers(Seat, callable) if not name.startswith("_")}
    assert offered == {"pulse", "activity", "photo", "tally", "answer", "own_answer"}


def test_the_key_opens_and_nothing_else_does(rooms):
    teacher, other = rooms.open(), rooms.open()
    assert rooms.teach(teacher.code, teacher.key).room == teacher.room
    for code, key in ((teacher.code, other.key), (teacher.code, ""), ("CDFGH", teacher.key), (teacher.code, "ö" * 22)):
        with pytest.raises(RoomClosed):
            rooms.teach(code, key)
    assert teacher.key not in repr(teacher) and teacher.key not in str(vars(teacher.rooms))
    with rooms.engine.connect() as connection:
        stored = connection.execute(select(schema.rooms)).all()
    assert teacher.key not in str(stored) and len(stored) == 2


def test_keys_are_compared_in_constant_time_whether_there_is_a_room_or_not(rooms, monkeypatch):
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr(limits.hmac, "compare_digest", compare)
    teacher = rooms.open()
    rooms.teach(teacher.code, teacher.key)
    for code, key in ((teacher.code, random_secret()), ("CDFGH", teacher.key)):
        with pytest.raises(RoomClosed):
            rooms.teach(code, key)
    assert compared == [(32, 32)] * 3


def test_neither_keys_nor_answers_come_into_a_log_or_a_message(rooms, caplog):
    """Not even where all is logged, and something breaks in the middle of it."""
    caplog.set_level(logging.DEBUG)
    teacher, secret = rooms.open(), random_secret()
    teacher.ask("guess", GUESS, photo=b"a child's face")
    rooms.teach(teacher.code, teacher.key)
    rooms.join(teacher.code, secret).answer("dog")
    with suppress(RoomClosed):
        rooms.teach("CDFGH", teacher.key)
    with pytest.raises(SQLAlchemyError) as told, rooms.engine.begin() as connection:
        connection.execute(text("SELECT :key, :word FROM nowhere"), {"key": teacher.key, "word": "dog"})
    said = caplog.text + str(told.value)
    assert "nowhere" in said and not any(word in said for word in (teacher.key, secret, "dog", "face"))


def test_a_room_has_its_own_photos_and_rounds_alone(rooms):
    teacher, other = rooms.open(), rooms.open()
    teacher.ask("guess", GUESS, photo=b"ours")
    other.ask("guess", GUESS, photo=b"theirs")
    join(rooms, other).answer("dog")
    theirs = other.activity()
    with pytest.raises(RoomClosed):
        teacher.photo(theirs.photo)
    with pytest.raises(RoomClosed):
        join(rooms, teacher).photo(theirs.photo)
    assert teacher.tally(theirs.round) == {} and other.tally(theirs.round) == {"dog": 1}


def test_closing_deletes_everything(rooms):
    empty = rows(rooms)
    teacher = rooms.open()
    seat = join(rooms, teacher)
    teacher.ask("guess", GUESS, rounds=3, photo=b"picture")
    seat.answer("dog")
    assert rows(rooms) > empty
    teacher.close()
    assert rows(rooms) == empty
    for use in (seat.pulse, seat.activity, lambda: seat.answer("dog"), teacher.reveal, teacher.tally, teacher.history):
        with pytest.raises(RoomClosed):
            use()
    again = rooms.open()
    again.ask("guess", GUESS)
    with pytest.raises(RoomClosed):
        seat.pulse()  # It is another room, though its row is where the old one's was.


def test_three_hours_delete_everything(rooms, clock):
    empty = rows(rooms)
    teacher = rooms.open()
    seat = join(rooms, teacher)
    teacher.ask("guess", GUESS, photo=b"picture")
    clock.time += limits.LIFETIME - 1
    assert seat.activity() and rooms.sweep() == 0
    clock.time += 1
    with pytest.raises(RoomClosed):
        seat.activity()
    with pytest.raises(RoomClosed):
        join(rooms, teacher)
    assert rooms.sweep() == 1 and rows(rooms) == empty


def test_what_was_deleted_is_not_in_the_file_any_more(tmp_path):
    file = tmp_path / "rooms.sqlite"
    rooms = Rooms(open_database(f"sqlite:///{file}"), WORDS.__getitem__)
    teacher = rooms.open()
    photo = b"the pixels of a child's face " * 50
    teacher.ask("guess", GUESS, photo=photo)

    def kept() -> bool:
        return any(photo[:29] in part.read_bytes() for part in tmp_path.iterdir())

    assert kept()
    teacher.close()
    assert not kept()


def test_limits_are_kept(rooms, monkeypatch):
    monkeypatch.setattr(limits, "MOST_ROOMS", 2)
    monkeypatch.setattr(limits, "MOST_PARTICIPANTS", 3)
    monkeypatch.setattr(teachers, "MOST_ACTIVITIES", 2)
    teacher = rooms.open()
    rooms.open()
    with pytest.raises(RoomError, match="All 2 rooms"):
        rooms.open()

    def come(_number: int) -> int:
        with suppress(RoomError):
            return bool(join(rooms, teacher))
        return 0

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(come, range(8))) == 3
    teacher.ask("fire", {})
    for rounds, photo in ((0, None), (teachers.MOST_ROUNDS + 1, None), (1, b"x" * (teachers.MOST_PHOTO + 1))):
        with pytest.raises(RoomError, match="too large"):
            teacher.ask("fire", {}, rounds=rounds, photo=photo)
    with pytest.raises(RoomError, match="too large"):
        teacher.ask("fire", {"text": "x" * teachers.MOST_CONTENT})
    teacher.ask("fire", {})
    with pytest.raises(RoomError, match="2 activities"):
        teacher.ask("fire", {})


def test_guessing_codes_is_slowed_and_a_class_is_not(rooms, monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(limits.time, "sleep", slept.append)
    teacher, mine = rooms.open(), random_secret()
    rooms.join(teacher.code, mine, "school")
    for _guess in range(40):
        with suppress(RoomError):
            rooms.join(codes.random_code(), random_secret(), "school")
    assert slept and max(slept) <= limits.LONGEST_WAIT
    with pytest.raises(RoomError, match="Too many tries"):
        rooms.join(codes.random_code(), random_secret(), "school")
    many = len(slept)
    assert rooms.join(teacher.code, mine, "school"), "who is in comes in again"
    for number in range(100):
        rooms.join(teacher.code, random_secret(), f"elsewhere-{number}")
    assert len(slept) == many
    for _student in range(100):
        rooms.join(teacher.code, random_secret(), "another school")
    assert len(slept) == many
