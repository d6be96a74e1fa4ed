"""The outbox: what must still be delivered on outside channels, each conversation's messages in order.

pending → sending → sent | failed | unknown | skipped. What must hold: only the head of a conversation's line may be
taken, and a row is taken by one dispatcher (`FOR UPDATE SKIP LOCKED`; on SQLite there is one).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import conversations, events, outbox

BLOCKING = ("pending", "sending", "unknown")
"""States that hold back what is behind them. A failed message holds back nothing: its author is told."""


INSERT = outbox.insert()


async def add(
    connection: AsyncConnection, conversation_id: str, seq: int, channel: str, account: str, at: int, **values: Any
) -> None:
    """Puts a message in line; `values` are columns of one that will not be tried at all."""
    row = {"conversation_id": conversation_id, "seq": seq, "channel": channel, "account": account, "created_at": at}
    await connection.execute(INSERT, {**row, "state": "pending", **values})


async def take(connection: AsyncConnection, at: int, locked_until: int, limit: int) -> Sequence[RowMapping]:
    """Locks up to `limit` messages that are due and first in their line, with what is needed to send them.

    One whose try never ended (its worker died) may have been sent: that is a doubt.
    """
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
            update(outbox)
            .where(where)
            .values(
                state="sending",
                attempt=outbox.c.attempt + 1,
                locked_until=locked_until,
                doubts=case((outbox.c.state == "sending", outbox.c.doubts + 1), else_=outbox.c.doubts),
            )
        )
        taken.append((await connection.execute(_with_message().where(where))).mappings().one())
    return taken


def _with_message() -> Any:
    joined = outbox.join(
        events, (events.c.conversation_id == outbox.c.conversation_id) & (events.c.seq == outbox.c.seq)
    ).join(conversations, conversations.c.id == outbox.c.conversation_id)
    return select(
        outbox,
        events.c.text,
        events.c.body,
        conversations.c.external_user,
        conversations.c.customer_at,
        conversations.c.customer_ref,
    ).select_from(joined)


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


async def move(
    connection: AsyncConnection, conversation_id: str, seq: int, states: Sequence[str], **values: Any
) -> bool:
    """Changes a message that is in one of these states."""
    where = (outbox.c.conversation_id == conversation_id) & (outbox.c.seq == seq) & outbox.c.state.in_(states)
    return (await connection.execute(update(outbox).where(where).values(**values))).rowcount == 1


async def again(connection: AsyncConnection, conversation_id: str, seq: int, at: int) -> bool:
    """Puts a failed message in line anew, from the part where it stopped; False when it has not failed."""
    fresh = {"status": None, "error": None, "attempt": 0, "doubts": 0, "locked_until": None, "not_before": 0}
    fresh |= {"heard_part": -1, "heard": None}
    values = {"state": "pending", "created_at": at, "round": outbox.c.round + 1, **fresh}
    return await move(connection, conversation_id, seq, ("failed",), **values)


async def mark(connection: AsyncConnection, conversation_id: str, seq: int, **values: Any) -> bool:
    statement = update(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.seq == seq).values(**values)
    return (await connection.execute(statement)).rowcount == 1


async def find(connection: AsyncConnection, conversation_id: str, seq: int) -> RowMapping | None:
    query = select(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.seq == seq)
    return (await connection.execute(query)).mappings().first()


REMEMBERED = 200
"""Messages of a conversation in which the one with a provider's id is looked for; reactions to older ones name none."""


async def find_seq(connection: AsyncConnection, conversation_id: str, external_id: str) -> int | None:
    """The seq of our message that has this id at the provider."""
    query = (
        select(outbox.c.seq, outbox.c.external_ids)
        .where(outbox.c.conversation_id == conversation_id)
        .order_by(outbox.c.seq.desc())
        .limit(REMEMBERED)
    )
    for row in await connection.execute(query):
        if external_id in (row.external_ids or ()):
            return int(row.seq)
    return None
