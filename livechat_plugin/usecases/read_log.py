"""Reading a conversation's log by seq, as one reader sees it: how everybody resumes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping

from ..ids import ConversationId
from ..storage import conversations, events
from ..storage.events import VISIBLE, Reader
from .context import Context

RESET_BEYOND = 500
"""Further behind than so many events, a reader takes a fresh snapshot instead of a replay."""

SNAPSHOT = 100
"""The newest events that a fresh snapshot holds."""


@dataclass(frozen=True)
class Range:
    """Visible events beyond `after`, chained from `prev` on. `reset`: a snapshot of the newest ones instead."""

    rows: Sequence[RowMapping]
    prev: int
    last_seq: int
    reset: bool


async def read_log(
    context: Context, conversation: ConversationId, after: int, reader: Reader, limit: int = RESET_BEYOND
) -> Range:
    async with context.database.read() as connection:
        last_seq = (await conversations.last_seqs(connection, [conversation])).get(conversation, 0)
        if last_seq - after > RESET_BEYOND:
            behind = await events.count_visible_after(connection, conversation, after, reader)
            if behind > RESET_BEYOND:
                rows = await events.newest(connection, conversation, reader, SNAPSHOT)
                prev = await events.last_visible(connection, conversation, rows[0]["seq"] - 1, reader)
                return Range(rows, prev, last_seq, True)
        rows = await events.visible_after(connection, conversation, after, reader, limit)
        prev = await events.last_visible(connection, conversation, after, reader)
    return Range(rows, prev, last_seq, False)


async def read_new(context: Context, conversation: ConversationId, cursor: int) -> Sequence[RowMapping]:
    """Everything beyond the cursor, for whomever: what the fan-out gives out."""
    async with context.database.read() as connection:
        return await events.after(connection, conversation, cursor)


async def read_position(context: Context, conversation: ConversationId) -> tuple[int, dict[Reader, int]]:
    """How far the log is, and the last event of it that each kind of reader may see."""
    async with context.database.read() as connection:
        cursor = (await conversations.last_seqs(connection, [conversation])).get(conversation, 0)
        return cursor, {
            "team": await events.last_visible(connection, conversation, cursor, "team"),
            "customer": await events.last_visible(connection, conversation, cursor, "customer"),
        }


__all__ = ["VISIBLE", "Range", "Reader", "read_log", "read_new", "read_position"]
