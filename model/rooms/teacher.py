"""Who asks in a room, and decides what all see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update

from model.rooms import schema as db
from model.rooms.database import reading, wipe, writing
from model.rooms.errors import RoomClosed, RoomError
from model.rooms.handle import Activity, Handle
from model.rooms.kinds import KINDS

if TYPE_CHECKING:
    from model.rooms.rooms import Rooms

#: Of one room: activities, the rounds of one, bytes of a photo and of what is asked.
MOST_ACTIVITIES, MOST_ROUNDS, MOST_PHOTO, MOST_CONTENT = 60, 40, 400_000, 20_000


class Teacher(Handle):
    """The room's teacher: asks, goes on and back, reveals, takes the results, closes."""

    def __init__(self, rooms: Rooms, room: int, code: str, key: str) -> None:
        super().__init__(rooms, room, code)
        self.key = key

    def __repr__(self) -> str:
        return f"Teacher({self.code})"  # without the key: it must be in no log

    def ask(self, kind: str, content: dict[str, Any], *, rounds: int = 1, photo: bytes | None = None) -> None:
        """A new activity after the last, to which all go.

        Raises:
            RoomClosed: when the room is closed.
            RoomError: when it is too large, or the room has too many.
        """
        if kind not in KINDS:
            raise ValueError(f"{kind} is none of {', '.join(KINDS)}")
        too_large = len(json.dumps(content)) > MOST_CONTENT or len(photo or b"") > MOST_PHOTO
        if too_large or not 1 <= rounds <= MOST_ROUNDS:
            raise RoomError("This is too large for a room. Please choose a shorter caption or another photo.")
        with writing(self.rooms.engine) as connection:
            self._lock(connection)
            mine = select(func.count()).select_from(db.activities).where(db.activities.c.room_id == self.room)
            if connection.scalar(mine) >= MOST_ACTIVITIES:
                raise RoomError("The room has {most} activities; there can be no more.", most=MOST_ACTIVITIES)
            values = {"room_id": self.room, "kind": kind, "content": content, "step": 0}
            if photo:
                kept = insert(db.photos).values(room_id=self.room, content=photo)
                values["photo_id"] = connection.execute(kept).inserted_primary_key[0]
            number = connection.execute(insert(db.activities).values(values)).inserted_primary_key[0]
            steps = [{"activity_id": number, "step": step, "revealed": False} for step in range(rounds)]
            connection.execute(insert(db.rounds), steps)
            self._change(connection, activity_id=number)
        self.rooms.forget_pulse(self.room)

    def reveal(self) -> None:
        """Show the answers of the round that all are at; it takes no more.

        Raises:
            RoomClosed: when the room is closed.
        """
        with writing(self.rooms.engine) as connection:
            self._lock(connection)
            if activity := self._activity(connection):
                connection.execute(update(db.rounds).where(db.rounds.c.id == activity.round).values(revealed=True))
                self._change(connection)
        self.rooms.forget_pulse(self.room)

    def go(self, steps: int) -> None:
        """So many rounds on, or back where negative; from an activity's last round to the next activity's first.

        Raises:
            RoomClosed: when the room is closed.
        """
        with writing(self.rooms.engine) as connection:
            self._lock(connection)
            activity = self._activity(connection)
            if activity is None:
                return
            every = select(db.rounds.c.activity_id, db.rounds.c.step).join(db.activities)
            every = every.where(db.activities.c.room_id == self.room)
            order = connection.execute(every.order_by(db.activities.c.id, db.rounds.c.step)).all()
            place = order.index((activity.id, activity.step)) + steps
            number, step = order[min(max(place, 0), len(order) - 1)]
            connection.execute(update(db.activities).where(db.activities.c.id == number).values(step=step))
            self._change(connection, activity_id=number)
        self.rooms.forget_pulse(self.room)

    def history(self) -> list[tuple[Activity, dict[str, int]]]:
        """Every revealed round of the room, in order, and its tally.

        Raises:
            RoomClosed: when the room is closed.
        """
        with reading(self.rooms.engine) as connection:
            self._check_open(connection)
            numbers = select(db.activities).where(db.activities.c.room_id == self.room).order_by(db.activities.c.id)
            asked = connection.execute(numbers).all()
            parts = select(db.rounds).join(db.activities).where(db.activities.c.room_id == self.room)
            steps = connection.execute(parts.order_by(db.rounds.c.activity_id, db.rounds.c.step)).all()
            many, of_answer = func.count(), (db.answers.c.round_id, db.answers.c.value)
            counts = select(*of_answer, many).select_from(db.answers.join(db.rounds).join(db.activities))
            counts = counts.where(db.activities.c.room_id == self.room).group_by(*of_answer)
            tallies: dict[int, dict[str, int]] = {}
            for number, value, count in connection.execute(counts.order_by(many.desc(), db.answers.c.value)):
                tallies.setdefault(number, {})[value] = count
        found = []
        for place, one in enumerate(asked):
            own = [step for step in steps if step.activity_id == one.id]
            found += [
                (
                    Activity(
                        one.id, place, one.kind, one.content, one.photo_id, step.step, len(own), step.id, step.revealed
                    ),
                    tallies.get(step.id, {}),
                )
                for step in own
                if step.revealed
            ]
        return found

    def close(self) -> None:
        """Delete the room and all that is in it, photos included."""
        with writing(self.rooms.engine) as connection:
            connection.execute(delete(db.rooms).where(db.rooms.c.id == self.room))
        self.rooms.forget_pulse(self.room)
        wipe(self.rooms.engine)

    def _seen(self) -> tuple:
        return ()

    def _check_open(self, connection: Connection) -> None:
        if connection.execute(select(db.rooms.c.id).where(self._mine())).first() is None:
            raise RoomClosed()

    def _lock(self, connection: Connection) -> None:
        """One change of a room at a time, even where two windows have the same key."""
        if connection.execute(select(db.rooms.c.id).where(self._mine()).with_for_update()).first() is None:
            raise RoomClosed()

    def _change(self, connection: Connection, **values: int) -> None:
        version = {"version": db.rooms.c.version + 1}
        connection.execute(update(db.rooms).where(db.rooms.c.id == self.room).values(version | values))
