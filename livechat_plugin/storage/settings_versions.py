"""Versions of the settings: the highest is in force; a number is given out once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .database import insert
from .tables import settings_versions

LOCK = text("LOCK TABLE settings_versions IN EXCLUSIVE MODE")


async def latest(connection: AsyncConnection) -> RowMapping | None:
    query = select(settings_versions).order_by(settings_versions.c.version.desc()).limit(1)
    return (await connection.execute(query)).mappings().first()


async def latest_number(connection: AsyncConnection) -> int:
    """0 when there is none yet."""
    query = select(func.coalesce(func.max(settings_versions.c.version), 0))
    return int((await connection.execute(query)).scalar_one())


async def find(connection: AsyncConnection, version: int) -> RowMapping | None:
    query = select(settings_versions).where(settings_versions.c.version == version)
    return (await connection.execute(query)).mappings().first()


async def page(connection: AsyncConnection, before: int | None, limit: int) -> Sequence[RowMapping]:
    """Versions below `before`, the newest first."""
    query = select(settings_versions).order_by(settings_versions.c.version.desc()).limit(limit)
    if before is not None:
        query = query.where(settings_versions.c.version < before)
    return (await connection.execute(query)).mappings().all()


async def newest_file_hash(connection: AsyncConnection) -> str | None:
    """The hash of the livechat.yml that was last imported, or written by a Save."""
    query = (
        select(settings_versions.c.file_hash)
        .where(settings_versions.c.file_hash.is_not(None))
        .order_by(settings_versions.c.version.desc())
        .limit(1)
    )
    return await connection.scalar(query)


async def saved_as(connection: AsyncConnection, file_hash: str | None) -> int | None:
    """The version, from the last imported one on, whose file has this hash: those that came after it are Saves."""
    last_import = select(func.max(settings_versions.c.version)).where(
        settings_versions.c.author.is_(None), settings_versions.c.file_hash.is_not(None)
    )
    known = select(func.max(settings_versions.c.version)).where(
        settings_versions.c.file_hash == file_hash,
        settings_versions.c.version >= func.coalesce(last_import.scalar_subquery(), 0),
    )
    version: int | None = await connection.scalar(known)
    return version


async def lock(connection: AsyncConnection) -> None:
    """No version is added by others until this transaction ends; on SQLite nobody writes meanwhile anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(LOCK)


async def add(
    connection: AsyncConnection,
    version: int,
    document: dict[str, Any],
    at: int,
    *,
    file_hash: str | None = None,
    file_text: str | None = None,
    author: str | None = None,
) -> bool:
    """False when this number is taken: somebody was faster."""
    statement = insert(connection.dialect.name, settings_versions).values(
        version=version, document=document, file_hash=file_hash, file_text=file_text, author=author, at=at
    )
    made = await connection.scalar(statement.on_conflict_do_nothing().returning(settings_versions.c.version))
    return made is not None
