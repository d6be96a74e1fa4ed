"""The outbox: what must still be delivered on outside channels, each conversation's messages in order.

pending → sending → sent | failed | unknown | skipped. What must hold: only the head of a conversation's line may be
taken, and a row is taken by one dispatcher (`FOR UPDATE SKIP LOCKED`; on SQLite there is one).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import conversations, events, outbox

BLOCKING = ("pending", "sending", "unknown")
"""States that hold back what is behind them. A failed message holds back nothing: its author is told."""


async def add(connection: AsyncConnection, conversation_id: str, seq: int, channel: str, account: str, at: int) -> None:
    await connection.execute(
        outbox.insert().values(
            conversation_id=conversation_id, seq=seq, channel=channel, account=account, state="pending", created_at=at
        )
    )


async def take(connection: AsyncConnection, at: int, locked_until: int, limit: int) -> Sequence[RowMapping]:
    """Locks up to `limit` messages that are due and first in their line, with what is needed to send them."""
    front = outbox.alias()
    blocked = select(front.c.seq).where(
        front.c.conversation_id == outbox.c.conversation_id,
        front.c.seq < outbox.c.seq,
        front.c.state.in_(BLOCKING),
    )
    due = (outbox.c.state == "pending") & (outbox.c.not_before <= at)
    lapsed = outbox.c.state.in_(("sending", "unknown")) & (outbox.c.locked_until < at)
    query = (
        select(outbox.c.conversation_id, outbox.c.seq)
        .where(due | lapsed, ~blocked.exists())
        .order_by(outbox.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )
    keys = [(row.conversation_id, row.seq) for row in await connection.execute(query)]
    taken = []
    for conversation_id, seq in keys:
        where = (outbox.c.conversation_id == conversation_id) & (outbox.c.seq == seq)
        await connection.execute(
            update(outbox).where(where).values(state="sending", attempt=outbox.c.attempt + 1, locked_until=locked_until)
        )
        taken.append((await connection.execute(_with_message().where(where))).mappings().one())
    return taken


def _with_message() -> Any:
    joined = outbox.join(
        events, (events.c.conversation_id == outbox.c.conversation_id) & (events.c.seq == outbox.c.seq)
    ).join(conversations, conversations.c.id == outbox.c.conversation_id)
    return select(outbox, events.c.text, events.c.body, conversations.c.external_user).select_from(joined)


async def settle(connection: AsyncConnection, row: RowMapping, **values: Any) -> bool:
    """Writes how a try ended; False when another try has taken the message meanwhile."""
    statement = (
        update(outbox)
        .where(
            outbox.c.conversation_id == row["conversation_id"],
            outbox.c.seq == row["seq"],
            outbox.c.attempt == row["attempt"],
            outbox.c.state == "sending",
        )
        .values(**values)
    )
    return (await connection.execute(statement)).rowcount == 1


async def mark(connection: AsyncConnection, conversation_id: str, seq: int, **values: Any) -> bool:
    statement = update(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.seq == seq).values(**values)
    return (await connection.execute(statement)).rowcount == 1


async def find(connection: AsyncConnection, conversation_id: str, seq: int) -> RowMapping | None:
    query = select(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.seq == seq)
    return (await connection.execute(query)).mappings().first()


async def states(connection: AsyncConnection, conversation_id: str, seqs: Sequence[int]) -> dict[int, RowMapping]:
    """The delivery states of these messages, by seq."""
    query = select(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.seq.in_(seqs))
    return {row["seq"]: row for row in (await connection.execute(query)).mappings()}
