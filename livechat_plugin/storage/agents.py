"""Agents: who they are, and until when the server has seen them (the lease on what they hold)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import AgentId, new_id
from .database import insert
from .tables import agents, conversations

BY_ID = select(agents).where(agents.c.id == bindparam("agent"))
PRESENT = (
    select(agents.c.id).where(agents.c.present_until > bindparam("moment"), agents.c.disabled_at.is_(None)).limit(1)
)
RENEW = (
    update(agents)
    .where(agents.c.id.in_(bindparam("ids", expanding=True)), agents.c.present_until < bindparam("until"))
    .values(present_until=bindparam("until"))
)


async def add(
    connection: AsyncConnection, email: str, name: str, role: str, password_hash: str, at: int
) -> AgentId | None:
    """A new agent; None when the address is taken."""
    statement = insert(connection.dialect.name, agents).values(
        id=new_id(), email=email.lower(), name=name, role=role, password_hash=password_hash, created_at=at
    )
    made = await connection.scalar(statement.on_conflict_do_nothing().returning(agents.c.id))
    return None if made is None else AgentId(made)


async def find(connection: AsyncConnection, agent: AgentId) -> RowMapping | None:
    return (await connection.execute(BY_ID, {"agent": agent})).mappings().first()


async def find_by_email(connection: AsyncConnection, email: str) -> RowMapping | None:
    return (await connection.execute(select(agents).where(agents.c.email == email.lower()))).mappings().first()


async def everyone(connection: AsyncConnection) -> Sequence[RowMapping]:
    return (await connection.execute(select(agents).order_by(func.lower(agents.c.name)))).mappings().all()


async def names(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    rows = await connection.execute(select(agents.c.id, agents.c.name).where(agents.c.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


async def change(connection: AsyncConnection, agent: AgentId, **values: Any) -> None:
    await connection.execute(update(agents).where(agents.c.id == agent).values(**values))


async def renew(connection: AsyncConnection, present: Iterable[AgentId], until: int) -> None:
    """One UPDATE for all agents that a worker has seen. Sorted, so that two workers can't deadlock."""
    await connection.execute(RENEW, {"ids": sorted(present), "until": until})


async def is_anybody_present(connection: AsyncConnection, moment: int) -> bool:
    """Whether the server sees an agent, or has until very recently."""
    return await connection.scalar(PRESENT, {"moment": moment}) is not None


async def held_by(connection: AsyncConnection, present: Iterable[AgentId]) -> Sequence[RowMapping]:
    """The conversations that these agents hold."""
    query = select(conversations).where(
        conversations.c.holder_kind == "agent", conversations.c.holder_id.in_(set(present))
    )
    return (await connection.execute(query)).mappings().all()


async def holders_unseen_since(connection: AsyncConnection, moment: int, limit: int) -> Sequence[RowMapping]:
    """Claimed conversations whose holder's lease was over before `moment`, and who have held them since before it."""
    query = (
        select(conversations)
        .join(agents, agents.c.id == conversations.c.holder_id)
        .where(
            conversations.c.holder_kind == "agent",
            agents.c.present_until < moment,
            conversations.c.held_since < moment,
        )
        .order_by(conversations.c.held_since)
        .limit(limit)
    )
    return (await connection.execute(query)).mappings().all()
