"""Handovers: one episode each, pending → claimed → resolved, opened once for each key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId, HandoverId, new_id
from .database import insert
from .tables import handovers

NEWEST_FIRST: tuple[ColumnElement[Any], ...] = (
    case((handovers.c.status == "resolved", 1), else_=0),
    handovers.c.resolved_seq.desc(),
    handovers.c.requested_at.desc(),
)
"""Of one conversation: the open one, then by where in the log they ended. A clock may step back; `seq` never does."""


# Built once: building a statement takes longer than running it.
BY_KEY = select(handovers).where(handovers.c.key == bindparam("opened_by"))
OFFERED = (
    select(handovers.c.id, handovers.c.conversation_id)
    .where(handovers.c.status == "pending", handovers.c.offered_at <= bindparam("offered_until"))
    .order_by(handovers.c.offered_at)
    .limit(bindparam("most"))
)
CHANGE = update(handovers).where(handovers.c.id == bindparam("handover"))


async def find_by_key(connection: AsyncConnection, key: str) -> RowMapping | None:
    return (await connection.execute(BY_KEY, {"opened_by": key})).mappings().first()


async def find(connection: AsyncConnection, handover: HandoverId) -> RowMapping | None:
    return (await connection.execute(select(handovers).where(handovers.c.id == handover))).mappings().first()


async def latest(connection: AsyncConnection, conversation: ConversationId) -> RowMapping | None:
    """The open handover of a conversation, or the last one that ended."""
    query = select(handovers).where(handovers.c.conversation_id == conversation).order_by(*NEWEST_FIRST).limit(1)
    return (await connection.execute(query)).mappings().first()


async def offered_until(connection: AsyncConnection, moment: int, most: int) -> Sequence[RowMapping]:
    """Pending ones whose customers were offered the contact form by that moment."""
    return (await connection.execute(OFFERED, {"offered_until": moment, "most": most})).mappings().all()


async def add(
    connection: AsyncConnection, conversation: ConversationId, key: str, at: int, **values: Any
) -> HandoverId | None:
    """Opens a handover; None when this key has already opened one."""
    statement = insert(connection.dialect.name, handovers).values(
        id=new_id(), conversation_id=conversation, key=key, requested_at=at, changed_at=at, **values
    )
    made = await connection.scalar(statement.on_conflict_do_nothing().returning(handovers.c.id))
    return None if made is None else HandoverId(made)


async def change(connection: AsyncConnection, handover: HandoverId, at: int, **values: Any) -> None:
    await connection.execute(CHANGE, {"handover": handover, "changed_at": at, **values})


async def add_card(connection: AsyncConnection, handover: HandoverId, card: dict[str, Any], at: int) -> bool:
    """Puts the card to a handover that has none yet."""
    statement = (
        update(handovers).where(handovers.c.id == handover, handovers.c.card.is_(None)).values(card=card, changed_at=at)
    )
    return (await connection.execute(statement)).rowcount == 1
