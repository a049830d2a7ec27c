"""The database: SQLite in a file of the server's own, with nothing to set up, or PostgreSQL by its URL.

A class may answer all at once, so SQLite writes ahead (WAL): who reads waits for nobody, and who writes waits in turn.
Several servers of one school share a PostgreSQL.
"""

import os
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from model.rooms.errors import RoomError

MIGRATIONS = Path(__file__).parent / "migrations"
#: Seconds to wait for a database: for others who write, or for an answer to a call.
PATIENCE = 10
#: A number that only servers that migrate lock, in PostgreSQL.
_LOCK = 0x61667465


def own_file() -> Path:
    """Where a server keeps its rooms by itself: it outlives a restart in mid-lesson."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "afterimage" / "rooms.sqlite"


def open_database(url: str = "") -> Engine:
    """The database at an SQLAlchemy URL, its tables as they are now to be; ``own_file`` where there is no URL.

    Raises:
        RoomError: when the URL is none, or names a database of another kind.
        sqlalchemy.exc.OperationalError: when it cannot be reached.
    """
    engine = _engine(_read(url))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":  # SQLite's writers wait for each other anyway.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        settings = Config()
        # Alembic reads a percent sign as the beginning of a name.
        settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
    return engine


def writing(engine: Engine):
    """A transaction that writes, as a context: in SQLite it has its turn from the beginning to the end, so that what it
    read still holds when it writes."""
    return engine.execution_options(writes=True).begin()


def reading(engine: Engine):
    """A transaction that only reads, as a context."""
    return engine.begin()


def wipe(engine: Engine) -> None:
    """Take what was deleted out of SQLite's log, where it would stand until others have filled the log."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _read(url: str) -> URL:
    if not url:
        path = own_file()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return URL.create("sqlite", database=str(path))
    try:
        read = make_url(url)
    except ArgumentError:
        # Not the URL itself: it may hold a password.
        raise RoomError(
            "The database's address is no URL. Please write one such as {example}.",
            example="postgresql://afterimage:password@localhost/afterimage",
        ) from None
    if read.get_backend_name() in ("postgresql", "postgres"):
        return read.set(drivername="postgresql+psycopg")
    if read.get_backend_name() != "sqlite":
        raise RoomError("Rooms can be kept in SQLite or PostgreSQL, not in {given}.", given=read.get_backend_name())
    return read


def _engine(url: URL) -> Engine:
    """``hide_parameters``: what people answered, and photos, are in no error's message, and so in no log."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"timeout": PATIENCE}, pool_size=16, max_overflow=16, hide_parameters=True
        )
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        # A connection that the database has dropped is replaced before it is used.
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_timeout=PATIENCE,
            connect_args={"connect_timeout": PATIENCE},
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise RoomError(
            "PostgreSQL needs a package that is not installed. Please install it: {command}",
            command='pip install "psycopg[binary]"',
        ) from None


def _set_up_sqlite(connection, _record) -> None:
    connection.isolation_level = None  # Transactions begin where SQLAlchemy says so, not where Python's driver thinks.
    for pragma in (
        "journal_mode = WAL",
        # With WAL, a commit outlives the process at once, and the computer's fall but for the last moment.
        "synchronous = NORMAL",
        "foreign_keys = ON",
        # What is deleted, photos above all, is overwritten.
        "secure_delete = ON",
        # Milliseconds that a writer waits for its turn.
        f"busy_timeout = {PATIENCE * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
