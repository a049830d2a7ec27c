"""A participant of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from model.rooms import schema as db
from model.rooms.database import reading, writing
from model.rooms.errors import RoomError
from model.rooms.handle import Handle
from model.rooms.kinds import check_answer

if TYPE_CHECKING:
    from model.rooms.rooms import Rooms


class Seat(Handle):
    """A participant: they look, and answer once in each round."""

    def __init__(self, rooms: Rooms, room: int, code: str, participant: int) -> None:
        super().__init__(rooms, room, code)
        self._participant = participant

    def answer(self, value: str, round: int | None = None) -> bool:
        """Answer the round that all are at; ``round`` says which one was on the page. False where this participant has
        answered before: the first answer stays.

        Raises:
            RoomClosed: when the room is closed.
            RoomError: when it is no answer, or comes after the round.
        """
        activity = self.activity()
        if activity is None or (round or activity.round) != activity.round:
            raise _too_late()
        check_answer(activity.kind, activity.content, value, self.rooms.vocabulary)
        given = {"round_id": activity.round, "participant_id": self._participant, "value": value}
        try:
            with writing(self.rooms.engine) as connection:
                # Held until the answer is in: who reveals waits for it, and counts it.
                still = select(db.rounds.c.revealed).where(db.rounds.c.id == activity.round).with_for_update(read=True)
                if connection.scalar(still) is not False:
                    raise _too_late()
                connection.execute(insert(db.answers).values(given))
        except IntegrityError:
            self.pulse()  # The room may just have been closed.
            return False
        self.rooms.forget_pulse(self.room)
        return True

    def own_answer(self, round: int) -> str | None:
        """What this participant has answered."""
        asked = select(db.answers.c.value).where(
            db.answers.c.round_id == round, db.answers.c.participant_id == self._participant
        )
        with reading(self.rooms.engine) as connection:
            return connection.scalar(asked)


def _too_late() -> RoomError:
    return RoomError("This round is over; your answer came too late. Please look at what is asked now.")
