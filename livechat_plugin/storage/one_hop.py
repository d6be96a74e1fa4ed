"""SQLite in one step: each statement goes to the connection's thread once, and comes back with all it has to tell.

aiosqlite gives every connection a thread, and SQLAlchemy's adapter visits it four times for a SELECT: for a cursor, to
execute, to fetch, to close. Each visit wakes two threads and takes Python's lock twice, which costs more than SQLite's
own work. For the same reason a transaction begins on the way to its first statement. Nothing else differs: same thread,
same order, same results and errors; a BEGIN that can't be had is the failure of the first statement.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Dialect, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncEngine


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """Executes, fetches and closes in one visit; a connection that was closed says so as an OperationalError."""

    __slots__ = ()

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        self._visit(lambda connection: connection.execute(operation, () if parameters is None else parameters))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        self._visit(lambda connection: connection.executemany(operation, seq_of_parameters))

    def _visit(self, run: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        raw: Any = self._connection
        adapted: Any = self._adapt_connection
        begin, adapted.to_begin = adapted.to_begin, None
        try:
            told = self.await_(raw._execute(_all, raw._conn, begin, run))  # noqa: SLF001
        except ValueError as error:  # the connection is closed
            adapted._handle_exception(error)  # noqa: SLF001
            raise
        self.description, rows, self.lastrowid, self.rowcount = told
        self._rows = deque(rows)


def _all(
    connection: sqlite3.Connection, begin: str | None, run: Callable[[sqlite3.Connection], sqlite3.Cursor]
) -> tuple[Any, ...]:
    """In the connection's thread."""
    if begin is not None:
        connection.execute(begin)
    cursor = run(connection)
    try:
        if cursor.description:
            return cursor.description, cursor.fetchall(), -1, -1
        return None, (), cursor.lastrowid, cursor.rowcount
    finally:
        cursor.close()


class OneHopConnection(AsyncAdapt_aiosqlite_connection):
    """`to_begin` is the BEGIN that goes along with the next statement."""

    __slots__ = ("to_begin",)

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.to_begin: str | None = None

    def cursor(self, server_side: bool = False) -> AsyncAdapt_aiosqlite_cursor:
        return super().cursor(server_side=True) if server_side else OneHopCursor(self)

    def commit(self) -> None:
        """Nothing to do where nothing was asked."""
        if self._has_begun():
            super().commit()

    def rollback(self) -> None:
        if self._has_begun():
            super().rollback()

    def _has_begun(self) -> bool:
        waiting, self.to_begin = self.to_begin, None
        return waiting is None


def use_one_hop(engine: AsyncEngine, begin: str) -> None:
    """For all connections that the engine opens from now on; `begin` is how their transactions begin."""

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        adapted: Any = connection.connection.dbapi_connection
        adapted.to_begin = begin

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Dialect, _: Any, arguments: Any, options: Any) -> OneHopConnection:
        opened: Any = dialect.connect(*arguments, **options)
        return OneHopConnection(opened.dbapi, opened._connection)  # noqa: SLF001
