"""The use cases on a migrated database of their own: SQLite and PostgreSQL by turns, a set clock, no Redis.

`context` is what every use case is given. A test that wants Redis gives it a gate: `context.gate = Gate(link)`.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from livechat_plugin.storage.database import Database, connect
from livechat_plugin.storage.gate import Gate
from livechat_plugin.storage.migrate import migrate
from livechat_plugin.storage.redis_link import RedisLink
from livechat_plugin.usecases.context import Context
from tests.harness.postgres import PostgresCluster

from .world import Recorder, SettableClock

TEMPLATE = "livechat_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresCluster) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""
    migrate(postgres.create_database(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def migrated_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an empty, migrated SQLite database."""
    file = tmp_path / "livechat.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def migrated_postgres(postgres: PostgresCluster, postgres_template: str) -> Iterator[str]:
    """The URL of an empty, migrated PostgreSQL database."""
    url = postgres.create_database(template=postgres_template)
    yield url
    postgres.drop_database(url.rsplit("/", 1)[1])


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
def context(database: Database, clock: SettableClock, changes: Recorder) -> Context:
    """Default settings, no Redis, the set clock; `changes` hears what is announced."""
    return Context(database=database, gate=Gate(None), clock=clock, announce=changes)


@pytest.fixture
async def redis_link(redis_url: str) -> AsyncIterator[RedisLink]:
    """A link to an empty Redis, as the service makes it."""
    link = RedisLink(redis_url)
    yield link
    await link.close()
