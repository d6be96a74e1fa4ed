"""Rows of files: wanted (at the provider still) → stored | refused. The bytes are in the file store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId
from .tables import conversations, files


async def add(connection: AsyncConnection, file: str, conversation: ConversationId, at: int, **values: Any) -> None:
    await connection.execute(files.insert().values(id=file, conversation_id=conversation, created_at=at, **values))


async def find(connection: AsyncConnection, file: str) -> RowMapping | None:
    return (await connection.execute(select(files).where(files.c.id == file))).mappings().first()


async def unsent(
    connection: AsyncConnection, conversation: ConversationId, ids: Sequence[str], agent: str | None
) -> Sequence[RowMapping]:
    """Those of these uploads that this author made for this conversation and has not sent yet, in the order asked."""
    query = select(files).where(
        files.c.id.in_(ids),
        files.c.conversation_id == conversation,
        files.c.agent_id == agent if agent is not None else files.c.agent_id.is_(None),
        files.c.state == "stored",
        files.c.seq.is_(None),
    )
    found = {row["id"]: row for row in (await connection.execute(query)).mappings()}
    return [found[file] for file in ids if file in found]


async def attach(connection: AsyncConnection, ids: Sequence[str], seq: int) -> None:
    """These were sent with the message `seq`."""
    await connection.execute(update(files).where(files.c.id.in_(ids)).values(seq=seq))


async def take_due(connection: AsyncConnection, at: int, not_before: int, limit: int) -> Sequence[RowMapping]:
    """Wanted files whose time has come, with where they are; another look at them waits until `not_before`.

    Those that were tried least come first, so that the many of a provider that is down don't hold up the others'.
    """
    query = (
        select(files, conversations.c.channel, conversations.c.account)
        .join(conversations, conversations.c.id == files.c.conversation_id)
        .where(files.c.state == "wanted", files.c.not_before <= at)
        .order_by(files.c.attempt, files.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=files)
    )
    due = (await connection.execute(query)).mappings().all()
    ids = [row["id"] for row in due]
    statement = update(files).where(files.c.id.in_(ids)).values(not_before=not_before, attempt=files.c.attempt + 1)
    await connection.execute(statement)
    return due


async def change(connection: AsyncConnection, file: str, **values: Any) -> None:
    """Of a wanted file; one that is stored or refused stays so, whoever comes late."""
    await connection.execute(update(files).where(files.c.id == file, files.c.state == "wanted").values(**values))


async def refuse_older(connection: AsyncConnection, before: int, reason: str) -> None:
    """What is wanted since before then can't be had."""
    old = (files.c.state == "wanted") & (files.c.created_at < before)
    await connection.execute(update(files).where(old).values(state="refused", reason=reason))


async def forget_unsent(connection: AsyncConnection, before: int) -> Sequence[str]:
    """Drops uploads that were never sent; their ids."""
    statement = delete(files).where(files.c.seq.is_(None), files.c.created_at < before).returning(files.c.id)
    return (await connection.scalars(statement)).all()
