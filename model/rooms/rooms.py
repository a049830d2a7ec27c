"""Rooms, and what those in them may do: a ``Teacher`` and a ``Seat`` are handles that are given for a key or a seat.

Whoever holds no ``Teacher`` has no function that changes what all see, and every query of a handle names its room: with
one room's handle nothing of another is reached.
"""

import hmac
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine, Row, Select, bindparam, delete, func, insert, select

from model.rooms import codes
from model.rooms import schema as db
from model.rooms.database import reading, wipe, writing
from model.rooms.door import Door
from model.rooms.errors import RoomClosed, RoomError
from model.rooms.handle import Pulse
from model.rooms.kinds import Vocabulary
from model.rooms.seat import Seat
from model.rooms.teacher import Teacher

#: Seconds that a room is open at most.
LIFETIME = 3 * 3600
#: In one database: rooms at a time. In one room: participants.
MOST_ROOMS, MOST_PARTICIPANTS = 200, 300
#: The longest that somebody is let wait at the door, s.
LONGEST_WAIT = 5.0
#: For so long, s, a room's pulse is not asked for again.
FRESH = 0.4


def _pulse() -> Select:
    here = select(func.count()).select_from(db.participants).where(db.participants.c.room_id == db.rooms.c.id)
    given = select(func.count()).select_from(db.answers.join(db.rounds).join(db.activities))
    given = given.where(db.activities.c.id == db.rooms.c.activity_id, db.rounds.c.step == db.activities.c.step)
    pulse = select(db.rooms.c.version, here.scalar_subquery(), given.scalar_subquery())
    return pulse.where(db.rooms.c.id == bindparam("room"), db.rooms.c.expires > bindparam("now"))


_PULSE = _pulse()


class Rooms:
    """All rooms of a database.

    ``vocabulary`` gives a language's words, which are all that can be guessed; ``now`` is the time, Unix s.
    """

    def __init__(self, engine: Engine, vocabulary: Vocabulary, now: Callable[[], float] = time.time) -> None:
        self.engine, self.vocabulary, self.now = engine, vocabulary, now
        # Of wrong codes one address may try 30 at once and then one a second, all together ten times as much; so in a
        # room's three hours the chance to find it is a quarter of a percent from one address.
        self._wrong, self._all_wrong = Door(30, 1.0), Door(300, 0.1)
        self._opened = Door(20, 30.0)
        self._pulses: dict[int, tuple[float, Pulse | None]] = {}
        self._changes = 0
        self._lock = threading.Lock()

    def open(self, address: str = "") -> "Teacher":
        """A new room; who opens it is its teacher. ``address`` is where they come from.

        Raises:
            RoomError: when there are too many rooms.
        """
        _let_in(self._opened, address)
        self._opened.count(address)
        self.sweep()
        key = codes.random_secret()
        with writing(self.engine) as connection:
            if connection.scalar(select(func.count()).select_from(db.rooms)) >= MOST_ROOMS:
                raise RoomError("All {most} rooms are in use. Please try again later.", most=MOST_ROOMS)
            taken = set(connection.scalars(select(db.rooms.c.code)))
            code = next(code for code in iter(codes.random_code, None) if code not in taken)
            values = {"code": code, "key": codes.digest(code, key), "expires": self.now() + LIFETIME, "version": 0}
            number = connection.execute(insert(db.rooms).values(values)).inserted_primary_key[0]
        return Teacher(self, number, code, key)

    def teach(self, code: str, key: str, address: str = "") -> "Teacher":
        """The teacher of an open room, by its key.

        Raises:
            RoomClosed: when there is no such room, or it has another key: nobody learns which.
        """
        _let_in(self._wrong, address)
        found = self._find(code)
        # Compared in constant time, and all the same where there is no room.
        fits = hmac.compare_digest(found.key if found else b"\0" * 32, codes.digest(code, key))
        if not (found and fits):
            self._count_wrong(address)
            raise RoomClosed()
        return Teacher(self, found.id, code, key)

    def join(self, code: str, seat: str, address: str = "") -> "Seat":
        """A participant of an open room: with the same ``seat``, a secret that a browser keeps, always the same one.

        Raises:
            RoomClosed: when there is no such room.
            RoomError: when it is full, or too many wrong codes came from the same address.
        """
        mine = codes.digest(code, seat)
        known = select(db.participants.c.id, db.rooms.c.id.label("room"))
        known = known.join(db.rooms).where(db.rooms.c.code == code, db.participants.c.seat == mine, self._open())
        with reading(self.engine) as connection:
            found = connection.execute(known).first()
        if not found:
            _let_in(self._wrong, address)
            _let_in(self._all_wrong, "")
            found = self._sit_down(code, mine)
        if not found:
            self._count_wrong(address)
            raise RoomClosed()
        return Seat(self, found.room, code, found.id)

    def sweep(self) -> int:
        """Delete the rooms whose time is over, and all that is in them; how many these were."""
        with writing(self.engine) as connection:
            many = connection.execute(delete(db.rooms).where(db.rooms.c.expires <= self.now())).rowcount
        if many:
            wipe(self.engine)
        return many

    def pulse(self, room: int) -> Pulse | None:
        """A room's pulse, or None where it is closed.

        Sixty phones ask for it every two seconds: it is looked up at most once in ``FRESH`` seconds, unless somebody at
        this server has changed it.
        """
        with self._lock:
            known, change = self._pulses.get(room), self._changes
        if known and known[0] > time.monotonic():
            return known[1]
        until = time.monotonic() + FRESH
        with reading(self.engine) as connection:
            found = connection.execute(_PULSE, {"room": room, "now": self.now()}).first()
        pulse = Pulse(*found) if found else None
        with self._lock:
            if change == self._changes:  # Else it may have been read before that.
                self._pulses[room] = until, pulse
            while len(self._pulses) > MOST_ROOMS:
                del self._pulses[next(iter(self._pulses))]
        return pulse

    def forget_pulse(self, room: int) -> None:
        """Something has changed in the room."""
        with self._lock:
            self._changes += 1
            self._pulses.pop(room, None)

    def _open(self):
        """The condition that a room's time is not over."""
        return db.rooms.c.expires > self.now()

    def _find(self, code: str) -> Row | None:
        with reading(self.engine) as connection:
            return connection.execute(select(db.rooms).where(db.rooms.c.code == code, self._open())).first()

    def _sit_down(self, code: str, seat: bytes) -> Row | None:
        with writing(self.engine) as connection:
            # Whoever else joins waits here, so that the room never holds one too many.
            found = select(db.rooms.c.id).where(db.rooms.c.code == code, self._open()).with_for_update()
            room = connection.scalar(found)
            if room is None:
                return None
            here = select(db.participants.c.id, db.participants.c.room_id.label("room"))
            here = here.where(db.participants.c.room_id == room)
            if mine := connection.execute(here.where(db.participants.c.seat == seat)).first():
                return mine  # The same browser's other window was quicker.
            if len(connection.execute(here).all()) >= MOST_PARTICIPANTS:
                raise RoomError("The room is full: {most} are in it.", most=MOST_PARTICIPANTS)
            connection.execute(insert(db.participants).values(room_id=room, seat=seat))
            found = connection.execute(here.where(db.participants.c.seat == seat)).one()
        self.forget_pulse(room)
        return found

    def _count_wrong(self, address: str) -> None:
        self._wrong.count(address)
        self._all_wrong.count("")


def _let_in(door: Door, address: str) -> None:
    """Wait at the door as long as one must.

    Raises:
        RoomError: when that is too long.
    """
    wait = door.wait(address)
    if wait > LONGEST_WAIT:
        raise RoomError(
            "Too many tries came from your network. Please wait {seconds} seconds and try again.", seconds=round(wait)
        )
    if wait:
        door.count(address)
        time.sleep(wait)
