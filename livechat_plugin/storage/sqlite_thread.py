"""SQLite with one trip to its thread for each statement.

aiosqlite runs a connection in a thread of its own; SQLAlchemy goes there four times for a statement (cursor, execute,
fetchall, close), and each trip costs more than most of our statements. Here all four are one.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import aiosqlite


class Cursor:
    """What SQLAlchemy needs of a cursor: the statement is run, and its rows are fetched, in one trip."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        await self._connection.do(lambda connection: self._keep(connection.execute(sql, parameters)))
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        await self._connection.do(lambda connection: self._keep(connection.executemany(sql, parameters)))
        return self

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        """In the thread: everything of the result that may be asked for."""
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """The real cursor is closed already."""


class Connection(aiosqlite.Connection):
    async def do(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Runs this in the connection's thread."""
        await self._execute(lambda: work(self._conn))  # type: ignore[no-untyped-call]

    async def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)


async def connect(*place: Any, **options: Any) -> aiosqlite.Connection:
    """Takes what `sqlite3.connect` takes."""
    connection = Connection(lambda: sqlite3.connect(*place, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does: a forgotten connection must not stop the exit
    return await connection
