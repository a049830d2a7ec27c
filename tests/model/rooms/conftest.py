"""Rooms in both databases: SQLite always, a real PostgreSQL where it is installed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from model.rooms import Rooms, open_database
from tests.postgres import Server, postgres, programs

WORDS = {"en": {"a", "dog", "cat", "runs"}, "zh": {"一", "只", "狗"}}


class Clock:
    """A time that only moves when it is told to, s."""

    time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if programs() is None:
        pytest.skip("There is no PostgreSQL here: rooms were not tried in one.")
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path) -> Iterator[Engine]:
    """A new database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'rooms.sqlite'}"
    else:
        url = request.getfixturevalue("server").url
    engine = open_database(url)
    yield engine
    if request.param == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rooms(engine, clock) -> Rooms:
    return Rooms(engine, WORDS.__getitem__, now=clock)
