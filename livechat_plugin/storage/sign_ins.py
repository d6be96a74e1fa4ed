"""Agents' browser sessions, by the hash of their token, and the failures that throttle signing in."""

from collections.abc import Iterable

from sqlalchemy import RowMapping, bindparam, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import AgentId
from .database import insert
from .tables import agents, sign_in_failures, sign_ins

AGENT_OF_SESSION = (
    select(agents, sign_ins.c.last_seen_at)
    .join(sign_ins, sign_ins.c.agent_id == agents.c.id)
    .where(
        sign_ins.c.token_hash == bindparam("token"),
        sign_ins.c.last_seen_at > bindparam("seen_after"),
        sign_ins.c.created_at > bindparam("made_after"),
        agents.c.disabled_at.is_(None),
    )
)
"""Asked with every request of an agent, so it is built once."""


async def add(
    connection: AsyncConnection, token_hash: str, agent: AgentId, at: int, address: str | None, browser: str | None
) -> None:
    await connection.execute(
        sign_ins.insert().values(
            token_hash=token_hash, agent_id=agent, created_at=at, last_seen_at=at, address=address, browser=browser
        )
    )


async def find_agent(
    connection: AsyncConnection, token_hash: str, seen_after: int, made_after: int
) -> RowMapping | None:
    """The enabled agent behind a session that is neither idle nor old, and when it was last seen."""
    values = {"token": token_hash, "seen_after": seen_after, "made_after": made_after}
    return (await connection.execute(AGENT_OF_SESSION, values)).mappings().first()


async def valid(
    connection: AsyncConnection, token_hashes: Iterable[str], seen_after: int, made_after: int
) -> dict[str, str]:
    """Those of these sessions that `find_agent` would still find, with their agents' roles."""
    query = (
        select(sign_ins.c.token_hash, agents.c.role)
        .join(agents, agents.c.id == sign_ins.c.agent_id)
        .where(
            sign_ins.c.token_hash.in_(list(token_hashes)),
            sign_ins.c.last_seen_at > seen_after,
            sign_ins.c.created_at > made_after,
            agents.c.disabled_at.is_(None),
        )
    )
    return {row.token_hash: row.role for row in await connection.execute(query)}


async def touch(connection: AsyncConnection, token_hash: str, at: int) -> None:
    await connection.execute(update(sign_ins).where(sign_ins.c.token_hash == token_hash).values(last_seen_at=at))


async def remove(connection: AsyncConnection, token_hash: str) -> None:
    await connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == token_hash))


async def forget(connection: AsyncConnection, seen_before: int, made_before: int) -> None:
    """Drops sessions that are over."""
    over = (sign_ins.c.last_seen_at < seen_before) | (sign_ins.c.created_at < made_before)
    await connection.execute(delete(sign_ins).where(over))


async def failures(connection: AsyncConnection, subjects: Iterable[str]) -> dict[str, RowMapping]:
    query = select(sign_in_failures).where(sign_in_failures.c.subject.in_(list(subjects)))
    return {row["subject"]: row for row in (await connection.execute(query)).mappings()}


async def add_failure(connection: AsyncConnection, subject: str, at: int, counted_after: int) -> None:
    """Counts one more; failures before `counted_after` are forgotten."""
    statement = insert(connection.dialect.name, sign_in_failures).values(subject=subject, failures=1, last_at=at)
    stale = sign_in_failures.c.last_at < counted_after
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[sign_in_failures.c.subject],
            set_={"failures": case((stale, 1), else_=sign_in_failures.c.failures + 1), "last_at": at},
        )
    )


async def forget_failures(connection: AsyncConnection, before: int) -> None:
    """Drops failures that slow nobody down any more."""
    await connection.execute(delete(sign_in_failures).where(sign_in_failures.c.last_at < before))


async def clear_failures(connection: AsyncConnection, subject: str) -> None:
    await connection.execute(delete(sign_in_failures).where(sign_in_failures.c.subject == subject))
