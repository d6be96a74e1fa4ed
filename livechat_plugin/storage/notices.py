"""Notices: handovers of which the owners are to be told by mail, each put into one batch."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .database import insert
from .tables import conversations, customers, handovers, notices

ANY = select(notices.c.handover_id).where(notices.c.batch.is_(None)).limit(1)
WAITING = (
    select(notices.c.handover_id, notices.c.at)
    .where(notices.c.batch.is_(None))
    .order_by(notices.c.at, notices.c.handover_id)
    .limit(bindparam("at_most"))
    .with_for_update()
)
ABOUT = (
    select(
        handovers.c.id.label("handover_id"),
        handovers.c.conversation_id,
        handovers.c.trigger,
        handovers.c.reason,
        handovers.c.status,
        handovers.c.requested_at,
        conversations.c.channel,
        conversations.c.customer_id,
        customers.c.name,
        customers.c.username,
        customers.c.email,
        customers.c.phone,
        customers.c.page,
    )
    .select_from(
        handovers.join(conversations, conversations.c.id == handovers.c.conversation_id).join(
            customers, customers.c.id == conversations.c.customer_id
        )
    )
    .where(handovers.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(handovers.c.requested_at, handovers.c.id)
)


async def add(connection: AsyncConnection, handover_id: str, at: int) -> None:
    """Once for each handover."""
    statement = insert(connection.dialect.name, notices).values(handover_id=handover_id, at=at)
    await connection.execute(statement.on_conflict_do_nothing())


async def any_waiting(connection: AsyncConnection) -> bool:
    return (await connection.execute(ANY)).first() is not None


async def take_waiting(connection: AsyncConnection, limit: int) -> list[tuple[str, int]]:
    """Handovers without a batch and when they were opened, the oldest first, locked until the end of the transaction:
    a second worker waits, and then no longer finds those that the first has put into one.
    """
    return [(row.handover_id, row.at) for row in await connection.execute(WAITING, {"at_most": limit})]


async def put_into(connection: AsyncConnection, batch: str, ids: Sequence[str]) -> None:
    await connection.execute(update(notices).where(notices.c.handover_id.in_(ids)).values(batch=batch))


async def about(connection: AsyncConnection, ids: Sequence[str]) -> Sequence[RowMapping]:
    """What a mail says of these handovers, the oldest first."""
    return (await connection.execute(ABOUT, {"ids": list(ids)})).mappings().all()
