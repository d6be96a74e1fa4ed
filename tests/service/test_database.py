"""The link to PostgreSQL: cut connections are replaced, and what can't be is `unavailable` once, not for good."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from livechat_plugin.errors import Unavailable
from livechat_plugin.storage import database as module
from livechat_plugin.storage.database import Database, connect
from tests.harness.postgres import PostgresCluster


@pytest.fixture
async def database(migrated_postgres: str) -> AsyncIterator[Database]:
    """With two connections in the pool, both used."""
    database = connect(migrated_postgres)
    await asyncio.gather(database.ping(), database.ping())
    yield database
    await database.close()


async def test_connections_cut_while_idle_are_not_noticed(
    database: Database, migrated_postgres: str, postgres: PostgresCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is asked before it is used again, and replaced."""
    monkeypatch.setattr(module, "IDLE_SECONDS", 0)
    postgres.end_sessions(migrated_postgres.rsplit("/", 1)[1])
    await asyncio.gather(database.ping(), database.ping())


async def test_connections_cut_in_use_fail_once(
    database: Database, migrated_postgres: str, postgres: PostgresCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asked first: the one who meets it is refused with a code, and the next one gets a new connection."""
    monkeypatch.setattr(module, "IDLE_SECONDS", 3_600)
    postgres.end_sessions(migrated_postgres.rsplit("/", 1)[1])
    with pytest.raises(Unavailable):
        await database.ping()
    await asyncio.gather(database.ping(), database.ping())
