"""What teacher and participants may both do in a room: look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from model.rooms import schema as db
from model.rooms.database import reading
from model.rooms.errors import RoomClosed

if TYPE_CHECKING:
    from model.rooms.rooms import Rooms


@dataclass(frozen=True)
class Activity:
    """What a class is at: round ``step`` of ``rounds``, of activity ``place`` of all, both from 0."""

    id: int
    place: int
    kind: str
    content: dict[str, Any]
    photo: int | None
    step: int
    rounds: int
    round: int
    revealed: bool


@dataclass(frozen=True)
class Pulse:
    """What changes while all wait: it is asked for every second or two by everybody, in one short query."""

    #: Another one means: look at the activity again.
    version: int
    participants: int
    #: To the round that all are at.
    answers: int


class Handle:
    """What teacher and participants may both do: look."""

    def __init__(self, rooms: Rooms, room: int, code: str) -> None:
        self.rooms, self.room, self.code = rooms, room, code

    def pulse(self) -> Pulse:
        """Raises: RoomClosed: when the room is closed."""
        if (found := self.rooms.pulse(self.room)) is None:
            raise RoomClosed()
        return found

    def activity(self) -> Activity | None:
        """What the class is at; None before the first activity.

        Raises:
            RoomClosed: when the room is closed.
        """
        with reading(self.rooms.engine) as connection:
            return self._activity(connection)

    def photo(self, number: int) -> bytes:
        """The picture file of one of this room's photos.

        Raises:
            RoomClosed: when the room is closed, or has no such photo.
        """
        asked = select(db.photos.c.content).join(db.rooms).where(db.photos.c.id == number, self._mine())
        with reading(self.rooms.engine) as connection:
            if (found := connection.scalar(asked)) is None:
                raise RoomClosed()
        return found

    def tally(self, round: int | None = None) -> dict[str, int]:
        """How often each answer was given in a round of this room, the most frequent first; before it is revealed, to
        participants that is nothing.

        Raises:
            RoomClosed: when the room is closed.
        """
        with reading(self.rooms.engine) as connection:
            if round is None:
                activity = self._activity(connection)
                if activity is None:
                    return {}
                round = activity.round
            many = func.count()
            asked = select(db.answers.c.value, many).select_from(
                db.answers.join(db.rounds).join(db.activities).join(db.rooms, db.rooms.c.id == db.activities.c.room_id)
            )
            asked = asked.where(db.rounds.c.id == round, self._mine(), *self._seen())
            asked = asked.group_by(db.answers.c.value).order_by(many.desc(), db.answers.c.value)
            return dict(connection.execute(asked).all())

    def _mine(self):
        return (db.rooms.c.id == self.room) & self.rooms._open()

    def _seen(self) -> tuple:
        """The conditions under which a round's answers may be looked at."""
        return (db.rounds.c.revealed,)

    def _activity(self, connection: Connection) -> Activity | None:
        room = connection.execute(select(db.rooms.c.activity_id).where(self._mine())).first()
        if not room:
            raise RoomClosed()
        before = db.activities.alias()
        earlier = select(func.count()).select_from(before)
        place = earlier.where(before.c.room_id == self.room, before.c.id < db.activities.c.id).scalar_subquery()
        many = db.rounds.alias()
        all_rounds = select(func.count()).select_from(many).where(many.c.activity_id == db.activities.c.id)
        asked = select(
            db.activities.c.id,
            place,
            db.activities.c.kind,
            db.activities.c.content,
            db.activities.c.photo_id,
            db.activities.c.step,
            all_rounds.scalar_subquery(),
            db.rounds.c.id,
            db.rounds.c.revealed,
        ).join(db.rounds, (db.rounds.c.activity_id == db.activities.c.id) & (db.rounds.c.step == db.activities.c.step))
        found = connection.execute(asked.where(db.activities.c.id == room.activity_id)).first()
        return Activity(*found) if found else None
