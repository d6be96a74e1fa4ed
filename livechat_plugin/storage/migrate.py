"""Schema migrations: Alembic, without files of its own to configure; the revisions are in `migrations/versions`."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


def migrate(url: str) -> tuple[str | None, str | None]:
    """Brings the database to the newest revision; the revisions before and after."""
    return asyncio.run(_run(url))


async def _run(url: str) -> tuple[str | None, str | None]:
    path = make_url(url).database
    if url.startswith("sqlite") and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            before = await connection.run_sync(_revision)
            await connection.run_sync(_upgrade)
            await connection.commit()
        return before, ScriptDirectory.from_config(_config()).get_current_head()
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
