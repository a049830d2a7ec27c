"""The tables. What changes here gets a migration in ``migrations/versions``; a test compares the two.

rooms 1 ── n participants
  │ 1 ── n photos                     A room's rows go with it, by the database's own cascades.
  └ 1 ── n activities 1 ── n rounds 1 ── n answers n ── 1 participants
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

#: The longest answer, in characters.
LONGEST_ANSWER = 40

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# sqlite_autoincrement: a number is given once, and never again after its row was deleted: a page that is still open
# on a room that was closed must not find another room in its place.


def _part_of(table: str) -> Column:
    """The column that says which row of ``table`` a row belongs to; it is deleted with that one."""
    return Column(f"{table[:-1]}_id", ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, index=True)


rooms = Table(
    "rooms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(5), nullable=False, unique=True),
    # The digest of the teacher's key.
    Column("key", LargeBinary, nullable=False),
    # Unix time, s.
    Column("expires", Float, nullable=False, index=True),
    # It grows whenever the teacher changes what all see.
    Column("version", Integer, nullable=False),
    # The activity that all are at. No foreign key: activities have one to here.
    Column("activity_id", Integer),
    sqlite_autoincrement=True,
)
participants = Table(
    "participants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("room_id", ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    # The digest of what the browser keeps.
    Column("seat", LargeBinary, nullable=False),
    UniqueConstraint("room_id", "seat"),
    sqlite_autoincrement=True,
)
photos = Table(
    "photos",
    metadata,
    Column("id", Integer, primary_key=True),
    _part_of("rooms"),
    # A picture file, as ``for_a_room`` makes them.
    Column("content", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
activities = Table(
    "activities",
    metadata,
    Column("id", Integer, primary_key=True),
    _part_of("rooms"),
    # One of ``KINDS``.
    Column("kind", String(10), nullable=False),
    # What is asked, as the page that asks wants it.
    Column("content", JSON, nullable=False),
    Column("photo_id", ForeignKey("photos.id", ondelete="CASCADE"), index=True),
    # The number of the round that all are at, from 0.
    Column("step", Integer, nullable=False),
    sqlite_autoincrement=True,
)
rounds = Table(
    "rounds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("revealed", Boolean, nullable=False),
    UniqueConstraint("activity_id", "step"),
    sqlite_autoincrement=True,
)
answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
    Column("participant_id", ForeignKey("participants.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("value", String(LONGEST_ANSWER), nullable=False),
    # Nobody answers twice, whatever is pressed at the same moment.
    UniqueConstraint("round_id", "participant_id"),
    sqlite_autoincrement=True,
)
