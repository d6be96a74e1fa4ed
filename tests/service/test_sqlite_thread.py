"""SQLite in its own thread: one trip for each statement, and what SQLAlchemy relies on is still there."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from livechat_plugin.storage import sqlite_thread
from livechat_plugin.storage.database import connect


async def test_a_statement_is_one_trip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """BEGIN, the statement and ROLLBACK: three trips for a read, whatever the number of rows."""
    trips: list[object] = []
    really = sqlite_thread.Connection._execute

    async def count(self: sqlite_thread.Connection, work: object, *rest: object) -> object:
        trips.append(work)
        return await really(self, work, *rest)

    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE line (id INTEGER PRIMARY KEY)"))
    await database.ping()
    monkeypatch.setattr(sqlite_thread.Connection, "_execute", count)
    async with database.read() as connection:
        assert (await connection.execute(text("VALUES (1), (2), (3)"))).scalars().all() == [1, 2, 3]
    assert len(trips) == 3
    await database.close()


async def test_rows_counts_and_errors_come_back(tmp_path: Path) -> None:
    """Returned rows, the number of changed ones, several statements at once, and a refused one."""
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE line (id INTEGER PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO line VALUES (:id)"), [{"id": 1}, {"id": 2}])
        assert (await connection.execute(text("INSERT INTO line VALUES (3) RETURNING id"))).scalar_one() == 3
        assert (await connection.execute(text("UPDATE line SET id = id + 10"))).rowcount == 3
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO line VALUES (11)"))
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT id FROM line ORDER BY id"))).scalars().all() == [11, 12, 13]
    await database.close()
