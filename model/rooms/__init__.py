"""A class in one room: a teacher asks, everybody answers once, and all see what came of it.

    engine = open_database()                          # SQLite, or PostgreSQL by its URL
    rooms = Rooms(engine, vocabulary)
    teacher = rooms.open()                            # teacher.code for all, teacher.key for nobody else
    seat = rooms.join(teacher.code, random_secret())
    teacher.ask("guess", {"lang": "en", "words": ["a", "dog"]}, rounds=2, photo=for_a_room(image))
    seat.answer("dog")
    teacher.tally()                                   # {"dog": 1}

Nobody is named: a participant is the digest of a secret that their browser made. Whatever a room holds goes with it,
when the teacher closes it or after three hours.
"""

from model.rooms.codes import LENGTH, random_secret, read_code, read_secret
from model.rooms.database import open_database
from model.rooms.errors import RoomClosed, RoomError
from model.rooms.handle import Activity, Pulse
from model.rooms.photos import for_a_room
from model.rooms.rooms import Rooms
from model.rooms.seat import Seat
from model.rooms.teacher import Teacher

__all__ = [
    "LENGTH",
    "Activity",
    "Pulse",
    "RoomClosed",
    "RoomError",
    "Rooms",
    "Seat",
    "Teacher",
    "for_a_room",
    "open_database",
    "random_secret",
    "read_code",
    "read_secret",
]
