"""Pictures and files: uploaded by agents and visitors, or fetched from a provider; and read by who may see them.

What must hold: a file belongs to one conversation; what it is, is decided by its first bytes; a message takes only
files that its own author uploaded for this very conversation, and an agent can't upload what the channel does not take;
a provider's address or secret reaches no browser. A file that can't be had now is asked for again for a day, one that
can't be had at all is refused at once, and whoever wants to see it reads why.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.channel_files import objection
from ..domain.media import TAKEN, Media, recognize, safe_name
from ..errors import Forbidden, Gone, Invalid, NotFound, TooLargeFile, Unavailable
from ..ids import ConversationId, new_id
from ..storage import files
from ..storage.file_store import TooLarge
from .context import Context

FIRST_RETRY_MS, LONGEST_RETRY_MS = 1_000, 300_000
GIVE_UP_MS = 24 * 3_600_000
"""A provider keeps a file for days; a token that ended at night is replaced within one."""

LOCK_MS = 360_000
"""Longer than a fetch may take, so that no two are under way; a file whose worker died waits so long."""

LOOK_SECONDS = 0.25
UNSENT_MS = 24 * 3_600_000

Files = Sequence[RowMapping]


async def keep(
    context: Context, conversation: RowMapping, agent: str | None, name: str, chunks: AsyncIterator[bytes]
) -> RowMapping:
    """Stores an upload; `agent` None is the customer. Raises `TooLargeFile`, `Invalid`, `Forbidden`."""
    if not context.settings.attachments.enabled:
        raise Forbidden("Files are switched off in the settings.")
    file = new_id()
    size, head = await _save(context, file, chunks)
    try:
        media = _check_kind(conversation["channel"] if agent else None, head, size, name)
    except Invalid:
        await context.store.drop(file)
        raise
    async with context.database.write() as connection:
        await files.add(
            connection,
            file,
            conversation["id"],
            context.clock(),
            agent_id=agent,
            kind=media.kind,
            name=safe_name(name, media.mime),
            mime=media.mime,
            size=size,
            state="stored",
        )
    return await find(context, file, conversation["id"])


def _check_kind(channel: str | None, head: bytes, size: int, name: str) -> Media:
    """What the file is. Raises `Invalid` when it is not taken by us, or by the `channel` that it is for."""
    media = recognize(head, name)
    if media is None:
        raise Invalid(f"Files of this kind are not taken: {TAKEN}.", {"file": TAKEN})
    if channel is not None and (why := objection(channel, media.mime, size, name)):
        raise Invalid(why, {"file": "a file that the customer's channel takes"})
    return media


async def _save(context: Context, file: str, chunks: AsyncIterator[bytes]) -> tuple[int, bytes]:
    limit = context.settings.attachments.max_bytes
    try:
        size, head = await context.store.save(file, chunks, limit)
    except TooLarge as error:
        raise TooLargeFile(limit) from error
    except OSError as error:
        raise Unavailable("The file could not be stored. Please try again in a moment.") from error
    if not size:
        await context.store.drop(file)
        raise Invalid("This file is empty.", {"file": TAKEN})
    return size, head


async def attach(
    connection: AsyncConnection, conversation: ConversationId, ids: Sequence[str], agent: str | None, seq: int
) -> list[dict[str, Any]]:
    """Puts uploads to the message `seq`, as its event's body names them. Raises `Invalid`."""
    if not ids:
        return []
    rows = await files.unsent(connection, conversation, ids, agent)
    if len(rows) != len(ids):
        raise Invalid("A file of this message is not there (any more). Please add it again.", {"attachments": "ids"})
    await files.attach(connection, ids, seq)
    return [_named(row["id"], row) for row in rows]


async def want(
    connection: AsyncConnection, conversation: ConversationId, offered: Sequence[dict[str, Any]], seq: int, at: int
) -> list[dict[str, Any]]:
    """Notes files that are at the provider still, to be fetched after the commit."""
    named = []
    for one in offered:
        mime = str(one.get("mime") or "")
        values = {
            "kind": one["kind"],
            "name": safe_name(one.get("name"), mime),
            "mime": mime[:100],
            "size": one.get("size"),
        }
        file = new_id()
        await files.add(connection, file, conversation, at, state="wanted", ref=one["ref"], seq=seq, **values)
        named.append(_named(file, values))
    return named


def _named(file: str, row: Any) -> dict[str, Any]:
    return {"id": file, **{name: row[name] for name in ("kind", "name", "mime", "size")}}


async def find(context: Context, file: str, conversation: ConversationId | None = None) -> RowMapping:
    """The file's row, of this conversation when one is named. Raises `NotFound`."""
    async with context.database.read() as connection:
        row = await files.find(connection, file)
    if row is None or conversation not in (None, row["conversation_id"]):
        raise NotFound("file")
    return row


async def wait_for(context: Context, file: str, seconds: float) -> RowMapping:
    """The row of a file that is here. Raises `Gone` when it can't be had, `Unavailable` when it takes longer."""
    for _ in range(max(1, int(seconds / LOOK_SECONDS))):
        row = await find(context, file)
        if row["state"] == "stored":
            return row
        if row["state"] == "refused":
            raise Gone(row["reason"] or "This file could not be had.")
        await asyncio.sleep(LOOK_SECONDS)
    raise Unavailable("This file is still on its way. Please try again in a moment.")


async def take_due(context: Context, limit: int) -> Files:
    """Wanted files that this worker must fetch now."""
    at = context.clock()
    async with context.database.write() as connection:
        return await files.take_due(connection, at, at + LOCK_MS, limit)


async def store_fetched(context: Context, row: RowMapping, chunks: AsyncIterator[bytes]) -> None:
    """Keeps what the provider gave, if it is what we take."""
    try:
        size, head = await _save(context, row["id"], chunks)
    except (TooLargeFile, Invalid) as error:
        await refuse(context, row, error.message)
        return
    media = recognize(head, row["name"])
    if media is None:
        await context.store.drop(row["id"])
        await refuse(context, row, f"Files of this kind are not taken: {TAKEN}.")
        return
    async with context.database.write() as connection:
        await files.change(connection, row["id"], state="stored", kind=media.kind, mime=media.mime, size=size)


async def refuse(context: Context, row: RowMapping, reason: str) -> None:
    """The file can't be had, for good."""
    async with context.database.write() as connection:
        await files.change(connection, row["id"], state="refused", reason=reason[:300])


async def fetch_later(context: Context, row: RowMapping, why: str) -> None:
    """It can't be had now: again after a growing, jittered while; after a day it is refused for `why`."""
    at = context.clock()
    if at - row["created_at"] > GIVE_UP_MS:
        await refuse(context, row, why)
        return
    longest = min(FIRST_RETRY_MS << min(row["attempt"], 12), LONGEST_RETRY_MS)
    not_before = int(at + random.uniform(FIRST_RETRY_MS, longest))
    async with context.database.write() as connection:
        await files.change(connection, row["id"], not_before=not_before)


async def give_up_old(context: Context, why: str) -> None:
    """Nobody can be asked now: what has waited for a whole day is refused for `why`."""
    async with context.database.write() as connection:
        await files.refuse_older(connection, context.clock() - GIVE_UP_MS, why)


async def put_back(context: Context, row: RowMapping) -> None:
    """Rasa could not be reached, or our own end cut the fetch off: that was no try, and whoever is there next need not
    wait for the lock.
    """
    async with context.database.write() as connection:
        await files.change(connection, row["id"], not_before=context.clock(), attempt=row["attempt"])


async def forget_unsent(context: Context) -> None:
    """Drops uploads that nobody sent within a day, and what is left of those that broke off."""
    before = context.clock() - UNSENT_MS
    async with context.database.write() as connection:
        dropped = await files.forget_unsent(connection, before)
    for file in dropped:
        await context.store.drop(file)
    await context.store.sweep(before)
