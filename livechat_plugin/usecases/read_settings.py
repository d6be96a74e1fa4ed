"""Reading the settings: the version in force, and who changed what and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..settings import Settings, read_stored
from ..settings.differences import Change, differences
from ..storage import agents, settings_versions
from .context import Context


@dataclass(frozen=True)
class Version:
    """`author` is an agent's id and name; None for the file. `changes` are those against an earlier version."""

    number: int
    at: int
    author: tuple[str, str] | None
    settings: Settings
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class Page:
    versions: Sequence[Version]
    next: int | None


async def in_force(context: Context) -> Version | None:
    """The version that this worker has in force; None before the first."""
    async with context.database.read() as connection:
        row = await settings_versions.find(connection, context.version)
        return None if row is None else (await described(connection, [row]))[0]


async def owners(context: Context) -> Sequence[RowMapping]:
    """Those who are told of new handovers by mail."""
    async with context.database.read() as connection:
        return [row for row in await agents.everyone(connection) if row["role"] == "owner" and not row["disabled_at"]]


async def list_versions(context: Context, before: int | None, limit: int) -> Page:
    """Newest first, each with what it changed; the first of all has changed nothing."""
    async with context.database.read() as connection:
        rows = await settings_versions.page(connection, before, limit + 1)
        found = await described(connection, rows)
    shown = found[:limit]
    return Page(shown, shown[-1].number if len(found) > limit else None)


async def described(connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[Version]:
    """These versions, newest first, each with its author and its changes against the following one of the list."""
    names = await agents.names(connection, [row["author"] for row in rows if row["author"]])
    settings = [read_stored(row["document"]) for row in rows]
    older: list[Settings | None] = [*settings[1:], None]
    return [
        Version(
            number=row["version"],
            at=row["at"],
            author=(row["author"], names.get(row["author"], "")) if row["author"] else None,
            settings=one,
            changes=changes(before, one) if before else (),
        )
        for row, one, before in zip(rows, settings, older, strict=False)
    ]


def changes(before: Settings, after: Settings) -> list[Change]:
    """What differs between two settings."""
    return list(differences(before.document(), after.document()))
