"""The database: one way to write, one way to read, on SQLite and on PostgreSQL.

What must hold: `write()` is one transaction that is committed before it returns, and durable then (SQLite
`synchronous=FULL`, PostgreSQL `synchronous_commit=on`). On SQLite one connection writes (`BEGIN IMMEDIATE`), so writers
queue here instead of failing with "database is locked"; readers have their own and never wait for it (WAL).
"""

import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    InternalError,
    OperationalError,
    TimeoutError as PoolTimeout,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.schema import Table

from ..errors import Unavailable
from .one_hop import use_one_hop

POOL_WAIT_SECONDS = 10
"""How long a use case waits for a connection before it answers `unavailable`."""

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for another process (a migration, the command line) that writes."""

SQLITE_READERS = 4
POSTGRES_CONNECTIONS = 10

IDLE_SECONDS = 1.0
"""A connection that was idle for so long may have been cut meanwhile, and is asked before it is used."""

POSTGRES_SETTINGS = {
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "2s",
    "statement_timeout": "10s",
}


class Database:
    """Engines for one database URL; made by `connect`, ended by `close`."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self.is_sqlite = writer.dialect.name == "sqlite"

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction; it is committed when the block ends, rolled back when it raises."""
        with _reachable():
            async with self._writer.begin() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent look (SQLite) or a series of them (PostgreSQL); nothing may be written."""
        with _reachable():
            async with self._reader.connect() as connection:
                yield connection

    async def ping(self) -> None:
        """Raises `Unavailable` when the database does not answer."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


@contextlib.contextmanager
def _reachable() -> Iterator[None]:
    """Turns "the database is gone" into our own word; constraint errors pass, they are the caller's business."""
    try:
        yield
    except DBAPIError as error:
        if _is_outage(error):
            raise Unavailable from error
        raise
    except (PoolTimeout, OSError) as error:
        raise Unavailable from error


def _is_outage(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError | InternalError)


def connect(url: str) -> Database:
    """`sqlite+aiosqlite:///path` or `postgresql+asyncpg://user:password@host/name`."""
    if make_url(url).get_backend_name() == "sqlite":
        return _connect_sqlite(url)
    engine = create_async_engine(
        url,
        pool_size=POSTGRES_CONNECTIONS,
        hide_parameters=True,  # what people wrote does not belong into a log
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        connect_args={"server_settings": POSTGRES_SETTINGS, "timeout": POOL_WAIT_SECONDS},
    )
    _ping_after_idling(engine)
    # A read is a series of looks anyway; without a transaction around it there is no BEGIN and no ROLLBACK to wait for.
    return Database(engine, engine.execution_options(isolation_level="AUTOCOMMIT"))


def _ping_after_idling(engine: AsyncEngine) -> None:
    """SQLAlchemy's own check asks before every use, in three round trips; a connection in use needs none."""
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def note(_: Any, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def check(connection: Any, record: ConnectionPoolEntry, _: Any) -> None:
        used = record.info.get("used")  # a new connection has not been used yet
        if used is None or time.monotonic() - used < IDLE_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool takes another one


def _connect_sqlite(url: str) -> Database:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    writer = _sqlite_engine(url, connections=1, begin="BEGIN IMMEDIATE", query_only=False)
    reader = _sqlite_engine(url, connections=SQLITE_READERS, begin="BEGIN", query_only=True)
    return Database(writer, reader)


def _sqlite_engine(url: str, *, connections: int, begin: str, query_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
    )
    use_one_hop(engine, begin)

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # one_hop.py begins, and nobody else
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA query_only={'ON' if query_only else 'OFF'}")
        cursor.close()

    return engine


def insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of this name."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
