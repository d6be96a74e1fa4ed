"""SQLite's transactions as the service begins them: on the way to the first statement, all or nothing, one moment."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from livechat_plugin.errors import Unavailable
from livechat_plugin.storage import database as module
from livechat_plugin.storage.database import Database, connect

INSERT, COUNT = text("INSERT INTO line (said) VALUES (:said)"), text("SELECT count(*) FROM line")


@pytest.fixture
async def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 50)
    database = connect(sqlite_url)
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE line (said TEXT UNIQUE)"))
    yield database
    await database.close()


async def count(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(COUNT)).scalar_one())


async def write_and_fail(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(INSERT, {"said": "One"})
        raise ZeroDivisionError


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    """What it wrote before is taken back, and the next one is not hindered."""
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(database)
    async with database.write() as connection:
        await connection.execute(INSERT, [{"said": "Two"}, {"said": "Three"}])
    assert await count(database) == 2


async def test_a_reader_sees_one_moment(database: Database) -> None:
    """From its first statement on."""
    async with database.read() as reader:
        before = (await reader.execute(COUNT)).scalar_one()
        async with database.write() as writer:
            await writer.execute(INSERT, {"said": "One"})
        assert (await reader.execute(COUNT)).scalar_one() == before
    assert await count(database) == before + 1


async def test_a_transaction_in_which_nothing_is_asked(database: Database) -> None:
    """It never begins, and its connection begins the next one all the same."""
    async with database.write():
        pass
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(database)
    assert await count(database) == 0


async def test_a_locked_database_is_unavailable(database: Database, tmp_path: Path) -> None:
    """Another process writes for too long; afterwards all is well."""
    other = sqlite3.connect(tmp_path / "livechat.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with database.write() as connection:
            await connection.execute(INSERT, {"said": "One"})
    other.execute("ROLLBACK")
    other.close()
    async with database.write() as connection:
        await connection.execute(INSERT, {"said": "One"})
    assert await count(database) == 1
