"""The database: what migrations make is what the tables say, several servers may open it at once, it may fall."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from model.rooms import RoomError, Rooms, open_database, random_secret
from model.rooms.database import own_file
from model.rooms.schema import metadata
from tests.model.rooms.conftest import WORDS


def test_the_migrations_make_the_tables(engine):
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    found = inspect(engine)
    for table in metadata.sorted_tables:
        expected = {
            (tuple(key.column_keys), key.elements[0].target_fullname, key.ondelete)
            for key in table.foreign_key_constraints
        }
        keys = found.get_foreign_keys(table.name)
        assert expected == {
            (tuple(k["constrained_columns"]), f"{k['referred_table']}.id", k["options"].get("ondelete")) for k in keys
        }


def test_opening_it_again_changes_nothing(engine):
    rooms = Rooms(engine, WORDS.__getitem__)
    teacher = rooms.open()
    again = Rooms(open_database(engine.url.render_as_string(hide_password=False)), WORDS.__getitem__)
    assert again.join(teacher.code, random_secret())
    again.engine.dispose()


def test_several_servers_start_at_once(tmp_path, server):
    with ThreadPoolExecutor(4) as servers:
        for url in (f"sqlite:///{tmp_path / 'new.sqlite'}", server.url):
            engines = list(servers.map(open_database, [url] * 4))
            codes = {Rooms(engine, WORDS.__getitem__).open().code for engine in engines}
            assert len(codes) == 4
            with engines[0].begin() as connection:
                assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
            for engine in engines:
                engine.dispose()


def test_sqlite_writes_ahead_and_keeps_its_references(tmp_path):
    with open_database(f"sqlite:///{tmp_path / 'rooms.sqlite'}").connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert read == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 10_000}


def test_a_servers_own_file_is_nobody_elses(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    open_database().dispose()
    assert own_file().is_file() and own_file().is_relative_to(tmp_path)
    assert own_file().parent.stat().st_mode & 0o077 == 0


def test_a_database_that_falls_comes_back_with_all_answers(server):
    rooms = Rooms(open_database(server.url), WORDS.__getitem__)
    teacher = rooms.open()
    seat = rooms.join(teacher.code, random_secret())
    teacher.ask("guess", {"lang": "en"})
    seat.answer("dog")
    server.stop()
    with pytest.raises(OperationalError):
        teacher.tally()
    server.start()
    assert teacher.tally() == {"dog": 1} and not seat.answer("cat")
    teacher.close()
    rooms.engine.dispose()


@pytest.mark.parametrize("url", ["no url", "mysql://root:secret@localhost/rooms", "://secret"])
def test_a_wrong_address_is_told_without_its_password(url):
    with pytest.raises(RoomError) as told:
        open_database(url)
    assert "secret" not in str(told.value)
