"""SQLite in one step: each statement goes to the connection's thread once, and comes back with all it has to tell.

aiosqlite gives every connection a thread, and SQLAlchemy's adapter visits it four times for a SELECT: for a cursor, to
execute, to fetch, to close. Each visit wakes two threads and takes Python's lock twice, which costs more than SQLite's
own work. Nothing else differs: same thread, same order, same results and errors.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, event
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
        try:
            told = self.await_(raw._execute(_all, raw._conn, run))  # noqa: SLF001
        except ValueError as error:  # the connection is closed
            self._adapt_connection._handle_exception(error)  # noqa: SLF001
        self.description, rows, self.lastrowid, self.rowcount = told
        self._rows = deque(rows)


def _all(connection: sqlite3.Connection, run: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> tuple[Any, ...]:
    """In the connection's thread."""
    cursor = run(connection)
    try:
        if cursor.description:
            return cursor.description, cursor.fetchall(), -1, -1
        return None, (), cursor.lastrowid, cursor.rowcount
    finally:
        cursor.close()


class OneHopConnection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    def cursor(self, server_side: bool = False) -> AsyncAdapt_aiosqlite_cursor:
        return super().cursor(server_side=True) if server_side else OneHopCursor(self)


def use_one_hop(engine: AsyncEngine) -> None:
    """For all connections that the engine opens from now on."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Dialect, _: Any, arguments: Any, options: Any) -> OneHopConnection:
        opened: Any = dialect.connect(*arguments, **options)
        return OneHopConnection(opened.dbapi, opened._connection)  # noqa: SLF001
