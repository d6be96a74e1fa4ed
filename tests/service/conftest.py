"""The use cases on a migrated database of their own: SQLite and PostgreSQL by turns, a set clock, no Redis.

`context` is what every use case is given. A test that wants Redis gives it a gate: `context.gate = Gate(link)`.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from livechat_plugin.storage.database import Database, connect
from livechat_plugin.storage.file_store import Folder
from livechat_plugin.storage.gate import Gate
from livechat_plugin.storage.migrate import migrate
from livechat_plugin.storage.redis_link import RedisLink
from livechat_plugin.storage.tables import metadata
from livechat_plugin.usecases.context import Context
from tests.harness.postgres import PostgresCluster

from .world import Recorder, SettableClock

NAME = "livechat_use_cases"
REDIS_PATIENCE_SECONDS = 10.0
TRUNCATE = f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_database(postgres: PostgresCluster) -> str:
    """The URL of a migrated PostgreSQL database; a new one for each test would take three times as long."""
    url = postgres.create_database(NAME)
    migrate(url)
    return url


@pytest.fixture
def migrated_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an empty, migrated SQLite database."""
    file = tmp_path / "livechat.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def migrated_postgres(postgres: PostgresCluster, postgres_database: str) -> str:
    """The URL of an empty, migrated PostgreSQL database."""
    postgres.end_sessions(NAME)
    postgres.execute(TRUNCATE, NAME)
    return postgres_database


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty, migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"migrated_{request.param}")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = connect(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def changes() -> Recorder:
    """What the use cases announced after their commits."""
    return Recorder()


@pytest.fixture
def context(database: Database, clock: SettableClock, changes: Recorder, tmp_path: Path) -> Context:
    """Default settings, no Redis, the set clock; `changes` hears what is announced."""
    store = Folder(tmp_path / "files")
    return Context(database=database, gate=Gate(None), clock=clock, announce=changes, store=store)


@pytest.fixture
async def redis_link(redis_url: str) -> AsyncIterator[RedisLink]:
    """A link to an empty Redis, as the service makes it, but patient: that the machine is busy is no outage."""
    link = RedisLink(redis_url, REDIS_PATIENCE_SECONDS)
    yield link
    await link.close()
